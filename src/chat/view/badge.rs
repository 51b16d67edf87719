//! Who is there, in a shape and words.

use leptos::prelude::*;

use super::seat::Seat;
use crate::{
    chat::store::presence::{Badge, Last, Seen},
    store::{Millis, clock::relative},
    view::{
        live::{live, memo, when},
        part::{Part, part},
    },
};

/// The badge beside a name in the list: one word.
pub(super) fn dot(seat: Seat, name: String) -> Part {
    let badge = memo(move || seat.read(|chat| chat.badge(&name)));
    drawn(move || badge.get(), |badge| short(badge).to_owned())
}

/// The badge with when somebody was seen last.
pub(super) fn words(seat: Seat, name: String) -> Part {
    let badge = memo(move || seat.read(|chat| chat.badge(&name)));
    let says = move |badge: &Badge| long(badge, seat.hall.now());
    drawn(move || badge.get(), says)
}

fn drawn(
    badge: impl Fn() -> Option<Badge> + Copy + Send + Sync + 'static,
    says: impl Fn(&Badge) -> String + Copy + Send + 'static,
) -> Part {
    let name = move || badge().map_or("unknown", |badge| badge.name()).to_owned();
    let was = move || {
        let last = matches!(badge(), Some(Badge::Unknown(Some(Last::Online))));
        if last { "online" } else { "" }.to_owned()
    };
    let draw = move || {
        part(view! {
            <span class="badge" data-badge=live(name) data-was=live(was)>
                <span class="badge-dot" aria-hidden="true"></span>
                <span class="badge-words">
                    {live(move || badge().as_ref().map(says).unwrap_or_default())}
                </span>
            </span>
        })
    };
    part(view! { {when(move || badge().is_some(), draw)} })
}

fn short(badge: &Badge) -> &'static str {
    match badge {
        Badge::Online => "Online",
        Badge::Offline(_) => "Offline",
        Badge::Unknown(_) => "Unknown",
    }
}

fn long(badge: &Badge, now: Millis) -> String {
    match badge {
        Badge::Online => "Online".to_owned(),
        Badge::Offline(seen) => format!("Offline{}", last_seen(*seen, now)),
        Badge::Unknown(None) => "Unknown".to_owned(),
        Badge::Unknown(Some(Last::Online)) => "Unknown, was online".to_owned(),
        Badge::Unknown(Some(Last::Offline(seen))) => format!("Unknown, was offline{}", last_seen(*seen, now)),
    }
}

fn last_seen(seen: Seen, now: Millis) -> String {
    match seen {
        Seen::At(at) => format!(", last seen {}", relative(now, at)),
        Seen::After(at) => format!(", last seen {} or later", relative(now, at)),
        Seen::Unsaid => String::new(),
    }
}
