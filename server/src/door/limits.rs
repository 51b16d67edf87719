//! How fast one address may come in. Each default has its reason beside it.

use headcount_broker::Rate;
use std::time::Duration;

/// The bounds of a realm's door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DoorLimits {
    /// Connections a second from one address (`address_connection_rate`), ten seconds' worth at once; 0: any. 500: an
    /// office behind one address comes back after a restart, and a flood of them costs a few percent of a core.
    pub(crate) connection_rate: u32,
    /// Wrong passwords a minute from one address (`address_failure_rate`), as many at once; 0: any. 60: people mistype,
    /// and guessing stays hopeless. Above it the address's logins wait.
    pub(crate) failure_rate: u32,
    /// Logins of one address that wait for their check (`address_pending_logins`). 256: what one core checks within
    /// the time-out of CONNECT.
    pub(crate) pending_per_address: usize,
    /// Logins that wait in all (`max_pending_logins`). 4,096: sixteen such addresses.
    pub(crate) pending: usize,
    /// How long a peer may accept not one byte (`write_timeout`). A minute: it outlasts a phone's change of network.
    pub(crate) write_timeout: Duration,
}

/// Seconds' worth of connections that may come at once.
const BURST_SECONDS: u32 = 10;

impl Default for DoorLimits {
    fn default() -> Self {
        Self {
            connection_rate: 500,
            failure_rate: 60,
            pending_per_address: 256,
            pending: 4_096,
            write_timeout: Duration::from_mins(1),
        }
    }
}

impl DoorLimits {
    pub(super) fn connections(&self) -> Option<Rate> {
        Rate::new(self.connection_rate, Duration::from_secs(1), BURST_SECONDS)
    }

    pub(super) fn failures(&self) -> Option<Rate> {
        Rate::new(self.failure_rate, Duration::from_mins(1), 1)
    }
}
