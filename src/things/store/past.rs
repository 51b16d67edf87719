//! What a channel was before this page looked: asked of the broker, piece by piece, until the chart has all that it holds.

use super::{
    Things,
    channel::{Channel, ENTRIES_MAX, Entry},
    request::PATIENCE,
};
use crate::store::{Millis, json::Json, query};

/// A request on its way.
#[derive(Debug)]
pub(super) struct Asking {
    channel: u32,
    serial: u64,
    until: Millis,
    /// The numbers around what is asked for.
    hole: (u64, u64),
}

impl Asking {
    pub(super) fn until(&self) -> Millis {
        self.until
    }
}

/// How much of a channel's past is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// The broker is asked for it.
    Asked,
    /// All that the page has room for and the broker keeps.
    Known,
    /// The broker did not tell it.
    Untold,
}

impl Things {
    /// How much of a channel's past is known.
    pub fn past(&self, id: u32) -> Past {
        match self.channels.get(&id) {
            Some(channel) if channel.untold => Past::Untold,
            Some(channel) if channel.hole().is_some() => Past::Asked,
            _ => Past::Known,
        }
    }

    /// Where answers come to, of all channels.
    pub(super) fn past_answers(&self) -> String {
        self.past_of("+")
    }

    fn past_of(&self, channel: &str) -> String {
        format!("channels/{channel}/feeds/{}", query::encode_level(&self.client_id))
    }

    /// Asks for what is missing in the channel that is shown, once at a time, and once it is known how many there are.
    pub(super) fn ask_past(&mut self, now: Millis) {
        if self.asking.is_some() || !self.is_live() || self.listing.until().is_some() {
            return;
        }
        let channel = self.shown.and_then(|id| self.channels.get(&id)).filter(|channel| !channel.untold);
        let Some((id, hole)) = channel.and_then(|channel| Some((channel.id, channel.hole()?))) else {
            return;
        };
        let (after, before) = hole;
        let request = format!("{{\"results\":{ENTRIES_MAX},\"after\":{after},\"before\":{before}}}");
        let answer_to = self.past_of(&id.to_string());
        let serial = self.say(format!("channels/{id}/feeds"), request, Some(answer_to));
        self.asking = Some(Asking { channel: id, serial, until: now.plus(PATIENCE), hole });
    }

    /// Takes an answer.
    pub(super) fn take_past(&mut self, now: Millis, id: u32, json: &Json<'_>) -> Result<(), String> {
        let asked = self.asking.take_if(|asking| asking.channel == id);
        let Some(channel) = self.channels.get_mut(&id) else { return Ok(()) };
        let taken = channel.take_past(now, json);
        // What brings nothing is not asked for again.
        channel.untold |= taken.is_err() || asked.is_some_and(|asked| channel.hole() == Some(asked.hole));
        taken
    }

    /// No answer will come to this request.
    pub(super) fn past_refused(&mut self, is_it: impl Fn(&Asking) -> bool) {
        let asked = self.asking.take_if(|asking| is_it(asking));
        if let Some(channel) = asked.and_then(|asked| self.channels.get_mut(&asked.channel)) {
            channel.untold = true;
        }
    }

    /// What was missed since the last connection is asked for, with the entry before it: another in its place tells that
    /// the channel was made anew.
    pub(super) fn past_doubted(&mut self) {
        for channel in self.channels.values_mut() {
            channel.untold = false;
            channel.check = channel.last().cloned();
        }
    }
}

impl Asking {
    pub(super) fn is(&self, serial: u64) -> bool {
        self.serial == serial
    }
}

impl Channel {
    /// The numbers around the newest entries that are missing, as far as the page has room for them and the broker may
    /// have them.
    fn hole(&self) -> Option<(u64, u64)> {
        let floor = self.count.saturating_sub(ENTRIES_MAX as u64).max(self.first.saturating_sub(1));
        let check = self.check.as_ref().map(|entry| entry.id).filter(|id| *id > floor);
        let mut before = self.count.saturating_add(1);
        for entry in self.entries().iter().rev().take_while(|entry| entry.id > floor) {
            if entry.id < before.saturating_sub(1) {
                return Some((entry.id - u64::from(check == Some(entry.id)), before));
            }
            before = entry.id;
        }
        (floor < before - 1).then_some((floor, before)).or(check.map(|id| (id - 1, id.saturating_add(1))))
    }

