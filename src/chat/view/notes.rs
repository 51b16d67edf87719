//! How a window's connection stands, and what its user should know: each in one sentence, with what to do about it.

use leptos::prelude::*;

use super::seat::Seat;
use crate::{
    chat::store::{Chat, Taker, Wish, presence::Badge, stage::Feature, topic::BACKEND},
    store::Connection,
    view::{
        live::{live, memo, on},
        part::{Part, part},
    },
};

/// The pill.
pub(super) fn standing(seat: Seat) -> Part {
    let name = move || seat.read(|chat| chat.connection().name().to_owned());
    let label = move || seat.read(|chat| chat.connection().label(seat.hall.now()));
    // Screen readers hear the state, and not its countdown second by second.
    let state = move || seat.read(|chat| spoken(chat.connection()).to_owned());
    part(view! {
        <p class="pill" data-state=live(name) title=live(label)>
            <span class="pill-lamp" aria-hidden="true"></span>
            <span class="pill-words" aria-hidden="true">{live(label)}</span>
            <span class="unseen" role="status">{live(state)}</span>
        </p>
    })
}

fn spoken(connection: &Connection) -> &'static str {
    match connection {
        Connection::Offline => "Offline",
        Connection::Connecting { .. } => "Connecting",
        Connection::Live(_) => "Connected",
        Connection::Reconnecting { .. } => "Reconnecting",
        Connection::Refused(_) => "Refused",
        Connection::TakenOver => "Taken over",
    }
}

#[derive(Clone, PartialEq)]
struct Note {
    tone: &'static str,
    words: String,
    button: Option<(&'static str, Does)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Does {
    TakeBack,
    Retry,
    Dismiss,
}

/// All notes that there is a reason for.
pub(super) fn notes(seat: Seat) -> Part {
    let reasons: [fn(&Chat) -> Option<Note>; 5] =
        [about_connection, about_waiting, about_storage, about_outbox, about_worker];
    let notes = reasons.map(|reason| {
        let note = memo(move || seat.read(reason));
        live(move || note.get().map_or_else(Part::none, |note| draw(seat, note)))
    });
    part(view! { <div class="window-notes" aria-live="polite">{notes}</div> })
}

fn draw(seat: Seat, note: Note) -> Part {
    let button = note.button.map(|(label, does)| {
        let act = move |_| match does {
            Does::TakeBack => seat.take_back(),
            Does::Retry => seat.window().retry(),
            Does::Dismiss => seat.wish(&Wish::Dismiss),
        };
        view! {
            <button type="button" class="button" on:click=on(act)>{label}</button>
        }
    });
    part(view! {
        <div class="banner" data-tone=note.tone>
            <span class="banner-words">{note.words}</span>
            {button}
        </div>
    })
}

fn about_connection(chat: &Chat) -> Option<Note> {
    match chat.connection() {
        Connection::TakenOver => {
            let by = match chat.taken_by() {
                Some(Taker::Tab) => "Another tab of this browser has logged in as",
                Some(Taker::Window) => "The other window of this page has logged in as",
                Some(Taker::Elsewhere) | None => "Another device or program has logged in as",
            };
            let words = format!("{by} {} and holds the connection. This window stopped.", chat.user());
            Some(Note { tone: "will", words, button: Some(("Take it back", Does::TakeBack)) })
        }
        Connection::Reconnecting { error, .. } => {
            let kept = if chat.stage().has(Feature::Qos1) {
                "What you write waits here."
            } else {
                "At QoS 0 nothing that you write waits."
            };
            let words = format!("Not connected: {error}. {kept}");
            Some(Note { tone: "will", words, button: Some(("Try now", Does::Retry)) })
        }
        _ => None,
    }
}

fn about_waiting(chat: &Chat) -> Option<Note> {
    let words = match chat.waited() {
        0 => return None,
        1 => "1 message waited for you at the broker.".to_owned(),
        waited => format!("{waited} messages waited for you at the broker."),
    };
    Some(Note { tone: "online", words, button: Some(("Dismiss", Does::Dismiss)) })
}

fn about_storage(chat: &Chat) -> Option<Note> {
    let missing = chat.missing();
    let words = if missing.unsaved {
        "This browser has no room for all of this: a reload would lose messages.".to_owned()
    } else if missing.threads > 0 {
        format!("{} quiet conversations made room for newer ones.", missing.threads)
    } else {
        return None;
    };
    Some(Note { tone: "will", words, button: None })
}

fn about_outbox(chat: &Chat) -> Option<Note> {
    let words = match chat.outbox().len() {
        0 => return None,
        _ if chat.is_connected() => return None,
        1 => "1 message waits here to be sent.".to_owned(),
        waiting => format!("{waiting} messages wait here to be sent."),
    };
    Some(Note { tone: "will", words, button: None })
}

fn about_worker(chat: &Chat) -> Option<Note> {
    if !chat.stage().has(Feature::Validation) || !matches!(chat.connection(), Connection::Live(_)) {
        return None;
    }
    let words = match chat.badge(BACKEND)? {
        Badge::Online => return None,
        Badge::Offline(_) => "The worker is offline: messages wait at the broker for it.",
        Badge::Unknown(_) => "No worker was ever here: nobody judges what you write.",
    };
    let words = format!("{words} Start it with: headcount-worker chat");
    Some(Note { tone: "will", words, button: None })
}
