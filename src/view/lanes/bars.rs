//! The lanes in sight, what lies over them, and how they are moved.

use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::{draw, lane, legend, moments::wheel, sight::Sight, table};
use crate::{
    store::{
        lanes::scale::View,
        projection::{Projection, Window},
    },
    view::{
        board::offset_minutes,
        list::{Item, list},
        live::{effect, live, memo, on},
        part::{Part, part},
        resize::Observer,
        viewport::Viewport,
    },
};

/// Pixels that a pointer moves before it moves the lanes.
const MOVED: i32 = 4;

/// Lanes beyond the viewport on each side.
const OVERSCAN: usize = 4;

/// Height of a lane in CSS pixels: with its name beside its bars, and above them on a narrow page.
const WIDE: usize = 32;
const NARROW: usize = 48;

/// A pointer that is down.
#[derive(Clone, Copy)]
struct Finger {
    id: i32,
    x: i32,
    y: i32,
}

impl Finger {
    fn of(event: &ev::PointerEvent) -> Self {
        Self { id: event.pointer_id(), x: event.client_x(), y: event.client_y() }
    }
}

/// The pointers that are down.
#[derive(Clone, Default)]
struct Hand {
    fingers: Vec<Finger>,
    /// Where two of them began: what was in sight, the moment between them in thousandths of it, and how far apart.
    pinch: Option<(View, i64, i64)>,
}

impl Hand {
    /// The middle between two fingers, and how far apart they are, at least a pixel. It takes no root: on a straight way
    /// both measures grow alike.
    fn spread(&self) -> Option<(i32, i64)> {
        let [one, other] = self.fingers[..] else { return None };
        let apart = (one.x - other.x).abs() + (one.y - other.y).abs();
        Some((i32::midpoint(one.x, other.x), i64::from(apart.max(1))))
    }
}

/// What the lanes of one panel share; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub(super) struct Bars {
    pub(super) sight: Sight,
    /// Where a click on a bar leads.
    pub(super) list: Viewport,
    /// The lane in which the focus is.
    pub(super) focused: RwSignal<Option<u64>>,
    scroller: NodeRef<Div>,
    scroll_top: RwSignal<usize>,
    height: RwSignal<usize>,
    narrow: RwSignal<bool>,
    hand: RwSignal<Hand>,
    /// Whether it moved the lanes since a pointer went down.
    pub(super) dragged: RwSignal<bool>,
}

/// The lanes, their legend and their table.
#[component]
pub(in crate::view) fn Lanes(
    /// What is in sight.
    sight: Sight,
    /// The list, for the row of a bar.
    list: Viewport,
) -> impl IntoView {
    let bars = Bars {
        sight,
        list,
        focused: RwSignal::new(None),
        scroller: NodeRef::new(),
        scroll_top: RwSignal::new(0),
        height: RwSignal::new(800),
        narrow: RwSignal::new(false),
        hand: RwSignal::new(Hand::default()),
        dragged: RwSignal::new(false),
    };
    bars.follow_size();
    view! {
        <section class="lanes" aria-label="Lanes">
            <div class="lanes-stage">
                {bars.scroller()}
                {bars.over()}
            </div>
            <div class="lanes-foot">
                {legend::legend()}
                {table::table(sight)}
            </div>
        </section>
    }
}

impl Bars {
    fn scroller(self) -> Part {
        let window = memo(move || self.window());
        let lanes = move || {
            let range = window.get().range;
            let scene = self.sight.scene.get();
            let lanes = scene.lanes.lanes.get(range).unwrap_or_default();
            let item = |lane: &std::sync::Arc<crate::store::lanes::Lane>| {
                let (key, id) = (lane.key, lane.id.clone());
                Item::new(key.to_string(), move |index| {
                    lane::draw(&self, key, &id, move || window.get().range.start + index.get())
                })
            };
            lanes.iter().map(item).collect()
        };
        let lengths = move || {
            let Window { above, below, .. } = window.get();
            format!("--lane: {}px; padding-top: {above}px; padding-bottom: {below}px", self.row())
        };
        let on_scroll = move |_: ev::Event| {
            if let Some(scroller) = self.scroller.get_untracked() {
                self.scroll_top.set(usize::try_from(scroller.scroll_top()).unwrap_or_default());
            }
        };
        part(view! {
            <div
                class="lanes-scroller"
                tabindex="0"
                role="group"
                aria-label="Lanes, the newest event first"
                aria-describedby="moments-keys"
                node_ref=self.scroller
                on:scroll=on(on_scroll)
                on:keydown=on(move |event| self.key(&event))
                on:wheel=on(move |event| wheel(self.sight, &event))
                on:pointerenter=on(move |_| self.sight.hold_order(true))
                on:pointerleave=on(move |_| self.leave())
                on:focusin=on(move |_| self.sight.hold_order(true))
                on:focusout=on(move |_| self.leave())
                on:pointerdown=on(move |event| self.down(&event))
                on:pointermove=on(move |event| self.drag(&event))
                on:pointerup=on(move |event| self.up(&event))
                on:pointercancel=on(move |event| self.up(&event))
                on:touchmove=on(move |event| self.keep(&event))
            >
                <div class="lanes-track" prop:style=live(lengths)>
                    {list("ul", "list", lanes)}
                </div>
            </div>
        })
    }

