//! What brokers are known to do otherwise. The standard's scripts do not know of it.

mod mosquitto;

use crate::Transport;
use headcount_mqtt::ProtocolVersion;

/// A script that a broker is known to fail: it has to, so that a difference listed wrongly is found.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// The script's chapter.
    pub chapter: &'static str,
    /// The script's name.
    pub script: &'static str,
    /// The protocol version it fails in; in the other it has to pass.
    pub version: Option<ProtocolVersion>,
    /// The transport it fails over; over others it has to pass.
    pub transport: Option<Transport>,
    /// What the broker does instead.
    pub does: &'static str,
}

/// Brokers whose differences are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviant {
    /// mosquitto 2.0.11, as Debian 12 ships it.
    Mosquitto,
}

impl Deviant {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Mosquitto];

    /// As shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mosquitto => "mosquitto 2.0.11",
        }
    }

    /// What it does otherwise.
    pub fn differences(self) -> &'static [Difference] {
        match self {
            Self::Mosquitto => mosquitto::DIFFERENCES,
        }
    }

    /// Its difference in this play, where there is one.
    pub fn difference(
        self,
        chapter: &str,
        script: &str,
        version: ProtocolVersion,
        transport: Transport,
    ) -> Option<&'static Difference> {
        self.differences()
            .iter()
            .find(|it| it.chapter == chapter && it.script == script && it.covers(version, transport))
    }
}

impl Difference {
    fn covers(&self, version: ProtocolVersion, transport: Transport) -> bool {
        self.version.is_none_or(|only| only == version) && self.transport.is_none_or(|only| only == transport)
    }
}

/// What the broker does, and where.
impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.does)?;
        match self.version {
            Some(ProtocolVersion::V311) => f.write_str(" (3.1.1)")?,
            Some(ProtocolVersion::V5) => f.write_str(" (5.0)")?,
            None => {}
        }
        self.transport.map_or(Ok(()), |transport| write!(f, " (over {})", transport.name()))
    }
}
