//! Home Assistant: `homeassistant/status`, its own birth and Will, and `…/availability` of devices: `online`, `offline`.
//!
//! Source: <https://www.home-assistant.io/integrations/mqtt/#birth-and-last-will-messages>. A device's topic is what its
//! maker chose; up to three levels are read in front of `availability`. Any other word is somebody else's.

use super::Card;

pub(super) const CARD: Card = Card {
    name: "homeassistant",
    label: "Home Assistant",
    filters: &["homeassistant/status", "+/availability", "+/+/availability", "+/+/+/availability"],
    tells: 0,
    read: |message| message.own_state(message.parent()),
};
