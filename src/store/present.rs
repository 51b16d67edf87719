//! Who is here: the connected clients, newest first.

use std::{cmp::Ordering, sync::Arc};

use super::{
    adapters::Adapter,
    clock::Millis,
    event::{Client, Source},
    fingerprint::{Table, fingerprint},
};

/// Clients kept with their details; beyond it they are only counted. A list of more is for a search, not for reading,
/// and 10,000 take about 4 MB.
pub const CAP: usize = 10_000;

/// A connected client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    /// Who, and by which way.
    pub client: Client,
    /// Since when, by the broker's clock.
    pub since: Millis,
    /// Whether it was here before that already: then `since` is when the page learned of it.
    pub earlier: bool,
    /// Who told it.
    pub by: Source,
}

/// Clients that are counted beyond [`CAP`], eight bytes each; a page that watches more shows the count as a lower bound.
const COUNTED_MAX: usize = 1_000_000;

/// Bytes of Client Identifiers in the list at most: each may have 65,535 of them.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The connected clients.
#[derive(Debug, Default)]
pub struct Present {
    /// By account and Client Identifier, what the broker says before what devices say of themselves.
    by_name: Vec<Arc<Here>>,
    /// Newest last, where most come and go.
    by_age: Vec<Arc<Here>>,
    id_bytes: usize,
    /// Those for whom there was no room, by a hash of their name.
    counted: Table,
    as_of: Option<Millis>,
}

impl Present {
    /// How many clients are here.
    pub fn count(&self) -> usize {
        self.by_age.len() + self.counted.len()
    }

    /// How many of them are counted only, since the list is full.
    pub fn unlisted(&self) -> usize {
        self.counted.len()
    }

    /// The first `limit` clients, newest first.
    pub fn list(&self, limit: usize) -> Vec<Arc<Here>> {
        self.by_age.iter().rev().take(limit).cloned().collect()
    }

    /// The moment of which the list speaks while the page is away; none while it is live.
    pub fn as_of(&self) -> Option<Millis> {
        self.as_of
    }

    /// The client with this account and id, if it is in the list.
    pub fn get(&self, account: &str, id: &str) -> Option<&Arc<Here>> {
        let found = self.find((account, id, None)).or_else(|_| self.find(("", id, None)));
        found.ok().map(|at| &self.by_name[at])
    }

    /// The client that this source tells of, if it is in the list.
    pub(crate) fn known(&self, client: &Client, by: Source) -> Option<&Arc<Here>> {
        self.told(&client.account, &client.id, by)
    }

    /// As [`Present::known`], by account and id.
    pub(crate) fn told(&self, account: &str, id: &str, by: Source) -> Option<&Arc<Here>> {
        self.find(spelt(account, id, by)).ok().map(|at| &self.by_name[at])
    }

    /// Those that this source tells of and whose names begin so.
    pub(crate) fn named(&self, start: &str, by: Source) -> Vec<Arc<Here>> {
        let from = self.find(spelt("", start, by)).unwrap_or_else(|at| at);
        let begin = |here: &&Arc<Here>| here.client.id.starts_with(start);
        let named = self.by_name.iter().skip(from).take_while(begin);
        named.filter(|here| here.by == by).cloned().collect()
    }

    /// A client is here since `since`. Gives whether that is news; what is older than what is known is not.
    pub(crate) fn arrive(&mut self, client: &Client, since: Millis, by: Source) -> bool {
        self.take_in(Here { client: client.clone(), since, earlier: false, by })
    }

    /// A client is here, since when is not known; where it is in the list, that tells nothing.
    pub(crate) fn see(&mut self, client: &Client, now: Millis, by: Source) {
        if self.known(client, by).is_none() {
            self.take_in(Here { client: client.clone(), since: now, earlier: true, by });
        }
    }

