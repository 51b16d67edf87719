//! Which rows the search finds, its terms for a span aside: asked once for each row, not once a frame.

use std::sync::Arc;

use crate::store::{row::Row, search::Search};

/// What is known of the rows, by their numbers.
#[derive(Debug, Default)]
pub struct Hits {
    search: Search,
    known: Vec<(u64, bool)>,
}

impl Hits {
    /// Looks at the rows, which come in the order of their numbers, and gives for each whether the search finds it.
    /// `search` has no terms for a span: what is around a span stays in sight.
    pub fn look<'a>(
        &mut self,
        search: &Search,
        rows: impl Iterator<Item = &'a Arc<Row>>,
    ) -> Vec<(&'a Arc<Row>, bool)> {
        if self.search.text() != search.text() {
            self.search = Search::new(search.text());
            self.known.clear();
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
