//! Sentences about what is not as it should be, each with what to do about it.

use leptos::prelude::*;

use super::board::Board;
use crate::store::{Connection, DemoState, Intent};

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
    let notices = Memo::new(move |_| {
        board.status(|store| {
            let limited = store.missing().map(|missing| Notice {
                tone: "will",
                title: "Limited view".to_owned(),
                words: format!("{} Missing here: {}.", missing.why, missing.what.join(", ")),
                again: None,
            });
            let demo = match store.demo() {
                DemoState::Failed(why) => Some(Notice {
                    tone: "will",
                    title: "The demo client is not connected".to_owned(),
                    words: why.to_string(),
                    again: None,
                }),
                _ => None,
            };
            [about(store.connection()), limited, demo].into_iter().flatten().collect::<Vec<_>>()
        })
    });
    let banner = move |notice: Notice| {
        let again = notice.again.map(|label| {
            view! {
                <button type="button" class="button" on:click=move |_| board.send(Intent::RetryNow)>
                    {label}
                </button>
            }
        });
        view! {
            <div class="banner" data-tone=notice.tone>
                <strong class="banner-title">{notice.title}</strong>
                <span class="banner-words">{notice.words}</span>
                {again}
            </div>
        }
    };
    move || notices.get().into_iter().map(banner).collect_view()
}

fn about(connection: &Connection) -> Option<Notice> {
    match connection {
        Connection::Refused(refusal) => Some(Notice {
            tone: "refused",
            title: format!("The broker refused: {}", refusal.words),
            words: refusal.advice.to_string(),
            again: Some("Try again"),
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
