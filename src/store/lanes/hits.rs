//! Which rows the search finds, its terms for a span aside: asked once for each row, not once a frame.

use std::sync::Arc;

use crate::store::{row::Row, search::Search};

/// What is known of the rows, by their numbers.
#[derive(Debug, Default)]
pub struct Hits {
    /// The text of the search that was asked for.
    text: String,
    /// That search without its span: what is around a span stays in sight.
    search: Search,
    known: Vec<(u64, bool)>,
}

impl Hits {
    /// Whether every row was found, wherever its span.
    pub fn is_all(&self) -> bool {
        self.search.is_empty()
    }

    /// Looks at the rows, which come in the order of their numbers, and gives for each whether the search finds it.
    pub fn look<'a>(
        &mut self,
        search: &Search,
        rows: impl Iterator<Item = &'a Arc<Row>>,
    ) -> Vec<(&'a Arc<Row>, bool)> {
        if self.text != search.text() {
            search.text().clone_into(&mut self.text);
            let around = search.spanning(None, None);
            if around != self.search.text() {
                self.search = Search::new(&around);
                self.known.clear();
            }
        }
        let mut before = self.known.iter().peekable();
        let mut found = Vec::with_capacity(before.len() + 8);
        let mut looked = Vec::with_capacity(before.len() + 8);
        for row in rows {
            while before.next_if(|(number, _)| *number < row.number).is_some() {}
            let known = before.next_if(|(number, _)| *number == row.number);
            let is_hit = known.map_or_else(|| self.search.matches(row), |(_, is_hit)| *is_hit);
            found.push((row.number, is_hit));
            looked.push((row, is_hit));
        }
        self.known = found;
        looked
    }
}
