//! Homie 3, 4 and 5: `homie/<device>/$state` and `homie/5/<device>/$state`, retained.
//!
//! Source: <https://homieiot.github.io/specification/>. `lost` is the Will; `sleeping` and `alert` are states of a device
//! that has not gone.

use super::Card;
use crate::store::event::Kind;

pub(super) const CARD: Card = Card {
    name: "homie",
    label: "Homie",
    filters: &["homie/+/$state", "homie/5/+/$state"],
    tells: 0,
    read: |message| {
        let (kind, reason) = match message.text()? {
            "init" => (Kind::Connected, ""),
            state @ ("ready" | "sleeping" | "alert") => (Kind::Other(state.into()), ""),
            "disconnected" => (Kind::Disconnected, "client-disconnect"),
            "lost" => (Kind::Disconnected, "connection-lost"),
            _ => return None,
        };
        let device = message.parent().rsplit('/').next().unwrap_or_default();
        let mut told = message.told(kind, device).by_its_own_word();
        told.because(reason);
        Some(told)
    },
};
