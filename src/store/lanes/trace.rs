//! What is kept of the rows between two looks: each is looked at once, and an event changes one lane.

use std::{collections::VecDeque, sync::Arc};

use super::{Gap, Lane, fold::Fold};
use crate::store::{
    Present, Timeline,
    clock::Millis,
    event::{Event, Kind},
    row::{Body, Row},
    search::Search,
};

/// What is known of the rows.
#[derive(Debug, Default)]
pub struct Trace {
    /// The text of the search that was asked for.
    text: String,
    /// That search without its span: what is around a span stays in sight.
    search: Search,
    rewrites: u64,
    rows: VecDeque<Seen>,
    gaps: Vec<Gap>,
    /// The lanes, while somebody looks at them.
    fold: Option<Fold>,
}

/// A row.
#[derive(Debug)]
struct Seen {
    number: u64,
    at: Millis,
    /// Whether somebody came, or left.
    came: Option<bool>,
    /// Whether the search finds it.
    is_hit: bool,
    is_gap: bool,
}

impl Trace {
    /// Looks at the rows that came, and takes away what was trimmed. Lanes are folded while `lanes` asks for them; whoever
    /// asks later sees the same.
    pub fn follow(&mut self, timeline: &Timeline, lanes: bool) {
        let first = timeline.all().next().map_or(u64::MAX, |row| row.number);
        let number = |seen: Option<&Seen>| seen.map_or(0, |seen| seen.number);
        let (begin, end) = (number(self.rows.front()), number(self.rows.back()));
        // Another timeline has other numbers; a gap is part of what lanes beside it say.
        let is_another = first < begin || end < first || self.gaps.first().is_some_and(|gap| gap.row < first);
        if self.search(timeline.search()) | is_another | (self.rewrites != timeline.rewrites()) {
            self.rewrites = timeline.rewrites();
            self.rows.clear();
            self.gaps.clear();
            self.fold = None;
        }
        while self.rows.front().is_some_and(|seen| seen.number < first) {
            self.rows.pop_front();
        }
        let next = self.rows.back().map_or(0, |seen| seen.number + 1);
        for row in timeline.all_from(next) {
            self.take(row);
        }
        if !lanes {
            self.fold = None;
            return;
        }
        let fold = self.fold.get_or_insert_default();
        fold.trim(first, &self.gaps);
        let at = self.rows.partition_point(|seen| seen.number < fold.next);
        for (row, seen) in timeline.all_from(fold.next).zip(self.rows.range(at..)) {
            fold.take(row, seen.is_hit, &self.gaps);
        }
    }

    /// Takes the search over and says whether other rows are found by it.
    fn search(&mut self, search: &Search) -> bool {
        if self.text == search.text() {
            return false;
        }
        search.text().clone_into(&mut self.text);
        let around = search.spanning(None, None);
        let is_other = around != self.search.text();
        if is_other {
            self.search = Search::new(&around);
        }
        is_other
    }

    fn take(&mut self, row: &Arc<Row>) {
        let mut came = None;
        match &row.body {
            Body::Gap(gap) => self.gaps.push(Gap { row: row.number, from: gap.from, to: gap.to }),
            Body::Event(event) => {
                self.shorten_gap(event);
                came = match event.kind {
                    Kind::Connected => Some(true),
                    Kind::Disconnected => Some(false),
                    _ => None,
                };
            }
            Body::Started(_) => {}
        }
        let is_gap = matches!(row.body, Body::Gap(_));
        let is_hit = self.search.matches(row);
        self.rows.push_back(Seen { number: row.number, at: row.at(), came, is_hit, is_gap });
    }

    /// The journal may tell the later part of a gap: what is not known ends with its first event.
    fn shorten_gap(&mut self, event: &Event) {
        if self.rows.back().is_some_and(|before| before.is_gap)
            && event.seq.is_some()
            && let Some(gap) = self.gaps.last_mut()
            && gap.from <= event.at
            && gap.to.is_some_and(|to| event.at < to)
        {
            gap.to = Some(event.at);
        }
    }

    /// The moment of the earliest row, and of the latest; none without rows.
    pub fn extent(&self) -> Option<(Millis, Millis)> {
        let moments = || self.rows.iter().map(|seen| seen.at);
        moments().min().zip(moments().max())
    }

    /// When somebody came, or left, as far as the search finds it.
    pub fn moments(&self) -> impl Iterator<Item = (Millis, bool)> {
        self.rows.iter().filter(|seen| seen.is_hit).filter_map(|seen| Some((seen.at, seen.came?)))
    }

    /// Times of which nothing is known, in order.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The lanes that the search finds, those whose rows came last first, set right by who is here; none for rows that
    /// are not those of a live connection. Empty while none were asked for.
    pub(super) fn lanes(&self, present: Option<&Present>) -> Vec<Arc<Lane>> {
        let Some(fold) = &self.fold else { return Vec::new() };
        let mut lanes = fold.lanes();
        lanes.sort_unstable_by_key(|lane| std::cmp::Reverse(lane.last));
        // A list that is as stale as the rows says nothing of them.
        if let Some(present) = present.filter(|present| present.as_of().is_none()) {
            for lane in &mut lanes {
                let since = present.told(&lane.account, &lane.id, lane.by).map(|here| here.since);
                Lane::settle(lane, since, &self.gaps);
            }
            // A search finds rows, and those of whom no row tells have none.
            if self.search.is_empty() {
                fold.add_quiet(&mut lanes, present);
            }
        }
        lanes
    }

    /// How many rows were folded into lanes so far: what the lanes have cost.
    pub fn folded(&self) -> u64 {
        self.fold.as_ref().map_or(0, |fold| fold.folded)
    }
}
