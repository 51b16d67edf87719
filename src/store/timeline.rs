//! The timeline: a bounded ring of rows outside the reactive graph, seen newest first.
//!
//! It follows while the reader is at the top. When the reader scrolls away or pauses, what is on screen is held as it
//! stands and recording goes on behind it; the ring's trimming takes nothing from under the reader's eyes.

use std::{collections::VecDeque, ops::Range, sync::Arc};

use super::{
    row::{Body, Row},
    search::Search,
};

/// Rows kept by default: some hours of a busy house, or half a minute of a flood, and about 5 MB.
pub const DEFAULT_CAP: usize = 5_000;

/// Bytes kept at most: a Client Identifier may have 65,535 of them, and 5,000 such rows would end the tab.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The rows, the search over them, and what of them the reader sees.
#[derive(Debug)]
pub struct Timeline {
    rows: Rows,
    cap: usize,
    bytes: usize,
    /// The number of the next row.
    next: u64,
    trimmed: u64,
    search: Search,
    /// Rows that match, while there is a search; kept in step with every push and trim.
    matching: Rows,
    held: Option<Held>,
    paused: bool,
    away: bool,
    top_requests: u64,
    rewrites: u64,
}

/// Oldest first.
type Rows = VecDeque<Arc<Row>>;

/// What the reader sees while the timeline holds still.
#[derive(Debug)]
struct Held {
    rows: Rows,
    matching: Rows,
    /// Matching rows recorded since.
    new: u64,
    /// The first row number that is held back.
    from: u64,
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new(DEFAULT_CAP)
    }
}

impl Timeline {
    /// An empty timeline that keeps `cap` rows, at least one.
    pub fn new(cap: usize) -> Self {
        Self {
            rows: Rows::new(),
            cap: cap.max(1),
            bytes: 0,
            next: 0,
            trimmed: 0,
            search: Search::default(),
            matching: Rows::new(),
            held: None,
            paused: false,
            away: false,
            top_requests: 0,
            rewrites: 0,
        }
    }

    /// A timeline to show in the place of another, with its search: its rows are numbered from `next` on, and the view
    /// scrolls to its top.
    pub(crate) fn beside(other: &Self, next: u64) -> Self {
        let search = Search::new(other.search.text());
        Self { next, search, top_requests: other.top_requests + 1, ..Self::default() }
    }

    /// Makes the view that showed another timeline scroll to the top of this one.
    pub(crate) fn jump_beyond(&mut self, other: &Self) {
        self.scrolled(true);
        self.top_requests = other.top_requests + 1;
    }

    /// How many rows the reader may scroll through.
    pub fn len(&self) -> usize {
        self.shown().len()
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.shown().is_empty()
    }

    /// The rows in `range`, where 0 is the newest that is shown; what lies outside is left out.
    pub fn window(&self, range: Range<usize>) -> Vec<Arc<Row>> {
        self.shown().iter().rev().skip(range.start).take(range.len()).cloned().collect()
    }

    /// All rows that the reader may scroll through, oldest first.
    pub fn shown_rows(&self) -> Vec<Arc<Row>> {
        self.shown().iter().cloned().collect()
    }

