//! The shapes of load: who publishes, who subscribes, and how much is on its way at a time.

use crate::link::Transport;

/// Publishers and subscribers of one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fan {
    OneToOne,
    FiftyToOne,
    OneToFifty,
    HundredPairs,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) transport: Transport,
    pub(crate) qos: u8,
    pub(crate) fan: Fan,
}

/// Clients that have to do with each other alone.
pub(crate) struct Group {
    /// A topic for each publisher.
    pub(crate) topics: Vec<String>,
    pub(crate) filter: String,
    pub(crate) subscribers: usize,
}

impl Fan {
    pub(crate) const ALL: [Self; 4] =
        [Self::OneToOne, Self::FiftyToOne, Self::OneToFifty, Self::HundredPairs];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OneToOne => "1 to 1",
            Self::FiftyToOne => "50 to 1",
            Self::OneToFifty => "1 to 50",
            Self::HundredPairs => "100 pairs",
        }
    }

    pub(crate) fn groups(self) -> Vec<Group> {
        match self {
            Self::OneToOne => vec![Group::new("0", 1, 1)],
            Self::FiftyToOne => vec![Group::new("0", 50, 1)],
            Self::OneToFifty => vec![Group::new("0", 1, 50)],
            Self::HundredPairs => (0..100).map(|pair| Group::new(&pair.to_string(), 1, 1)).collect(),
        }
    }
}

impl Group {
    fn new(name: &str, publishers: usize, subscribers: usize) -> Self {
        Self {
            topics: (0..publishers).map(|publisher| format!("bench/{name}/{publisher}")).collect(),
            filter: format!("bench/{name}/+"),
            subscribers,
        }
    }
}

impl Shape {
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for transport in [Transport::Tcp, Transport::WebSocket] {
            for qos in 0..=2 {
                all.extend(Fan::ALL.map(|fan| Self { transport, qos, fan }));
            }
        }
        all
    }

    pub(crate) fn name(self) -> String {
        let transport = match self.transport {
            Transport::Tcp => "TCP",
            Transport::WebSocket => "WebSocket",
        };
        format!("{transport}, QoS {}, {}", self.qos, self.fan.name())
    }

    /// Messages of a group that may be on their way at a time: enough to keep the broker busy; at `QoS` 0 few enough
    /// that no broker drops any, above it fewer than the brokers are told to send one client unacknowledged. A pair has
    /// 20, as many as clients have in flight by default.
    pub(crate) fn window(self) -> u64 {
        match (self.fan, self.qos) {
            (Fan::HundredPairs, _) => 20,
            (_, 0) => 1_000,
            (Fan::FiftyToOne, _) => 500,
            (_, _) => 100,
        }
    }

    /// Deliveries of one run at `scale` 1: some two seconds of Mosquitto's CPU.
    pub(crate) fn deliveries(self, scale: f64) -> u64 {
        let base = [200_000.0, 100_000.0, 50_000.0][usize::from(self.qos)];
        let deliveries = if self.fan == Fan::OneToFifty { 2.0 * base } else { base };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive count")]
        let scaled = (deliveries * scale) as u64;
        // Each publisher of each group sends as much as the others.
        scaled.next_multiple_of(5_000)
    }
}
