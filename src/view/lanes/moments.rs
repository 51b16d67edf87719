//! The strip above list and lanes: which of both, how much time is in sight, and how many came and left in it.

use leptos::{ev, prelude::*};

use super::{draw, sight::Sight, words};
use crate::{
    store::{
        Millis,
        lanes::{scale::View, span::Span},
    },
    view::{
        board::offset_minutes,
        icon::{Icon, icon},
        live::{effect, flag, live, memo, on, when},
        part::{Part, part},
        resize::Observer,
        viewport::is_narrow,
    },
};

/// Pixels that a pointer moves before it draws a span.
const DRAWN: i32 = 4;

/// The strip.
#[component]
pub(in crate::view) fn Moments(
    /// What is in sight.
    sight: Sight,
) -> impl IntoView {
    let follows = memo(move || sight.view.get().follows());
    let view_name = move || match sight.view.get() {
        View::All => "all",
        View::Newest(_) => "newest",
        View::Fixed(..) => "fixed",
    };
    let length = move || sight.scene.with(|scene| scene.scale.length().to_string());
    let from = move || sight.scene.with(|scene| scene.scale.from.0.to_string());
    let now = move || {
        part(view! {
            <button type="button" class="button" on:click=on(move |_| sight.turn(|view, _, _| view.newest()))>
                "Back to now"
            </button>
        })
    };
    view! {
        <section
            class="moments"
            aria-label="Moments"
            data-lanes=flag(move || sight.shown.get())
            data-tall=flag(move || sight.tall.get())
            data-view=live(move || view_name().to_owned())
            data-from=live(from)
            data-length=live(length)
        >
            <div class="moments-tools">
                <div class="moments-switch" role="group" aria-label="Show as">
                    {choice(sight, "List", false)}
                    {choice(sight, "Lanes", true)}
                </div>
                <div class="moments-zoom" role="group" aria-label="Time in sight">
                    {tool("−", "Zoom out", move || sight.zoom((2, 1), None))}
                    {tool("+", "Zoom in", move || sight.zoom((1, 2), None))}
                    {tool("All", "Show all time", move || sight.view.set(View::All))}
                    {when(move || !follows.get(), now)}
                </div>
                <button
                    type="button"
                    class="button moments-toggle"
                    aria-expanded=flag(move || sight.tall.get())
                    aria-label="Histogram"
                    on:click=on(move |_| sight.tall.update(|tall| *tall = !*tall))
                >
                    {icon(Icon::Chevron)}
                </button>
            </div>
            {columns(sight)}
            {line(sight)}
        </section>
    }
}

fn choice(sight: Sight, label: &'static str, lanes: bool) -> Part {
    part(view! {
        <button
            type="button"
            class="button"
            aria-pressed=flag(move || sight.shown.get() == lanes)
            on:click=on(move |_| sight.show(lanes))
        >
            {label}
        </button>
    })
}

fn tool(sign: &'static str, label: &'static str, act: impl Fn() + 'static) -> Part {
    part(view! {
        <button type="button" class="button" aria-label=label title=label on:click=on(move |_| act())>
            {sign}
        </button>
    })
}

