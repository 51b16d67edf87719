//! Where the reader stands in the timeline: the scroll position, the opened row, the row under the keyboard.

use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

use super::{
    board::Board,
    cursor::Move,
    live::{effect, memo},
};
use crate::{
    link::Frame,
    store::{
        Intent,
        projection::{Projection, Window},
    },
};

/// Rows beyond the viewport on each side.
const OVERSCAN: usize = 6;
/// A scroller counts as being at its top up to this many pixels below, since zoomed pages scroll by fractions.
const TOP: usize = 2;

/// Heights in CSS pixels, of which the stylesheet learns through custom properties.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heights {
    /// A closed row.
    pub(super) row: usize,
    /// What an opened row has in addition.
    pub(super) details: usize,
}

/// One line per row.
const WIDE: Heights = Heights { row: 36, details: 272 };
/// Two lines per row, as `layout.css` has it below this width.
const NARROW: Heights = Heights { row: 56, details: 440 };

/// Whether the page is as narrow as a phone's, where `layout.css` puts one panel below the other.
pub(super) fn is_narrow() -> bool {
    window().match_media("(max-width: 719px)").ok().flatten().is_some_and(|query| query.matches())
}

/// The reader's place; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub(super) struct Viewport {
    board: Board,
    /// The element that scrolls.
    pub(super) scroller: NodeRef<Div>,
    /// Number of the opened row.
    pub(super) opened: RwSignal<Option<u64>>,
    /// Number of the row that the keyboard stood on last.
    cursor: RwSignal<Option<u64>>,
    /// Whether the focus is among the rows by the keyboard, so that they should hold still.
    reading: RwSignal<bool>,
    /// Whether a pointer is down among the rows: where it is let go, the row it went down on has to be.
    pub(super) pressed: RwSignal<bool>,
    scroll_top: RwSignal<usize>,
    /// Where to scroll to in the next frame, when the rows have their place.
    scroll_wanted: RwSignal<Option<u64>>,
    /// Whether to give the focus then to the row that the keyboard stops at.
    focus_wanted: RwSignal<bool>,
    /// Number of a row to open then.
    open_wanted: RwSignal<Option<u64>>,
    height: RwSignal<usize>,
    narrow: RwSignal<bool>,
}

impl Viewport {
    /// At the top, with nothing opened.
    pub(super) fn new(board: Board) -> Self {
        let place = Self {
            board,
            scroller: NodeRef::new(),
            opened: RwSignal::new(None),
            cursor: RwSignal::new(None),
            reading: RwSignal::new(false),
            pressed: RwSignal::new(false),
            scroll_top: RwSignal::new(0),
            scroll_wanted: RwSignal::new(None),
            focus_wanted: RwSignal::new(false),
            open_wanted: RwSignal::new(None),
            // Until the scroller is measured: a common desktop's height, so that the first rows come at once.
            height: RwSignal::new(800),
            narrow: RwSignal::new(false),
        };
        place.act_in_frames();
        place.follow_size();
        place.hold_while_reading();
        place.jump_when_asked();
        place
    }

    /// The rows to draw and the space around them.
    pub(super) fn window(&self) -> Window {
        self.projection().window()
    }

    /// Heights of the rows at the page's present width.
    pub(super) fn heights(&self) -> Heights {
        if self.narrow.get() { NARROW } else { WIDE }
    }

    /// Number of the row that the keyboard stops at: where it stood last, or the topmost in sight when that is gone.
    pub(super) fn stop(&self) -> Option<u64> {
        let cursor = self.cursor.get();
        let projection = self.projection();
        let on_top = projection.index_at(projection.scroll_top);
        self.board.timeline(|timeline| {
            let cursor = cursor.filter(|&number| timeline.position(number).is_some());
            cursor.or_else(|| timeline.window(on_top..on_top + 1).first().map(|row| row.number))
        })
    }

    /// Opens a row, or closes it.
    pub(super) fn toggle(&self, number: u64) {
        self.cursor.set(Some(number));
        let is_open = self.opened.get_untracked() == Some(number);
        self.opened.set((!is_open).then_some(number));
        if !is_open {
            self.reveal(number);
        }
    }

    /// Moves the keyboard's row and brings it into view.
    pub(super) fn go(&self, by: Move) {
        let projection = untrack(|| self.projection());
        let on_top = projection.index_at(projection.scroll_top);
        let from = self.cursor.get_untracked().and_then(|number| self.position(number)).unwrap_or(on_top);
        if by == Move::Newest && from == 0 && self.board.peek(|store| store.timeline().new_count() > 0) {
            // Already at the top of what is held: the next step up is what came since.
            self.follow();
        }
        let len = self.board.peek(|store| store.timeline().len());
        let page = projection.index_at(projection.scroll_top + projection.viewport).saturating_sub(on_top);
        let Some(index) = by.target(from, len, page) else { return };
        let row = self.board.peek(|store| store.timeline().window(index..index + 1).into_iter().next());
        if let Some(row) = row {
            self.cursor.set(Some(row.number));
            self.reveal(row.number);
            self.focus_soon();
        }
    }

    /// Opens a row once the list is drawn again.
    pub(super) fn open_soon(&self, number: u64) {
        self.open_wanted.set(Some(number));
    }

    /// The list is not in the page while this holds; it begins at its top again.
    pub(super) fn rest_while(&self, rests: RwSignal<bool>) {
        let place = *self;
        effect(move || {
            if rests.get() {
                place.opened.set(None);
                place.reading.set(false);
                place.pressed.set(false);
                place.scroll_top.set(0);
            }
        });
    }

