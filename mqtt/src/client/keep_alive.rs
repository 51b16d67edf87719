//! Keep Alive (3.1.2.10 of both standards): when PINGREQ is due, and when silence means that nobody is there.

use std::time::Duration;

/// The two clocks of a connection and the PINGREQ on its way.
#[derive(Debug)]
pub(super) struct KeepAlive {
    /// `None`: turned off.
    interval: Option<Duration>,
    patience: Duration,
    last_sent: Duration,
    last_received: Duration,
    /// When the unanswered PINGREQ left.
    pinged: Option<Duration>,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Ping,
    Dead,
}

impl KeepAlive {
    /// Starts with a connection; `seconds` of 0 is off.
    pub(super) fn new(seconds: u16, patience: Duration, now: Duration) -> Self {
        let interval = (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)));
        Self { interval, patience, last_sent: now, last_received: now, pinged: None }
    }

    /// CONNACK's Server Keep Alive replaces the client's own [MQTT-3.2.2-21].
    pub(super) fn set_interval(&mut self, seconds: u16) {
        self.interval = (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)));
    }

    pub(super) fn sent(&mut self, now: Duration) {
        self.last_sent = now;
    }

    pub(super) fn received(&mut self, now: Duration) {
        self.last_received = now;
    }

    pub(super) fn pinged(&mut self, now: Duration) {
        self.pinged.get_or_insert(now);
    }

    pub(super) fn ponged(&mut self) {
        self.pinged = None;
    }

    /// When PINGREQ is due: after an interval in which nothing was sent [MQTT-3.1.2-20] [MQTT-3.1.2-23], and also when
    /// nothing came in for as long, since a client that only publishes would not notice a dead line otherwise.
    fn ping_at(&self) -> Option<Duration> {
        let quiet_since = match self.pinged {
            Some(_) => self.last_sent,
            None => self.last_sent.min(self.last_received),
        };
        Some(quiet_since.saturating_add(self.interval?))
    }

    /// When an unanswered PINGREQ ends the connection. Bytes that come in are a sign of life too: PINGRESP may stand
    /// behind a long PUBLISH.
    fn dead_at(&self) -> Option<Duration> {
        Some(self.pinged?.max(self.last_received).saturating_add(self.patience))
    }

    pub(super) fn poll_timeout(&self) -> Option<Duration> {
        self.ping_at().into_iter().chain(self.dead_at()).min()
    }

    pub(super) fn due(&self, now: Duration) -> Option<Due> {
        if self.dead_at().is_some_and(|at| at <= now) {
            return Some(Due::Dead);
        }
        self.ping_at().is_some_and(|at| at <= now).then_some(Due::Ping)
    }
}
