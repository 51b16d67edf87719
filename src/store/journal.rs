//! What the page did not see happen: events from the broker's journal, joined to the live ones by their numbers.
//!
//! Once a connection is live the page asks for the newest events. Live ones wait for the answer, so that all are shown
//! in order and each once. What was shown before the connection was lost is not shown again.

use std::sync::Arc;

use super::{
    Connection, Store,
    clock::Millis,
    event::{Event, Kind, Source},
    parse::{self, Origin},
    row::Body,
    source::Trust,
};

/// Events to ask for when the page opens, and after it was away: one request is enough for most absences, and an
/// answer stays within half a megabyte.
const WANTED: (usize, &str) = (500, r#"{"limit":500}"#);
const MISSED: (usize, &str) = (1_000, r#"{"limit":1000}"#);

/// How long live events wait for the answer: a round trip of the poorest line.
const PATIENCE: i64 = 3_000;

/// How many live events wait at most; a flood is shown without its past rather than late.
const BOUND: usize = 5_000;

/// How the page stands with the journal.
#[derive(Debug, Default)]
pub(crate) struct Catching {
    /// Number and time of the event that was shown last.
    shown: Option<(u64, Millis)>,
    /// Whether that may have been another broker's.
    pub(super) anew: bool,
    /// Whether this connection has asked.
    pub(super) asked: bool,
    /// How many events it asked for.
    limit: usize,
    /// Where to ask and for what, until the link has taken it.
    request: Option<(String, &'static str)>,
    /// Live events that wait for the answer, and until when.
    pub(super) waiting: Option<(Millis, Vec<Event>)>,
    /// The row that the connection began with, and whether it is a gap.
    pub(super) row: Option<(u64, bool)>,
}

impl Store {
    /// A request to publish at `QoS` 0: topic and payload. Ask after every event of the connection.
    pub fn take_request(&mut self) -> Option<(String, &'static str)> {
        self.catching.request.take()
    }

    /// Asks the journal once on a connection, as soon as the broker is known for one that has it.
    pub(super) fn ask_journal(&mut self, now: Millis) {
        let is_live = matches!(self.connection, Connection::Live(_));
        if self.catching.asked || !is_live || self.sources.trust() != Trust::Events {
            return;
        }
        let Some(topic) = self.plan.journal() else { return };
        let was_here = self.catching.shown.is_some() && !self.catching.anew;
        let (limit, request) = if was_here { MISSED } else { WANTED };
        self.catching.limit = limit;
        self.catching.asked = true;
        self.catching.request = Some((topic, request));
        self.catching.waiting = Some((now.plus(PATIENCE), Vec::new()));
    }

    /// A live event: waits while an answer is awaited.
    pub(super) fn take_event(&mut self, event: Event) {
        match &mut self.catching.waiting {
            Some((_, waiting)) if waiting.len() < BOUND => waiting.push(event),
            _ => {
                self.stop_waiting(None);
                self.show_numbered(event);
            }
        }
    }

    /// The journal's answer.
    pub(super) fn take_journal(&mut self, now: Millis, topic: &Arc<str>, payload: &[u8]) {
        if self.catching.waiting.is_none() {
            return;
        }
        let origin = Origin { now, source: Source::Events, account: "", topic: Arc::clone(topic) };
        let before = self.catching.shown;
        let (mut events, mut last, mut is_same) = (Vec::new(), None, None);
        items(payload, &mut |item| {
            let event = parse::event(&origin, item);
            last = event.seq.or(last);
            if let Some((shown, at)) = before
                && event.seq == Some(shown)
            {
                is_same = Some(event.at == at);
            }
            events.push(event);
        });
        let shown = before.map(|(seq, _)| seq);
        // A broker that counts anew, or another one, has nothing of what was shown.
        let is_same = is_same.unwrap_or(!self.catching.anew && last > shown);
        let shown = shown.filter(|_| is_same);
        let next = shown.map(|shown| shown.saturating_add(1));
        let is_whole =
            events.len() < self.catching.limit || events.first().is_some_and(|event| event.seq <= next);
        let is_started = match self.catching.row.take() {
            // What came in its place is no gap.
            Some((row, true)) => {
                if shown.is_some() && is_whole {
                    self.timeline.take_last(row);
                }
                false
            }
            // The start stands behind the past.
            Some((row, false)) => self.timeline.take_last(row),
            None => false,
        };
        for event in events {
            if event.seq > shown {
                self.show_numbered(event);
            }
        }
        if is_started {
            self.timeline.push(Body::Started(now));
        }
        self.stop_waiting(last);
        self.catching.anew = false;
        self.versions.timeline += 1;
    }

    /// Shows what waits for an answer, which told of the events up to `last`, or did not come.
    pub(super) fn stop_waiting(&mut self, last: Option<u64>) {
        if let Some((_, waiting)) = self.catching.waiting.take() {
            for event in waiting {
                if event.seq.is_none() || event.seq > last {
                    self.show_numbered(event);
                }
            }
        }
    }

    #[inline(never)]
    fn show_numbered(&mut self, event: Event) {
        self.count(&event);
        if let Some(seq) = event.seq {
            self.catching.shown = Some((seq, event.at));
        }
        // The page's own arrival is what the row of its start says.
        let is_own = matches!(&self.connection, Connection::Live(live) if live.client_id == event.client.id);
        if !(is_own && event.kind == Kind::Connected) {
            self.show(event);
        }
    }
}

/// Gives the items of a JSON array, as they stand in it. One that is no array has none.
pub(crate) fn items(array: &[u8], each: &mut dyn FnMut(&[u8])) {
    let (mut depth, mut in_text, mut escaped, mut start) = (0_u32, false, false, 0);
    for (at, byte) in array.iter().enumerate() {
        if in_text {
            in_text = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        let outer = depth;
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // The brackets of the array itself, and the commas between its items.
        if outer + depth == 1 || (depth == 1 && *byte == b',') {
            let item = array.get(start..at).unwrap_or_default().trim_ascii();
            if outer == 1 && !item.is_empty() {
                each(item);
            }
            start = at + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn an_array_is_cut_at_its_commas() {
        let cut = |array: &str| -> Vec<String> {
            let mut found = Vec::new();
            items(array.as_bytes(), &mut |item| found.push(str::from_utf8(item).unwrap().to_owned()));
            found
        };
        assert_eq!(cut("[]"), [""; 0]);
        assert_eq!(cut("[ ]"), [""; 0]);
        assert_eq!(
            cut(r#"[{"a":[1,2]},{"b":"],[\"}\\"} , {"c":{}}]"#),
            [r#"{"a":[1,2]}"#, r#"{"b":"],[\"}\\"}"#, r#"{"c":{}}"#]
        );
        assert_eq!(cut("no array"), [""; 0]);
    }
}
