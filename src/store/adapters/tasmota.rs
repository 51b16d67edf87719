//! Tasmota: `tele/<topic>/LWT`, retained, `Online` and as the Will `Offline`.
//!
//! Source: <https://tasmota.github.io/docs/MQTT/>. A `FullTopic` of its user's own may begin with the topic, and may have
//! a level in front. An empty message comes when a device has got another topic.

use super::Card;

pub(super) const CARD: Card = Card {
    name: "tasmota",
    label: "Tasmota LWT",
    filters: &["tele/+/LWT", "+/tele/LWT", "+/tele/+/LWT", "+/+/tele/LWT"],
    tells: 0,
    read: |message| {
        let levels: Vec<&str> = message.parent().split('/').filter(|level| *level != "tele").collect();
        message.own_word(&levels.join("/"), ["Online", "Offline"])
    },
};
