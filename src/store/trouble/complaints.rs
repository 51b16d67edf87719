//! Lines of plain text on `<account>/errors` and `<account>/throttle`: what a client may not do, and which limit it hit.

use std::{collections::VecDeque, sync::Arc};

use super::conduct::{Conduct, Misdeed};
use crate::store::{clock::Millis, event::Client};

/// Lines kept, equal ones being one: more is for a log, not for reading beside the timeline.
pub const LINES: usize = 200;

/// Bytes of a line that are kept; topics and identifiers may have 65,535 each.
const LINE_MAX: usize = 1_024;

/// Lines that are looked at again when an event names its client: broker and page handle both within one breath.
const RECENT: usize = 8;

/// Places in a line at which a Client Identifier may end that are tried; its owner may put as many into it.
const TRIED: usize = 32;

/// Which topic told a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// `<account>/errors`
    Errors,
    /// `<account>/throttle`
    Throttle,
}

/// A line, however often it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Never given twice.
    pub number: u64,
    /// Where it came.
    pub topic: Topic,
    /// Whose it is.
    pub account: Arc<str>,
    /// The Client Identifier that it names, where that is certain.
    pub client: Option<Arc<str>>,
    /// As it was told, but for the number of those that were left out; a long one is cut.
    pub text: Arc<str>,
    /// When it came first, by the page's clock: a line has no time of its own.
    pub first: Millis,
    /// When it came last.
    pub at: Millis,
    /// How often it came.
    pub times: u64,
    /// How many the broker left out before these.
    pub unsaid: u64,
}

/// What stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A line.
    Line(Line),
    /// The page heard nothing for a while, and nobody keeps these lines.
    Gap {
        /// Never given twice.
        number: u64,
        /// When it began.
        from: Millis,
        /// When it was over; none while it lasts.
        to: Option<Millis>,
    },
}

/// The lines, newest last.
#[derive(Debug, Default)]
pub struct Complaints {
    items: VecDeque<Item>,
    next: u64,
    errors: u64,
    throttles: u64,
    since: Option<Millis>,
}

impl Complaints {
    /// What stands in the list, newest first.
    pub fn list(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().rev()
    }

    /// The line with this number, while it is kept.
    pub fn line(&self, number: u64) -> Option<&Line> {
        let is_it = |item: &&Item| item.number() == number;
        match self.items.iter().rev().find(is_it)? {
            Item::Line(line) => Some(line),
            Item::Gap { .. } => None,
        }
    }

    /// How many messages each topic brought: errors, throttle.
    pub fn counts(&self) -> [u64; 2] {
        [self.errors, self.throttles]
    }

    /// Since when the page has been listening; none before it did.
    pub fn since(&self) -> Option<Millis> {
        self.since
    }

    pub(super) fn take(
        &mut self,
        now: Millis,
        topic: Topic,
        account: &str,
        payload: &[u8],
        known: &dyn Fn(&str) -> Option<Arc<str>>,
        conduct: &mut Conduct,
    ) {
        match topic {
            Topic::Errors => self.errors += 1,
            Topic::Throttle => self.throttles += 1,
        }
        let told = String::from_utf8_lossy(payload);
        let (told, unsaid) = split_unsaid(&told);
        let client = longest_known(told, known);
        if let Some(client) = &client
            && let Some(misdeed) = misdeed(topic, told.get(client.len()..).unwrap_or_default())
        {
            conduct.count(account, client, misdeed, 1 + unsaid, now);
        }
        let text = cut(told);
        let is_same = |item: &Item| {
            matches!(item, Item::Line(line)
                if line.topic == topic && *line.text == *text && *line.account == *account)
        };
        let before = self.items.iter().rposition(is_same).and_then(|at| self.items.remove(at));
        let line = if let Some(Item::Line(line)) = before {
            Line { at: now, times: line.times + 1, unsaid: line.unsaid + unsaid, ..line }
        } else {
            let (number, text, account) = (self.number(), text.into(), account.into());
            Line { number, topic, account, client, text, first: now, at: now, times: 1, unsaid }
        };
        self.push(Item::Line(line));
    }

