//! Packet Identifiers of what this client sends: PUBLISH at `QoS` 1 and 2, SUBSCRIBE and UNSUBSCRIBE share one range
//! (2.2.1 of MQTT 5.0, 2.3.1 of 3.1.1).

use crate::PacketId;
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub(super) struct PacketIds {
    used: BTreeSet<PacketId>,
    last: u16,
}

impl PacketIds {
    /// An identifier that is not in use [MQTT-2.2.1-3] [MQTT-2.3.1-2]; `None` while all 65,535 are.
    pub(super) fn take(&mut self) -> Option<PacketId> {
        if self.used.len() == usize::from(u16::MAX) {
            return None;
        }
        loop {
            self.last = self.last.wrapping_add(1);
            if let Some(id) = PacketId::new(self.last)
                && self.used.insert(id)
            {
                return Some(id);
            }
        }
    }

    /// Gives one back, once its exchange is complete (2.2.1).
    pub(super) fn free(&mut self, id: PacketId) {
        self.used.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // [MQTT-2.2.1-3] [MQTT-2.3.1-1]
    #[test]
    fn identifiers_are_unique_and_never_zero_and_come_back_when_freed() {
        let mut ids = PacketIds::default();
        let all: BTreeSet<_> = std::iter::from_fn(|| ids.take()).collect();
        assert_eq!(all.len(), 65_535);
        assert_eq!(ids.take(), None);
        let freed = PacketId::new(777).expect("not zero");
        ids.free(freed);
        assert_eq!(ids.take(), Some(freed));
        assert_eq!(ids.take(), None);
    }
}
