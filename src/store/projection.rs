//! Which rows of a long list stand in the window: arithmetic on pixels, nothing else.

use std::ops::Range;

/// What the list looks like at this moment. Lengths are CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// Rows in the list.
    pub len: usize,
    /// Height of a row.
    pub row: f64,
    /// Distance from the list's top to the viewport's top.
    pub scroll_top: f64,
    /// Height of the viewport.
    pub viewport: f64,
    /// Rows beyond the viewport on each side, so that a fast scroll shows no white.
    pub overscan: usize,
    /// Index of the opened row and the height by which it exceeds the others.
    pub opened: Option<(usize, f64)>,
}

/// Which rows to put into the page, and the space to leave around them.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Indices of the rows, 0 being the topmost of the list.
    pub range: Range<usize>,
    /// Pixels above the first row of the range.
    pub above: f64,
    /// Pixels below the last row of the range.
    pub below: f64,
}

impl Projection {
    /// The window of rows for this scroll position.
    pub fn window(&self) -> Window {
        let first = self.index_at(self.scroll_top).saturating_sub(self.overscan);
        let last = self.index_at(self.scroll_top + self.viewport.max(0.0)) + self.overscan + 1;
        let range = first.min(self.len)..last.min(self.len);
        let above = self.top_of(range.start);
        let below = (self.height() - self.top_of(range.end)).max(0.0);
        Window { range, above, below }
    }

    /// Height of the whole list.
    pub fn height(&self) -> f64 {
        self.top_of(self.len)
    }

    /// Distance from the list's top to the top of row `index`.
    #[expect(clippy::cast_precision_loss, reason = "a list has far fewer than 2^52 rows")]
    pub fn top_of(&self, index: usize) -> f64 {
        let extra = self.opened().filter(|&(opened, _)| opened < index).map_or(0.0, |(_, extra)| extra);
        index as f64 * self.row + extra
    }

    /// The row at `y` pixels from the list's top; the last one beyond the end.
    pub fn index_at(&self, y: f64) -> usize {
        let index = match self.opened() {
            Some((opened, extra)) if y >= self.top_of(opened) + self.row + extra => {
                self.nth((y - extra).max(0.0))
            }
            Some((opened, _)) if y >= self.top_of(opened) => opened,
            _ => self.nth(y),
        };
        index.min(self.len.saturating_sub(1))
    }

    /// The scroll position at which the row that stood `offset` pixels below the viewport's top stands there again,
    /// after its index became `index`.
    pub fn keep_anchor(&self, index: usize, offset: f64) -> f64 {
        (self.top_of(index) - offset).clamp(0.0, (self.height() - self.viewport).max(0.0))
    }

    /// The scroll position that brings row `index` wholly into view with the least movement.
    pub fn reveal(&self, index: usize) -> f64 {
        let top = self.top_of(index);
        let bottom = self.top_of(index + 1);
        if top < self.scroll_top {
            top
        } else if bottom > self.scroll_top + self.viewport {
            (bottom - self.viewport).min(top)
        } else {
            self.scroll_top
        }
    }

    fn opened(&self) -> Option<(usize, f64)> {
        self.opened.filter(|&(index, _)| index < self.len)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped below; `as` saturates above"
    )]
    fn nth(&self, y: f64) -> usize {
        if self.row > 0.0 { (y.max(0.0) / self.row) as usize } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(len: usize, scroll_top: f64) -> Projection {
        Projection { len, row: 40.0, scroll_top, viewport: 400.0, overscan: 3, opened: None }
    }

    #[test]
    fn paddings_and_rows_fill_the_list_at_every_position() {
        for len in [0, 1, 5, 11, 1_000, 50_000] {
            for opened in [None, Some((0, 120.0)), Some((7, 333.0)), Some((999, 50.0))] {
                let mut at = Projection { opened, ..list(len, 0.0) };
                while at.scroll_top <= at.height() + 500.0 {
                    let window = at.window();
                    let rows = at.top_of(window.range.end) - at.top_of(window.range.start);
                    assert!((window.above + rows + window.below - at.height()).abs() < 1e-6);
                    assert!(window.range.len() <= 10 + 2 + 2 * 3);
                    let visible_end = (at.scroll_top + at.viewport).min(at.height());
                    assert!(at.top_of(window.range.end) >= visible_end);
                    assert!(window.above <= at.scroll_top);
                    at.scroll_top += at.height() / 37.0 + 1.0;
                }
            }
        }
    }

    #[test]
    fn names_the_rows_in_sight() {
        assert_eq!(list(100, 0.0).window(), Window { range: 0..14, above: 0.0, below: 86.0 * 40.0 });
        assert_eq!(list(100, 1_000.0).window().range, 22..39);
        assert_eq!(list(100, 1e12).window().range, 96..100);
        assert_eq!(list(0, 0.0).window(), Window { range: 0..0, above: 0.0, below: 0.0 });
        let no_height = Projection { row: 0.0, ..list(10, 50.0) };
        assert_eq!(no_height.window().range, 0..4);
    }

    #[test]
    fn an_opened_row_pushes_the_rest_down() {
        let at = Projection { opened: Some((2, 100.0)), ..list(100, 0.0) };
        assert_eq!(
            [at.index_at(79.0), at.index_at(80.0), at.index_at(219.0), at.index_at(220.0)],
            [1, 2, 2, 3]
        );
        assert!((at.top_of(3) - 220.0).abs() < 1e-9);
        assert!((at.height() - 4_100.0).abs() < 1e-9);
    }

    #[test]
    fn an_anchor_stays_where_it_was_when_rows_come_on_top() {
        let before = list(100, 1_010.0);
        let anchor = before.index_at(before.scroll_top);
        let offset = before.top_of(anchor) - before.scroll_top;
        let after = list(137, 0.0);
        assert!((after.keep_anchor(anchor + 37, offset) - (1_010.0 + 37.0 * 40.0)).abs() < 1e-9);
        assert!(after.keep_anchor(0, 40.0).abs() < 1e-9);
        assert!((after.keep_anchor(136, 0.0) - (137.0 * 40.0 - 400.0)).abs() < 1e-9);
    }

    #[test]
    fn reveals_with_the_least_movement() {
        let at = list(100, 1_000.0);
        assert!((at.reveal(26) - 1_000.0).abs() < 1e-9);
        assert!((at.reveal(3) - 120.0).abs() < 1e-9);
        assert!((at.reveal(35) - (1_440.0 - 400.0)).abs() < 1e-9);
    }
}
