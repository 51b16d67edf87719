//! Which packets the list shows.

use headcount_mqtt::{PacketType, TopicFilter, TopicName};

use super::packet::Packet;

/// What is asked of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Whether PINGREQ and PINGRESP are shown.
    pub pings: bool,
    /// Whether what the page sent is shown.
    pub sent: bool,
    /// Whether what the page received is shown.
    pub received: bool,
    /// The one type that is shown; none for all.
    pub packet_type: Option<PacketType>,
    /// A Topic Filter where it has a wildcard, else a part of the topic; empty for all.
    pub topic: String,
    /// What the packet's bytes hold, by any case of A to Z, or those of the packet that it belongs to: an
    /// acknowledgement is found with its message. Empty for all.
    pub text: String,
    /// The number of the one connection that is shown.
    pub connection: Option<u32>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            pings: false,
            sent: true,
            received: true,
            packet_type: None,
            topic: String::new(),
            text: String::new(),
            connection: None,
        }
    }
}

/// A filter made ready for many packets.
#[derive(Debug)]
pub(super) struct Sieve {
    filter: Filter,
    topics: Option<TopicFilter>,
    topic: Vec<u8>,
    text: Vec<u8>,
}

impl Sieve {
    pub(super) fn new(filter: Filter) -> Self {
        let topic = filter.topic.trim();
        let has_wildcard = topic.contains(['+', '#']);
        let topics = has_wildcard.then(|| TopicFilter::try_from(topic).ok()).flatten();
        let topic = topic.as_bytes().to_ascii_lowercase();
        let text = filter.text.trim().as_bytes().to_ascii_lowercase();
        Self { filter, topics, topic, text }
    }

    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Whether the packet is shown; `first` is the one that began what it belongs to, if it is another.
    pub(super) fn lets(&self, packet: &Packet, first: Option<&Packet>) -> bool {
        let Filter { pings, sent, received, packet_type, connection, .. } = self.filter;
        // Who asks for pings means them.
        let is_asked = packet_type.is_some() && packet_type == packet.packet_type;
        (pings || is_asked || !packet.is_ping())
            && (if packet.is_sent() { sent } else { received })
            && (packet_type.is_none() || is_asked)
            && connection.is_none_or(|connection| connection == packet.connection)
            && (self.has_topic(packet) || first.is_some_and(|first| self.has_topic(first)))
            && (self.holds_text(packet) || first.is_some_and(|first| self.holds_text(first)))
    }

    fn has_topic(&self, packet: &Packet) -> bool {
        // A request may have several Topic Filters, of which the list shows the first.
        let is_request = matches!(packet.packet_type, Some(PacketType::Subscribe | PacketType::Unsubscribe));
        let is_named = match &self.topics {
            Some(filter) => {
                TopicName::try_from(packet.topic.as_str()).is_ok_and(|topic| filter.matches(&topic))
            }
            None => holds(packet.topic.as_bytes(), &self.topic),
        };
        is_named || is_request && holds(&packet.bytes, &self.topic)
    }

    fn holds_text(&self, packet: &Packet) -> bool {
        holds(&packet.bytes, &self.text)
    }
}

/// Whether `part`, in small letters, is in `whole`.
fn holds(whole: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return true };
    let is_it = |window: &[u8]| window[0].eq_ignore_ascii_case(first) && window.eq_ignore_ascii_case(part);
    whole.windows(part.len()).any(is_it)
}
