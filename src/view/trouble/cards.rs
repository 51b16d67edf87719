//! Cards over the timeline: one for each fight over a client id, and for each client that keeps reconnecting.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::show_only;
use crate::{
    store::{
        Intent, Millis,
        event::Client,
        trouble::{Card, advice, fights::Fight},
    },
    view::{
        board::{Board, offset_minutes},
        copy::copy_button,
        icon::{Icon, icon},
        labels::short_id,
        list::{Item, list},
        live::{Live, flag, live, memo, on, when},
        part::{Part, part},
        viewport::is_narrow,
    },
};

/// Cards at a time: more would push the timeline off the page.
const SHOWN: usize = 3;

/// All cards, as far as they are shown.
pub(in crate::view) fn cards(board: Board) -> Live<Part> {
    let all = RwSignal::new(false);
    let count = memo(move || board.trouble(|trouble| trouble.cards().len()));
    let items = move || {
        let names: Vec<_> = board.trouble(|trouble| {
            let shown = if all.get() { usize::MAX } else { SHOWN };
            trouble.cards().into_iter().take(shown).map(name).collect()
        });
        names
            .into_iter()
            .map(|(account, id, is_fight)| {
                // An account has no NUL in its name.
                Item::new(format!("{account}\0{is_fight}\0{id}"), move |_| {
                    card(board, &account, &id, is_fight)
                })
            })
            .collect()
    };
    let turn = move |_: ev::MouseEvent| all.update(|all| *all = !*all);
    let more = move || {
        let label = move || match count.get().saturating_sub(SHOWN) {
            _ if all.get() => "Show fewer".to_owned(),
            more => format!("{more} more"),
        };
        part(view! {
            <button
                type="button"
                class="button cards-more"
                data-kind="quiet"
                on:click=on(turn)
            >
                {live(label)}
            </button>
        })
    };
    // A phone has room for one line that speaks of all.
    let fold = move || {
        let words = move || {
            board.trouble(|trouble| {
                let cards = trouble.cards();
                let more = cards.len().saturating_sub(1);
                cards
                    .into_iter()
                    .next()
                    .map(|card| {
                        let title = advice::title(card);
                        format!("{title} {}, and {more} more", short_id(&name(card).1))
                    })
                    .unwrap_or_default()
            })
        };
        part(view! {
            <button
                type="button"
                class="cards-fold"
                aria-expanded=flag(move || all.get())
                on:click=on(turn)
            >
                <span>{live(words)}</span>
                {icon(Icon::Chevron)}
            </button>
        })
    };
    when(
        move || count.get() > 0,
        move || {
            part(view! {
                <div class="cards">
                    {when(move || count.get() > 1, fold)} {list("ul", "list", items)}
                    {when(move || count.get() > SHOWN, more)}
                </div>
            })
        },
    )
}

fn name(card: Card<'_>) -> (Arc<str>, Arc<str>, bool) {
    match card {
        Card::Fight(fight) => (Arc::clone(&fight.account), Arc::clone(&fight.id), true),
        Card::Flapping(it) => (Arc::clone(&it.account), Arc::clone(&it.id), false),
    }
}

/// The way to what a card tells, while it is there.
#[derive(Clone)]
struct Way {
    board: Board,
    account: Arc<str>,
    id: Arc<str>,
}

impl Way {
    /// Follows what `read` reads of the card.
    fn follow(&self, read: impl Fn(Card<'_>) -> String + Send + 'static) -> Live<String> {
        let way = self.clone();
        live(move || {
            way.board.trouble(|trouble| trouble.card(&way.account, &way.id).map(&read).unwrap_or_default())
        })
    }

    /// The same of a fight.
    fn follow_fight(&self, read: impl Fn(&Fight) -> String + Send + 'static) -> Live<String> {
        self.follow(move |card| match card {
            Card::Fight(fight) => read(fight),
            Card::Flapping(_) => String::new(),
        })
    }
}

fn card(board: Board, account: &Arc<str>, id: &Arc<str>, is_fight: bool) -> Part {
    let way = Way { board, account: Arc::clone(account), id: Arc::clone(id) };
    let score = {
        let way = way.clone();
        live(move || {
            let now = board.now();
            way.board.trouble(|trouble| {
                // The page's moment on the broker's clock.
                let now = now.plus(now.0 - trouble.on_page(now).0);
                trouble.card(&way.account, &way.id).map(|card| advice::score(card, now)).unwrap_or_default()
            })
        })
    };
    let since = way.follow(move |card| {
        let at = match card {
            Card::Fight(fight) => fight.since,
            Card::Flapping(it) => it.since,
        };
        format!("Since {}", seconds(at))
    });
    let side = |read: fn(&Fight) -> &Option<Client>| {
        way.follow_fight(move |fight| {
            read(fight).as_ref().map_or_else(|| "nobody known".to_owned(), advice::side)
        })
    };
    let sides = is_fight.then(|| {
        view! {
            <dl class="card-sides">
                <dt>"Has it"</dt>
                <dd>{side(|fight| &fight.holder)}</dd>
                <dt>"Had it"</dt>
                <dd>{side(|fight| &fight.ousted)}</dd>
            </dl>
        }
    });
    // Several say what they are about first, and a phone has no room for more.
    let is_open = !is_narrow() && board.peek(|store| store.trouble().cards().len()) == 1;
    let dismiss = {
        let (account, id) = (Arc::clone(account), Arc::clone(id));
        move |_: ev::MouseEvent| {
            board.send(Intent::Dismiss { account: Arc::clone(&account), id: Arc::clone(&id) });
        }
    };
    let shown = short_id(id);
    let element = format!("card-{}-{id}", u8::from(is_fight));
    let show = {
        let id = Arc::clone(id);
        move |_: ev::MouseEvent| show_only(board, &id)
    };
    part(view! {
        <li class="card" data-kind=if is_fight { "fight" } else { "flapping" }>
            <details open=is_open>
                <summary class="card-head">
                    {icon(if is_fight { Icon::Conflict } else { Icon::Again })}
                    <span class="card-title">
                        {way.follow(|card| advice::title(card).to_owned())} " "
                        <code class="card-id" id=element.clone() dir="auto">{id.to_string()}</code>
                    </span>
                    <span class="card-score">{since} ": " {score}</span>
                </summary>
                <div class="card-body">
                    {sides}
                    <p class="card-advice">{way.follow(advice::advice)}</p>
                    <div class="card-acts">
                        <button type="button" class="button" on:click=on(show)>
                            "Show its events"
                            <span class="unseen">{format!(" of {shown}")}</span>
                        </button>
                        {copy_button(move || board.now(), element, "the client id")}
                    </div>
                </div>
            </details>
            <button
                type="button"
                class="button card-dismiss"
                data-kind="icon"
                aria-label=format!("Dismiss: {shown}")
                on:click=on(dismiss)
            >
                {icon(Icon::Clear)}
            </button>
        </li>
    })
}

/// `14:03:22` on the reader's clock.
pub(super) fn seconds(at: Millis) -> String {
    let clock = at.clock(offset_minutes(at));
    clock.get(..8).unwrap_or(&clock).to_owned()
}
