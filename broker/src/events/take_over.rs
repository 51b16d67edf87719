//! What is said when one connection takes a session from another, and when two of them fight over it.

use super::conflict::{Ended, Parties, Party};
use super::event::{Client, Event, Side};
use super::report::{json, transport};
use super::{Reason, at, state};
use crate::timers::Timer;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::{Delivery, Packet, ProtocolVersion, Publish, Text, TopicName};
use std::sync::Arc;

impl Broker {
    /// One connection takes a session from another; often enough, that is a conflict.
    pub(crate) fn report_take_over(
        &mut self,
        now: Now,
        new: ConnectionId,
        old: ConnectionId,
        client_id: &Text,
    ) {
        let Some(account) = self.link(old).map(|link| Arc::clone(&link.account)) else { return };
        let connections = &self.connections;
        let party = |id: ConnectionId| {
            let peer = connections.get(id.0).map(|it| &it.peer);
            let (address, transport) = peer.map_or_else(
                || (String::new(), crate::Transport::Tcp),
                |peer| (peer.address.clone(), peer.transport),
            );
            Party { address, transport }
        };
        let parties = || Parties { account: account.name.clone(), holder: party(new), ousted: party(old) };
        let Some(score) = self.journal.conflicts.count(client_id, now.monotonic, parties) else { return };
        self.event(now, &account, |broker, at, seq| {
            let Some(newcomer) = broker.connections.get(new.0) else { return Vec::new() };
            broker.with_client(old, |client, _| {
                let other =
                    Side { address: &newcomer.peer.address, transport: transport(newcomer.peer.transport) };
                json(&Event {
                    seq,
                    other: Some(other),
                    take_overs: Some(score.take_overs),
                    within_seconds: Some(score.seconds),
                    ..Event::new("conflict", at, client)
                })
            })
        });
        self.await_end_of_conflicts();
    }

    /// Fights may be over.
    pub(crate) fn end_conflicts(&mut self, now: Now) {
        self.journal.conflicts.is_timed = false;
        for Ended { client_id, parties, score } in self.journal.conflicts.take_ended(now.monotonic) {
            let Parties { account, holder, ousted } = parties;
            self.event_of(now, account.as_str(), |broker, at, seq| {
                let client = Client {
                    id: client_id.as_str(),
                    account: account.as_str(),
                    address: &holder.address,
                    transport: transport(holder.transport),
                    protocol: None,
                    keep_alive: None,
                    clean_start: None,
                    device: broker.device_name(client_id.as_str()),
                };
                json(&Event {
                    seq,
                    other: Some(Side { address: &ousted.address, transport: transport(ousted.transport) }),
                    take_overs: Some(score.take_overs),
                    within_seconds: Some(score.seconds),
                    over: true,
                    ..Event::new("conflict", at, &client)
                })
            });
        }
        self.await_end_of_conflicts();
    }

    fn await_end_of_conflicts(&mut self) {
        if self.journal.conflicts.is_timed {
            return;
        }
        if let Some(at) = self.journal.conflicts.next_end() {
            self.journal.conflicts.is_timed = true;
            self.timers.set(at, Timer::Conflicts);
        }
    }

    /// MQTT 3.1.1 has no word for a connection that another one replaces. Whoever has subscribed to the states of its
    /// account's clients reads its own there, as a last word, and need not come back to take the session over in turn.
    pub(crate) fn tell_ousted(&mut self, now: Now, id: ConnectionId) {
        let Some(link) = self.link(id).filter(|link| link.version == ProtocolVersion::V311) else { return };
        let (key, level) = (link.session, link.account.level.clone());
        let topic = state::topic(&level, self.client_id(key).as_str());
        let Ok(topic) = TopicName::try_from(topic) else { return };
        if !self.matches(&topic).entries.iter().any(|entry| entry.session == key) {
            return;
        }
        let payload = self.with_client(id, |client, _| {
            state::json("disconnected", &at(now.unix), client, Some(Reason::TakenOver.as_str()), None)
        });
        let publish = Publish {
            dup: false,
            delivery: Delivery::AtMostOnce,
            retain: false,
            topic: Some(topic),
            properties: None,
            payload: payload.into(),
        };
        self.send(id, &Packet::Publish(publish));
    }
}
