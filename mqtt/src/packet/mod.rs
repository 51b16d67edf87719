//! The fifteen Control Packets, one file each, in one enum for both protocol versions.
//!
//! Properties are typed fields; a field of MQTT 5.0 that is set has no bytes in 3.1.1 and is left out there.

mod ack;
mod allowed;
mod auth;
mod connack;
mod connect;
mod decode;
mod disconnect;
mod encode;
mod encoded_publish;
mod publish;
mod suback;
mod subscribe;
mod unsuback;
mod unsubscribe;

pub use ack::{Ack, AckProperties};
pub use auth::{Auth, AuthProperties};
pub use connack::{ConnAck, ConnAckProperties};
pub use connect::{Connect, ConnectProperties, Will, WillProperties};
pub use disconnect::{Disconnect, DisconnectProperties};
pub use encode::{encode, encoded_len};
pub(crate) use encode::{encode_from_client, encoded_len_from_client};
pub use encoded_publish::EncodedPublish;
pub use publish::{Delivery, Publish, PublishProperties};
pub use suback::SubAck;
pub use subscribe::{RetainHandling, Subscribe, Subscription};
pub use unsuback::UnsubAck;
pub use unsubscribe::Unsubscribe;

pub(crate) use allowed::{connect_flags_are_allowed, reason_is_allowed};
pub(crate) use decode::{Decode, decode_from_client, decode_from_server};

use crate::Text;
use std::num::NonZeroU16;

/// The protocol versions spoken here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProtocolVersion {
    /// MQTT 3.1.1, Protocol Level 4.
    V311,
    /// MQTT 5.0, Protocol Version 5.
    V5,
}

/// Quality of Service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum QoS {
    /// At most once: 0.
    #[default]
    AtMostOnce = 0,
    /// At least once: 1.
    AtLeastOnce = 1,
    /// Exactly once: 2.
    ExactlyOnce = 2,
}

/// A Packet Identifier, never zero [MQTT-2.2.1-3] [MQTT-2.2.1-4] [MQTT-2.3.1-1 (3.1.1)].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketId(pub NonZeroU16);

/// User Properties, in the order they were sent [MQTT-3.3.2-18]; a name may repeat.
pub type UserProperties = Vec<(Text, Text)>;

/// A Control Packet of either version and direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    /// Client asks for a connection. Boxed: rare and large.
    Connect(Box<Connect>),
    /// Server answers it. Boxed: rare and large.
    ConnAck(Box<ConnAck>),
    /// A message, either way.
    Publish(Publish),
    /// Publish acknowledgement, `QoS` 1.
    PubAck(Ack),
    /// Publish received, `QoS` 2 part 1.
    PubRec(Ack),
    /// Publish release, `QoS` 2 part 2.
    PubRel(Ack),
    /// Publish complete, `QoS` 2 part 3.
    PubComp(Ack),
    /// Client asks for subscriptions.
    Subscribe(Subscribe),
    /// Server answers them.
    SubAck(SubAck),
    /// Client gives subscriptions up.
    Unsubscribe(Unsubscribe),
    /// Server answers it.
    UnsubAck(UnsubAck),
    /// Client asks for a sign of life.
    PingReq,
    /// Server gives it.
    PingResp,
    /// The last packet of a connection.
    Disconnect(Disconnect),
    /// Enhanced authentication, MQTT 5.0 alone.
    Auth(Auth),
}

/// Control Packet types, by their four bits.
#[allow(missing_docs, reason = "the names are the standard's")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PacketType {
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl Packet {
    /// The packet's type.
    pub fn packet_type(&self) -> PacketType {
        match self {
            Self::Connect(_) => PacketType::Connect,
            Self::ConnAck(_) => PacketType::ConnAck,
            Self::Publish(_) => PacketType::Publish,
            Self::PubAck(_) => PacketType::PubAck,
            Self::PubRec(_) => PacketType::PubRec,
            Self::PubRel(_) => PacketType::PubRel,
            Self::PubComp(_) => PacketType::PubComp,
            Self::Subscribe(_) => PacketType::Subscribe,
            Self::SubAck(_) => PacketType::SubAck,
            Self::Unsubscribe(_) => PacketType::Unsubscribe,
            Self::UnsubAck(_) => PacketType::UnsubAck,
            Self::PingReq => PacketType::PingReq,
            Self::PingResp => PacketType::PingResp,
            Self::Disconnect(_) => PacketType::Disconnect,
            Self::Auth(_) => PacketType::Auth,
        }
    }
}

impl PacketType {
    /// The type in the upper four bits of a packet's first byte; `None` for type 0.
    pub fn from_first_byte(byte: u8) -> Option<Self> {
        Some(match byte >> 4 {
            1 => Self::Connect,
            2 => Self::ConnAck,
            3 => Self::Publish,
            4 => Self::PubAck,
            5 => Self::PubRec,
            6 => Self::PubRel,
            7 => Self::PubComp,
            8 => Self::Subscribe,
            9 => Self::SubAck,
            10 => Self::Unsubscribe,
            11 => Self::UnsubAck,
            12 => Self::PingReq,
            13 => Self::PingResp,
            14 => Self::Disconnect,
            15 => Self::Auth,
            _ => return None,
        })
    }
}

impl std::fmt::Display for PacketType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "CONNECT",
            Self::ConnAck => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::PubAck => "PUBACK",
            Self::PubRec => "PUBREC",
            Self::PubRel => "PUBREL",
            Self::PubComp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::SubAck => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::UnsubAck => "UNSUBACK",
            Self::PingReq => "PINGREQ",
            Self::PingResp => "PINGRESP",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        })
    }
}

impl ProtocolVersion {
    /// The Protocol Version byte of CONNECT.
    pub fn level(self) -> u8 {
        match self {
            Self::V311 => 4,
            Self::V5 => 5,
        }
    }
}

impl QoS {
    /// 0, 1 or 2; `None` for anything else.
    pub fn from_u8(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }
}

impl PacketId {
    /// `None` for zero.
    pub fn new(id: u16) -> Option<Self> {
        NonZeroU16::new(id).map(Self)
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0.get()
    }
}
