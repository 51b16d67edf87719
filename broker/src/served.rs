//! Which topics may be the broker's own to serve: known by their first byte, so that a message to any other costs one look.

use crate::Broker;
use crate::account::Gate;
use crate::emitter::Keys;

/// First bytes of such topics.
#[derive(Debug)]
pub(crate) struct Served([bool; 256]);

impl Served {
    pub(crate) fn of(gate: &Gate, keys: &Keys) -> Self {
        let mut first = [false; 256];
        // `$headcount/` and `$CONTROL/`.
        first[usize::from(b'$')] = true;
        first[usize::from(crate::channels::PREFIX[0])] = gate.has_devices();
        keys.first_bytes().for_each(|byte| first[usize::from(byte)] = true);
        Self(first)
    }

    /// Whether a topic may be one of them.
    #[inline]
    pub(crate) fn may_be(&self, topic: &[u8]) -> bool {
        topic.first().is_some_and(|byte| self.0[usize::from(*byte)])
    }
}

impl Broker {
    /// The rules or the keys are others.
    pub(crate) fn mark_served(&mut self) {
        self.served = Served::of(&self.gate, &self.emitter.keys);
    }
}