    /// What is not known, what the span leaves out, and the moment, over all lanes.
    fn over(self) -> Part {
        let height = move || i64::try_from(self.height.get()).unwrap_or_default();
        let picture = move || self.sight.scene.with(|scene| draw::over(scene, height(), offset_minutes));
        part(view! {
            <svg class="lanes-over" aria-hidden="true" inner_html=live(picture)></svg>
        })
    }

    fn row(self) -> usize {
        if self.narrow.get() { NARROW } else { WIDE }
    }

    fn window(self) -> Window {
        let projection = Projection {
            len: self.sight.scene.with(|scene| scene.lanes.lanes.len()),
            row: self.row(),
            scroll_top: self.scroll_top.get(),
            viewport: self.height.get(),
            overscan: OVERSCAN,
            opened: None,
        };
        projection.window()
    }

    fn key(self, event: &ev::KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        let known = match &*key {
            "ArrowLeft" | "ArrowRight" if event.shift_key() => {
                self.sight.extend(key == "ArrowRight");
                true
            }
            "ArrowDown" => self.walk(true),
            "ArrowUp" => self.walk(false),
            _ => self.sight.key(&key),
        };
        if known {
            event.prevent_default();
        }
    }

    /// Brings the focus to the next lane, or to the one before it.
    fn walk(self, down: bool) -> bool {
        let Some(scroller) = self.scroller.get_untracked() else { return false };
        let lane = document().active_element().and_then(|at| at.closest(".lane").ok().flatten());
        let to = match lane {
            Some(lane) if down => lane.next_element_sibling(),
            Some(lane) => lane.previous_element_sibling(),
            None => {
                // The first that is wholly in sight.
                let above = self.scroll_top.get_untracked();
                let lanes = scroller.query_selector_all(".lane").ok();
                let lanes = lanes
                    .into_iter()
                    .flat_map(|lanes| (0..lanes.length()).filter_map(move |at| lanes.get(at)));
                let mut lanes = lanes.filter_map(|lane| lane.dyn_into::<HtmlElement>().ok());
                lanes
                    .find(|lane| usize::try_from(lane.offset_top()).is_ok_and(|top| top >= above))
                    .map(Into::into)
            }
        };
        let name = to.and_then(|lane| lane.query_selector(".lane-name").ok().flatten());
        if let Some(name) = name.and_then(|name| name.dyn_into::<HtmlElement>().ok()) {
            // A focus call fails for detached elements only.
            let _ = name.focus();
        }
        true
    }

    /// The pointer or the focus left: nothing is told, and the newest lanes rise again unless the focus is still there.
    fn leave(self) {
        // The list has taken their place: what they were made of is gone.
        if !self.sight.shown.get_untracked() {
            return;
        }
        self.sight.told.set(String::new());
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let stays = document()
            .active_element()
            .is_some_and(|at| !at.is_same_node(Some(&scroller)) && scroller.contains(Some(&at)));
        self.sight.hold_order(stays);
    }

    fn down(self, event: &ev::PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let mut hand = self.hand.get_untracked();
        hand.fingers.push(Finger::of(event));
        hand.pinch =
            hand.spread().map(|(x, wide)| (self.sight.view.get_untracked(), self.sight.thousandth(x), wide));
        self.dragged.set(hand.pinch.is_some());
        self.hand.set(hand);
    }

    /// One finger, or a mouse, moves the lanes; two spread them, about the moment between them.
    fn drag(self, event: &ev::PointerEvent) {
        let mut hand = self.hand.get_untracked();
        let now = Finger::of(event);
        let Some(finger) = hand.fingers.iter_mut().find(|finger| finger.id == now.id) else { return };
        let from = finger.x;
        if !self.dragged.get_untracked() {
            if (now.x - from).abs() < MOVED {
                return;
            }
            self.dragged.set(true);
            if let Some(scroller) = self.scroller.get_untracked() {
                // It fails for a pointer that is gone.
                let _ = scroller.set_pointer_capture(now.id);
            }
        }
        *finger = now;
        if let Some(((view, anchor, before), (x, wide))) = hand.pinch.zip(hand.spread()) {
            self.sight.turn(|_, first, edge| {
                let zoomed = view.zoom(first, edge, (before, wide), Some(anchor));
                let (left, right) = zoomed.range(first, edge);
                let moved = anchor - self.sight.thousandth(x);
                zoomed.pan(first, edge, right.since(left) * moved / 1_000)
            });
        } else {
            let by = self.sight.scene.with_untracked(|scene| scene.scale.ms(i64::from(from - now.x)));
            self.sight.pan(by);
        }
        self.hand.set(hand);
    }

    fn up(self, event: &ev::PointerEvent) {
        self.hand.update(|hand| {
            hand.fingers.retain(|finger| finger.id != event.pointer_id());
            hand.pinch = None;
        });
    }

    /// Two fingers are not for the browser to scroll with.
    fn keep(self, event: &ev::TouchEvent) {
        if self.hand.with_untracked(|hand| hand.pinch.is_some()) {
            event.prevent_default();
        }
    }

    fn follow_size(self) {
        let measure = move || {
            let Some(scroller) = self.scroller.get_untracked() else { return };
            let height = usize::try_from(scroller.client_height()).unwrap_or_default();
            if self.height.get_untracked() != height {
                self.height.set(height);
            }
            let narrow = scroller.client_width() < 640;
            if self.narrow.get_untracked() != narrow {
                self.narrow.set(narrow);
            }
        };
        let observer = Observer::new(measure);
        effect(move || {
            measure();
            if let Some(scroller) = self.scroller.get() {
                observer.watch(&scroller);
            }
        });
    }
}
