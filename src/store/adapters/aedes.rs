//! Aedes, the broker for Node.js: `$SYS/<broker>/new/clients` and `…/disconnect/clients`, a Client Identifier each.
//!
//! Source: <https://github.com/moscajs/aedes/blob/main/docs/Aedes.md>. No reason, no address, no time.

use super::Card;
use crate::store::event::Kind;

pub(super) const CARD: Card = Card {
    name: "aedes",
    label: "Aedes",
    filters: &["$SYS/+/new/clients", "$SYS/+/disconnect/clients"],
    tells: 0,
    read: |message| {
        let kind = if message.level(2) == "new" { Kind::Connected } else { Kind::Disconnected };
        let id = message.text().ok_or("the client id is no UTF-8".to_owned());
        Some(message.or_unreadable(id.map(|id| message.told(kind, id))))
    },
};