    fn take_in(&mut self, here: Here) -> bool {
        let Here { client, since, by, .. } = &here;
        match self.find(name(client, *by)) {
            Ok(at) => {
                let known = &self.by_name[at];
                let is_older = known.since > *since || (known.since == *since && known.client == *client);
                // Two adapters may tell of one client of a broker: the first one's word stands.
                if is_older || (known.by != *by && matches!(by, Source::Other(_))) {
                    return false;
                }
                self.remove(at);
            }
            Err(_) if self.by_name.len() >= CAP || self.id_bytes + client.id.len() > MAX_BYTES => {
                return self.counted.len() < COUNTED_MAX
                    && self.counted.insert(mark(client, *by), 1).is_none();
            }
            Err(_) => {}
        }
        self.insert(Arc::new(here));
        true
    }

    /// A client left; `started` is when the connection that ended had begun, where that is known: the end of an older
    /// connection takes nobody away. Gives the client as it was known.
    pub(crate) fn leave(
        &mut self,
        client: &Client,
        started: Option<Millis>,
        by: Source,
    ) -> Option<Arc<Here>> {
        let Ok(at) = self.find(name(client, by)) else {
            self.counted.remove(&mark(client, by));
            return None;
        };
        if started.is_some_and(|started| self.by_name[at].since > started) {
            return None;
        }
        Some(self.remove(at))
    }

    /// The broker is out of reach: from here on the list is what was known at `at`.
    pub(crate) fn freeze(&mut self, at: Millis) {
        if self.as_of.is_none() && self.count() > 0 {
            self.as_of = Some(at);
        }
    }

    /// The list begins anew; the retained states follow.
    pub(crate) fn restart(&mut self) {
        *self = Self::default();
    }

    fn insert(&mut self, here: Arc<Here>) {
        self.id_bytes += here.client.id.len();
        let at = self.find(name(&here.client, here.by)).unwrap_or_else(|at| at);
        self.by_name.insert(at, Arc::clone(&here));
        let at = self.place(&here).unwrap_or_else(|at| at);
        self.by_age.insert(at, here);
    }

    fn remove(&mut self, at: usize) -> Arc<Here> {
        let here = self.by_name.remove(at);
        self.id_bytes -= here.client.id.len();
        if let Ok(at) = self.place(&here) {
            self.by_age.remove(at);
        }
        here
    }

    /// Where a name stands in `by_name`, or would.
    fn find(&self, sought: Name<'_>) -> Result<usize, usize> {
        self.by_name.binary_search_by(|known| name(&known.client, known.by).cmp(&sought))
    }

    /// Where a client stands in `by_age`, or would.
    fn place(&self, here: &Here) -> Result<usize, usize> {
        self.by_age.binary_search_by(|known| order(known, here))
    }
}

/// Seen from the end: newest first, then by id and account.
fn order(one: &Here, other: &Here) -> Ordering {
    let names = || {
        let [(a_account, a, a_device), (b_account, b, b_device)] =
            [one, other].map(|here| name(&here.client, here.by));
        (b, b_account, b_device).cmp(&(a, a_account, a_device))
    };
    one.since.cmp(&other.since).then_with(names)
}

/// Account, Client Identifier, and whose convention it is where a device speaks of itself.
type Name<'a> = (&'a str, &'a str, Option<Adapter>);

/// Another broker has one client of an id [MQTT-3.1.4-3], and may name its account with the beginning alone.
fn spelt<'a>(account: &'a str, id: &'a str, by: Source) -> Name<'a> {
    (if matches!(by, Source::Other(_)) { "" } else { account }, id, by.device())
}

fn name(client: &Client, by: Source) -> Name<'_> {
    spelt(&client.account, &client.id, by)
}

/// One number for a client, by what tells clients of this source apart.
pub(crate) fn mark(client: &Client, by: Source) -> u64 {
    let (account, id, device) = name(client, by);
    fingerprint(&[account.as_bytes(), id.as_bytes(), device.map_or("", Adapter::label).as_bytes()])
}
