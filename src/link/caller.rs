//! A party whose client is at a [`Dial`]: what it adds is what it says, and to whom.

use std::time::Duration;

use headcount_mqtt::client::Action;

use super::{dial::Dial, moment::Moment, party::Party};

/// What a session adds to its [`Dial`]; it is a [`Party`] by that.
pub trait Caller {
    /// Whom it tells.
    type Store;

    /// Its line.
    fn dial(&self) -> &Dial;

    /// Its line, to speak.
    fn dial_mut(&mut self) -> &mut Dial;

    /// CONNECT is about to leave.
    fn prepare(&mut self, _: Moment) {}

    /// Tells the store what happened since the last call.
    fn tell(&mut self, now: Moment, store: &mut Self::Store);

    /// Whether it is at rest for good, so that another may take its place.
    fn is_over(&self) -> bool {
        self.dial().is_over()
    }
}

impl<C: Caller> Party for C {
    type Store = C::Store;

    fn handle_opened(&mut self, now: Moment) {
        self.prepare(now);
        self.dial_mut().handle_opened(now);
    }

    fn handle_bytes(&mut self, now: Moment, bytes: &[u8]) {
        self.dial_mut().handle_bytes(now, bytes);
    }

    fn handle_closed(&mut self, now: Moment) {
        self.dial_mut().handle_closed(now);
    }

    fn handle_timeout(&mut self, now: Moment) {
        self.dial_mut().handle_timeout(now);
    }

    fn poll_timeout(&self) -> Option<Duration> {
        self.dial().poll_timeout()
    }

    fn poll_action(&mut self) -> Option<Action> {
        self.dial_mut().poll_action()
    }

    fn tell(&mut self, now: Moment, store: &mut C::Store) {
        Caller::tell(self, now, store);
    }

    fn is_over(&self) -> bool {
        Caller::is_over(self)
    }

    fn wake(&mut self, now: Moment) {
        self.dial_mut().wake(now);
    }

    fn probe(&mut self, now: Moment) {
        self.dial_mut().client().ping(now.monotonic);
    }
}
