//! Sparkplug B: `spBv1.0/<group>/NBIRTH/<node>`, `NDEATH`, `DBIRTH` and `DDEATH` with `/<device>` behind, Protocol
//! Buffers; and of host applications `spBv1.0/STATE/<host>`, JSON, and `STATE/<host>`, `ONLINE` and `OFFLINE`.
//!
//! Source: <https://sparkplug.eclipse.org/specification/version/3.0/documents/sparkplug-specification-3.0.0.pdf>, chapters
//! 5 and 6. Of a payload only `timestamp` (field 1) and the metric `bdSeq` (field 2) are read; one that is compressed has
//! neither. A death is a Will, made when the connection was: its time is not that of the death, and its `bdSeq` names
//! the birth that it ends. With a node go its devices, and with another birth of it those of the one before.

use super::{Card, Message, Told};
use crate::store::{event::Kind, json::Json};

pub(super) const CARD: Card = Card {
    name: "sparkplug",
    label: "Sparkplug B",
    filters: &[
        "spBv1.0/STATE/+",
        "STATE/+",
        "spBv1.0/+/NBIRTH/+",
        "spBv1.0/+/NDEATH/+",
        "spBv1.0/+/DBIRTH/+/+",
        "spBv1.0/+/DDEATH/+/+",
    ],
    tells: 0,
    read: |message| {
        let [first, group, what] = [0, 1, 2].map(|at| message.level(at));
        let is_cleared = message.payload.is_empty();
        if first == "STATE" || (group == "STATE" && is_cleared) {
            let host = if first == "STATE" { group } else { what };
            return message.own_word(host, ["ONLINE", "OFFLINE"]);
        }
        if is_cleared {
            return None;
        }
        let read = if group == "STATE" { host(message, what) } else { node(message, group, what) };
        Some(message.or_unreadable(read))
    },
};

/// `{"online":true,"timestamp":1668114759262}`: an offline has the timestamp of the online that it ends.
fn host(message: &Message<'_>, id: &str) -> Result<Told, String> {
    let json = Json::read(message.payload)?;
    let online = json.flag("online")?.ok_or("the object has no \"online\"")?;
    let time = json.number("timestamp")?;
    let kind = if online { Kind::Connected } else { Kind::Disconnected };
    let mut told = message.told(kind, id).by_its_own_word();
    if online {
        told.at(time);
    } else {
        told.started(time);
    }
    Ok(told)
}

fn node(message: &Message<'_>, group: &str, what: &str) -> Result<Told, String> {
    let payload = Payload::read(message.payload).ok_or("the payload is no Sparkplug B")?;
    let [node, device] = [message.level(3), message.level(4)];
    let id = if device.is_empty() { format!("{group}/{node}") } else { format!("{group}/{node}/{device}") };
    let born = what.ends_with("BIRTH");
    let mut told = message.told(if born { Kind::Connected } else { Kind::Disconnected }, &id);
    // A node reports the death of its device while it lives; its own death is its Will.
    if born || !device.is_empty() {
        told.at(payload.timestamp);
    }
    told.brood = Some(format!("{id}/")).filter(|_| device.is_empty());
    told.session = payload.birth;
    let number = payload.birth.map(|number| format!(", bdSeq {number}")).unwrap_or_default();
    told.event.detail = Some(format!("{what}{number}").into());
    Ok(told)
}

/// What is read of a payload.
#[derive(Default)]
struct Payload {
    timestamp: Option<u64>,
    birth: Option<u64>,
}

impl Payload {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut payload = Self::default();
        for field in Fields(bytes) {
            match field? {
                (1, Field::Number(ms)) => payload.timestamp = Some(ms),
                (2, Field::Bytes(metric)) => payload.take(metric)?,
                _ => {}
            }
        }
        Some(payload)
    }

    /// Takes the value of a metric whose name is `bdSeq`; none where the metric cannot be read.
    fn take(&mut self, metric: &[u8]) -> Option<()> {
        let (mut is_named, mut value) = (false, None);
        for field in Fields(metric) {
            match field? {
                (1, Field::Bytes(name)) => is_named = name == b"bdSeq",
                // `int_value` and `long_value`.
                (10 | 11, Field::Number(number)) => value = Some(number),
                _ => {}
            }
        }
        if is_named {
            self.birth = value;
        }
        Some(())
    }
}

/// Fields of Protocol Buffers, one after the other; a `None` among them where the bytes end or are none.
struct Fields<'a>(&'a [u8]);

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// 32 or 64 bits that nobody here asks for.
    Fixed,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Field<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let tag = self.number()?;
        let field = match tag & 7 {
            0 => Field::Number(self.number()?),
            1 => self.take(8).map(|_| Field::Fixed)?,
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                Field::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Field::Fixed)?,
            _ => return None,
        };
        Some((tag >> 3, field))
    }

    /// A base 128 number of at most ten bytes.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..70).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}
