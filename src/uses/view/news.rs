//! The news: what one reads, and the newsroom.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{
    desk::{Desk, chance},
    ticker,
};
use crate::{
    uses::store::{
        Wish, examples,
        filter::{explain, matches, topic_mistake},
        news::{FILTERS_MAX, Filter, Granted, News},
    },
    view::{
        form::{TextField, no_note},
        labels::counted,
        list::{Item, list},
        live::{flag, live, on, when},
        part::{Part, part},
    },
};

/// What it shows.
pub(super) const LEAD: &str = "Publishers write to topics, readers subscribe to filters, and neither knows the other. \
                               A filter with wildcards reads many topics at once.";

/// Reads the room's news.
pub(super) fn read<R>(desk: Desk, read: impl FnOnce(&News) -> R) -> Option<R> {
    desk.read(|room| room.news().map(read))
}

/// The whole use.
pub(super) fn news(desk: Desk) -> Part {
    let entry = RwSignal::new(String::new());
    part(view! {
        <div class="use-columns">
            <div class="use-main">{newsroom(desk)} {ticker::ticker(desk)}</div>
            <div class="use-side">
                <section class="panel" aria-labelledby="reads-title">
                    <h3 class="panel-title" id="reads-title">"What you read"</h3>
                    {sections(desk)}
                    {free_entry(desk, entry)}
                    {subscriptions(desk)}
                    {good_and_bad(entry)}
                </section>
            </div>
        </div>
    })
}

fn toggle(desk: Desk, filter: &str) {
    let follows = desk.peek(|room| room.news().is_some_and(|news| news.follows(filter)));
    let filter = filter.to_owned();
    desk.wish(if follows { Wish::Unfollow(filter) } else { Wish::Follow(filter) });
}

fn sections(desk: Desk) -> Part {
    let boxes: Vec<_> = examples::SECTIONS
        .into_iter()
        .map(|(filter, name)| {
            let checked = move || read(desk, |news| news.follows(filter)).unwrap_or_default();
            view! {
                <label class="section">
                    <input
                        type="checkbox"
                        prop:checked=live(checked)
                        on:change=on(move |_: ev::Event| toggle(desk, filter))
                    />
                    <span>{name}</span>
                    <code>{filter}</code>
                </label>
            }
        })
        .collect();
    part(view! {
        <fieldset class="sections">
            <legend class="field-label">"Sections"</legend>
            {boxes}
        </fieldset>
    })
}

fn free_entry(desk: Desk, entry: RwSignal<String>) -> Part {
    let note = move || {
        let text = entry.get();
        if text.is_empty() {
            return (false, "+ stands for one level, # for all that follow.".to_owned());
        }
        let explained = explain(&text);
        let mark = if explained.is_valid { "Valid. " } else { "Not valid. " };
        (!explained.is_valid, format!("{mark}{}", explained.words))
    };
    let is_full = move || read(desk, |news| news.filters().len() >= FILTERS_MAX).unwrap_or_default();
    let cannot = move || is_full() || !explain(&entry.get()).is_valid;
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let text = entry.get_untracked();
        if explain(&text).is_valid {
            desk.wish(Wish::Follow(text));
            entry.set(String::new());
        }
    };
    let field = TextField { mono: true, ..TextField::text("free-filter", "Any Topic Filter") };
    part(view! {
        <form class="use-form" data-inline="true" on:submit=on(submit)>
            {field.draw(entry, note)}
            <button type="submit" class="button" prop:disabled=live(cannot)>"Subscribe"</button>
        </form>
    })
}

fn subscriptions(desk: Desk) -> Part {
    let lines = move || {
        let line = |filter: &Filter| {
            let text = Arc::clone(&filter.text);
            Item::new(text.to_string(), move |_| subscription(desk, &text))
        };
        read(desk, |news| news.filters().iter().map(line).collect()).unwrap_or_default()
    };
    let none = || part(view! { <p class="use-empty">"Nothing: the ticker stays empty."</p> });
    let is_empty = move || read(desk, |news| news.filters().is_empty()).unwrap_or_default();
    part(view! {
        <div class="subscriptions">
            <h4 class="field-label">"Subscriptions"</h4>
            {list("ul", "list", lines)}
            {when(is_empty, none)}
        </div>
    })
}

