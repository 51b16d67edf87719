//! Where a key moves the reader in a list of rows.

/// A movement of the reader among the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To the row above.
    Up,
    /// To the row below.
    Down,
    /// One viewport up.
    PageUp,
    /// One viewport down.
    PageDown,
    /// To the newest row.
    Newest,
    /// To the oldest row.
    Oldest,
}

impl Move {
    /// The movement that a key asks for, by `KeyboardEvent.key`.
    pub fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "ArrowUp" => Self::Up,
            "ArrowDown" => Self::Down,
            "PageUp" => Self::PageUp,
            "PageDown" => Self::PageDown,
            "Home" => Self::Newest,
            "End" => Self::Oldest,
            _ => return None,
        })
    }

    /// The index to stand on next, 0 being the newest; none in an empty list. `page` is how many rows fit the viewport.
    pub fn target(self, from: usize, len: usize, page: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        // One row of the last page stays in sight, as in every list.
        let page = page.saturating_sub(1).max(1);
        let to = match self {
            Self::Up => from.saturating_sub(1),
            Self::Down => from.saturating_add(1),
            Self::PageUp => from.saturating_sub(page),
            Self::PageDown => from.saturating_add(page),
            Self::Newest => 0,
            Self::Oldest => last,
        };
        Some(to.min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_within_the_list() {
        let cases = [
            ("ArrowDown", 0, Some(1)),
            ("ArrowDown", 99, Some(99)),
            ("ArrowUp", 0, Some(0)),
            ("ArrowUp", 7, Some(6)),
            ("PageDown", 5, Some(14)),
            ("PageDown", 95, Some(99)),
            ("PageUp", 5, Some(0)),
            ("PageUp", 50, Some(41)),
            ("Home", 50, Some(0)),
            ("End", 50, Some(99)),
        ];
        for (key, from, want) in cases {
            assert_eq!(Move::from_key(key).unwrap().target(from, 100, 10), want, "{key} from {from}");
        }
        assert_eq!(Move::from_key("a"), None);
    }

    #[test]
    fn survives_lists_and_viewports_of_no_size() {
        assert_eq!(Move::Oldest.target(0, 0, 10), None);
        assert_eq!(Move::PageDown.target(0, 100, 0), Some(1));
        assert_eq!(Move::Up.target(usize::MAX, 3, 10), Some(2));
    }
}
