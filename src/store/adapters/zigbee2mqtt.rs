//! `Zigbee2MQTT`: `zigbee2mqtt/bridge/state` and `zigbee2mqtt/<name>/availability`, `{"state":"online"}` or the plain word.
//!
//! Source: <https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html>. The bridge speaks for its devices,
//! which have no connection of their own to a broker. A name may have a `/`; one is read.

use super::Card;

pub(super) const CARD: Card = Card {
    name: "zigbee2mqtt",
    label: "Zigbee2MQTT",
    filters: &["zigbee2mqtt/bridge/state", "zigbee2mqtt/+/availability", "zigbee2mqtt/+/+/availability"],
    tells: 0,
    read: |message| {
        let name = message.parent();
        message.own_state(name.strip_prefix("zigbee2mqtt/").unwrap_or(name))
    },
};