    /// Every row that the reader may know of, whatever the search, oldest first: while the timeline holds still, those
    /// that were there then.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Arc<Row>> {
        self.held.as_ref().map_or(&self.rows, |held| &held.rows).iter()
    }

    /// As [`Timeline::all`], but only rows numbered `number` or higher.
    pub(crate) fn all_from(&self, number: u64) -> impl Iterator<Item = &Arc<Row>> {
        let rows = self.held.as_ref().map_or(&self.rows, |held| &held.rows);
        rows.range(rows.partition_point(|row| row.number < number)..)
    }

    /// Rises when a row that was there changed or went, but for the oldest ones, which are trimmed.
    pub(crate) fn rewrites(&self) -> u64 {
        self.rewrites
    }

    /// Where the row with this number stands, 0 being the newest that is shown.
    pub fn position(&self, number: u64) -> Option<usize> {
        let shown = self.shown();
        let at = shown.binary_search_by_key(&number, |row| row.number).ok()?;
        Some(shown.len() - 1 - at)
    }

    /// Rows that are recorded and not trimmed, whatever the search and the pause.
    pub fn recorded(&self) -> usize {
        self.rows.len()
    }

    /// How many rows are kept at most.
    pub fn cap(&self) -> usize {
        self.cap
    }

    /// How many of the oldest rows were dropped to stay within the bounds.
    pub fn trimmed(&self) -> u64 {
        self.trimmed
    }

    /// Matching rows that came since the timeline holds still: `37 new`, or `37 held` under a pause.
    pub fn new_count(&self) -> u64 {
        self.held.as_ref().map_or(0, |held| held.new)
    }

    /// Whether the reader paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether new rows show at once.
    pub fn is_following(&self) -> bool {
        self.held.is_none()
    }

    /// The search in force.
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// Rises each time the view is to scroll to the top.
    pub fn top_requests(&self) -> u64 {
        self.top_requests
    }

    /// Records a row and gives its number.
    pub(crate) fn push(&mut self, body: Body) -> u64 {
        let number = self.next;
        self.next += 1;
        let row = Arc::new(Row { number, revision: 0, body });
        self.bytes += row.weight();
        if self.search.matches(&row) {
            if let Some(held) = &mut self.held {
                held.new += 1;
            }
            if !self.search.is_empty() {
                self.matching.push_back(Arc::clone(&row));
            }
        }
        self.rows.push_back(row);
        while self.rows.len() > self.cap || (self.bytes > MAX_BYTES && self.rows.len() > 1) {
            self.trim_oldest();
        }
        number
    }

    /// Takes a row back that came last, unless it is held before the reader's eyes; whether it did.
    pub(crate) fn take_last(&mut self, number: u64) -> bool {
        if self.held.is_some() || self.rows.back().is_none_or(|last| last.number != number) {
            return false;
        }
        self.rewrites += 1;
        if self.matching.back().is_some_and(|last| last.number == number) {
            self.matching.pop_back();
        }
        self.bytes -= self.rows.pop_back().map_or(0, |row| row.weight());
        true
    }

    /// Changes a row that is already recorded; nothing happens where it was trimmed.
    pub(crate) fn revise(&mut self, number: u64, change: impl FnOnce(&mut Body)) {
        let Some(at) = find(&self.rows, number) else { return };
        let mut row = Row::clone(&self.rows[at]);
        change(&mut row.body);
        row.revision += 1;
        self.rewrites += 1;
        let row = Arc::new(row);
        let held = self.held.iter_mut().flat_map(|held| [&mut held.rows, &mut held.matching]);
        for rows in [&mut self.rows, &mut self.matching].into_iter().chain(held) {
            if let Some(at) = find(rows, number) {
                rows[at] = Arc::clone(&row);
            }
        }
    }

    /// Shows what matches `text` only; an empty text shows all.
    pub(crate) fn set_search(&mut self, text: &str) {
        if self.search.text() == text {
            return;
        }
        self.search = Search::new(text);
        self.matching = self.search.select(&self.rows);
        if let Some(held) = &mut self.held {
            held.matching = self.search.select(&held.rows);
            let new = self.rows.iter().rev().take_while(|row| row.number >= held.from);
            held.new = new.filter(|row| self.search.matches(row)).count() as u64;
        }
    }

    /// Holds what is shown; recording goes on.
    pub(crate) fn pause(&mut self) {
        self.paused = true;
        self.hold();
    }

    /// Shows what was held, from the top.
    pub(crate) fn resume(&mut self) {
        self.paused = false;
        self.follow();
    }

    /// The reader scrolled: to the top, or away from it.
    pub(crate) fn scrolled(&mut self, at_top: bool) {
        self.away = !at_top;
        match (self.away, self.paused) {
            (true, _) => self.hold(),
            (false, false) => self.held = None,
            (false, true) => {}
        }
    }

    /// Jumps to the newest row and follows; a pause ends.
    pub(crate) fn follow(&mut self) {
        self.paused = false;
        self.away = false;
        self.held = None;
        self.top_requests += 1;
    }

    /// Forgets every row. Numbers go on rising.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.matching.clear();
        self.bytes = 0;
        self.trimmed = 0;
        self.rewrites += 1;
        self.held = None;
        self.away = false;
        if self.paused {
            self.hold();
        }
    }

    fn hold(&mut self) {
        if self.held.is_none() {
            let (rows, matching) = (self.rows.clone(), self.matching.clone());
            self.held = Some(Held { rows, matching, new: 0, from: self.next });
        }
    }

    fn shown(&self) -> &Rows {
        let (rows, matching) = match &self.held {
            Some(held) => (&held.rows, &held.matching),
            None => (&self.rows, &self.matching),
        };
        if self.search.is_empty() { rows } else { matching }
    }

    fn trim_oldest(&mut self) {
        let Some(row) = self.rows.pop_front() else { return };
        self.bytes -= row.weight();
        self.trimmed += 1;
        if self.matching.front().is_some_and(|first| first.number == row.number) {
            self.matching.pop_front();
        }
    }
}

impl Search {
    fn select(&self, rows: &Rows) -> Rows {
        if self.is_empty() {
            Rows::new()
        } else {
            rows.iter().filter(|row| self.matches(row)).cloned().collect()
        }
    }
}

fn find(rows: &Rows, number: u64) -> Option<usize> {
    rows.binary_search_by_key(&number, |row| row.number).ok()
}
