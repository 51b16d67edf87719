//! Values as bytes, by hand: small, and readable for whoever knows MQTT.

use bytes::{BufMut, Bytes, BytesMut};
use headcount_broker::{Connected, Message, Now, Peer, SecurityItem, Transport};
use headcount_mqtt::{
    Connect, ConnectProperties, Decoder, Delivery, Packet, PacketId, ProtocolVersion, Publish, QoS, Text,
    Will, encode,
};
use std::time::Duration;

/// What cannot be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damaged;

/// Bytes from the front of a value.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(Damaged)?;
        self.0 = rest;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        self.take(N)?.try_into().map_err(|_| Damaged)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Damaged> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> Result<u16, Damaged> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, Damaged> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, Damaged> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    pub(super) fn time(&mut self) -> Result<Duration, Damaged> {
        Ok(Duration::from_nanos(self.u64()?))
    }

    pub(super) fn text(&mut self) -> Result<Text, Damaged> {
        let length = self.u16()?.into();
        Text::new(Bytes::copy_from_slice(self.take(length)?)).map_err(|_| Damaged)
    }

    /// `None` is a byte 0, anything else stands behind a byte 1.
    pub(super) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Damaged>,
    ) -> Result<Option<T>, Damaged> {
        match self.u8()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Damaged),
        }
    }

    pub(super) fn end(&self) -> Result<(), Damaged> {
        if self.0.is_empty() { Ok(()) } else { Err(Damaged) }
    }
}

