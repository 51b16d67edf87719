//! `ESPHome`: `<name>/status`, retained, `online` and as the Will `offline`.
//!
//! Source: <https://esphome.io/components/mqtt.html>. A `topic_prefix` takes the name's place; one `/` in it is read. Many
//! a program has a topic of that name: any other word is theirs.

use super::Card;

pub(super) const CARD: Card = Card {
    name: "esphome",
    label: "ESPHome",
    filters: &["+/status", "+/+/status"],
    tells: 0,
    read: |message| {
        let name = message.parent();
        // Home Assistant's own status has this topic as well.
        if name == "homeassistant" { None } else { message.own_word(name, ["online", "offline"]) }
    },
};