fn subscription(desk: Desk, text: &Arc<str>) -> Part {
    let (of, gone) = (Arc::clone(text), Arc::clone(text));
    let find =
        move || read(desk, |news| news.filters().iter().find(|filter| filter.text == of).cloned()).flatten();
    let refused = {
        let find = find.clone();
        move || find().is_some_and(|filter| matches!(filter.state, Granted::No(_)))
    };
    let words = move || match find() {
        Some(Filter { state: Granted::No(why), .. }) => format!("refused: {why}"),
        Some(Filter { state: Granted::Asked, .. }) => "asked for".to_owned(),
        Some(Filter { count, .. }) => counted(count, "article", "articles"),
        None => String::new(),
    };
    part(view! {
        <li class="subscription" data-refused=flag(refused)>
            <code>{text.to_string()}</code>
            <span class="subscription-words">{live(words)}</span>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                aria-label=format!("Remove {text}")
                on:click=on(move |_| desk.wish(Wish::Unfollow(gone.to_string())))
            >
                "Remove"
            </button>
        </li>
    })
}

fn good_and_bad(entry: RwSignal<String>) -> Part {
    let rows: Vec<_> = examples::FILTERS
        .into_iter()
        .map(|filter| {
            let explained = explain(filter);
            let hits = match (explained.is_valid, matches(filter, examples::TOPIC)) {
                (false, _) => "not valid",
                (true, true) => "matches",
                (true, false) => "does not match",
            };
            view! {
                <tr data-valid=explained.is_valid.to_string()>
                    <td>
                        <button
                            type="button"
                            class="example"
                            title="Put it into the field above"
                            on:click=on(move |_| entry.set(filter.to_owned()))
                        >
                            <code>{filter}</code>
                        </button>
                    </td>
                    <td class="example-hits">{hits}</td>
                    <td>{explained.words}</td>
                </tr>
            }
        })
        .collect();
    part(view! {
        <details class="examples">
            <summary>"Filters, good and bad"</summary>
            <p class="field-hint">"Beside the topic "<code>{examples::TOPIC}</code></p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Filter"</th>
                        <th scope="col">"Verdict"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    })
}

fn newsroom(desk: Desk) -> Part {
    let topic = RwSignal::new(examples::TOPICS[0].to_owned());
    let headline = RwSignal::new(String::new());
    let topic_note = move || match topic_mistake(&topic.get()) {
        Some(mistake) => (true, mistake.to_owned()),
        None => no_note(),
    };
    let cannot = move || topic_mistake(&topic.get()).is_some() || headline.get().trim().is_empty();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(cannot) {
            desk.wish(Wish::Publish(topic.get_untracked(), headline.get_untracked(), chance()));
            headline.set(String::new());
        }
    };
    let refused = move || read(desk, |news| news.refused().to_string()).unwrap_or_default();
    let headline_note = move || match refused() {
        why if why.is_empty() => no_note(),
        why => (true, format!("The broker refused it: {why}")),
    };
    let is_wired = move || read(desk, News::is_wired).unwrap_or_default();
    let proposals: Vec<_> = examples::TOPICS.map(|topic| view! { <option value=topic></option> }).into();
    let topic_field = TextField { mono: true, list: "topics", ..TextField::text("article-topic", "Topic") };
    part(view! {
        <section class="panel" aria-labelledby="newsroom-title">
            <h3 class="panel-title" id="newsroom-title">"Newsroom"</h3>
            <form class="use-form newsroom" on:submit=on(submit)>
                {topic_field.draw(topic, topic_note)}
                <datalist id="topics">{proposals}</datalist>
                {TextField::text("article-headline", "Headline").draw(headline, headline_note)}
                <div class="use-actions">
                    <button type="submit" class="button" data-kind="primary" prop:disabled=live(cannot)>
                        "Publish"
                    </button>
                    <button
                        type="button"
                        class="button"
                        aria-pressed=flag(is_wired)
                        on:click=on(move |_| desk.wish(Wish::WireService(!untrack(is_wired))))
                    >
                        "Wire service"
                    </button>
                    <p class="field-hint">"The wire service publishes an article every few seconds, to all sections."</p>
                </div>
            </form>
        </section>
    })
}
