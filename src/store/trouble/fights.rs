//! Fights over a Client Identifier, one for each, over all the events that tell of it.

use std::sync::Arc;

use crate::store::{
    clock::Millis,
    event::{Client, Event, Transport},
    json::Json,
};

/// Fights kept: more than anybody settles at a time.
pub const FIGHTS: usize = 32;

/// A fight that rested for so long begins anew, as the broker has it: what was dismissed shows again.
const QUIET: i64 = 60_000;

/// How long a fight is shown after its last take-over: time to come back to the page and read what it was.
pub const SHOWN: i64 = 5 * 60_000;

/// Who comes within this behind a take-over is who took over.
const SUCCESSOR: i64 = 1_000;

/// Take-overs that a guess begins with.
pub(super) const GUESSED: usize = 3;

/// Two connections that take a Client Identifier from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fight {
    /// The account.
    pub account: Arc<str>,
    /// The Client Identifier.
    pub id: Arc<str>,
    /// Who has it, as far as that is known.
    pub holder: Option<Client>,
    /// Who had it before.
    pub ousted: Option<Client>,
    /// Who had it and left of its own accord, while nobody else has come.
    pub(super) left: Option<Client>,
    /// When the first take-over was, by the broker's clock.
    pub since: Millis,
    /// When the last one was.
    pub last: Millis,
    /// How many there were.
    pub take_overs: u64,
    /// Whether nobody says so: the broker tells no reasons, and it looks like one.
    pub is_guess: bool,
    /// Whether the broker says that it is over.
    pub is_over: bool,
    /// Whether the reader has put its card away.
    pub is_dismissed: bool,
}

/// Fights, in the order in which they were heard of.
#[derive(Debug, Default)]
pub(super) struct Fights {
    fights: Vec<Fight>,
}

/// What a conflict says beside its client.
struct Told {
    other: Option<Client>,
    take_overs: u64,
    seconds: i64,
    over: bool,
}

impl Fights {
    /// Newest first.
    pub(super) fn list(&self) -> impl Iterator<Item = &Fight> {
        self.fights.iter().rev()
    }

    pub(super) fn get(&self, account: &str, id: &str) -> Option<&Fight> {
        self.fights.iter().find(|fight| *fight.id == *id && *fight.account == *account)
    }

    /// The broker tells of a fight; whether it is a new one.
    pub(super) fn told(&mut self, event: &Event) -> bool {
        let told = read(&event.raw, &event.client);
        let since = event.at.plus(-1_000 * told.seconds);
        if told.over {
            // Of one that was over before the page came nothing is left to settle.
            if let Some(fight) = self.find(&event.client) {
                fight.is_over = true;
                fight.take_overs = fight.take_overs.max(told.take_overs);
            }
            return false;
        }
        let is_new = self.find(&event.client).is_none_or(|fight| fight.is_stale(event.at));
        let fight = self.begin(&event.client, since, event.at);
        fight.is_guess = false;
        fight.since = fight.since.min(since);
        // The take-over itself is told behind it, and counted there.
        fight.take_overs = fight.take_overs.max(told.take_overs.saturating_sub(1));
        fight.ousted = Some(event.client.clone());
        fight.holder = told.other;
        is_new
    }

    /// It looks like a fight.
    pub(super) fn guess(&mut self, client: &Client, since: Millis, at: Millis) {
        let is_known = self.find(client).is_some_and(|fight| !fight.is_stale(at));
        let fight = self.begin(client, since, at);
        fight.is_guess = true;
        fight.take_overs = if is_known { fight.take_overs + 1 } else { GUESSED as u64 };
    }

    /// A connection was taken over; whether that is part of a fight.
    pub(super) fn taken(&mut self, event: &Event) -> bool {
        let Some(fight) = self.find(&event.client).filter(|fight| !fight.is_stale(event.at)) else {
            return false;
        };
        fight.take_overs += 1;
        fight.last = event.at;
        fight.is_over = false;
        fight.ousted = Some(event.client.clone());
        fight.left = None;
        true
    }

    /// A client came; whether it is one that took over, or that comes back as the other side leaves.
    pub(super) fn came(&mut self, client: &Client, at: Millis) -> bool {
        let Some(fight) = self.find(client).filter(|fight| at.since(fight.last) <= SUCCESSOR) else {
            return false;
        };
        if let Some(left) = fight.left.take() {
            fight.ousted = Some(left);
        }
        fight.holder = Some(client.clone());
        true
    }

    /// A client left otherwise; whether it is one that fights.
    pub(super) fn left(&mut self, client: &Client) -> bool {
        let Some(fight) = self.find(client).filter(|fight| fight.holder.is_some()) else { return false };
        fight.left = fight.holder.take();
        true
    }

    pub(super) fn dismiss(&mut self, account: &str, id: &str) {
        let is_it = |fight: &&mut Fight| *fight.id == *id && *fight.account == *account;
        if let Some(fight) = self.fights.iter_mut().find(is_it) {
            fight.is_dismissed = true;
        }
    }

    pub(super) fn forget(&mut self, now: Millis) -> bool {
        let before = self.fights.len();
        self.fights.retain(|fight| now.since(fight.last) < SHOWN);
        self.fights.len() != before
    }

    pub(super) fn next_end(&self) -> Option<Millis> {
        self.fights.iter().map(|fight| fight.last.plus(SHOWN)).min()
    }

    fn find(&mut self, client: &Client) -> Option<&mut Fight> {
        self.fights.iter_mut().find(|fight| fight.id == client.id && fight.account == client.account)
    }

    /// The fight that goes on, or one that begins.
    fn begin(&mut self, client: &Client, since: Millis, at: Millis) -> &mut Fight {
        let known =
            self.fights.iter().position(|fight| fight.id == client.id && fight.account == client.account);
        let going_on = known.filter(|index| !self.fights[*index].is_stale(at));
        let index = going_on.unwrap_or_else(|| {
            if let Some(index) = known {
                self.fights.remove(index);
            } else if self.fights.len() >= FIGHTS {
                let calmest = (0..FIGHTS).min_by_key(|index| self.fights[*index].last);
                self.fights.remove(calmest.unwrap_or_default());
            }
            self.fights.push(Fight::new(client, since, at));
            self.fights.len() - 1
        });
        let fight = &mut self.fights[index];
        fight.last = at;
        fight.is_over = false;
        fight
    }
}

impl Fight {
    fn new(client: &Client, since: Millis, last: Millis) -> Self {
        Self {
            account: Arc::clone(&client.account),
            id: Arc::clone(&client.id),
            holder: None,
            ousted: None,
            left: None,
            since,
            last,
            take_overs: 0,
            is_guess: false,
            is_over: false,
            is_dismissed: false,
        }
    }

    fn is_stale(&self, at: Millis) -> bool {
        at.since(self.last) > QUIET
    }
}

/// What a conflict says. The event was read before, so that what is no object of its kind does not come here.
fn read(raw: &[u8], client: &Client) -> Told {
    let json = Json::read(raw).unwrap_or(Json::Null);
    let other = json.object("other").ok().flatten().map(|other| {
        let text = |name| other.text(name).ok().flatten();
        Client {
            id: Arc::clone(&client.id),
            account: Arc::clone(&client.account),
            address: text("address").map(Arc::from),
            transport: text("transport").map(Transport::from_name),
            ..Client::default()
        }
    });
    let number = |name| json.number::<u32>(name).ok().flatten().unwrap_or_default();
    Told {
        other,
        take_overs: number("take_overs").into(),
        seconds: number("within_seconds").into(),
        over: matches!(json.flag("over"), Ok(Some(true))),
    }
}
