//! `$SYS/broker/…`: what Mosquitto says of itself, by its names, units and formats.
//!
//! Every `sys_interval` each value that has changed is published, retained. Left out are `clients/active` and
//! `clients/inactive`, old names for `connected` and `disconnected`, and `heap/…`, as this program does not count what
//! its allocator gives: `/metrics` has the memory of the process.

use crate::route::Keep;
use crate::timers::Timer;
use crate::{Broker, Now, Stats};
use std::time::Duration;

/// Rates of the last minutes, as Mosquitto smooths them: the older, the less they weigh.
const MINUTES: [(&str, f64); 3] = [("1min", 60.0), ("5min", 300.0), ("15min", 900.0)];

type Count = fn(&Stats) -> u64;

/// What rates are given of.
const RATES: [(&str, Count); 9] = [
    ("messages/received", |stats| stats.packets_received),
    ("messages/sent", |stats| stats.packets_sent),
    ("publish/dropped", |stats| stats.dropped),
    ("publish/received", |stats| stats.publishes_received),
    ("publish/sent", |stats| stats.publishes_sent),
    ("bytes/received", |stats| stats.bytes_received),
    ("bytes/sent", |stats| stats.bytes_sent),
    ("sockets", |stats| stats.connections_opened),
    ("connections", |stats| stats.connects),
];

/// What was said so far.
#[derive(Debug, Default)]
pub(crate) struct Sys {
    began: Duration,
    /// When the last values were taken, and which.
    taken: Option<(Duration, Stats)>,
    rates: [[f64; MINUTES.len()]; RATES.len()],
    said: Vec<(String, String)>,
}

impl Sys {
    pub(crate) fn new(now: Now) -> Self {
        Self { began: now.monotonic, ..Self::default() }
    }

    /// Moves the rates on to these counters.
    fn take(&mut self, now: Duration, stats: Stats) {
        if let Some((then, last)) = self.taken {
            let seconds = now.saturating_sub(then).as_secs_f64().max(0.001);
            for ((_, count), rates) in RATES.iter().zip(&mut self.rates) {
                let each_minute = lossy(count(&stats) - count(&last)) * 60.0 / seconds;
                for ((_, window), rate) in MINUTES.iter().zip(rates) {
                    let old = (-seconds / window).exp();
                    *rate = each_minute * (1.0 - old) + *rate * old;
                }
            }
        }
        self.taken = Some((now, stats));
    }
}

impl Broker {
    /// Says what has changed, and sets the timer for the next time.
    pub(crate) fn say_sys(&mut self, now: Now) {
        let Some(interval) = self.config.sys_interval else { return };
        let stats = self.stats();
        self.sys.take(now.monotonic, stats);
        let values = self.sys_values(now, &stats);
        let said = std::mem::take(&mut self.sys.said);
        for (at, (topic, value)) in values.iter().enumerate() {
            // The list is the same each time.
            if said.get(at).is_none_or(|(_, old)| old != value) {
                self.say(now, topic, Keep::InMemory, |_| value.clone().into());
            }
        }
        self.sys.said = values;
        self.timers.set(now.monotonic + interval, Timer::Sys);
    }

    fn sys_values(&self, now: Now, stats: &Stats) -> Vec<(String, String)> {
        let waiting = self.waiting();
        let stored = stats.retained_messages + waiting.messages;
        let whole = |value: usize| value as u64;
        let mut values = vec![
            ("version".to_owned(), concat!("headcount version ", env!("CARGO_PKG_VERSION")).to_owned()),
            (
                "uptime".to_owned(),
                format!("{} seconds", now.monotonic.saturating_sub(self.sys.began).as_secs()),
            ),
        ];
        let counts = [
            ("clients/total", whole(stats.sessions)),
            ("clients/maximum", whole(stats.clients_maximum)),
            ("clients/disconnected", whole(stats.sessions.saturating_sub(stats.clients))),
            ("clients/connected", whole(stats.clients)),
            ("clients/expired", stats.sessions_expired),
            ("messages/stored", whole(stored)),
            ("messages/received", stats.packets_received),
            ("messages/sent", stats.packets_sent),
            ("store/messages/count", whole(stored)),
            ("store/messages/bytes", whole(stats.retained_bytes + waiting.queued_bytes)),
            ("subscriptions/count", whole(stats.subscriptions - stats.shared_subscriptions)),
            ("shared_subscriptions/count", whole(stats.shared_subscriptions)),
            ("retained messages/count", whole(stats.retained_messages)),
            ("publish/messages/dropped", stats.dropped),
            ("publish/messages/received", stats.publishes_received),
            ("publish/messages/sent", stats.publishes_sent),
            ("publish/bytes/received", stats.publish_bytes_received),
            ("publish/bytes/sent", stats.publish_bytes_sent),
            ("bytes/received", stats.bytes_received),
            ("bytes/sent", stats.bytes_sent),
        ];
        values.extend(counts.map(|(name, count)| (name.to_owned(), count.to_string())));
        for ((name, _), rates) in RATES.iter().zip(&self.sys.rates) {
            for ((window, _), rate) in MINUTES.iter().zip(rates) {
                values.push((format!("load/{name}/{window}"), format!("{rate:.2}")));
            }
        }
        for (topic, _) in &mut values {
            topic.insert_str(0, "$SYS/broker/");
        }
        values
    }
}

#[allow(clippy::cast_precision_loss, reason = "two decimals of a rate are shown")]
fn lossy(count: u64) -> f64 {
    count as f64
}
