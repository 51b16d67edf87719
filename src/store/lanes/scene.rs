//! What histogram and lanes show at a moment: all that the view has to draw.

use super::{
    Columns, Gap, Lanes, Session, Trace,
    scale::{Scale, View},
};
use crate::store::{Store, clock::Millis, fingerprint::Table};

/// What the reader asks to see.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Which part of time.
    pub view: View,
    /// CSS pixels that it takes.
    pub width: i64,
    /// The moment by the page's clock.
    pub now: Millis,
    /// Minutes by which the reader's clock is east of UTC.
    pub offset: i32,
    /// The keys of lanes that stand above the others, in their order.
    pub pins: &'a [u64],
    /// The keys of lanes that keep their order behind those, while somebody points at one of them.
    pub order: &'a [u64],
    /// Whether lanes are asked for, and not the histogram alone.
    pub lanes: bool,
}

impl Asked<'_> {
    /// All that is recorded, in no particular order.
    pub fn at(now: Millis, width: i64) -> Self {
        Self { view: View::All, width, now, offset: 0, pins: &[], order: &[], lanes: true }
    }
}

impl Asked<'_> {
    /// What is in sight moves with the reader's clock, and not with each row: there is a margin for those.
    fn edge(&self, first: Millis, last: Millis) -> Millis {
        let (from, to) = self.view.range(first, self.now);
        if last < to {
            return self.now;
        }
        let step = (to.since(from) / 32).max(1);
        Millis((last.0.div_euclid(step) + 1) * step)
    }
}

/// Where all that is recorded begins, so that it does not move with each row that is trimmed.
fn rounded(first: Millis, edge: Millis) -> Millis {
    let step = (edge.since(first) / 128).max(1).unsigned_abs().next_power_of_two();
    Millis(first.0 & !(i64::try_from(step).unwrap_or(1) - 1))
}

/// All that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Which part of time is in sight.
    pub scale: Scale,
    /// The moment of the earliest row.
    pub first: Millis,
    /// The clock's moment, or one behind the newest row where the broker's clock is ahead by so much that it would be out
    /// of sight.
    pub edge: Millis,
    /// The histogram.
    pub columns: Columns,
    /// The span in force.
    pub since: Option<Millis>,
    /// Its end.
    pub until: Option<Millis>,
    /// The lanes that the search finds, pinned ones first.
    pub lanes: Lanes,
    /// How many of them are pinned.
    pub pinned: usize,
}

impl Scene {
    /// Looks at the store.
    pub fn of(store: &Store, trace: &mut Trace, asked: &Asked<'_>) -> Self {
        let timeline = store.timeline();
        let (since, until) = timeline.search().span();
        trace.follow(timeline, asked.lanes);
        let (first, last) = trace.extent().unwrap_or((asked.now, asked.now));
        // While the timeline holds still, who is here is ahead of it, and so is the clock; a record has its own.
        let is_live = timeline.is_following() && store.record_name().is_none();
        let edge = if is_live { asked.edge(first, last) } else { last };
        let (from, to) = asked.view.range(rounded(first, edge), edge);
        let scale = Scale { from, to, width: asked.width };
        let columns = Columns::of(&scale, asked.offset, trace.moments());
        let (begin, end) = (since.unwrap_or(Millis(i64::MIN)), until.unwrap_or(Millis(i64::MAX)));
        let mut lanes =
            Lanes { lanes: trace.lanes(is_live.then(|| store.present())), gaps: trace.gaps().to_vec() };
        lanes.lanes.retain(|lane| lane.touches(begin, end));
        let pinned = arrange(&mut lanes, asked);
        Self { scale, first, edge, columns, since, until, lanes, pinned }
    }

    /// The times of which nothing is known and that are in sight, with their ends.
    pub fn gaps(&self) -> impl Iterator<Item = (Millis, Millis)> {
        let (from, to) = (self.scale.from, self.scale.to);
        let ends = |gap: &Gap| (gap.from, gap.to.unwrap_or(self.edge));
        self.lanes.gaps.iter().map(ends).filter(move |(begin, end)| *begin < to && *end > from)
    }

    /// The newest sessions, no more than so many: place of the lane, and the session. Those that stand come first.
    pub fn sessions(&self, most: usize) -> Vec<(usize, &Session)> {
        let lanes = self.lanes.lanes.iter().enumerate();
        let mut all: Vec<_> = lanes
            .flat_map(|(at, lane)| lane.sessions.iter().map(move |session| (at, session)))
            .filter(|(_, session)| self.is_in_span(session))
            .collect();
        let end = |session: &Session| session.end.latest().map_or(i64::MAX, |end| end.0);
        all.sort_by_key(|(_, session)| std::cmp::Reverse((end(session), session.start)));
        all.truncate(most);
        all
    }

    fn is_in_span(&self, session: &Session) -> bool {
        let begins = self.until.zip(session.start).is_none_or(|(until, start)| start < until);
        let ends = self.since.zip(session.end.latest()).is_none_or(|(since, end)| end >= since);
        begins && ends
    }
}

/// Puts the pinned lanes in front, in the order of their pins, behind them those whose order holds, and says how many
/// are pinned.
fn arrange(lanes: &mut Lanes, asked: &Asked<'_>) -> usize {
    let ranks: Table = asked.order.iter().rev().chain(asked.pins.iter().rev()).copied().zip(0..).collect();
    if ranks.is_empty() {
        return 0;
    }
    // Those of the highest rank first; the sort keeps the order of the others.
    let rank = |key: u64| std::cmp::Reverse(ranks.get(&key).map_or(0, |rank| rank + 1));
    lanes.lanes.sort_by_key(|lane| rank(lane.key));
    lanes.lanes.iter().take_while(|lane| asked.pins.contains(&lane.key)).count()
}
