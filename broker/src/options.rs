//! How a session takes what matches one of its filters (chapter 3.8.3.1).

use headcount_mqtt::{QoS, Subscription};

/// Subscription Options and the Subscription Identifier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) qos: QoS,
    pub(crate) no_local: bool,
    pub(crate) retain_as_published: bool,
    pub(crate) identifier: Option<u32>,
}

impl From<&Subscription> for Options {
    fn from(it: &Subscription) -> Self {
        Self {
            qos: it.qos,
            no_local: it.no_local,
            retain_as_published: it.retain_as_published,
            identifier: None,
        }
    }
}
