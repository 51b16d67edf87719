//! From one message to all its subscribers.

use crate::key::SessionKey;
use crate::key::ShareKey;
use crate::message::{Message, Routed, Shape};
use crate::options::Options;
use crate::shared::{Fitness, Member};
use crate::subscriptions::Matches;
use crate::{Broker, ConnectionId, Now, Output, Record};
use headcount_mqtt::{PacketId, QoS, TopicName};
use std::sync::Arc;

/// One session's copy of a message.
#[derive(Debug, Clone, Copy)]
struct Copy<'a> {
    session: SessionKey,
    qos: QoS,
    retain: bool,
    identifiers: &'a [u32],
    share: Option<ShareKey>,
}

/// Whether a message is retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// It is not.
    No,
    /// It is, but said again after a restart: a word of the broker's own.
    InMemory,
    /// It is, and survives a restart.
    Stored,
}

impl Keep {
    pub(crate) fn stored(retain: bool) -> Self {
        if retain { Self::Stored } else { Self::No }
    }
}

impl Broker {
    /// Publishes what no client sent just so: a Will, or a word of the broker's own.
    pub(crate) fn publish_message(
        &mut self,
        now: Now,
        message: Message,
        retain: bool,
        publisher: Option<SessionKey>,
    ) {
        let matches = self.matches(&message.topic);
        let retain = retain
            && self.config.limits.retain_available
            && publisher.is_none_or(|key| self.account_may_retain(key, &message))
            && self.has_room_to_retain(now, &message);
        self.route(message, Keep::stored(retain), publisher, &matches);
    }

    /// Whom a topic goes to.
    pub(crate) fn matches(&mut self, topic: &TopicName) -> Arc<Matches> {
        let sessions = &self.sessions;
        self.subscriptions.matches(topic.as_bytes(), |key| {
            sessions.get(key.0).is_some_and(|session| session.account.may_read(topic))
        })
    }

    /// Retains the message where it asks for that, and gives each session its copy [MQTT-4.5.0-1], in the order the
    /// messages come [MQTT-4.6.0-5].
    pub(crate) fn route(
        &mut self,
        message: Message,
        keep: Keep,
        publisher: Option<SessionKey>,
        matches: &Matches,
    ) {
        let mut routed = Routed::new(message);
        let retain = keep != Keep::No;
        if retain {
            self.retain(&mut routed, keep == Keep::Stored, publisher);
        }
        let mut entries = matches.entries.iter().peekable();
        let mut identifiers = Vec::new();
        while let Some(first) = entries.next() {
            let session = first.session;
            let own = publisher == Some(session);
            let mut merged: Option<Options> = None;
            identifiers.clear();
            let mut next = Some(first);
            while let Some(entry) = next {
                // [MQTT-3.8.3-3] No Local: not to its publisher.
                if !(own && entry.options.no_local) {
                    identifiers.extend(entry.options.identifier);
                    merged = Some(merge(merged, entry.options));
                }
                next = entries.next_if(|entry| entry.session == session);
            }
            // [MQTT-3.3.4-2] one copy, at the highest of the QoS that match.
            if let Some(options) = merged {
                let copy = copy(&routed.message, session, options, retain, &identifiers, None);
                self.deliver(&mut routed, copy);
            }
        }
        for share in &matches.shares {
            // (4.8.2) each group's message goes to one of its members.
            let Some(member) = self.choose(*share, &routed.message.topic, routed.message.qos) else {
                continue;
            };
            let own: Vec<u32> = member.options.identifier.into_iter().collect();
            let copy = copy(&routed.message, member.session, member.options, retain, &own, Some(*share));
            self.deliver(&mut routed, copy);
        }
    }

    /// The member of a group that is to have a message, at the `QoS` that member was granted [MQTT-4.8.2-3].
    pub(crate) fn choose(&mut self, share: ShareKey, topic: &TopicName, qos: QoS) -> Option<Member> {
        let (sessions, connections) = (&self.sessions, &self.connections);
        let full = self.config.limits.max_outbox_bytes;
        self.subscriptions.share_mut(share)?.choose(|member| {
            let Some(session) = sessions.get(member.session.0) else { return Fitness::Unfit };
            if !session.account.may_read(topic) {
                return Fitness::Unfit;
            }
            let connection = session.connection.and_then(|id| connections.get(id.0));
            let lasting = qos.min(member.options.qos) > QoS::AtMostOnce;
            match connection.and_then(|it| Some((it, it.link()?))) {
                Some((it, link)) => {
                    let room = it.outbox.waiting() <= full && (!lasting || session.may_send(link.window));
                    if room { Fitness::Ready } else { Fitness::Busy }
                }
                None if lasting && session.outlives_connection() => Fitness::Absent,
                None => Fitness::Unfit,
            }
        })
    }

    fn deliver(&mut self, routed: &mut Routed, copy: Copy<'_>) {
        let Some(session) = self.sessions.get(copy.session.0) else { return };
        let target = session.connection;
        if copy.qos == QoS::AtMostOnce {
            match target {
                Some(id) => self.send_routed(id, routed, copy, None),
                // QoS 0 for an absent client is not kept (4.1.0).
                None => self.stats.dropped += 1,
            }
            return;
        }
        let full = self.config.limits.max_outbox_bytes;
        let ready = target.filter(|id| {
            self.connections.get(id.0).is_some_and(|it| {
                it.outbox.waiting() <= full && it.link().is_some_and(|link| session.may_send(link.window))
            })
        });
        let message = Arc::clone(routed.stored());
        if let Some(id) = ready {
            self.send_now(id, routed, copy, message);
        } else {
            let identifiers = copy.identifiers.into();
            self.enqueue(copy.session, message, copy.qos, copy.retain, identifiers, copy.share);
        }
    }

