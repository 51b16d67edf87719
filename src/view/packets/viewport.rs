//! Where the reader stands in the list: at its end, where what is new comes, or somewhere above.

use leptos::{html::Div, prelude::*};

use super::desk::Desk;
use crate::{
    link::Frame,
    store::projection::{Projection, Window},
    view::{live::effect, resize::Observer},
};

/// Rows beyond the viewport on each side.
const OVERSCAN: usize = 8;
/// A scroller counts as being at its end up to this many pixels above, since zoomed pages scroll by fractions.
const END: i32 = 4;
/// Height of a row in CSS pixels, as style/wire.css has it.
const ROW: usize = 28;

/// The reader's place; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub(super) struct Viewport {
    desk: Desk,
    scroller: NodeRef<Div>,
    top: RwSignal<usize>,
    /// Where the scroller stood last, and how long what it scrolls was.
    seen: StoredValue<(i32, i32)>,
    height: RwSignal<usize>,
}

impl Viewport {
    pub(super) fn new(desk: Desk, scroller: NodeRef<Div>) -> Self {
        let place = Self {
            desk,
            scroller,
            top: RwSignal::new(0),
            seen: StoredValue::new((0, 0)),
            height: RwSignal::new(400),
        };
        place.follow_size();
        place.follow_the_end();
        place.reveal_when_asked();
        place.hold_still();
        place
    }

    /// The rows to draw and the space around them.
    pub(super) fn window(&self) -> Window {
        self.projection().window()
    }

    /// Whether there is more below.
    pub(super) fn is_above_the_end(&self) -> bool {
        let projection = self.projection();
        projection.scroll_top + projection.viewport < projection.height()
    }

    /// Rows that fit.
    pub(super) fn page(&self) -> usize {
        self.height.get_untracked() / ROW
    }

    /// The scroller was scrolled, by the reader or by the list itself.
    pub(super) fn on_scroll(&self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let (top, end) = (scroller.scroll_top(), scroller.scroll_height());
        let (top_before, end_before) = self.seen.get_value();
        self.seen.set_value((top, end));
        let is_at_end = top + scroller.client_height() + END >= end;
        // A list that became shorter moves up by itself; who moves up in one that did not, leaves its end.
        let leaves = top < top_before && end >= end_before;
        let follows = self.desk.follows.get_untracked();
        if follows && leaves && !is_at_end || !follows && is_at_end && top > top_before {
            self.desk.follows.set(!follows);
        }
        let top = usize::try_from(top).unwrap_or_default();
        if self.top.get_untracked() != top {
            self.top.set(top);
        }
    }

    fn projection(&self) -> Projection {
        Projection {
            len: self.desk.read(crate::wire::Wire::len),
            row: ROW,
            scroll_top: self.top.get(),
            viewport: self.height.get(),
            overscan: OVERSCAN,
            opened: None,
        }
    }

    /// Draws the rows that are to be seen there, and scrolls once they have their place.
    fn scroll_to(&self, top: usize) {
        self.top.set(top);
    }

    fn follow_the_end(&self) {
        let place = *self;
        effect(move || {
            if place.desk.follows.get() && place.desk.is_open.get() {
                let len = place.desk.read(crate::wire::Wire::len);
                place.scroll_to((len * ROW).saturating_sub(place.height.get()));
            }
        });
        let frame = Frame::new(move || {
            let Some(scroller) = place.scroller.get_untracked() else { return };
            let top = i32::try_from(place.top.get_untracked()).unwrap_or(i32::MAX);
            let top = if place.desk.follows.get_untracked() { scroller.scroll_height() } else { top };
            if scroller.scroll_top() != top {
                scroller.set_scroll_top(top);
            }
        });
        effect(move || {
            place.top.track();
            place.height.track();
            place.desk.follows.track();
            place.desk.is_open.track();
            place.desk.read(crate::wire::Wire::len);
            frame.ask();
        });
    }

    /// What the list lets go of at its top moves nothing under the reader's eyes.
    fn hold_still(&self) {
        let place = *self;
        let mut before = 0;
        effect(move || {
            let gone = place.desk.read(crate::wire::Wire::gone);
            let rows = usize::try_from(gone.saturating_sub(before)).unwrap_or_default();
            before = gone;
            if rows > 0 && !place.desk.follows.get_untracked() {
                place.scroll_to(place.top.get_untracked().saturating_sub(rows * ROW));
            }
        });
    }

    fn reveal_when_asked(&self) {
        let place = *self;
        effect(move || {
            place.desk.reveal.track();
            let Some(number) = place.desk.cursor.get_untracked() else { return };
            let Some(index) = place.desk.peek(|wire| wire.position(number)) else { return };
            let projection = untrack(|| place.projection());
            place.scroll_to(projection.reveal(index));
        });
    }

    fn follow_size(&self) {
        let place = *self;
        let measure = move || {
            if let Some(scroller) = place.scroller.get_untracked() {
                let height = usize::try_from(scroller.client_height()).unwrap_or_default();
                if height > 0 && place.height.get_untracked() != height {
                    place.height.set(height);
                }
            }
        };
        let observer = Observer::new(measure);
        effect(move || {
            measure();
            if let Some(scroller) = place.scroller.get() {
                observer.watch(&scroller);
            }
        });
    }
}
