//! Homie 3, 4 and 5: `homie/<device>/$state` and `homie/5/<device>/$state`, retained; `homie` may be another level.
//!
//! Source: <https://homieiot.github.io/specification/>. `lost` is the Will, an empty message removes the device; in all
//! other states it has not gone, and `init` is also that of one that changes what it has. Children of a device that is
//! lost are lost as well, but which those are stands in `$description`, which is not read.

use super::Card;
use crate::store::event::Kind;

pub(super) const CARD: Card = Card {
    name: "homie",
    label: "Homie",
    filters: &["+/+/$state", "+/5/+/$state"],
    tells: 0,
    read: |message| {
        let (kind, reason) = match message.text()? {
            state @ ("init" | "ready" | "sleeping" | "alert") => (Kind::Other(state.into()), ""),
            "disconnected" => (Kind::Disconnected, "client-disconnect"),
            "" => (Kind::Disconnected, ""),
            "lost" => (Kind::Disconnected, "connection-lost"),
            _ => return None,
        };
        let parent = message.parent();
        let device = parent.strip_prefix("homie/").unwrap_or(parent);
        let mut told = message.told(kind, device.strip_prefix("5/").unwrap_or(device)).by_its_own_word();
        told.because(reason);
        Some(told)
    },
};
