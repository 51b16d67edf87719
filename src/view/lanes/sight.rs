//! What part of time the reader has in sight, and the scene that histogram and lanes draw: made once for both.

use std::sync::Arc;

use leptos::{ev, html::Div, prelude::*};

use crate::{
    store::{
        Intent, Millis,
        lanes::{
            Asked, Scene, Trace,
            scale::View,
            span::{Pick, Span},
        },
    },
    view::{
        board::{Board, offset_minutes},
        live::effect,
        search::step,
        styles,
        viewport::is_narrow,
    },
};

use super::{draw, remember};

/// Lanes that stay on top at most: more than a screen of them is no choice.
const PINS_MAX: usize = 24;

/// Milliseconds in which lanes change their places once, however many events come: nobody reads what jumps about.
const CALM: i64 = 1_000;

/// The order of the lanes, until the newest rise again.
#[derive(Default)]
struct Order {
    keys: Vec<u64>,
    /// The clock's second in which it was made.
    second: Millis,
    /// When an event last made it anew.
    at: Millis,
}

impl Order {
    /// At the first event for a while lanes rise at once, after that with the clock.
    fn pass(&mut self, second: Millis, now: Millis) {
        if self.second != second {
            self.second = second;
        } else if now.since(self.at) >= CALM {
            self.at = now;
        } else {
            return;
        }
        self.keys.clear();
    }
}

/// The reader's place in time; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub(in crate::view) struct Sight {
    pub(super) board: Board,
    /// Whether lanes stand in the place of the list.
    pub(in crate::view) shown: RwSignal<bool>,
    pub(super) scene: RwSignal<Arc<Scene>>,
    pub(super) view: RwSignal<View>,
    /// The histogram's place.
    pub(super) place: NodeRef<Div>,
    /// CSS pixels of the histogram, and of each lane's picture.
    pub(super) width: RwSignal<i64>,
    /// Whether the histogram has its full height; a phone has none to spare.
    pub(super) tall: RwSignal<bool>,
    pub(super) pins: RwSignal<Vec<u64>>,
    /// Whether somebody points at a lane, or stands on one by keyboard, so that all keep their order.
    holds: RwSignal<bool>,
    /// What is said of what is pointed at; empty where nothing is.
    pub(super) told: RwSignal<String>,
    pick: RwSignal<Option<Pick>>,
}

impl Sight {
    /// All that is recorded in sight, in the list or in lanes as the page's address says.
    pub(in crate::view) fn new(board: Board) -> Self {
        styles::adopt(include_str!("../../../style/moments.css"));
        styles::adopt(include_str!("../../../style/lanes.css"));
        // A common desktop's, until it is measured.
        let (width, pins) = (1_000, remember::pins());
        let mut trace = Trace::default();
        let first = board.peek(|store| Scene::of(store, &mut trace, &Asked::at(board.clock(), width)));
        let sight = Self {
            board,
            shown: RwSignal::new(remember::shows_lanes()),
            scene: RwSignal::new(Arc::new(first)),
            view: RwSignal::new(View::All),
            place: NodeRef::new(),
            width: RwSignal::new(width),
            tall: RwSignal::new(!is_narrow()),
            pins: RwSignal::new(pins),
            holds: RwSignal::new(false),
            told: RwSignal::new(String::new()),
            pick: RwSignal::new(None),
        };
        let mut order = Order::default();
        effect(move || sight.look(&mut trace, &mut order));
        window_event_listener(ev::popstate, move |_| sight.shown.set(remember::shows_lanes()));
        sight
    }

    /// Makes the scene anew: whenever the rows change, which they tell once a frame, the clock, or what is asked for.
    fn look(self, trace: &mut Trace, order: &mut Order) {
        self.board.timeline(|_| ());
        let lanes = self.shown.get();
        if lanes {
            self.board.present(|_| ());
        }
        let now = self.board.now();
        let pins = self.pins.get();
        if !self.holds.get() {
            order.pass(now, self.board.clock());
        }
        let asked = Asked {
            view: self.view.get(),
            width: self.width.get(),
            now,
            offset: offset_minutes(now),
            pins: &pins,
            order: &order.keys,
            lanes,
        };
        let scene = self.board.peek(|store| Scene::of(store, trace, &asked));
        if order.keys.is_empty() {
            order.keys = scene.lanes.lanes.iter().map(|lane| lane.key).collect();
        }
        self.scene.set(Arc::new(scene));
    }

