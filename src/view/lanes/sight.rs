//! What part of time the reader has in sight, and the scene that histogram and lanes draw: made once for both.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use crate::{
    store::{
        Intent, Millis,
        lanes::{
            Asked, Hits, Scene,
            scale::View,
            span::{Pick, Span},
        },
    },
    view::{
        board::{Board, offset_minutes},
        live::effect,
        styles,
    },
};

use super::remember;

/// Lanes that stay on top at most: more than a screen of them is no choice.
const PINS_MAX: usize = 24;

/// The reader's place in time; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub(in crate::view) struct Sight {
    pub(super) board: Board,
    /// Whether lanes stand in the place of the list.
    pub(in crate::view) shown: RwSignal<bool>,
    pub(super) scene: RwSignal<Arc<Scene>>,
    pub(super) view: RwSignal<View>,
    /// CSS pixels of the histogram, and of each lane's picture.
    pub(super) width: RwSignal<i64>,
    pub(super) pins: RwSignal<Vec<u64>>,
    /// The order of the lanes while somebody points at one, or stands on one by keyboard.
    order: RwSignal<Vec<u64>>,
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
        let mut hits = Hits::default();
        let first = board.peek(|store| Scene::of(store, &mut hits, &Asked::at(board.clock(), width)));
        let sight = Self {
            board,
            shown: RwSignal::new(remember::shows_lanes()),
            scene: RwSignal::new(Arc::new(first)),
            view: RwSignal::new(View::All),
            width: RwSignal::new(width),
            pins: RwSignal::new(pins),
            order: RwSignal::new(Vec::new()),
            told: RwSignal::new(String::new()),
            pick: RwSignal::new(None),
        };
        effect(move || sight.look(&mut hits));
        window_event_listener(ev::popstate, move |_| sight.shown.set(remember::shows_lanes()));
        sight
    }

    /// Makes the scene anew: whenever the rows change, which they tell once a frame, the clock, or what is asked for.
    fn look(self, hits: &mut Hits) {
        self.board.timeline(|_| ());
        if self.shown.get() {
            self.board.present(|_| ());
        }
        let now = self.board.now().max(self.board.clock());
        let (pins, order) = (self.pins.get(), self.order.get());
        let asked = Asked {
            view: self.view.get(),
            width: self.width.get(),
            now,
            offset: offset_minutes(now),
            pins: &pins,
            order: &order,
        };
        let scene = self.board.peek(|store| Scene::of(store, hits, &asked));
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
        self.select(Some(pick.span()));
    }

    /// The selected span, where both its ends are given.
    pub(super) fn span(self) -> Option<Span> {
        // Of the search itself: the scene follows it a frame later.
        let (since, until) = self.board.peek(|store| store.timeline().search().span());
        Some(Span { since: since?, until: until? })
    }

    /// Puts a span into the search, or takes it away.
    pub(super) fn select(self, span: Option<Span>) {
        let text = self.board.peek(|store| {
            let ends = span.map(|span| (span.since, span.until)).unzip();
            store.timeline().search().spanning(ends.0, ends.1)
        });
        self.board.send(Intent::Search(text));
    }

    /// Keeps the lanes in their order, or lets the newest rise again.
    pub(super) fn hold_order(self, holds: bool) {
        let is_held = self.order.with_untracked(|order| !order.is_empty());
        if holds && !is_held {
            let scene = self.scene.get_untracked();
            self.order.set(scene.lanes.lanes.iter().map(|lane| lane.key).collect());
        } else if !holds && is_held {
            self.order.set(Vec::new());
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
