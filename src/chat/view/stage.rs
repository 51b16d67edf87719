//! The stage: its check boxes, what it adds, what still breaks, and how to see that.

use leptos::{ev, prelude::*};

use super::{hall::Hall, is_wide, seat::Seat};
use crate::{
    chat::{login::Leave, store::stage::Feature},
    view::{
        icon::{Icon, icon},
        live::{live, memo, on},
        part::{Part, part},
    },
};

/// The section above the windows.
pub(super) fn stage(hall: Hall, seats: &[Seat; 2]) -> Part {
    let seats = *seats;
    let stage = memo(move || hall.stage());
    let boxes = Feature::ALL.map(|feature| {
        let tick = move |event: ev::Event| {
            let ticked = event_target_checked(&event);
            hall.change(|address| address.stage = address.stage.with(feature, ticked));
            for seat in seats {
                seat.follow_stage();
            }
        };
        check(feature.label(), move || stage.get().has(feature), tick)
    });
    let duplicates = check(
        "Remove duplicates",
        move || hall.removes_duplicates(),
        move |event| {
            let ticked = event_target_checked(&event);
            hall.change(|address| address.removes_duplicates = ticked);
        },
    );
    let lesson = move || stage.get().lesson();
    let second_label =
        move || if hall.second.get() { "Close the second window" } else { "Open a second window" }.to_owned();
    let toggle_second = move |_| {
        let is_open = hall.second.get_untracked();
        if is_open {
            seats[1].log_out(Leave::KeepSession);
        }
        hall.second.set(!is_open);
        hall.shown.set(if is_open { 1 } else { 2 });
    };
    part(view! {
        <section class="stage" aria-label="Stage">
            <div class="stage-line">
                <h2 class="stage-title">
                    "Chat, stage "
                    <span class="stage-number">{live(move || stage.get().name().to_owned())}</span>
                </h2>
                <fieldset class="stage-boxes">
                    <legend class="unseen">"What the chat uses of MQTT"</legend>
                    {boxes}
                    {duplicates}
                </fieldset>
                <button type="button" class="button" on:click=on(toggle_second)>
                    {live(second_label)}
                </button>
            </div>
            <details class="lesson" open=is_wide()>
                <summary class="lesson-adds">
                    {icon(Icon::Chevron)}
                    <span>{live(move || lesson().adds.to_owned())}</span>
                </summary>
                <p class="lesson-breaks">
                    <strong>"Still breaks: "</strong>
                    {live(move || lesson().breaks.to_owned())}
                </p>
                <p class="lesson-try">
                    <strong>"Try it: "</strong>
                    {live(move || lesson().try_it.to_owned())}
                </p>
            </details>
        </section>
    })
}

fn check(
    label: &'static str,
    is_ticked: impl Fn() -> bool + Send + 'static,
    tick: impl FnMut(ev::Event) + 'static,
) -> Part {
    part(view! {
        <label class="check">
            <input type="checkbox" prop:checked=live(is_ticked) on:change=on(tick) />
            {label}
        </label>
    })
}
