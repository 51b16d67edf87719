//! Tasmota: `tele/<topic>/LWT`, retained, `Online` and as the Will `Offline`.
//!
//! Source: <https://tasmota.github.io/docs/MQTT/>. `<topic>/tele/LWT` is what a `FullTopic` makes that begins with it.

use super::Card;

pub(super) const CARD: Card = Card {
    name: "tasmota",
    label: "Tasmota LWT",
    filters: &["tele/+/LWT", "+/tele/LWT"],
    tells: 0,
    read: |message| {
        let first = message.level(0);
        message.own_word(if first == "tele" { message.level(1) } else { first }, ["Online", "Offline"])
    },
};
