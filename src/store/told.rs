//! How the store takes in what adapters read: other brokers' presence, and devices' own words.
//!
//! One fact that two of them tell stays two rows, each under the name of who told it: a broker that saw a connection
//! end and a device whose Will says `Offline` agree on nothing that could be joined for certain, neither on a name nor
//! on a time. Who is here is listed by broker and by convention likewise.

use std::sync::Arc;

use super::{
    Connection, Store,
    adapters::{self, Adapter, Feeds, Told},
    clock::Millis,
    event::{Event, Kind, Source},
    fingerprint::{Table, fingerprint},
    present::CAP,
    source::Trust,
};

/// Rows for messages of adapters that could not be read, on one connection; beyond it they are only counted.
const UNREADABLE_ROWS: u64 = 20;

/// Connections in a row that ended while the adapters' subscriptions were under way, after which the page does without.
const HANG_UPS: u32 = 2;

/// What the store remembers for adapters.
#[derive(Debug, Default)]
pub(crate) struct Others {
    pub(super) feeds: Feeds,
    /// Connections in a row that ended over the adapters' subscriptions.
    pub(super) hung_up: u32,
    /// Messages on this connection that could not be read.
    pub(super) unreadable: u64,
    /// By the fingerprint of a client, the low bits of the number of its birth.
    pub(super) births: Table,
    /// By the fingerprint of a client that lost a WebSocket to another one, the second of that.
    dragging: Table,
}

/// How many seconds after a take-over Mosquitto may log the end of the old WebSocket.
const DRAG: u32 = 10;

impl Store {
    /// Takes over which feeds the user wants, as a list of names; they are asked for on the next connection.
    pub(super) fn choose_feeds(&mut self, names: &str) {
        self.others.feeds = Feeds::of(names);
    }

    /// How careful the page has become: 1 after the broker hung up over the adapters' subscriptions, 2 when they are
    /// no longer asked for, 3 when only the own account's topics are. When it rises, a client session is to be replaced
    /// by a new one, which does not repeat what the broker hung up over.
    pub fn caution(&self) -> u32 {
        if self.is_narrow() { HANG_UPS + 1 } else { self.others.hung_up.min(HANG_UPS) }
    }

    /// Whether the broker hangs up over the adapters' subscriptions, so that the page does without.
    pub(super) fn does_without_others(&self) -> bool {
        self.caution() >= HANG_UPS
    }

    /// Wants what the chosen adapters read, and at a broker without `$headcount` topics what those of brokers do.
    pub(super) fn ask_others(&mut self) {
        if self.does_without_others() || !matches!(self.connection, Connection::Live(_)) {
            return;
        }
        let Feeds { brokers, chosen } = &self.others.feeds;
        let brokers = *brokers && self.sources.trust() == Trust::FeedAlone;
        let wanted = |adapter: &Adapter| (brokers && !adapter.is_device()) || chosen.contains(adapter);
        self.plan.add(Adapter::ALL.into_iter().filter(wanted));
        self.versions.status += 1;
    }

    /// Takes a message that may be an adapter's. Gives whether one asked for its topic.
    pub(super) fn take_other(&mut self, now: Millis, payload: &[u8], retained: bool) -> bool {
        let topic = Arc::clone(&self.session.topic);
        let Some((adapter, told)) = adapters::read(self.plan.adapters(), now, &topic, payload) else {
            return false;
        };
        self.versions.status += u64::from(self.plan.hear(adapter));
        if let Some(told) = told {
            self.take_told(now, told, retained);
        }
        true
    }

