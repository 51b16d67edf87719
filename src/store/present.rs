//! Who is here: the connected clients, newest first.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use super::{clock::Millis, event::Client};

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
    by_name: HashMap<Name, Place>,
    in_order: BTreeMap<Place, Arc<Here>>,
    id_bytes: usize,
    /// Those for whom there was no room, by a hash of their name.
    counted: HashSet<u64>,
    as_of: Option<Millis>,
}

/// Account and Client Identifier.
type Name = (Arc<str>, Arc<str>);

/// Newest first, then by id and account.
type Place = (Reverse<Millis>, Arc<str>, Arc<str>);

impl Present {
    /// How many clients are here.
    pub fn count(&self) -> usize {
        self.in_order.len() + self.counted.len()
    }

    /// How many of them are counted only, since the list is full.
    pub fn unlisted(&self) -> usize {
        self.counted.len()
    }

    /// The first `limit` clients, newest first.
    pub fn list(&self, limit: usize) -> Vec<Arc<Here>> {
        self.in_order.values().take(limit).cloned().collect()
    }

    /// The moment of which the list speaks while the page is away; none while it is live.
    pub fn as_of(&self) -> Option<Millis> {
        self.as_of
    }

    /// The client with this account and id, if it is in the list.
    pub fn get(&self, account: &str, id: &str) -> Option<&Arc<Here>> {
        self.in_order.get(self.by_name.get(&(Arc::from(account), Arc::from(id)))?)
    }

    /// A client is here since `since`. Gives whether that is news; what is older than what is known is not.
    pub(crate) fn arrive(&mut self, client: &Client, since: Millis) -> bool {
        let name = (Arc::clone(&client.account), Arc::clone(&client.id));
        if let Some(place) = self.by_name.get(&name) {
            let known = &self.in_order[place];
            if known.since > since || (known.since == since && known.client == *client) {
                return false;
            }
            self.remove(&name);
        } else if self.in_order.len() >= CAP || self.id_bytes + client.id.len() > MAX_BYTES {
            return self.counted.len() < COUNTED_MAX && self.counted.insert(hash(&name));
        }
        let place = (Reverse(since), Arc::clone(&client.id), Arc::clone(&client.account));
        self.id_bytes += client.id.len();
        self.by_name.insert(name, place.clone());
        self.in_order.insert(place, Arc::new(Here { client: client.clone(), since }));
        true
    }

    /// A client left; `started` is when the connection that ended had begun, where that is known: the end of an older
    /// connection takes nobody away. Gives the client as it was known.
    pub(crate) fn leave(&mut self, client: &Client, started: Option<Millis>) -> Option<Arc<Here>> {
        let name = (Arc::clone(&client.account), Arc::clone(&client.id));
        let Some(place) = self.by_name.get(&name) else {
            self.counted.remove(&hash(&name));
            return None;
        };
        if started.is_some_and(|started| self.in_order[place].since > started) {
            return None;
        }
        self.remove(&name)
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

    fn remove(&mut self, name: &Name) -> Option<Arc<Here>> {
        let place = self.by_name.remove(name)?;
        self.id_bytes -= name.1.len();
        self.in_order.remove(&place)
    }
}

fn hash(name: &Name) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