    /// Shows lanes, or the list.
    pub(in crate::view) fn show(self, lanes: bool) {
        self.shown.set(lanes);
        self.told.set(String::new());
        self.hold_order(false);
        remember::show(lanes);
    }

    /// Shows `by.0 / by.1` of the time in sight, around `anchor` in thousandths from the left.
    pub(super) fn zoom(self, by: (i64, i64), anchor: Option<i64>) {
        self.turn(|view, first, edge| view.zoom(first, edge, by, anchor));
    }

    /// How far right of the left edge of what is in sight a pointer stands, in thousandths.
    pub(super) fn thousandth(self, x: i32) -> i64 {
        // The timeline begins at the page's left edge.
        let left = self.place.get_untracked().map_or(0, |place| place.offset_left());
        i64::from(x - left) * 1_000 / self.width.get_untracked().max(1)
    }

    /// Height of the histogram's bars in each direction.
    pub(super) fn column(self) -> i64 {
        if self.tall.get() { draw::COLUMN } else { draw::THIN }
    }

    /// Moves by so many milliseconds.
    pub(super) fn pan(self, by: i64) {
        self.turn(|view, first, edge| view.pan(first, edge, by));
    }

    /// Shows this.
    pub(super) fn turn(self, to: impl FnOnce(View, Millis, Millis) -> View) {
        let scene = self.scene.get_untracked();
        let view = self.view.get_untracked();
        let next = to(view, scene.first, scene.edge);
        if next != view {
            self.view.set(next);
        }
    }

    /// Does what a key asks for, and says whether it asks for anything.
    pub(super) fn key(self, key: &str) -> bool {
        let length = self.scene.with_untracked(|scene| scene.scale.length());
        match key {
            "+" | "=" => self.zoom((1, 2), None),
            "-" | "_" => self.zoom((2, 1), None),
            "ArrowLeft" => self.pan(-length / 4),
            "ArrowRight" => self.pan(length / 4),
            "Home" => self.turn(View::oldest),
            "End" => self.turn(|view, _, _| view.newest()),
            "0" => self.view.set(View::All),
            "Escape" if self.span().is_some() => self.select(None),
            _ => return false,
        }
        true
    }

    /// Moves an end of the selected span by a column.
    pub(super) fn extend(self, later: bool) {
        let scene = self.scene.get_untracked();
        let (from, step) = (scene.columns.from, scene.columns.step);
        let span = self.span();
        let picked = self.pick.get_untracked().filter(|pick| Some(pick.span()) == span);
        let pick = picked.or_else(|| span.map(Pick::of)).unwrap_or_else(|| {
            let at = if later { scene.scale.from } else { scene.edge };
            let column = scene.columns.place(at).unwrap_or_default();
            // The column that one comes to first is the first to be picked.
            let edge = scene.columns.edge(column + usize::from(!later));
            Pick { anchor: edge, moving: edge }
        });
        let pick = pick.go(later, from, step);
        self.pick.set(Some(pick));
        // Column by column it is no step of its own.
        self.board.send(Intent::Search(self.spanning(Some(pick.span()))));
    }

    /// The selected span, where both its ends are given.
    pub(super) fn span(self) -> Option<Span> {
        // Of the search itself: the scene follows it a frame later.
        let (since, until) = self.board.peek(|store| store.timeline().search().span());
        Some(Span { since: since?, until: until? })
    }

    /// Puts a span into the search, or takes it away.
    pub(super) fn select(self, span: Option<Span>) {
        step(self.board, self.spanning(span));
    }

    /// The search with this span.
    fn spanning(self, span: Option<Span>) -> String {
        self.board.peek(|store| {
            let ends = span.map(|span| (span.since, span.until)).unzip();
            store.timeline().search().spanning(ends.0, ends.1)
        })
    }

    /// Keeps the lanes in their order, or lets the newest rise again.
    pub(super) fn hold_order(self, holds: bool) {
        if self.holds.get_untracked() != holds {
            self.holds.set(holds);
        }
    }

    /// Pins a lane, or takes its pin away.
    pub(super) fn pin(self, key: u64) {
        self.pins.update(|pins| {
            let before = pins.len();
            pins.retain(|pin| *pin != key);
            if pins.len() == before && before < PINS_MAX {
                pins.push(key);
            }
            remember::pin(pins);
        });
    }
}
