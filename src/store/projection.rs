//! Which rows of a long list stand in the window: arithmetic on whole pixels, nothing else.

use std::ops::Range;

/// What the list looks like at this moment. Lengths are CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Rows in the list.
    pub len: usize,
    /// Height of a row.
    pub row: usize,
    /// Distance from the list's top to the viewport's top.
    pub scroll_top: usize,
    /// Height of the viewport.
    pub viewport: usize,
    /// Rows beyond the viewport on each side, so that a fast scroll shows no white.
    pub overscan: usize,
    /// Index of the opened row and the height by which it exceeds the others.
    pub opened: Option<(usize, usize)>,
}

/// Which rows to put into the page, and the space to leave around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Indices of the rows, 0 being the topmost of the list.
    pub range: Range<usize>,
    /// Pixels above the first row of the range.
    pub above: usize,
    /// Pixels below the last row of the range.
    pub below: usize,
}

impl Projection {
    /// The window of rows for this scroll position.
    pub fn window(&self) -> Window {
        let first = self.index_at(self.scroll_top).saturating_sub(self.overscan);
        let last = self.index_at(self.scroll_top + self.viewport) + self.overscan + 1;
        let range = first.min(self.len)..last.min(self.len);
        let above = self.top_of(range.start);
        let below = self.height() - self.top_of(range.end);
        Window { range, above, below }
    }

    /// Height of the whole list.
    pub fn height(&self) -> usize {
        self.top_of(self.len)
    }

    /// Distance from the list's top to the top of row `index`.
    pub fn top_of(&self, index: usize) -> usize {
        let extra = self.opened().filter(|&(opened, _)| opened < index).map_or(0, |(_, extra)| extra);
        index * self.row + extra
    }

    /// The row at `y` pixels from the list's top; the last one beyond the end.
    pub fn index_at(&self, y: usize) -> usize {
        let index = match self.opened() {
            Some((opened, extra)) if y >= self.top_of(opened) + self.row + extra => self.nth(y - extra),
            Some((opened, _)) if y >= self.top_of(opened) => opened,
            _ => self.nth(y),
        };
        index.min(self.len.saturating_sub(1))
    }

    /// The scroll position that brings row `index` wholly into view with the least movement.
    pub fn reveal(&self, index: usize) -> usize {
        let top = self.top_of(index);
        let bottom = self.top_of(index + 1);
        if top < self.scroll_top {
            top
        } else if bottom > self.scroll_top + self.viewport {
            bottom.saturating_sub(self.viewport).min(top)
        } else {
            self.scroll_top
        }
    }

    fn opened(&self) -> Option<(usize, usize)> {
        self.opened.filter(|&(index, _)| index < self.len)
    }

    fn nth(&self, y: usize) -> usize {
        y.checked_div(self.row).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(len: usize, scroll_top: usize) -> Projection {
        Projection { len, row: 40, scroll_top, viewport: 400, overscan: 3, opened: None }
    }

    #[test]
    fn paddings_and_rows_fill_the_list_at_every_position() {
        for len in [0, 1, 5, 11, 1_000, 50_000] {
            for opened in [None, Some((0, 120)), Some((7, 333)), Some((999, 50))] {
                let mut at = Projection { opened, ..list(len, 0) };
                while at.scroll_top <= at.height() + 500 {
                    let window = at.window();
                    let rows = at.top_of(window.range.end) - at.top_of(window.range.start);
                    assert_eq!(window.above + rows + window.below, at.height());
                    assert!(window.range.len() <= 10 + 2 + 2 * 3);
                    let visible_end = (at.scroll_top + at.viewport).min(at.height());
                    assert!(at.top_of(window.range.end) >= visible_end);
                    assert!(window.above <= at.scroll_top);
                    at.scroll_top += at.height() / 37 + 1;
                }
            }
        }
    }

    #[test]
    fn names_the_rows_in_sight() {
        assert_eq!(list(100, 0).window(), Window { range: 0..14, above: 0, below: 86 * 40 });
        assert_eq!(list(100, 1_000).window().range, 22..39);
        assert_eq!(list(100, 2_000_000_000).window().range, 96..100);
        assert_eq!(list(0, 0).window(), Window { range: 0..0, above: 0, below: 0 });
        let no_height = Projection { row: 0, ..list(10, 50) };
        assert_eq!(no_height.window().range, 0..4);
    }

    #[test]
    fn an_opened_row_pushes_the_rest_down() {
        let at = Projection { opened: Some((2, 100)), ..list(100, 0) };
        assert_eq!([at.index_at(79), at.index_at(80), at.index_at(219), at.index_at(220)], [1, 2, 2, 3]);
        assert_eq!(at.top_of(3), 220);
        assert_eq!(at.height(), 4_100);
    }

    #[test]
    fn reveals_with_the_least_movement() {
        let at = list(100, 1_000);
        assert_eq!(at.reveal(26), 1_000);
        assert_eq!(at.reveal(3), 120);
        assert_eq!(at.reveal(35), 1_440 - 400);
    }
}
