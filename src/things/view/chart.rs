//! The values of a channel's fields, a picture each on one axis of time.

use leptos::prelude::*;

use super::{card::clock, desk::Desk};
use crate::{
    things::store::{
        Past,
        channel::name,
        chart::{HEIGHT, Plot, WIDTH, plot},
    },
    view::{
        board::offset_minutes,
        list::{Item, list},
        live::{live, memo, when},
        part::{Part, part},
    },
};

/// The pictures of the fields that have a value.
pub(super) fn chart(desk: Desk, id: u32) -> Part {
    let fields = memo(move || {
        desk.read(|things| {
            things.channel(id).map(crate::things::store::channel::Channel::fields).unwrap_or_default()
        })
    });
    let items = move || {
        let item = |field: usize| Item::new(field.to_string(), move |_| picture(desk, id, field));
        fields.get().into_iter().map(item).collect()
    };
    let past = move || desk.read(|things| if things.is_live() { things.past(id) } else { Past::Known });
    let said = move || {
        match past() {
            Past::Known => "",
            Past::Asked => "Asking for past entries…",
            Past::Untold => "The broker did not tell past entries.",
        }
        .to_owned()
    };
    part(view! {
        <section class="panel" aria-labelledby="chart-title">
            <div class="plot-head">
                <h4 class="panel-title" id="chart-title">"Fields"</h4>
                <p class="field-hint" role="status">{live(said)}</p>
            </div>
            {list("ul", "list", items)}
            {when(
                move || fields.with(Vec::is_empty) && past() != Past::Asked,
                || part(view! { <p class="use-empty">"No value has come yet."</p> }),
            )}
        </section>
    })
}

fn picture(desk: Desk, id: u32, field: usize) -> Part {
    let plot = memo(move || {
        desk.read(|things| things.channel(id).map(|channel| plot(channel, field)).unwrap_or_default())
    });
    let text = move |read: fn(&Plot) -> String| live(move || plot.with(read));
    let words = move || plot.with(|plot| plot.words(offset_minutes(plot.to)));
    let others = |plot: &Plot| match plot.words {
        0 => String::new(),
        1 => "1 value is no number: it is marked at the foot.".to_owned(),
        more => format!("{more} values are no numbers: they are marked at the foot."),
    };
    let number = move |label: &'static str, read: fn(&Plot) -> String| {
        view! { <div><dt>{label}</dt><dd dir="auto">{text(read)}</dd></div> }
    };
    part(view! {
        <li class="plot">
            <div class="plot-head">
                <h5 class="plot-name">{name(field)}</h5>
                <dl class="plot-numbers">
                    {number("last", |plot| shown(plot.last.as_deref()))}
                    {number("min", |plot| shown(plot.min.as_deref()))}
                    {number("max", |plot| shown(plot.max.as_deref()))}
                </dl>
            </div>
            <svg
                class="plot-picture"
                role="img"
                aria-label=live(words)
                viewBox=format!("-4 -6 {} {}", WIDTH + 8, HEIGHT + 12)
                preserveAspectRatio="none"
            >
                <path class="plot-grid" d=format!("M0 0H{WIDTH}M0 {HEIGHT}H{WIDTH}") />
                <path class="plot-marks" d=text(|plot| plot.marks.clone()) />
                <path class="plot-line" d=text(|plot| plot.line.clone()) />
            </svg>
            <div class="plot-times" aria-hidden="true">
                <span>{text(|plot| clock(plot.from))}</span>
                <span>{text(|plot| clock(plot.to))}</span>
            </div>
            <p class="field-hint">{text(others)}</p>
        </li>
    })
}

fn shown(value: Option<&str>) -> String {
    value.unwrap_or("–").to_owned()
}
