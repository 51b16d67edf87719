//! The auctions: who bids, what is offered, and the items.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{
    desk::{Desk, chance},
    item,
};
use crate::{
    uses::store::{
        Wish,
        auctions::{self, Auctions, NAME_MAX, OwnOffer},
        money,
    },
    view::{
        form::{TextField, choice, no_note},
        labels::counted,
        list::{Item, list},
        live::{live, on, when},
        part::{Part, part},
    },
};

/// What it shows.
pub(super) const LEAD: &str = "Anybody may bid, and a worker alone raises the price: it judges bids in the order in \
                               which they come, and the item's retained message is the truth for everybody.";

const LENGTHS: [(u32, &str); 5] =
    [(30, "30 seconds"), (120, "2 minutes"), (600, "10 minutes"), (3_600, "1 hour"), (86_400, "1 day")];

/// Reads the room's auctions.
pub(super) fn read<R>(desk: Desk, read: impl FnOnce(&Auctions) -> R) -> Option<R> {
    desk.read(|room| room.auctions().map(read))
}

/// The whole use.
pub(super) fn auctions(desk: Desk) -> Part {
    part(view! {
        <div class="use-columns">
            <div class="use-main">{items(desk)}</div>
            <div class="use-side">{you(desk)} {auctioneer(desk)}</div>
        </div>
    })
}

fn you(desk: Desk) -> Part {
    let me = move || read(desk, |auctions| auctions.me().to_string()).unwrap_or_default();
    let name = RwSignal::new(untrack(me));
    let mistake = move || {
        let name = name.get();
        if name.trim().is_empty() {
            Some("Write a name.")
        } else if name.trim().len() > NAME_MAX {
            Some("That is too long.")
        } else {
            None
        }
    };
    let note = move || match mistake() {
        Some(mistake) => (true, mistake.to_owned()),
        None => (false, format!("You bid as {}.", me())),
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if untrack(mistake).is_none() {
            desk.wish(Wish::Name(name.get_untracked()));
        }
    };
    part(view! {
        <section class="panel" aria-labelledby="you-title">
            <h3 class="panel-title" id="you-title">"You"</h3>
            <form class="use-form" data-inline="true" on:submit=on(submit)>
                {TextField::text("bidder", "Name").draw(name, note)}
                <button type="submit" class="button">"Use it"</button>
            </form>
        </section>
    })
}

fn auctioneer(desk: Desk) -> Part {
    let (title, description) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (price, seconds) = (RwSignal::new("10.00".to_owned()), RwSignal::new(120));
    let price_note = move || match money::read(&price.get()) {
        Ok(_) => no_note(),
        Err(mistake) => (true, mistake),
    };
    let cannot = move || title.get().trim().is_empty() || money::read(&price.get()).is_err();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Ok(cents) = money::read(&price.get_untracked())
            && !untrack(cannot)
        {
            let (what, about) = (title.get_untracked(), description.get_untracked());
            desk.wish(Wish::Offer(what, about, cents, seconds.get_untracked(), chance()));
            title.set(String::new());
            description.set(String::new());
        }
    };
    let offers = move || {
        let line = |offer: &OwnOffer| {
            let offer = offer.clone();
            Item::new(format!("{}{}", offer.id, offer.state.words()), move |_| {
                part(view! {
                    <li class="own" data-state=offer.state.name()>
                        <span dir="auto">{offer.title.to_string()}</span>
                        ": "
                        {offer.state.words()}
                    </li>
                })
            })
        };
        read(desk, |auctions| auctions.offers().iter().map(line).collect()).unwrap_or_default()
    };
    let price_field = TextField { input_mode: "decimal", ..TextField::text("offer-price", "Starting price") };
    part(view! {
        <section class="panel" aria-labelledby="auctioneer-title">
            <h3 class="panel-title" id="auctioneer-title">"Auctioneer"</h3>
            <form class="use-form" on:submit=on(submit)>
                {TextField::text("offer-title", "Item").draw(title, no_note)}
                {TextField::text("offer-about", "About it").draw(description, no_note)}
                {price_field.draw(price, price_note)}
                {choice("offer-seconds", "Open for", seconds, &LENGTHS)}
                <button type="submit" class="button" data-kind="primary" prop:disabled=live(cannot)>
                    "Offer"
                </button>
            </form>
            {list("ul", "list", offers)}
        </section>
    })
}

fn items(desk: Desk) -> Part {
    let lines = move || {
        let line = |one: &auctions::Item| {
            let id = Arc::clone(&one.id);
            Item::new(id.to_string(), move |_| item::item(desk, id))
        };
        read(desk, |auctions| auctions.items().iter().map(line).collect()).unwrap_or_default()
    };
    let count = move || {
        let open = read(desk, |auctions| auctions.items().iter().filter(|item| item.is_open()).count());
        counted(open.unwrap_or_default() as u64, "item open", "items open")
    };
    let is_empty = move || read(desk, |auctions| auctions.items().is_empty()).unwrap_or_default();
    let empty = || part(view! { <p class="use-empty">"Nothing is on offer. Be the auctioneer."</p> });
    part(view! {
        <section class="panel" aria-labelledby="items-title">
            <h3 class="panel-title" id="items-title">
                "Items " <span class="panel-count">{live(count)}</span>
            </h3>
            <div class="lots">{list("ul", "list", lines)}</div>
            {when(is_empty, empty)}
        </section>
    })
}
