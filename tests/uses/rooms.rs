//! Rooms in a place.

use crate::place::Place;
use headcount_broker::Config;
use headcount_page::{
    link::courier::Courier,
    uses::store::{Room, Subject, Wish},
};

impl Place<Room> {
    pub(crate) fn new() -> Self {
        Self::of(Config::open("open"))
    }

    /// Opens a window of this subject; its number.
    pub(crate) fn enter(&mut self, subject: Subject) -> usize {
        let session = Courier::new(&format!("window-{}", self.count()), 7).unwrap();
        self.open(Room::new(subject), session)
    }

    pub(crate) fn room(&self, window: usize) -> &Room {
        self.store(window)
    }

    /// A client without a name publishes.
    pub(crate) fn publish(&mut self, topic: &str, payload: &str, retain: bool) {
        self.publish_as("stranger", None, topic, payload, retain);
    }

    pub(crate) fn wish(&mut self, window: usize, wish: Wish) {
        self.act(window, |now, room| room.apply(now, wish));
    }
}
