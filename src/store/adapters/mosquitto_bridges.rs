//! Mosquitto's bridges: `$SYS/broker/connection/<name>/state`, retained, `1` while the bridge is up and `0` else.
//!
//! Source: `notifications` in <https://mosquitto.org/man/mosquitto-conf-5.html>. The name is the Client Identifier that
//! the bridge has at the far end, the host's name and the connection's. `0` is also its Will.

use super::Card;
use crate::store::event::Kind;

pub(super) const CARD: Card = Card {
    name: "mosquitto",
    label: "Mosquitto bridge",
    filters: &["$SYS/broker/connection/+/state"],
    tells: 0,
    read: |message| {
        let kind = match message.payload {
            b"1" => Kind::Connected,
            b"0" => Kind::Disconnected,
            // Removed: the bridge is no longer known.
            b"" => return None,
            _ => Kind::Unreadable("the state of a bridge is neither 0 nor 1".into()),
        };
        let mut told = message.told(kind, message.level(3));
        told.event.detail = Some("a bridge".into());
        Some(told)
    },
};