pub(super) fn put_time(out: &mut Vec<u8>, time: Duration) {
    // Until the year 2554.
    out.put_u64(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &Text) {
    out.put_u16(u16::try_from(text.len()).expect("a Text has at most 65,535 bytes"));
    out.put_slice(text.as_bytes());
}

pub(super) fn put_option<T>(out: &mut Vec<u8>, value: Option<T>, put: impl FnOnce(&mut Vec<u8>, T)) {
    out.put_u8(value.is_some().into());
    if let Some(value) = value {
        put(out, value);
    }
}

/// A message: when it came, its PUBLISH without payload behind that one's length, its payload.
pub(super) fn put_message(out: &mut Vec<u8>, message: &Message) {
    let id = PacketId::new(1).expect("not zero");
    let delivery = match message.qos {
        QoS::AtMostOnce => Delivery::AtMostOnce,
        QoS::AtLeastOnce => Delivery::AtLeastOnce(id),
        QoS::ExactlyOnce => Delivery::ExactlyOnce(id),
    };
    let head = Packet::Publish(Publish {
        dup: false,
        delivery,
        retain: false,
        topic: Some(message.topic.clone()),
        payload: Bytes::new(),
        properties: message.properties.clone(),
    });
    put_time(out, message.received_unix);
    put_packet(out, &head);
    out.put_slice(&message.payload);
}

pub(super) fn message(value: &[u8], now: Now) -> Result<Message, Damaged> {
    let mut reader = Reader(value);
    let received_unix = reader.time()?;
    let Packet::Publish(head) = packet(&mut reader, Decoder::client(ProtocolVersion::V5, usize::MAX))? else {
        return Err(Damaged);
    };
    Ok(Message {
        topic: head.topic.ok_or(Damaged)?,
        payload: Bytes::copy_from_slice(reader.0),
        qos: head.delivery.qos(),
        properties: head.properties,
        received: now.monotonic_at(received_unix),
        received_unix,
    })
}

/// A thing of dynamic security as a number for its kind and its name.
pub(super) fn security_item(item: &SecurityItem) -> (u8, Text) {
    let (kind, name) = match item {
        SecurityItem::General => (0, ""),
        SecurityItem::Client(name) => (1, name.as_str()),
        SecurityItem::Group(name) => (2, name.as_str()),
        SecurityItem::Role(name) => (3, name.as_str()),
    };
    (kind, Text::try_from(name).unwrap_or_default())
}

/// The same from a key's number and a value's name.
pub(super) fn security_item_of(kind: u8, name: &Text) -> Result<SecurityItem, Damaged> {
    let name = name.as_str().to_owned();
    match kind {
        0 => Ok(SecurityItem::General),
        1 => Ok(SecurityItem::Client(name)),
        2 => Ok(SecurityItem::Group(name)),
        3 => Ok(SecurityItem::Role(name)),
        _ => Err(Damaged),
    }
}

/// A Will, carried by a CONNECT.
pub(super) fn put_will(out: &mut Vec<u8>, will: &Will) {
    put_packet(out, &Packet::Connect(Box::new(carrier(Text::default(), Some(will.clone())))));
}

pub(super) fn will(reader: &mut Reader<'_>) -> Result<Box<Will>, Damaged> {
    match packet(reader, Decoder::server(usize::MAX))? {
        Packet::Connect(connect) => connect.will.map(Box::new).ok_or(Damaged),
        _ => Err(Damaged),
    }
}

pub(super) fn put_connected(out: &mut Vec<u8>, client_id: &Text, it: &Connected) {
    out.put_u8(it.version.level());
    out.put_u8(match it.peer.transport {
        Transport::Tcp => 0,
        Transport::Tls => 1,
        Transport::WebSocket => 2,
        Transport::SecureWebSocket => 3,
    });
    put_text(out, &Text::try_from(it.peer.address.as_str()).unwrap_or_default());
    put_time(out, it.connected_unix);
    let mut connect = carrier(client_id.clone(), it.will.as_deref().cloned());
    connect.user_name.clone_from(&it.user_name);
    connect.keep_alive = it.keep_alive;
    connect.clean_start = it.clean_start;
    put_packet(out, &Packet::Connect(Box::new(connect)));
}

pub(super) fn connected(value: &[u8]) -> Result<(Text, Box<Connected>), Damaged> {
    let mut reader = Reader(value);
    let version = match reader.u8()? {
        4 => ProtocolVersion::V311,
        5 => ProtocolVersion::V5,
        _ => return Err(Damaged),
    };
    let transport = match reader.u8()? {
        0 => Transport::Tcp,
        1 => Transport::Tls,
        2 => Transport::WebSocket,
        3 => Transport::SecureWebSocket,
        _ => return Err(Damaged),
    };
    let address = reader.text()?;
    let connected_unix = reader.time()?;
    let Packet::Connect(connect) = packet(&mut reader, Decoder::server(usize::MAX))? else {
        return Err(Damaged);
    };
    reader.end()?;
    let connection = Box::new(Connected {
        user_name: connect.user_name,
        peer: Peer::new(address.as_str(), transport),
        version,
        keep_alive: connect.keep_alive,
        clean_start: connect.clean_start,
        connected_unix,
        will: connect.will.map(Box::new),
    });
    Ok((connect.client_id, connection))
}

fn carrier(client_id: Text, will: Option<Will>) -> Connect {
    Connect {
        version: ProtocolVersion::V5,
        clean_start: true,
        keep_alive: 0,
        client_id,
        will,
        user_name: None,
        password: None,
        properties: ConnectProperties::default(),
    }
}

/// A Control Packet of MQTT 5.0 behind its length.
fn put_packet(out: &mut Vec<u8>, packet: &Packet) {
    let mut bytes = BytesMut::new();
    // All parts came in Control Packets of their own, with more beside them.
    encode(packet, ProtocolVersion::V5, &mut bytes).expect("parts of packets that were decoded");
    out.put_u32(u32::try_from(bytes.len()).expect("a Control Packet has less than 2^28 bytes"));
    out.put_slice(&bytes);
}

fn packet(reader: &mut Reader<'_>, mut decoder: Decoder) -> Result<Packet, Damaged> {
    let length = usize::try_from(reader.u32()?).map_err(|_| Damaged)?;
    decoder.feed(reader.take(length)?);
    match decoder.decode() {
        Ok(Some(packet)) if decoder.buffer().is_empty() => Ok(packet),
        _ => Err(Damaged),
    }
}
