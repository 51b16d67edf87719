//! Two connections that fight over one Client Identifier, each taking it from the other.
//!
//! A fight is told when it is known for one, then ever more rarely while it goes on, each time with all its take-overs,
//! and once more when it is over.

use crate::Transport;
use headcount_mqtt::Text;
use std::collections::BTreeMap;
use std::time::Duration;

/// Take-overs of one identifier within [`WINDOW`] that make a conflict: one or two are a device that reconnects before
/// its old connection was missed, three are two that reconnect against each other.
const TAKE_OVERS: usize = 3;

/// Two that wait ten seconds before they come back, as devices do, make three take-overs in twenty.
const WINDOW: Duration = Duration::from_secs(30);

/// A fight that rests for so long is over: clients that back off wait a minute at most while they still come.
const QUIET: Duration = Duration::from_mins(1);

/// A fight that goes on is told again after this, and each time after twice as long: two that fight for a week fill no
/// journal.
const AGAIN: Duration = Duration::from_secs(10);
const SELDOM: Duration = Duration::from_mins(10);

/// Identifiers that are watched at one time: a page of facts for people, not an archive.
const WATCHED: usize = 1_024;

/// Recent take-overs by Client Identifier.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    recent: BTreeMap<Text, Recent>,
    /// Whether a timer stands for the next end.
    pub(crate) is_timed: bool,
}

#[derive(Debug)]
struct Recent {
    /// Its newest take-overs, as many as make a conflict, newest last.
    times: Vec<Duration>,
    fight: Option<Box<Fight>>,
}

#[derive(Debug)]
struct Fight {
    since: Duration,
    take_overs: u64,
    next: Duration,
    wait: Duration,
    parties: Parties,
}

/// Who fights.
#[derive(Debug, Clone)]
pub(crate) struct Parties {
    pub(crate) account: Text,
    /// Who has the identifier.
    pub(crate) holder: Party,
    /// Who had it.
    pub(crate) ousted: Party,
}

/// A side of it.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) address: String,
    pub(crate) transport: Transport,
}

/// How often one took over from the other, and in how many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) take_overs: u64,
    pub(crate) seconds: u64,
}

/// A fight that is over.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) client_id: Text,
    pub(crate) parties: Parties,
    pub(crate) score: Score,
}

impl Conflicts {
    /// Counts a take-over; gives the score where it is to be told.
    pub(crate) fn count(
        &mut self,
        client_id: &Text,
        now: Duration,
        parties: impl FnOnce() -> Parties,
    ) -> Option<Score> {
        if !self.recent.contains_key(client_id) && !self.has_room(now) {
            return None;
        }
        let it = self
            .recent
            .entry(client_id.clone())
            .or_insert_with(|| Recent { times: Vec::with_capacity(TAKE_OVERS), fight: None });
        if it.times.len() == TAKE_OVERS {
            it.times.remove(0);
        }
        it.times.push(now);
        let fight = if let Some(fight) = &mut it.fight {
            fight.take_overs += 1;
            fight.parties = parties();
            fight
        } else {
            let since = it.times[0];
            if it.times.len() < TAKE_OVERS || now.saturating_sub(since) > WINDOW {
                return None;
            }
            let (take_overs, parties) = (TAKE_OVERS as u64, parties());
            it.fight.insert(Box::new(Fight { since, take_overs, next: now, wait: AGAIN, parties }))
        };
        if now < fight.next {
            return None;
        }
        fight.next = now + fight.wait;
        fight.wait = (fight.wait * 2).min(SELDOM);
        Some(fight.score(now))
    }

    /// Takes the fights that are over.
    pub(crate) fn take_ended(&mut self, now: Duration) -> Vec<Ended> {
        let over: Vec<_> = self
            .recent
            .iter()
            .filter(|(_, it)| it.fight.is_some() && it.last() + QUIET <= now)
            .map(|(client_id, _)| client_id.clone())
            .collect();
        let take = |client_id: Text| {
            let it = self.recent.remove(&client_id)?;
            let last = it.last();
            let fight = it.fight?;
            Some(Ended { client_id, score: fight.score(last), parties: fight.parties })
        };
        over.into_iter().filter_map(take).collect()
    }

    /// When the next fight is over, if nobody takes over any more.
    pub(crate) fn next_end(&self) -> Option<Duration> {
        self.recent.values().filter(|it| it.fight.is_some()).map(|it| it.last() + QUIET).min()
    }