    /// Sends a message of `QoS` 1 or 2 past an empty queue.
    fn send_now(&mut self, id: ConnectionId, routed: &mut Routed, copy: Copy<'_>, message: Arc<Message>) {
        let identifiers = copy.identifiers.into();
        let pending = self.pending(copy.session, message, copy.qos, copy.retain, identifiers, copy.share);
        let Some(link) = self.link(id) else { return };
        let shape = Shape { version: link.version, qos: copy.qos, retain: copy.retain };
        let most = link.max_packet_size;
        let fits = routed
            .encoded(shape, copy.identifiers, &mut self.stats.encoded)
            .is_some_and(|bytes| bytes.len() <= most);
        if !fits {
            // [MQTT-3.1.2-24] [MQTT-3.1.2-25] not sent, and done with.
            self.stats.dropped += 1;
            return;
        }
        self.record_queued(copy.session, &pending);
        let number = pending.number;
        let Some(session) = self.sessions.get_mut(copy.session.0) else { return };
        let (packet_id, place) = session.outgoing().inflight.push(pending);
        if self.record_sent(copy.session, number, place) && copy.qos == QoS::ExactlyOnce {
            self.promise(id);
        }
        self.send_routed(id, routed, copy, Some(packet_id));
    }

    /// Sends a message at `QoS` 0 to one connection, whether or not it is subscribed there.
    pub(crate) fn tell(&mut self, id: ConnectionId, message: Message) {
        let Some(session) = self.link(id).map(|link| link.session) else { return };
        let qos = QoS::AtMostOnce;
        let copy = Copy { session, qos, retain: false, identifiers: &[], share: None };
        self.send_routed(id, &mut Routed::new(message), copy, None);
    }

    /// Appends the shared bytes to an outbox; at `QoS` 0 only where it is not full.
    fn send_routed(
        &mut self,
        id: ConnectionId,
        routed: &mut Routed,
        copy: Copy<'_>,
        packet_id: Option<PacketId>,
    ) {
        let Some(it) = self.connections.get_mut(id.0) else { return };
        let Some(link) = it.link() else { return };
        let shape = Shape { version: link.version, qos: copy.qos, retain: copy.retain };
        let (most, payload) = (link.max_packet_size, routed.message.payload.len() as u64);
        if packet_id.is_none() && it.outbox.waiting() > self.config.limits.max_outbox_bytes {
            self.stats.dropped += 1;
            return;
        }
        match routed.encoded(shape, copy.identifiers, &mut self.stats.encoded) {
            Some(bytes) if bytes.len() <= most => {
                it.outbox.append_publish(bytes, false, packet_id);
                it.traffic.packets_out += 1;
                self.stats.packets_sent += 1;
                self.stats.publishes_sent += 1;
                self.stats.publish_bytes_sent += payload;
                if it.outbox.announce() {
                    self.outputs.push_back(Output::Ready(id));
                }
            }
            // [MQTT-3.1.2-24]
            _ => self.stats.dropped += 1,
        }
    }

    fn retain(&mut self, routed: &mut Routed, record: bool, publisher: Option<SessionKey>) {
        if routed.message.payload.is_empty() {
            // [MQTT-3.3.1-6] [MQTT-3.3.1-7] an empty message deletes and is not kept itself.
            if self.retained.clear(&routed.message.topic) && record {
                let topic = routed.message.topic.clone();
                self.persist(|| Record::RetainedCleared(topic));
            }
            return;
        }
        let message = Arc::clone(routed.stored());
        let owner = publisher.and_then(|key| self.sessions.get(key.0)).map(|it| it.account.name.clone());
        self.retained.set(Arc::clone(&message), owner.clone());
        if record {
            self.persist(|| Record::RetainedSet { message, owner });
        }
    }

    /// Whether a retained message can be kept: it takes the place of its topic's last, or the bounds allow one more.
    pub(crate) fn has_room_to_retain(&mut self, now: Now, message: &Message) -> bool {
        if message.payload.is_empty() {
            return true;
        }
        let limits = &self.config.limits;
        let (count, bytes) = (limits.max_retained_messages, limits.max_retained_bytes);
        let fits = |retained: &crate::retained::Retained| {
            let old = retained.get(&message.topic).map(|old| old.size());
            retained.len() + usize::from(old.is_none()) <= count
                && retained.bytes() + message.size() - old.unwrap_or(0) <= bytes
        };
        if fits(&self.retained) {
            return true;
        }
        self.retained.drop_expired(now.monotonic);
        fits(&self.retained)
    }
}

fn merge(merged: Option<Options>, options: Options) -> Options {
    merged.map_or(options, |merged| Options {
        qos: merged.qos.max(options.qos),
        retain_as_published: merged.retain_as_published || options.retain_as_published,
        ..merged
    })
}

fn copy<'a>(
    message: &Message,
    session: SessionKey,
    options: Options,
    retain: bool,
    identifiers: &'a [u32],
    share: Option<ShareKey>,
) -> Copy<'a> {
    Copy {
        session,
        // [MQTT-3.8.4-8] the lower of both.
        qos: message.qos.min(options.qos),
        // [MQTT-3.3.1-12] [MQTT-3.3.1-13] RETAIN is kept for those who ask for it.
        retain: retain && options.retain_as_published,
        identifiers,
        share,
    }
}
