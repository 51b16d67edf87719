//! `Zigbee2MQTT`: `zigbee2mqtt/bridge/state` and `zigbee2mqtt/<name>/availability`, `{"state":"online"}` or the plain word.
//!
//! Source: <https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html>. The bridge speaks for its devices,
//! which have no connection of their own to a broker: they go with it, and it tells of each when it is back. A name
//! may have a `/`; one is read. The first level is `base_topic`; where it is another, devices are Home Assistant's.

use super::Card;
use crate::store::event::Kind;

pub(super) const CARD: Card = Card {
    name: "zigbee2mqtt",
    label: "Zigbee2MQTT",
    // The bridge's last: of what is retained its word counts.
    filters: &["zigbee2mqtt/+/availability", "zigbee2mqtt/+/+/availability", "+/bridge/state"],
    tells: 0,
    read: |message| {
        let name = message.parent();
        let name = name.strip_prefix("zigbee2mqtt/").unwrap_or(name);
        let mut told = message.own_state(name)?;
        let is_end = told.event.kind == Kind::Disconnected;
        told.brood = name.strip_suffix("bridge").filter(|_| is_end).map(str::to_owned);
        Some(told)
    },
};