    /// Whether one more may be watched. What is no fight gives way.
    fn has_room(&mut self, now: Duration) -> bool {
        if self.recent.len() >= WATCHED {
            self.recent.retain(|_, it| it.fight.is_some() || now.saturating_sub(it.last()) <= WINDOW);
            if self.recent.len() >= WATCHED {
                self.recent.retain(|_, it| it.fight.is_some());
            }
        }
        self.recent.len() < WATCHED
    }
}

impl Recent {
    fn last(&self) -> Duration {
        self.times.last().copied().unwrap_or_default()
    }
}

impl Fight {
    fn score(&self, until: Duration) -> Score {
        // What is told is never shorter than it was.
        let seconds = until.saturating_sub(self.since).as_millis().div_ceil(1_000);
        Score { take_overs: self.take_overs, seconds: u64::try_from(seconds).unwrap_or(u64::MAX).max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Conflicts, Parties, Party, SELDOM, Score, WATCHED};
    use crate::Transport;
    use headcount_mqtt::Text;
    use std::time::Duration;

    fn text(text: &str) -> Text {
        Text::try_from(text).unwrap()
    }

    fn parties() -> Parties {
        let party = || Party { address: "127.0.0.1:1".to_owned(), transport: Transport::Tcp };
        Parties { account: text("alice"), holder: party(), ousted: party() }
    }

    /// Seconds at which take-overs are told, with the score.
    fn told(conflicts: &mut Conflicts, times: impl IntoIterator<Item = u64>) -> Vec<(u64, u64, u64)> {
        let tell = |second| {
            let Score { take_overs, seconds } =
                conflicts.count(&text("lamp"), Duration::from_secs(second), parties)?;
            Some((second, take_overs, seconds))
        };
        times.into_iter().filter_map(tell).collect()
    }

    #[test]
    fn three_within_half_a_minute_and_then_ever_more_rarely() {
        assert_eq!(told(&mut Conflicts::default(), [0, 10, 20]), [(20, 3, 20)]);
        assert_eq!(told(&mut Conflicts::default(), [0, 20, 40, 60, 80]), []);
        assert_eq!(told(&mut Conflicts::default(), [0, 29, 31, 33]), [(33, 3, 4)], "the window slides");
        let told = told(&mut Conflicts::default(), 0..100);
        assert_eq!(told, [(2, 3, 2), (12, 13, 12), (32, 33, 32), (72, 73, 72)]);
    }

    #[test]
    fn a_fight_of_a_day_is_told_every_ten_minutes() {
        let told = told(&mut Conflicts::default(), 0..86_400);
        assert!(told.len() < 160, "{}", told.len());
        let [.., (before, ..), (last, take_overs, seconds)] = told[..] else { panic!() };
        assert_eq!((last - before, take_overs, seconds), (SELDOM.as_secs(), last + 1, last));
    }

    #[test]
    fn a_rest_of_a_minute_ends_it() {
        let mut conflicts = Conflicts::default();
        told(&mut conflicts, 0..15);
        assert_eq!(conflicts.next_end(), Some(Duration::from_secs(74)));
        assert!(conflicts.take_ended(Duration::from_secs(73)).is_empty());
        let ended = conflicts.take_ended(Duration::from_secs(74));
        assert_eq!((ended.len(), ended[0].score), (1, Score { take_overs: 15, seconds: 14 }));
        assert_eq!((conflicts.next_end(), conflicts.recent.len()), (None, 0));
        assert_eq!(told(&mut conflicts, [80, 81, 82]), [(82, 3, 2)], "the next is another one");
    }

    #[test]
    fn the_table_is_bounded_and_keeps_its_fights() {
        let mut conflicts = Conflicts::default();
        told(&mut conflicts, [0, 1, 2]);
        for number in 0..10 * WATCHED {
            conflicts.count(&text(&number.to_string()), Duration::from_secs(2), parties);
            assert!(conflicts.recent.len() <= WATCHED);
        }
        assert_eq!(told(&mut conflicts, [12]), [(12, 4, 12)]);
        for number in 0..2 * WATCHED {
            for _ in 0..3 {
                conflicts.count(&text(&format!("f{number}")), Duration::from_secs(13), parties);
            }
        }
        assert_eq!(conflicts.recent.len(), WATCHED);
        assert_eq!(conflicts.take_ended(Duration::from_hours(1)).len(), WATCHED);
    }
}
