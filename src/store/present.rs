//! Who is here: the connected clients, newest first.

use std::{cmp::Ordering, sync::Arc};

use super::{
    clock::Millis,
    event::Client,
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
}

/// Clients that are counted beyond [`CAP`], eight bytes each; a page that watches more shows the count as a lower bound.
const COUNTED_MAX: usize = 1_000_000;

/// Bytes of Client Identifiers in the list at most: each may have 65,535 of them.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The connected clients.
#[derive(Debug, Default)]
pub struct Present {
    /// By account and Client Identifier.
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
        self.find(account, id).ok().map(|at| &self.by_name[at])
    }

    /// A client is here since `since`. Gives whether that is news; what is older than what is known is not.
    pub(crate) fn arrive(&mut self, client: &Client, since: Millis) -> bool {
        match self.find(&client.account, &client.id) {
            Ok(at) => {
                let known = &self.by_name[at];
                if known.since > since || (known.since == since && known.client == *client) {
                    return false;
                }
                self.remove(at);
            }
            Err(_) if self.by_name.len() >= CAP || self.id_bytes + client.id.len() > MAX_BYTES => {
                return self.counted.len() < COUNTED_MAX && self.counted.insert(hash(client), 1).is_none();
            }
            Err(_) => {}
        }
        self.insert(Arc::new(Here { client: client.clone(), since }));
        true
    }

    /// A client left; `started` is when the connection that ended had begun, where that is known: the end of an older
    /// connection takes nobody away. Gives the client as it was known.
    pub(crate) fn leave(&mut self, client: &Client, started: Option<Millis>) -> Option<Arc<Here>> {
        let Ok(at) = self.find(&client.account, &client.id) else {
            self.counted.remove(&hash(client));
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
        let at = self.find(&here.client.account, &here.client.id).unwrap_or_else(|at| at);
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
    fn find(&self, account: &str, id: &str) -> Result<usize, usize> {
        self.by_name.binary_search_by(|known| (&*known.client.account, &*known.client.id).cmp(&(account, id)))
    }

    /// Where a client stands in `by_age`, or would.
    fn place(&self, here: &Here) -> Result<usize, usize> {
        self.by_age.binary_search_by(|known| order(known, here))
    }
}

/// Seen from the end: newest first, then by id and account.
fn order(one: &Here, other: &Here) -> Ordering {
    let [a, b] = [&one.client, &other.client];
    let names = || (&b.id, &b.account).cmp(&(&a.id, &a.account));
    one.since.cmp(&other.since).then_with(names)
}

fn hash(client: &Client) -> u64 {
    fingerprint(&[client.account.as_bytes(), client.id.as_bytes()])
}
