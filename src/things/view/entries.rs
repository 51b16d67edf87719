//! The entries of a channel as they were sent, newest first.

use std::sync::Arc;

use leptos::prelude::*;

use super::{card::clock, desk::Desk};
use crate::{
    things::store::channel::{Channel, Entry, FIELDS, name},
    view::{
        board::offset_minutes,
        labels::counted,
        list::{Item, list},
        live::{live, memo},
        part::{Part, part},
    },
};

/// Rows of the table; the chart has all entries that the page keeps.
const ROWS_MAX: usize = 100;

/// The table. It has a column for each field that has a value.
pub(super) fn entries(desk: Desk, id: u32) -> Part {
    let fields =
        memo(move || desk.read(|things| things.channel(id).map(Channel::fields).unwrap_or_default()));
    let said = move || {
        let kept = desk.read(|things| things.channel(id).map_or(0, |channel| channel.entries().len()));
        format!("{} of {kept} kept here", kept.min(ROWS_MAX))
    };
    let table = move || {
        let columns = fields.get();
        let heads: Vec<_> =
            columns.iter().map(|field| view! { <th scope="col">{name(*field)}</th> }).collect();
        let rows = move || {
            desk.read(|things| things.channel(id).map(|channel| rows(channel, &columns)).unwrap_or_default())
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
        </section>
    })
}

fn rows(channel: &Channel, columns: &[usize]) -> Vec<Item> {
    let all = channel.entries();
    let mut items = Vec::new();
    for at in (0..all.len()).rev().take(ROWS_MAX) {
        let (entry, columns) = (Arc::clone(&all[at]), columns.to_vec());
        items.push(Item::new(entry.id.to_string(), move |_| row(&entry, &columns)));
        let missing = channel.missing_before(at);
        if missing > 0 {
            items.push(Item::new(format!("gap {} {missing}", all[at].id), move |_| gap(missing)));
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

/// Entries that came while the page was away.
fn gap(missing: u64) -> Part {
    let words = format!("{} not seen here", counted(missing, "entry", "entries"));
    part(view! {
        <tr class="entries-gap">
            <td colspan=(FIELDS + 3).to_string()>{words}</td>
        </tr>
    })
}
