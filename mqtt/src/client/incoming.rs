//! Messages from the server: Topic Aliases, Receive Maximum, and `QoS` 2 exactly once.

#[cfg(feature = "manual-acks")]
use super::receipts::Receipts;
use super::{Message, Options, set::Set};
use crate::{DecodeError, Delivery, PacketId, PacketType, ProtocolVersion, Publish, ReasonCode, TopicName};

#[derive(Debug)]
pub(super) struct Incoming {
    receive_maximum: usize,
    alias_maximum: u16,
    /// Of this connection alone (3.3.2.3.4 of MQTT 5.0) [MQTT-3.3.2-7], in the order of the aliases.
    aliases: Vec<(u16, TopicName)>,
    /// `QoS` 2 messages that were handed on and not released, received on this connection. At most 65,535 in 3.1.1, of
    /// 2 bytes each; at most `receive_maximum` in 5.0.
    unreleased: Set<PacketId>,
    /// The same, received before this connection: they do not count against its Receive Maximum, since servers begin
    /// each connection with a full quota.
    unreleased_before: Set<PacketId>,
    /// `None`: PUBACK leaves at once.
    #[cfg(feature = "manual-acks")]
    pub(super) receipts: Option<Receipts>,
}

/// What to answer to a PUBLISH.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Nothing,
    PubAck(PacketId),
    PubRec(PacketId),
}

impl Incoming {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            receive_maximum: match options.version {
                ProtocolVersion::V5 => usize::from(options.receive_maximum.get()),
                // It has none.
                ProtocolVersion::V311 => usize::MAX,
            },
            alias_maximum: options.topic_alias_maximum,
            aliases: Vec::new(),
            unreleased: Set::default(),
            unreleased_before: Set::default(),
            #[cfg(feature = "manual-acks")]
            receipts: options.manual_acks.then(Receipts::default),
        }
    }

    /// A connection begins; without a session on the server its `QoS` 2 identifiers mean nothing any more.
    pub(super) fn begin(&mut self, session_present: bool) {
        self.aliases.clear();
        #[cfg(feature = "manual-acks")]
        self.receipts.iter_mut().for_each(Receipts::begin);
        let unreleased = self.unreleased.take();
        if session_present {
            for id in unreleased {
                self.unreleased_before.insert(id);
            }
        } else {
            self.unreleased_before = Set::default();
        }
    }

    /// The message to hand on, unless it was before, and the answer to send.
    pub(super) fn publish(&mut self, mut publish: Publish) -> Result<(Option<Message>, Answer), DecodeError> {
        let topic = self.topic(&mut publish)?;
        let answer = match publish.delivery {
            Delivery::AtMostOnce => Answer::Nothing,
            // In the caller's hands already: some servers of 3.1.1 send again on the same connection.
            #[cfg(feature = "manual-acks")]
            Delivery::AtLeastOnce(id) if self.receipts.as_ref().is_some_and(|held| held.has(id)) => {
                return Ok((None, Answer::Nothing));
            }
            #[cfg(feature = "manual-acks")]
            Delivery::AtLeastOnce(id) if self.receipts.is_some() => {
                self.room()?;
                self.receipts.iter_mut().for_each(|held| held.hold(id));
                Answer::Nothing
            }
            // Answered at once, yet it must have had room beside what is unfinished.
            Delivery::AtLeastOnce(id) => {
                self.room()?;
                Answer::PubAck(id)
            }
            Delivery::ExactlyOnce(id) if self.unreleased.contains(&id) => {
                // Until PUBREL the same identifier is the same message [MQTT-4.3.3-10] (3.1.1: [MQTT-4.3.3-2]).
                return Ok((None, Answer::PubRec(id)));
            }
            Delivery::ExactlyOnce(id) => {
                self.room()?;
                self.unreleased.insert(id);
                if self.unreleased_before.remove(&id) {
                    return Ok((None, Answer::PubRec(id)));
                }
                Answer::PubRec(id)
            }
        };
        Ok((Some(Message::from_publish(publish, topic)), answer))
    }

    /// PUBREL: whether its identifier was known. Either way PUBCOMP is due [MQTT-4.3.3-11].
    pub(super) fn release(&mut self, id: PacketId) -> bool {
        self.unreleased.remove(&id) | self.unreleased_before.remove(&id)
    }

    /// [MQTT-3.3.4-9], answered with 0x93 (3.3.4 of MQTT 5.0).
    fn room(&self) -> Result<(), DecodeError> {
        let unfinished = self.unreleased.len();
        #[cfg(feature = "manual-acks")]
        let unfinished = unfinished + self.receipts.as_ref().map_or(0, Receipts::len);
        if unfinished < self.receive_maximum {
            return Ok(());
        }
        Err(DecodeError::Protocol {
            packet: PacketType::Publish,
            rule: "more unfinished messages than the client's Receive Maximum [MQTT-3.3.4-9]",
            reason: ReasonCode::ReceiveMaximumExceeded,
        })
    }

    /// Where a Topic Alias stands, or would.
    fn alias(&self, alias: u16) -> Result<usize, usize> {
        self.aliases.binary_search_by_key(&alias, |(alias, _)| *alias)
    }

    /// Resolves and learns a Topic Alias, any up to the maximum [MQTT-3.3.2-10].
    fn topic(&mut self, publish: &mut Publish) -> Result<TopicName, DecodeError> {
        let invalid = |rule| DecodeError::Protocol {
            packet: PacketType::Publish,
            rule,
            reason: ReasonCode::TopicAliasInvalid,
        };
        let alias = publish.properties.as_mut().and_then(|properties| properties.topic_alias.take());
        if let Some(alias) = alias
            && (alias == 0 || alias > self.alias_maximum)
        {
            return Err(invalid(
                "a Topic Alias of 0 or above the Topic Alias Maximum [MQTT-3.3.2-8] [MQTT-3.3.2-11]",
            ));
        }
        match (publish.topic.take(), alias) {
            (Some(topic), None) => Ok(topic),
            (Some(topic), Some(alias)) => {
                match self.alias(alias) {
                    Ok(at) => self.aliases[at].1 = topic.clone(),
                    Err(at) => self.aliases.insert(at, (alias, topic.clone())),
                }
                Ok(topic)
            }
            (None, Some(alias)) => {
                let known = self.alias(alias).map(|at| self.aliases[at].1.clone());
                known.map_err(|_| invalid("a Topic Alias that this connection has not defined (3.3.2.3.4)"))
            }
            (None, None) => Err(DecodeError::Protocol {
                packet: PacketType::Publish,
                rule: "neither a Topic Name nor a Topic Alias (3.3.2.1)",
                reason: ReasonCode::ProtocolError,
            }),
        }
    }
}
