//! Who is here: the connected clients, newest first.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
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

/// The connected clients.
#[derive(Debug, Default)]
pub struct Present {
    by_name: HashMap<Name, Place>,
    in_order: BTreeMap<Place, Arc<Here>>,
    as_of: Option<Millis>,
}

/// Account and Client Identifier.
type Name = (Arc<str>, Arc<str>);

/// Newest first, then by id and account.
type Place = (Reverse<Millis>, Arc<str>, Arc<str>);

impl Present {
    /// How many clients are here.
    pub fn count(&self) -> usize {
        self.in_order.len()
    }

    /// The first `limit` clients, newest first.
    pub fn list(&self, limit: usize) -> Vec<Arc<Here>> {
        self.in_order.values().take(limit).cloned().collect()
    }

    /// The moment of which the list speaks while the page is away; none while it is live.
    pub fn as_of(&self) -> Option<Millis> {
        self.as_of
    }

    /// The client with this account and id, if it is here.
    pub fn get(&self, account: &str, id: &str) -> Option<&Arc<Here>> {
        self.in_order.get(self.by_name.get(&(Arc::from(account), Arc::from(id)))?)
    }
}
