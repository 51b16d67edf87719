//! The entries of a channel as they were sent, newest first.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{card::clock, desk::Desk};
use crate::{
    things::store::channel::{Channel, ENTRIES_MAX, Entry, FIELDS, name},
    view::{
        board::offset_minutes,
        labels::counted,
        list::{Item, list},
        live::{live, memo, on, when},
        part::{Part, part},
    },
};

/// Rows of the table before more are asked for; the chart has all entries that the page keeps.
const ROWS: usize = 100;

/// The table. It has a column for each field that has a value.
pub(super) fn entries(desk: Desk, id: u32) -> Part {
    let fields =
        memo(move || desk.read(|things| things.channel(id).map(Channel::fields).unwrap_or_default()));
    let most = RwSignal::new(ROWS);
    let kept = move || desk.read(|things| things.channel(id).map_or(0, |channel| channel.entries().len()));
    let said = move || format!("{} of {} kept here", kept().min(most.get()), kept());
    let more = move || {
        let more = on(move |_: ev::MouseEvent| most.update(|most| *most += ROWS));
        part(view! { <button type="button" class="button" on:click=more>"Show older entries"</button> })
    };
    let table = move || {
        let columns = fields.get();
        let heads: Vec<_> =
            columns.iter().map(|field| view! { <th scope="col">{name(*field)}</th> }).collect();
        let rows = move || {
            let most = most.get();
            desk.read(|things| {
                things.channel(id).map(|channel| rows(channel, &columns, most)).unwrap_or_default()
            })
        };
        part(view! {
            <div class="entries-scroll" tabindex="0" role="region" aria-label="Entries, newest first">
                <table class="entries">
                    <thead>
                        <tr>
                            <th scope="col">"Entry"</th>
                            <th scope="col">"Time"</th>
                            {heads}
                            <th scope="col">"Status"</th>
                        </tr>
                    </thead>
                    {list("tbody", "rowgroup", rows)}
                </table>
            </div>
        })
    };
    part(view! {
        <section class="panel" aria-labelledby="entries-title">
            <h4 class="panel-title" id="entries-title">
                "Entries " <span class="panel-count">{live(said)}</span>
            </h4>
            {live(table)}
            {when(move || kept() > most.get(), more)}
        </section>
    })
}

fn rows(channel: &Channel, columns: &[usize], most: usize) -> Vec<Item> {
    let all = channel.entries();
    let mut items = Vec::new();
    for at in (0..all.len()).rev().take(most) {
        let (entry, columns) = (Arc::clone(&all[at]), columns.to_vec());
        items.push(Item::new(entry.id.to_string(), move |_| row(&entry, &columns)));
        let words = missing(channel, at);
        if !words.is_empty() {
            items.push(Item::new(format!("{} {words}", all[at].id), move |_| gap(&words)));
        }
    }
    items
}

fn row(entry: &Entry, columns: &[usize]) -> Part {
    let at = entry.at;
    let text = |value: &Option<Arc<str>>| value.as_deref().unwrap_or_default().to_owned();
    let values: Vec<_> =
        columns.iter().map(|field| view! { <td dir="auto">{text(&entry.fields[*field])}</td> }).collect();
    part(view! {
        <tr>
            <th scope="row">{format!("#{}", entry.id)}</th>
            <td><time datetime=at.iso() title=at.date_and_clock(offset_minutes(at))>{clock(at)}</time></td>
            {values}
            <td dir="auto">{text(&entry.status)}</td>
        </tr>
    })
}

/// What is said of the entries that are missing before this one; empty where none are.
fn missing(channel: &Channel, at: usize) -> String {
    let (gone, absent) = channel.missing_before(at);
    let is_full = at == 0 && channel.entries().len() == ENTRIES_MAX;
    let why = if is_full { "for which this page has no room" } else { "not seen here" };
    let mut words = Vec::new();
    for (count, why) in [(absent, why), (gone, "which the broker keeps no longer")] {
        if count > 0 {
            words.push(format!("{} {why}", counted(count, "entry", "entries")));
        }
    }
    words.join(", ")
}

/// Entries that are missing.
fn gap(words: &str) -> Part {
    part(view! {
        <tr class="entries-gap">
            <td colspan=(FIELDS + 3).to_string()>{words.to_owned()}</td>
        </tr>
    })
}