    /// An event speaks of this client: a line of the same moment that begins with its name does so, too. Who was refused
    /// is told by the event alone. Gives whether there was such a line.
    pub(super) fn attribute(&mut self, client: &Client, conduct: &mut Conduct) -> bool {
        let mut found = false;
        for item in self.items.iter_mut().rev().take(RECENT) {
            let Item::Line(line) = item else { continue };
            if line.client.is_some() || client.id.is_empty() || line.account != client.account {
                continue;
            }
            let Some(rest) = line.text.strip_prefix(&*client.id) else { continue };
            if !ENDS.iter().any(|end| rest.starts_with(end)) {
                continue;
            }
            line.client = Some(Arc::clone(&client.id));
            found = true;
            if let Some(misdeed) = misdeed(line.topic, rest) {
                conduct.count(&client.account, &client.id, misdeed, line.times + line.unsaid, line.at);
            }
        }
        found
    }

    pub(super) fn watch(&mut self, now: Millis) {
        self.since.get_or_insert(now);
        if let Some(Item::Gap { to, .. }) = self.items.back_mut()
            && to.is_none()
        {
            *to = Some(now);
        }
    }

    pub(super) fn leave(&mut self, at: Millis) {
        match self.items.back_mut() {
            // Nothing came since the last one.
            Some(Item::Gap { to, .. }) => *to = None,
            Some(Item::Line(_)) => {
                let number = self.number();
                self.push(Item::Gap { number, from: at, to: None });
            }
            None => self.since = None,
        }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn push(&mut self, item: Item) {
        if self.items.len() >= LINES {
            self.items.pop_front();
        }
        self.items.push_back(item);
    }
}

impl Item {
    /// Tells it from all others.
    pub fn number(&self) -> u64 {
        match self {
            Self::Line(line) => line.number,
            Self::Gap { number, .. } => *number,
        }
    }
}

/// What follows the Client Identifier in Headcount's lines.
const ENDS: [&str; 4] = [MAY_NOT, SAYS, " is refused: ", " from "];
const MAY_NOT: &str = " may not ";
const SAYS: &str = ": ";

/// The longest beginning of a line that is somebody's Client Identifier: nobody passes for another one by a name that
/// has the words of a line in it.
fn longest_known(line: &str, known: &dyn Fn(&str) -> Option<Arc<str>>) -> Option<Arc<str>> {
    let ends = line.char_indices().filter(|(at, _)| ENDS.iter().any(|end| line[*at..].starts_with(end)));
    ends.take(TRIED).filter_map(|(at, _)| known(&line[..at])).last()
}

/// What a line says of its client beyond its event, if it has one: denials and refusals are counted there.
fn misdeed(topic: Topic, rest: &str) -> Option<Misdeed> {
    match topic {
        Topic::Throttle => Some(Misdeed::Throttled),
        Topic::Errors if rest.starts_with(" may not publish its Will ") => Some(Misdeed::Denied),
        Topic::Errors if rest.starts_with(SAYS) => Some(Misdeed::Mistaken),
        Topic::Errors => None,
    }
}

/// `… (and 3 more limits were hit)`: the line, and the number.
fn split_unsaid(line: &str) -> (&str, u64) {
    let split = || {
        let (head, tail) = line.rsplit_once(" (and ")?;
        let number = tail.strip_suffix(" more limits were hit)")?.parse().ok()?;
        Some((head, number))
    };
    split().unwrap_or((line, 0))
}

fn cut(line: &str) -> String {
    if line.len() <= LINE_MAX {
        return line.to_owned();
    }
    let (head, _) = line.split_at(line.floor_char_boundary(LINE_MAX));
    format!("{head}…")
}