    /// Closes the opened row and says whether there was one.
    pub(super) fn close(&self) -> bool {
        let opened = self.opened.get_untracked();
        if opened.is_some() {
            self.opened.set(None);
            self.cursor.set(opened);
            self.focus_soon();
        }
        opened.is_some()
    }

    /// Shows the newest rows as they come.
    pub(super) fn follow(&self) {
        self.opened.set(None);
        self.cursor.set(None);
        self.board.send(Intent::Follow);
    }

    /// The scroller was scrolled.
    pub(super) fn on_scroll(&self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            // Below zero while it bounces.
            self.scroll_top.set(usize::try_from(scroller.scroll_top()).unwrap_or_default());
        }
    }

    /// The focus came to a row: by the keyboard, after which rows hold still, or by a click.
    pub(super) fn on_focus(&self, event: &ev::FocusEvent, number: u64) {
        let by_keyboard = event_target::<web_sys::Element>(event).matches(":focus-visible").unwrap_or(false);
        self.cursor.set(Some(number));
        self.reading.set(by_keyboard);
    }

    /// The focus left a row: for good, or for the one that is about to take it.
    pub(super) fn on_blur(&self) {
        if !self.focus_wanted.get_untracked() {
            self.reading.set(false);
        }
    }

    fn projection(&self) -> Projection {
        let heights = self.heights();
        let opened = self.opened.get();
        let (len, opened) = self
            .board
            .timeline(|timeline| (timeline.len(), opened.and_then(|number| timeline.position(number))));
        Projection {
            len,
            row: heights.row,
            scroll_top: self.scroll_top.get(),
            viewport: self.height.get(),
            overscan: OVERSCAN,
            opened: opened.map(|index| (index, heights.details)),
        }
    }

    fn position(&self, number: u64) -> Option<usize> {
        self.board.peek(|store| store.timeline().position(number))
    }

    fn reveal(&self, number: u64) {
        let Some(index) = self.position(number) else { return };
        let projection = untrack(|| self.projection());
        let to = projection.reveal(index);
        if to != projection.scroll_top {
            self.scroll_to(to);
        }
    }

    /// Draws the rows that are to be seen there, and scrolls once they have their place.
    fn scroll_to(&self, top: usize) {
        self.scroll_top.set(top);
        self.scroll_wanted.set(Some(top as u64));
    }

    /// Gives the focus to the row that the keyboard stops at, once it is drawn.
    fn focus_soon(&self) {
        self.focus_wanted.set(true);
    }

    fn act_in_frames(&self) {
        let place = *self;
        let frame = Frame::new(move || place.do_as_wanted());
        effect(move || {
            let moves = place.scroll_wanted.get().is_some() | place.focus_wanted.get();
            if moves | place.open_wanted.get().is_some() {
                frame.ask();
            }
        });
    }

    fn do_as_wanted(&self) {
        let (scroll, focus) = (self.scroll_wanted.get_untracked(), self.focus_wanted.get_untracked());
        self.scroll_wanted.set(None);
        self.focus_wanted.set(false);
        if let Some(number) = self.open_wanted.get_untracked() {
            self.open_wanted.set(None);
            if self.opened.get_untracked() != Some(number) {
                self.toggle(number);
                self.focus_soon();
            }
        }
        let Some(scroller) = self.scroller.get_untracked() else { return };
        if let Some(top) = scroll {
            scroller.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
        }
        if !focus {
            return;
        }
        if let Ok(Some(stop)) = scroller.query_selector(".row-stop[tabindex='0']") {
            // The row was brought into view; a focus that scrolls as well would fight it.
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // It fails for no element of a page.
            let _ = stop.unchecked_into::<HtmlElement>().focus_with_options(&options);
        } else if scroll.is_some() {
            // The browser had scrolled elsewhere meanwhile: the row is drawn after the scroll.
            self.focus_soon();
        }
    }

    /// Rows hold still while the reader is away from the top, reads an opened row, walks among them by keyboard, or
    /// clicks one.
    fn hold_while_reading(&self) {
        let place = *self;
        let at_top = memo(move || {
            let is_busy = place.reading.get() | place.pressed.get();
            place.scroll_top.get() <= TOP && place.opened.get().is_none() && !is_busy
        });
        let mut before = at_top.get_untracked();
        effect(move || {
            let at_top = at_top.get();
            if before != at_top {
                before = at_top;
                place.board.send(Intent::Scrolled { at_top });
            }
        });
    }

    fn jump_when_asked(&self) {
        let place = *self;
        let asked = move || place.board.timeline(crate::store::Timeline::top_requests);
        let mut before = untrack(asked);
        effect(move || {
            let asked = asked();
            if before != asked {
                before = asked;
                place.opened.set(None);
                place.scroll_to(0);
            }
        });
    }

    fn follow_size(&self) {
        let place = *self;
        let measure = move || {
            let narrow = is_narrow();
            if place.narrow.get_untracked() != narrow {
                place.narrow.set(narrow);
            }
            if let Some(scroller) = place.scroller.get_untracked() {
                let height = usize::try_from(scroller.client_height()).unwrap_or_default();
                if place.height.get_untracked() != height {
                    place.height.set(height);
                }
            }
        };
        // The panel's own size changes with the window's, and with the banners and the form above it.
        let observer = super::resize::Observer::new(measure);
        effect(move || {
            measure();
            if let Some(scroller) = place.scroller.get() {
                observer.watch(&scroller);
            }
        });
    }
}
