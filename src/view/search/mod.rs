//! The search: its field, its terms, its values to click, its place in the page's address.

mod address;
mod bar;
mod help;
mod terms;
mod value;

use super::{board::Board, styles};
use crate::store::Intent;

pub(super) use address::{link, step};
pub(crate) use address::{push_query, query_string, show_query};
pub(super) use bar::{SearchBar, search_field};
pub(super) use terms::terms;
pub(super) use value::value;

/// Begins with what the page's address asks for, and follows clicks and the way back as long as the page lives.
pub(super) fn start(board: Board) {
    styles::adopt(include_str!("../../../style/search.css"));
    let asked = address::asked();
    if !asked.is_empty() {
        board.send(Intent::Search(asked));
    }
    address::follow(board);
    value::listen(board);
}