/// The histogram, on which a span is selected.
fn columns(sight: Sight) -> Part {
    follow_width(sight);
    let picture = move || sight.scene.with(|scene| draw::histogram(scene, sight.column(), offset_minutes));
    // Where a pointer went down, and where it is.
    let drawn = RwSignal::new(None::<(i32, i32)>);
    let down = move |event: ev::PointerEvent| {
        if event.button() == 0 {
            drawn.set(Some((event.offset_x(), event.offset_x())));
            // It fails for a pointer that is gone.
            let _ = event_target::<web_sys::Element>(&event).set_pointer_capture(event.pointer_id());
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let x = event.offset_x();
        if let Some((from, _)) = drawn.get_untracked() {
            drawn.set(Some((from, x)));
        }
        let told = sight.scene.with_untracked(|scene| {
            let columns = &scene.columns;
            let column = columns.place(scene.scale.at(i64::from(x)))?;
            Some(words::column(columns, column, offset(scene.edge)))
        });
        sight.told.set(told.unwrap_or_default());
    };
    let up = move |_: ev::PointerEvent| {
        if let Some((from, to)) = drawn.get_untracked() {
            drawn.set(None);
            sight.select(Some(whole_columns(sight, from, to)));
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        let known = match &*key {
            "ArrowLeft" | "ArrowRight" if event.shift_key() => {
                sight.extend(key == "ArrowRight");
                true
            }
            "Escape" if drawn.get_untracked().is_some() => {
                drawn.set(None);
                true
            }
            _ => sight.key(&key),
        };
        if known {
            event.prevent_default();
        }
    };
    let draft = move || {
        drawn.get().filter(|(from, to)| (from - to).abs() >= DRAWN).map_or_else(String::new, |(from, to)| {
            let height = 2 * sight.column();
            format!("M{} 0H{}V{height}H{}z", from.min(to), from.max(to), from.min(to))
        })
    };
    part(view! {
        <div
            class="moments-columns"
            tabindex="0"
            role="application"
            aria-label="Connects and disconnects over time"
            aria-describedby="moments-keys moments-told"
            node_ref=sight.place
            on:pointerdown=on(down)
            on:pointermove=on(moved)
            on:pointerup=on(up)
            on:pointercancel=on(move |_| drawn.set(None))
            on:pointerleave=on(move |_| sight.told.set(String::new()))
            on:wheel=on(move |event| wheel(sight, &event))
            on:keydown=on(on_key)
        >
            <svg class="moments-picture" aria-hidden="true" inner_html=live(picture)></svg>
            <svg class="moments-draft" aria-hidden="true">
                <path d=live(draft) />
            </svg>
            <span class="unseen" id="moments-keys">
                "Plus and minus zoom, the arrows move, Home and End go to the oldest and to now, 0 shows all. Arrows with \
                 Shift select a span, Escape clears it."
            </span>
        </div>
    })
}

/// The span from column to column that a pointer drew.
fn whole_columns(sight: Sight, from: i32, to: i32) -> Span {
    sight.scene.with_untracked(|scene| {
        let last = scene.columns.columns.len().saturating_sub(1);
        let column = |x: i32| {
            let x = i64::from(x).clamp(0, scene.scale.width);
            scene.columns.place(scene.scale.at(x)).unwrap_or(last)
        };
        let (first, last) = (column(from.min(to)), column(from.max(to)));
        Span::between(scene.columns.edge(first), scene.columns.edge(last + 1))
    })
}

/// A wheel zooms with Ctrl, which is also what two fingers on a pad are, and moves with Shift.
pub(super) fn wheel(sight: Sight, event: &ev::WheelEvent) {
    let by = event.delta_y() + event.delta_x();
    if event.ctrl_key() {
        event.prevent_default();
        // A notch of a wheel is 100 pixels, or some lines; fingers move by a few pixels at a time.
        #[expect(clippy::cast_possible_truncation, reason = "at most 100")]
        let far = if event.delta_mode() == 0 { (by.abs().min(100.0) * 10.0) as i64 } else { 1_000 };
        let by = if by > 0.0 { (4_000 + far, 4_000) } else { (4_000, 4_000 + far) };
        sight.zoom(by, Some(sight.thousandth(event.client_x())));
    } else if event.shift_key() {
        event.prevent_default();
        let length = sight.scene.with_untracked(|scene| scene.scale.length());
        sight.pan(if by > 0.0 { length / 10 } else { -length / 10 });
    }
}

/// What is pointed at, or what is in sight; and the selected span with what can be done with it.
fn line(sight: Sight) -> Part {
    let told = move || {
        let told = sight.told.get();
        if !told.is_empty() {
            return told;
        }
        sight.scene.with(|scene| words::counts(scene.columns.sum()))
    };
    let ends = memo(move || sight.scene.with(|scene| (scene.since, scene.until)));
    let span = move || {
        let (since, until) = ends.get();
        words::span(since, until, since.or(until).map_or(0, offset))
    };
    let has_span = move || ends.get() != (None, None);
    let tools = move || {
        let show = move |_| {
            if let Some(Span { since, until }) = sight.span() {
                sight.view.set(View::around(since, until));
            }
        };
        part(view! {
            <span class="moments-span">
                <button type="button" class="button" data-kind="quiet" on:click=on(show)>
                    "Zoom to it"
                </button>
                <button type="button" class="button" data-kind="quiet" on:click=on(move |_| sight.select(None))>
                    "Clear the span"
                </button>
            </span>
        })
    };
    part(view! {
        <div class="moments-line">
            <span id="moments-told">{live(told)}</span>
            <span class="moments-selected" aria-live="polite">{live(span)}</span>
            {when(has_span, tools)}
        </div>
    })
}

fn follow_width(sight: Sight) {
    let measure = move || {
        // The button that makes it tall again is a phone's.
        if !is_narrow() && !sight.tall.get_untracked() {
            sight.tall.set(true);
        }
        if let Some(element) = sight.place.get_untracked() {
            let width = i64::from(element.client_width());
            if width > 0 && sight.width.get_untracked() != width {
                sight.width.set(width);
            }
        }
    };
    let observer = Observer::new(measure);
    effect(move || {
        measure();
        if let Some(element) = sight.place.get() {
            observer.watch(&element);
        }
    });
}

fn offset(at: Millis) -> i32 {
    offset_minutes(at)
}
