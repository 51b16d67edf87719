//! What is said of a session, a mark, a column. Plain text in, plain text out.

use crate::{
    store::{
        Millis, clock,
        lanes::{Column, Columns, End, Lane, Mark, Scene, Session},
        reason,
    },
    view::labels::{short_id, thousands, why, word},
};

/// Pixels around an end or a mark within which it is meant.
const NEAR: i64 = 6;

/// The beginning of a session on a clock `offset` minutes east of UTC.
pub fn began(session: &Session, offset: i32) -> String {
    session.start.map_or_else(|| "before the record".to_owned(), |start| start.date_and_clock(offset))
}

/// The end of a session.
pub fn ended(session: &Session, offset: i32) -> String {
    match &session.end {
        End::Open => "still connected".to_owned(),
        End::Told { at, .. } => at.date_and_clock(offset),
        End::Unseen { before, .. } => format!("not seen, before {}", before.date_and_clock(offset)),
    }
}

/// How long a session lasted.
pub fn lasted(session: &Session, now: Millis) -> String {
    match (session.length(now), &session.end) {
        (Some(length), End::Open) => format!("{} so far", clock::duration(length)),
        (Some(length), _) => clock::duration(length),
        (None, _) => "not known".to_owned(),
    }
}

/// Why a session ended.
pub fn reason(session: &Session) -> &str {
    match &session.end {
        End::Open => "still connected",
        End::Unseen { .. } => "the page was not watching",
        End::Told { .. } => session.reason().map_or("no reason told", reason::words),
    }
}

/// A session on one line.
pub fn session(lane: &Lane, session: &Session, now: Millis, offset: i32) -> String {
    let id = short_id(&lane.id);
    let [began, lasted] = [began(session, offset), lasted(session, now)];
    match session.end {
        End::Open => format!("{id}: since {began}, {lasted}"),
        _ => format!("{id}: {began} to {}, {lasted}, {}", ended(session, offset), reason(session)),
    }
}

/// A mark on one line.
pub fn mark(lane: &Lane, mark: &Mark, offset: i32) -> String {
    let (word, why) = mark.row.event().map_or(("", String::new()), |event| (word(event), why(event)));
    format!("{}: {word} at {}, {why}", short_id(&lane.id), mark.at.date_and_clock(offset))
}

/// A lane on one line: its newest session.
pub fn lane(lane: &Lane, now: Millis, offset: i32) -> String {
    match lane.sessions.last() {
        Some(newest) => session(lane, newest, now, offset),
        None => lane.marks.last().map_or_else(String::new, |newest| mark(lane, newest, offset)),
    }
}

/// What stands at `x` on a lane: the line about it, and the number of its row.
pub fn at(scene: &Scene, lane: &Lane, x: i64, offset: i32) -> Option<(String, Option<u64>)> {
    let place = |at: Millis| scene.scale.x(at);
    if let Some(near) = lane.marks.iter().rev().find(|mark| (place(mark.at) - x).abs() <= NEAR) {
        return Some((mark(lane, near, offset), Some(near.row.number)));
    }
    let from = |session: &Session| place(session.start.unwrap_or(scene.first));
    let to = |session: &Session| place(session.end.latest().unwrap_or(scene.edge));
    let is_there = |session: &&Session| from(session) <= x && x <= to(session) + NEAR;
    let found = lane.sessions.iter().rev().find(is_there)?;
    Some((session(lane, found, scene.edge, offset), found.row))
}

/// So many came and so many left.
pub fn counts(column: Column) -> String {
    let [came, left] = [column.came, column.left].map(|count| thousands(u64::from(count)));
    format!("▲ {came} connected  ▼ {left} disconnected")
}

/// A column on one line.
pub fn column(columns: &Columns, place: usize, offset: i32) -> String {
    let [from, to] = [place, place + 1].map(|column| time(columns.edge(column), columns.step, offset));
    format!("{from} to {to}  {}", counts(columns.columns.get(place).copied().unwrap_or_default()))
}

/// A span on one line.
pub fn span(since: Option<Millis>, until: Option<Millis>, offset: i32) -> String {
    let moment = |at: Millis| at.date_and_clock(offset);
    match (since.map(moment), until.map(moment)) {
        (Some(since), Some(until)) => format!("Selected: {since} to {until}"),
        (Some(since), None) => format!("Selected: from {since}"),
        (None, Some(until)) => format!("Selected: up to {until}"),
        (None, None) => String::new(),
    }
}

/// As exact as a step asks for.
fn time(at: Millis, step: i64, offset: i32) -> String {
    let full = at.date_and_clock(offset);
    let shown = match step {
        ..1_000 => 11..23,
        1_000..86_400_000 => 11..19,
        _ => 0..10,
    };
    full.get(shown).unwrap_or(&full).to_owned()
}