    fn take_past(&mut self, now: Millis, json: &Json<'_>) -> Result<(), String> {
        let about = json.object("channel")?.ok_or("the answer has no \"channel\"")?;
        let first = about.number("first_entry_id")?.unwrap_or_default();
        let count: u64 = about.number("last_entry_id")?.unwrap_or_default();
        let read = |entry| Entry::read(entry, now);
        let entries = json.list("feeds")?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if let Some(check) = &self.check {
            let same = entries.iter().find(|entry| entry.id == check.id);
            if count < check.id || same.is_some_and(|entry| *entry != **check) {
                self.clear(count);
            } else if same.is_some() || check.id < first {
                self.check = None;
            }
        }
        self.first = first;
        self.count = self.count.max(count);
        for entry in entries {
            self.take(entry);
        }
        Ok(())
    }

    /// What is known of entries that are not here, between the one at this place and the one before it: how many the
    /// broker keeps no longer, and how many it may.
    pub fn missing_before(&self, at: usize) -> (u64, u64) {
        let Some(entry) = self.entries().get(at) else { return (0, 0) };
        let before = at.checked_sub(1).and_then(|before| self.entries().get(before));
        let from = before.map_or(1, |entry| entry.id + 1).min(entry.id);
        let gone = self.first.clamp(from, entry.id) - from;
        (gone, entry.id - from - gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(count: u64, ids: &[u64]) -> Channel {
        let mut channel = Channel::new(7);
        for id in ids {
            channel.take(Entry { id: *id, ..Entry::default() });
        }
        channel.count = count;
        channel
    }

    #[test]
    fn the_newest_hole_is_filled_first() {
        assert_eq!(channel(0, &[]).hole(), None);
        assert_eq!(channel(3, &[]).hole(), Some((0, 4)));
        assert_eq!(channel(3, &[3]).hole(), Some((0, 3)));
        assert_eq!(channel(9, &[1, 2, 5, 6, 9]).hole(), Some((6, 9)));
        assert_eq!(channel(9, &[1, 2, 5, 6, 7, 8, 9]).hole(), Some((2, 5)));
        assert_eq!(channel(9, &[5, 6, 7]).hole(), Some((7, 10)));
        assert_eq!(channel(2, &[1, 2]).hole(), None);
        assert_eq!(channel(2_000, &[2_000]).hole(), Some((1_500, 2_000)), "the page has no more room");
        let all: Vec<u64> = (1_501..=2_000).collect();
        assert_eq!(channel(2_000, &all).hole(), None);
        let trimmed = Channel { first: 8, ..channel(9, &[2, 9]) };
        assert_eq!(trimmed.hole(), Some((7, 9)), "the broker keeps no others");
        assert_eq!(Channel { first: 9, ..trimmed }.hole(), None);
    }

    #[test]
    fn the_last_entry_is_asked_for_again_after_a_lost_connection() {
        let doubted = |count, ids: &[u64]| {
            let channel = channel(count, ids);
            let check = channel.entries().get(1).cloned();
            Channel { check, ..channel }.hole()
        };
        assert_eq!(doubted(9, &[1, 2]), Some((1, 10)));
        assert_eq!(doubted(2, &[1, 2]), Some((1, 3)));
        assert_eq!(doubted(4, &[1, 2, 4]), Some((1, 4)));
    }

    #[test]
    fn what_is_missing_is_gone_or_may_come() {
        let missing = |first, ids: &[u64], at| Channel { first, ..channel(9, ids) }.missing_before(at);
        assert_eq!(missing(0, &[4, 9], 0), (0, 3));
        assert_eq!(missing(0, &[4, 9], 1), (0, 4));
        assert_eq!(missing(4, &[4, 9], 0), (3, 0));
        assert_eq!(missing(6, &[4, 9], 1), (1, 3));
        assert_eq!(missing(9, &[4, 9], 1), (4, 0));
        assert_eq!(missing(1, &[1, 2], 1), (0, 0));
        assert_eq!(missing(1, &[1], 5), (0, 0));
    }
}