    fn take_told(&mut self, now: Millis, told: Told, retained: bool) {
        let Told { mut event, session, brood } = told;
        let here = self.present.known(&event.client, event.source).cloned();
        match &event.kind {
            Kind::Unreadable(_) => {
                self.others.unreadable += 1;
                if self.others.unreadable > UNREADABLE_ROWS {
                    self.unreadable += 1;
                    self.versions.status += 1;
                    return;
                }
            }
            // What was removed here was nobody's.
            Kind::Disconnected if here.is_none() && event.raw.is_empty() => return,
            // A log has the same line for who is refused and for who is put out.
            Kind::Refused if here.is_some() && event.source == Source::Other(Adapter::MosquittoLog) => {
                event.kind = Kind::Disconnected;
            }
            // A state of a device that was not known to be here.
            Kind::Other(_) if here.is_none() => event.kind = Kind::Connected,
            _ => {}
        }
        let old = here.as_ref().and_then(|here| here.client.address.as_deref());
        let is_end = event.kind == Kind::Disconnected;
        let is_another = self.is_another(&event, session);
        if (is_end && is_another) || self.is_dragged(now, &event, old) {
            event.kind = Kind::Other("late end".into());
        } else if let Some(brood) = brood.filter(|_| is_end || is_another) {
            self.end_brood(now, &event, &brood, retained);
        }
        if retained {
            return self.take_state(now, &event);
        }
        if let (Kind::Disconnected, Some(here)) = (&event.kind, here) {
            // What the broker's row about the beginning said, its row about the end need not repeat.
            let client = &mut event.client;
            if client.account.is_empty() {
                client.account = Arc::clone(&here.client.account);
            }
            client.address = client.address.take().or_else(|| here.client.address.clone());
        }
        self.show(event);
    }

    /// A retained message tells how it stands, not what happens: it makes no row.
    fn take_state(&mut self, now: Millis, event: &Event) {
        match &event.kind {
            Kind::Disconnected => {
                self.present.leave(&event.client, event.started, event.source);
            }
            Kind::Connected if event.at == now => self.present.see(&event.client, now, event.source),
            Kind::Connected => {
                self.present.arrive(&event.client, event.at, event.source);
            }
            _ => return,
        }
        self.versions.present += 1;
    }

    /// Those whose names begin so go with whom this event is about.
    fn end_brood(&mut self, now: Millis, event: &Event, brood: &str, retained: bool) {
        for here in self.present.named(brood, event.source) {
            if here.client.id == event.client.id {
                continue;
            }
            let end = Event {
                kind: Kind::Disconnected,
                client: here.client.clone(),
                started: None,
                detail: Some(format!("with {}", event.client.id).into()),
                ..event.clone()
            };
            if retained {
                self.take_state(now, &end);
            } else {
                self.show(end);
            }
        }
    }

    /// Whether it belongs to another birth than the one that is known: an end is then a Will that came after its client
    /// did.
    fn is_another(&mut self, event: &Event, session: Option<u64>) -> bool {
        let number = session.and_then(|number| u32::try_from(number & 0xffff_ffff).ok());
        let client = fingerprint(&[event.client.id.as_bytes()]);
        let births = &mut self.others.births;
        let known = births.get(&client).copied();
        if event.kind != Kind::Disconnected {
            match number {
                Some(number) if known.is_some() || births.len() < CAP => births.insert(client, number),
                _ => births.remove(&client),
            };
        }
        number.zip(known).is_some_and(|(number, known)| number != known)
    }
}

impl Store {
    /// Whether a line of Mosquitto's log tells once more of a connection whose take-over it told of: up to 2.0 it closes
    /// an old WebSocket later than it logs the new one, and the line does not say which of both has ended. A WebSocket
    /// is known by its address, an IPv4 one within IPv6.
    fn is_dragged(&mut self, now: Millis, event: &Event, old: Option<&str>) -> bool {
        if event.source != Source::Other(Adapter::MosquittoLog) || event.kind != Kind::Disconnected {
            return false;
        }
        let second = u32::try_from(now.0 / 1_000).unwrap_or(u32::MAX);
        let client = fingerprint(&[event.client.id.as_bytes()]);
        let dragging = &mut self.others.dragging;
        if event.is_succeeded() {
            if old.is_some_and(|old| old.starts_with("::ffff:")) && dragging.len() < CAP {
                dragging.insert(client, second);
            }
            return false;
        }
        let since = dragging.remove(&client);
        event.client.address.is_none() && since.is_some_and(|since| second.saturating_sub(since) <= DRAG)
    }
}

impl Event {
    /// Whether another connection of the same client took over, whose row comes just before or after this one: the
    /// client has not gone.
    pub(super) fn is_succeeded(&self) -> bool {
        matches!(self.source, Source::Other(_)) && self.reason.as_deref() == Some("taken-over")
    }
}
