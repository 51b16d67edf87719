//! Sentences about what is not as it should be, each with what to do about it.

use leptos::prelude::*;

use super::{
    board::Board,
    live::{live, memo, on},
    part::{Part, part},
};
use crate::store::{Connection, DemoState, Intent, Store};

/// From this attempt on it is no blip, and the page says why.
const SAY_WHY_FROM: u32 = 2;

/// A banner's words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Notice {
    tone: &'static str,
    title: String,
    words: String,
    /// The label of the button that tries again.
    again: Option<&'static str>,
}

/// All banners that there is a reason for.
#[component]
pub(super) fn Banners(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    let reasons: [fn(&Store) -> Option<Notice>; 3] = [about_connection, about_view, about_demo];
    reasons.map(|reason| {
        let notice = memo(move || board.status(reason));
        live(move || notice.get().map_or_else(Part::none, |notice| banner(board, notice)))
    })
}

fn banner(board: Board, notice: Notice) -> Part {
    let again = notice.again.map(|label| {
        view! {
            <button type="button" class="button" on:click=on(move |_| board.send(Intent::RetryNow))>
                {label}
            </button>
        }
    });
    part(view! {
        <div class="banner" data-tone=notice.tone>
            <strong class="banner-title">{notice.title}</strong>
            <span class="banner-words">{notice.words}</span>
            {again}
        </div>
    })
}

fn about_view(store: &Store) -> Option<Notice> {
    store.missing().map(|missing| Notice {
        tone: "will",
        title: "Limited view".to_owned(),
        words: format!("{} Missing here: {}.", missing.why, missing.what.join(", ")),
        again: None,
    })
}

fn about_demo(store: &Store) -> Option<Notice> {
    match store.demo() {
        DemoState::Failed(why) => Some(Notice {
            tone: "will",
            title: "The demo client is not connected".to_owned(),
            words: why.to_string(),
            again: None,
        }),
        _ => None,
    }
}

fn about_connection(store: &Store) -> Option<Notice> {
    match store.connection() {
        Connection::Refused(refusal) => Some(Notice {
            tone: "refused",
            title: format!("The broker refused: {}", refusal.words),
            words: refusal.advice.to_string(),
            again: Some("Try again"),
        }),
        Connection::TakenOver if store.guesses_take_over() => Some(Notice {
            tone: "will",
            title: "Another connection seems to have taken over".to_owned(),
            words: "This page lost its connection again and again as soon as it had it, as when another one has the \
                    same client id. It watches no more, and does not fight for it."
                .to_owned(),
            again: Some("Take it back"),
        }),
        Connection::TakenOver => Some(Notice {
            tone: "will",
            title: "Another connection has taken over".to_owned(),
            words: "It has the same client id, most likely in another tab. This page watches no more, \
                    and does not fight for it."
                .to_owned(),
            again: Some("Take it back"),
        }),
        Connection::Reconnecting { attempt, error, .. } if *attempt >= SAY_WHY_FROM => Some(Notice {
            tone: "will",
            title: "Not connected".to_owned(),
            words: format!("{error}. This was attempt {}.", attempt - 1),
            again: None,
        }),
        _ => None,
    }
}
