//! What drives a client over a transport needs to know of it.

use std::time::Duration;

use headcount_mqtt::client::Action;

use super::moment::Moment;
use crate::store::Millis;

/// A client with what it tells the store. After each call, [`Party::tell`] and then drain [`Party::poll_action`].
pub trait Party {
    /// Whom it tells.
    type Store;

    /// The transport is open.
    fn handle_opened(&mut self, now: Moment);

    /// Bytes came.
    fn handle_bytes(&mut self, now: Moment, bytes: &[u8]);

    /// The transport could not be opened, or ended.
    fn handle_closed(&mut self, now: Moment);

    /// Does what has come due.
    fn handle_timeout(&mut self, now: Moment);

    /// When to call [`Party::handle_timeout`], since the monotonic clock's origin.
    fn poll_timeout(&self) -> Option<Duration>;

    /// What to do to the transport next.
    fn poll_action(&mut self) -> Option<Action>;

    /// Tells the store what happened since the last call.
    fn tell(&mut self, now: Moment, store: &mut Self::Store);

    /// Whether it is at rest for good, so that another may take its place.
    fn is_over(&self) -> bool {
        true
    }

    /// The network came back, or the page is looked at again.
    fn wake(&mut self, _: Moment) {}

    /// The network went away, it seems.
    fn probe(&mut self, _: Moment) {}
}

/// What a drive needs to know of a store.
pub trait Scene {
    /// Does what the passing of time asks for.
    fn tick(&mut self, now: Millis);

    /// When [`Scene::tick`] has something to do next.
    fn next_tick(&self) -> Option<Millis>;

    /// Rises when anything that is shown has changed.
    fn version(&self) -> u64;
}
