//! Beside the broker's own events: which other feeds the page reads, what became of each, and which to choose.

use leptos::{ev, prelude::*};

use super::{
    board::Board,
    icon::{Icon, icon},
    live::{live, memo, on, when},
    part::{Part, part},
    styles,
};
use crate::store::{
    Settings, Store,
    adapters::{self, Adapter},
    plan::{Outcome, Purpose, Want},
};

/// A filter with what became of it.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    filter: String,
    label: String,
    state: String,
}

/// What the page reads of other brokers and of devices; nothing while it asks for nothing of them.
#[component]
pub(super) fn Feeds(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    styles::adopt(include_str!("../../style/feeds.css"));
    let lines = memo(move || board.status(read));
    let heard = move || board.status(heard);
    let panel = move || {
        let rows = move || {
            let rows = lines.get().into_iter().map(|line| {
                view! {
                    <tr>
                        <th scope="row">{line.label}</th>
                        <td>
                            <code>{line.filter}</code>
                        </td>
                        <td>{line.state}</td>
                    </tr>
                }
            });
            part(view! { <tbody>{rows.collect_view()}</tbody> })
        };
        part(view! {
            <details class="feeds">
                <summary>
                    {icon(Icon::Chevron)} <span>"Feeds read here"</span>
                    <span class="feeds-heard">{live(heard)}</span>
                </summary>
                <div class="feeds-table" role="group" tabindex="0" aria-label="Feeds read here">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"Feed"</th>
                                <th scope="col">"Topic Filter"</th>
                                <th scope="col">"State"</th>
                            </tr>
                        </thead>
                        {live(rows)}
                    </table>
                </div>
            </details>
        })
    };
    when(move || !lines.get().is_empty(), panel)
}

/// The wants of adapters, and the clients feed as the first where it is all that a broker of ours would have.
fn read(store: &Store) -> Vec<Line> {
    let plan = store.plan();
    if plan.adapters().is_empty() {
        return Vec::new();
    }
    let line = |want: &Want| {
        // Of two that want one topic, one subscription is made.
        let by: Vec<Adapter> = plan.adapters().iter().copied().filter(|by| by.wants(&want.filter)).collect();
        let label = match want.purpose {
            Purpose::Other(_) => by.iter().map(|by| by.label()).collect::<Vec<_>>().join(", "),
            Purpose::Feed => "Clients feed".to_owned(),
            _ => return None,
        };
        let is_heard = by.iter().any(|by| plan.heard().contains(by));
        let state = match want.outcome {
            Outcome::Unasked | Outcome::Asked => "asked".to_owned(),
            Outcome::Refused(code) => format!("refused (0x{code:02x})"),
            _ if is_heard => "heard".to_owned(),
            _ => "granted".to_owned(),
        };
        Some(Line { filter: want.filter.clone(), label, state })
    };
    plan.wants().iter().filter_map(line).collect()
}

fn heard(store: &Store) -> String {
    let labels: Vec<&str> = store.plan().heard().iter().map(|adapter| adapter.label()).collect();
    if labels.is_empty() { "nothing heard of them yet".to_owned() } else { labels.join(" · ") }
}

/// Check boxes for the conventions by which devices speak of themselves.
pub(super) fn choice(settings: RwSignal<Settings>) -> Part {
    let boxes = Adapter::ALL.into_iter().filter(|adapter| adapter.is_device()).map(|adapter| {
        let name = adapter.name();
        let change = move |event: ev::Event| {
            let wanted = event_target_checked(&event);
            settings.update(|form| form.feeds = adapters::choose(&form.feeds, name, wanted));
        };
        view! {
            <label class="feeds-box">
                <input
                    type="checkbox"
                    name="feeds"
                    value=name
                    prop:checked=live(move || adapters::names(&settings.get().feeds).any(|one| one == name))
                    on:change=on(change)
                />
                {adapter.label()}
            </label>
        }
    });
    part(view! {
        <fieldset class="feeds-choice">
            <legend class="field-label">"Also read what devices say of themselves"</legend>
            {boxes.collect_view()}
        </fieldset>
    })
}
