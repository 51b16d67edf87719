//! What goes wrong, as one sees it: cards over the timeline, the lines of errors and throttle beside it, and marks where a
//! client is named.

mod cards;
mod mark;
mod panel;

use crate::store::search::{Key, Term};

use super::{board::Board, search::step};

pub(super) use cards::cards;
pub(super) use mark::{conduct, mark};
pub(super) use panel::panel;

/// Brings the styles, which no first paint needs.
pub(super) fn dress() {
    super::styles::adopt(include_str!("../../../style/trouble.css"));
    super::styles::adopt(include_str!("../../../style/cards.css"));
}

/// Shows everything of a client, and nothing else.
fn show_only(board: Board, id: &str) {
    step(board, Term::exact(Key::Client, id).write());
}
