//! Where the reader stands in the timeline: the scroll position, the opened row, the row under the keyboard.

use leptos::{
    ev,
    html::{Div, ElementType},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

use super::{board::Board, cursor::Move};
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
const TOP: f64 = 2.0;

/// Heights in CSS pixels, of which the stylesheet learns through custom properties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Heights {
    /// A closed row.
    pub(super) row: f64,
    /// What an opened row has in addition.
    pub(super) details: f64,
}

/// One line per row.
const WIDE: Heights = Heights { row: 36.0, details: 272.0 };
/// Two lines per row, as `layout.css` has it below this width.
const NARROW: Heights = Heights { row: 56.0, details: 440.0 };
const NARROW_QUERY: &str = "(max-width: 719px)";

/// The reader's place; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub(super) struct Viewport {
    board: Board,
    /// The element that scrolls.
    pub(super) scroller: NodeRef<Div>,
    /// Number of the opened row.
    pub(super) opened: RwSignal<Option<u64>>,
    /// Number of the row that the keyboard stands on.
    cursor: RwSignal<Option<u64>>,
    /// Number of the row that is to take the focus as soon as it is drawn.
    to_focus: RwSignal<Option<u64>>,
    /// Whether the focus is among the rows by the keyboard, so that they should hold still.
    reading: RwSignal<bool>,
    scroll_top: RwSignal<f64>,
    /// Where to scroll to in the next frame.
    scroll_wanted: StoredValue<Option<f64>>,
    frame: StoredValue<Option<Frame>, LocalStorage>,
    height: RwSignal<f64>,
    pub(super) heights: RwSignal<Heights>,
}

impl Viewport {
    /// At the top, with nothing opened.
    pub(super) fn new(board: Board) -> Self {
        let place = Self {
            board,
            scroller: NodeRef::new(),
            opened: RwSignal::new(None),
            cursor: RwSignal::new(None),
            to_focus: RwSignal::new(None),
            reading: RwSignal::new(false),
            scroll_top: RwSignal::new(0.0),
            scroll_wanted: StoredValue::new(None),
            frame: StoredValue::new_local(None),
            // Until the scroller is measured: a common desktop's height, so that the first rows come at once.
            height: RwSignal::new(800.0),
            heights: RwSignal::new(WIDE),
        };
        place.frame.set_value(Some(Frame::new(move || place.scroll_as_wanted())));
        place.follow_size();
        place.hold_while_reading();
        place.jump_when_asked();
        place
    }

    /// The rows to draw and the space around them.
    pub(super) fn window(&self) -> Window {
        self.projection().window()
    }

    /// Makes an element the place at which the keyboard stops in a row: gives it the focus when that is asked for, and
    /// answers with its `tabindex`.
    pub(super) fn stop<E>(
        &self,
        number: u64,
        index: Signal<usize>,
        element: NodeRef<E>,
    ) -> impl Fn() -> &'static str + Copy + use<E>
    where
        E: ElementType,
        E::Output: JsCast + Clone + Into<HtmlElement> + 'static,
    {
        let place = *self;
        let is_current = Memo::new(move |_| place.is_current(number, index.get()));
        Effect::new(move |_| {
            if place.to_focus.get() == Some(number)
                && let Some(element) = element.get()
            {
                place.to_focus.set(None);
                // The viewport brings the row into view; a focus that scrolls as well would fight it.
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                // It fails for no element of a page.
                let _ = Into::<HtmlElement>::into(element).focus_with_options(&options);
            }
        });
        move || if is_current.get() { "0" } else { "-1" }
    }

    fn is_current(&self, number: u64, index: usize) -> bool {
        match self.cursor.get() {
            Some(cursor) if self.board.timeline(|timeline| timeline.position(cursor)).is_some() => {
                cursor == number
            }
            _ => {
                let projection = self.projection();
                projection.index_at(projection.scroll_top) == index
            }
        }
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
            self.to_focus.set(Some(row.number));
        }
    }

    /// Closes the opened row and says whether there was one.
    pub(super) fn close(&self) -> bool {
        let opened = self.opened.get_untracked();
        self.opened.set(None);
        self.to_focus.set(opened);
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
            self.scroll_top.set(f64::from(scroller.scroll_top()));
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
        if self.to_focus.get_untracked().is_none() {
            self.reading.set(false);
        }
    }

    fn projection(&self) -> Projection {
        let heights = self.heights.get();
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
        if (to - projection.scroll_top).abs() > 0.5 {
            self.scroll_to(to);
        }
    }

    /// Draws the rows that are to be seen there, and scrolls once they have their place.
    fn scroll_to(&self, top: f64) {
        self.scroll_top.set(top);
        self.scroll_wanted.set_value(Some(top));
        self.frame.with_value(|frame| frame.as_ref().map(Frame::ask));
    }

    #[expect(clippy::cast_possible_truncation, reason = "browsers end at 33,554,400 pixels")]
    fn scroll_as_wanted(&self) {
        let wanted = self.scroll_wanted.get_value();
        self.scroll_wanted.set_value(None);
        if let (Some(top), Some(scroller)) = (wanted, self.scroller.get_untracked()) {
            scroller.set_scroll_top(top.round() as i32);
        }
    }

    /// Rows hold still while the reader is away from the top, reads an opened row, or walks among them by keyboard.
    fn hold_while_reading(&self) {
        let place = *self;
        let at_top = Memo::new(move |_| {
            place.scroll_top.get() <= TOP && place.opened.get().is_none() && !place.reading.get()
        });
        Effect::new(move |before: Option<bool>| {
            let at_top = at_top.get();
            if before.is_some_and(|before| before != at_top) {
                place.board.send(Intent::Scrolled { at_top });
            }
            at_top
        });
    }

    fn jump_when_asked(&self) {
        let place = *self;
        let asked = Memo::new(move |_| place.board.timeline(crate::store::Timeline::top_requests));
        Effect::new(move |before: Option<u64>| {
            let asked = asked.get();
            if before.is_some_and(|before| before != asked) {
                place.opened.set(None);
                place.scroll_to(0.0);
            }
            asked
        });
    }

    fn follow_size(&self) {
        let place = *self;
        let measure = move || {
            let narrow =
                window().match_media(NARROW_QUERY).ok().flatten().is_some_and(|query| query.matches());
            let heights = if narrow { NARROW } else { WIDE };
            if place.heights.get_untracked() != heights {
                place.heights.set(heights);
            }
            if let Some(scroller) = place.scroller.get_untracked() {
                let height = f64::from(scroller.client_height());
                if (place.height.get_untracked() - height).abs() > 0.5 {
                    place.height.set(height);
                }
            }
        };
        // The panel's own size changes with the window's, and with the banners and the form above it.
        let observer = super::resize::Observer::new(measure);
        Effect::new(move |_| {
            measure();
            if let Some(scroller) = place.scroller.get() {
                observer.with_value(|observer| observer.watch(&scroller));
            }
        });
    }
}
