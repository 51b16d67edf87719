//! Marks where a client is named that fights, keeps reconnecting, or misbehaves otherwise.

use std::sync::Arc;

use leptos::prelude::*;

use super::show_only;
use crate::{
    store::trouble::{Card, advice},
    view::{
        board::{Board, offset_minutes},
        icon::{Icon, icon},
        labels::short_id,
        live::{Live, live, memo, on},
        part::{Part, part},
    },
};

/// The mark of a client that has a card, dismissed or not; nothing for any other.
pub(in crate::view) fn mark(board: Board, account: &Arc<str>, id: &Arc<str>) -> Live<Part> {
    let (account, id) = (Arc::clone(account), Arc::clone(id));
    let words = memo(move || {
        // A record is of another time.
        if board.timeline(|_| board.peek(|store| store.record_name().is_some())) {
            return None;
        }
        board.trouble(|trouble| {
            let card = trouble.card(&account, &id)?;
            Some((matches!(card, Card::Fight(_)), advice::mark(card)))
        })
    });
    live(move || {
        words.get().map_or_else(Part::none, |(is_fight, words)| {
            let (kind, why, picture) = if is_fight {
                ("fight", "Two connections have this client id", Icon::Conflict)
            } else {
                ("flapping", "Keeps reconnecting", Icon::Again)
            };
            part(view! {
                <span class="mark" data-kind=kind title=why>
                    {icon(picture)} <span class="unseen">{format!("{why}: ")}</span> {words}
                </span>
            })
        })
    })
}

/// What else is known of a client that misbehaves, with the way to all of it; nothing for any other.
pub(in crate::view) fn conduct(board: Board, account: &Arc<str>, id: &Arc<str>) -> Live<Part> {
    let (account, id) = (Arc::clone(account), Arc::clone(id));
    let words = {
        let (account, id) = (Arc::clone(&account), Arc::clone(&id));
        memo(move || {
            board.trouble(|trouble| {
                let record = trouble.conduct().of(&account, &id)?;
                let since = record.since.clock(offset_minutes(record.since));
                Some(format!("{} since {}", record.words(), since.get(..8).unwrap_or(&since)))
            })
        })
    };
    live(move || {
        words.get().map_or_else(Part::none, |words| {
            let wanted = Arc::clone(&id);
            part(view! {
                <p class="conduct">
                    <span>{words}</span>
                    <button
                        type="button"
                        class="button"
                        on:click=on(move |_| show_only(board, &wanted))
                    >
                        {format!("Show everything of {}", short_id(&id))}
                    </button>
                </p>
            })
        })
    })
}
