//! One item, its price, and the bids made here.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{
    auctions::read,
    desk::{Desk, chance},
};
use crate::{
    store::clock,
    uses::store::{
        Wish,
        auctions::{self, Item, OwnBid},
        money,
    },
    view::{
        labels::counted,
        list::{self, list},
        live::{flag, live, memo, on, when},
        part::{Part, part},
    },
};

/// A card.
pub(super) fn item(desk: Desk, id: Arc<str>) -> Part {
    let find = {
        let id = Arc::clone(&id);
        memo(move || read(desk, |auctions| auctions.item(&id).cloned()).flatten())
    };
    let text =
        move |pick: fn(&Item) -> String| live(move || find.get().map(|item| pick(&item)).unwrap_or_default());
    let title = move || find.get().map(|item| item.title.to_string()).unwrap_or_default();
    let is_open = move || find.get().is_some_and(|item| item.is_open());
    let is_mine = move || {
        let me = read(desk, |auctions| Arc::clone(auctions.me()));
        find.get().and_then(|item| item.current).is_some_and(|(_, bidder)| Some(bidder) == me)
    };
    let who = move || {
        let mine = is_mine();
        match find.get() {
            Some(Item { current: Some((_, bidder)), bids, .. }) => {
                let whose = if mine { "yours".to_owned() } else { format!("by {bidder}") };
                format!("{whose}, {}", counted(bids, "bid", "bids"))
            }
            _ => "starting price, no bids".to_owned(),
        }
    };
    let ending = move || match find.get() {
        Some(item) if item.is_open() => match item.ends.since(desk.now()) {
            0 => "closing".to_owned(),
            left => format!("{} left", clock::duration((left + 999) / 1_000 * 1_000)),
        },
        Some(item) => item.status.to_string(),
        None => String::new(),
    };
    let bid = {
        let id = Arc::clone(&id);
        move || form(desk, &id)
    };
    let title_id = format!("item-{id}");
    let named = title_id.clone();
    part(view! {
        <li class="lot" data-state=text(|item| item.status.to_string()) data-mine=flag(is_mine) aria-labelledby=named>
            <div class="lot-about">
                <h4 class="lot-title" id=title_id dir="auto">{live(title)}</h4>
                <p class="lot-description" dir="auto">{text(|item| item.description.to_string())}</p>
                <p class="lot-seller">"offered by " <bdi>{text(|item| item.seller.to_string())}</bdi></p>
            </div>
            <div class="lot-price">
                <output class="lot-amount">
                    {text(|item| money::shown(item.current.as_ref().map_or(item.starting_price, |(amount, _)| *amount)))}
                </output>
                <p class="lot-who"><bdi>{live(who)}</bdi></p>
                <p class="lot-ending">{live(ending)}</p>
            </div>
            {when(is_open, bid)}
            <div class="lot-own" aria-live="polite">{own(desk, id)}</div>
        </li>
    })
}

fn form(desk: Desk, id: &Arc<str>) -> Part {
    let amount = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let of = Arc::clone(id);
    let hint =
        move || read(desk, |auctions| auctions.item(&of).map(auctions::hint)).flatten().unwrap_or_default();
    let mistake = move || money::read(&amount.get()).err().filter(|_| tried.get());
    let note = move || mistake().unwrap_or_else(&hint);
    let class = move || if mistake().is_some() { "field-error" } else { "field-hint" }.to_owned();
    let submit = {
        let id = Arc::clone(id);
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            // Whether it is enough is the worker's to say: the price may rise while one types.
            match money::read(&amount.get_untracked()) {
                Ok(cents) => {
                    desk.wish(Wish::Bid(Arc::clone(&id), cents, chance()));
                    amount.set(String::new());
                    tried.set(false);
                }
                Err(_) => tried.set(true),
            }
        }
    };
    let (field, note_id) = (format!("bid-{id}"), format!("bid-note-{id}"));
    part(view! {
        <form class="lot-form" on:submit=on(submit)>
            <label class="unseen" for=field.clone()>"Your bid"</label>
            <input
                class="field-input"
                id=field
                type="text"
                inputmode="decimal"
                autocomplete="off"
                placeholder="Your bid"
                aria-invalid=flag(move || mistake().is_some())
                aria-describedby=note_id.clone()
                prop:value=live(move || amount.get())
                on:input=on(move |event: ev::Event| amount.set(event_target_value(&event)))
            />
            <button type="submit" class="button" data-kind="primary">"Bid"</button>
            <p class=live(class) id=note_id>{live(note)}</p>
        </form>
    })
}

fn own(desk: Desk, id: Arc<str>) -> Part {
    let bids = move || {
        let line = |bid: &OwnBid| {
            let bid = bid.clone();
            // Its words change: another key, another drawing.
            list::Item::new(format!("{}{}", bid.id, bid.state.words()), move |_| {
                part(view! {
                    <li class="own" data-state=bid.state.name()>
                        <span class="own-amount">{money::shown(bid.amount)}</span>
                        " "
                        {bid.state.words()}
                    </li>
                })
            })
        };
        read(desk, |auctions| auctions.bids_for(&id).take(OWN_SHOWN).map(line).collect()).unwrap_or_default()
    };
    list("ul", "list", bids)
}

/// Own bids under an item: the newest.
const OWN_SHOWN: usize = 5;
