//! What clients and time may do. What makes no sense at its moment does nothing, so that any part of a script is one.

use crate::chance::Chance;

/// Clients of a script.
pub(crate) const CLIENTS: u8 = 4;

pub(crate) const TOPICS: [&str; 6] = ["a", "b", "a/b", "a/a", "a/b/a", "$x/a"];

/// No topic is of two groups: whose message it was could not be told.
pub(crate) const FILTERS: [&str; 13] = [
    "a",
    "b",
    "a/b",
    "a/+",
    "a/#",
    "#",
    "+",
    "+/b",
    "+/+/a",
    "$x/#",
    "$share/g/a/#",
    "$share/g/b",
    "$share/h/$x/+",
];

/// Session Expiry Interval that never ends.
pub(crate) const FOREVER: u32 = u32::MAX;

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// In 3.1.1 a session of any expiry above 0 is one of Clean Session 0.
    Connect {
        client: u8,
        v5: bool,
        clean: bool,
        expiry: u32,
        window: u16,
        will: Option<LastWords>,
    },
    /// The transport ends.
    Lose {
        client: u8,
    },
    Disconnect {
        client: u8,
        with_will: bool,
        expiry: Option<u32>,
    },
    Subscribe {
        client: u8,
        filter: u8,
        qos: u8,
        options: Options,
    },
    Unsubscribe {
        client: u8,
        filter: u8,
    },
    Publish {
        client: u8,
        topic: u8,
        qos: u8,
        retain: bool,
        empty: bool,
        expiry: Option<u32>,
        id: u16,
    },
    /// PUBREL.
    Release {
        client: u8,
        id: u16,
    },
    /// The next acknowledgement of one of the messages that the client has not finished.
    Ack {
        client: u8,
        which: u8,
        error: bool,
    },
    /// Seconds pass.
    Wait {
        seconds: u8,
    },
    /// The broker dies and another one goes on from its records.
    Crash,
}

/// A Will.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastWords {
    pub(crate) topic: u8,
    pub(crate) qos: u8,
    pub(crate) retain: bool,
    pub(crate) delay: u32,
}

/// Subscription Options and Identifier of 5.0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) no_local: bool,
    pub(crate) retain_as_published: bool,
    pub(crate) retain_handling: u8,
    pub(crate) identifier: Option<u32>,
}

impl Step {
    pub(crate) fn any(chance: &mut Chance) -> Self {
        let client = chance.below(CLIENTS);
        match chance.below(100) {
            0..=13 => Self::Connect {
                client,
                v5: !chance.once_in(3),
                clean: chance.once_in(4),
                expiry: own(chance.of([0, 10, 60, FOREVER]), client),
                window: chance.of([1, 2, 3, 65_535]),
                will: chance.once_in(2).then(|| LastWords {
                    topic: topic(chance),
                    qos: chance.below(3),
                    retain: chance.once_in(3),
                    delay: own(chance.of([0, 0, 3, 30]), client),
                }),
            },
            14..=17 => Self::Lose { client },
            18..=20 => Self::Disconnect {
                client,
                with_will: chance.once_in(2),
                expiry: chance.once_in(3).then(|| own(chance.of([0, 10, 60]), client)),
            },
            21..=36 => Self::Subscribe {
                client,
                filter: filter(chance),
                qos: chance.below(3),
                options: Options {
                    no_local: chance.once_in(4),
                    retain_as_published: chance.once_in(2),
                    retain_handling: chance.below(3),
                    identifier: chance.once_in(2).then(|| chance.of([1, 7, 268_435_455])),
                },
            },
            37..=40 => Self::Unsubscribe { client, filter: filter(chance) },
            41..=69 => Self::Publish {
                client,
                topic: topic(chance),
                qos: chance.below(3),
                retain: chance.once_in(4),
                empty: chance.once_in(12),
                expiry: chance.once_in(5).then(|| chance.of([1, 4, 20])),
                id: chance.of([1, 2, 3]),
            },
            70..=76 => Self::Release { client, id: chance.of([1, 2, 3, 4]) },
            77..=93 => Self::Ack { client, which: chance.below(8), error: chance.once_in(10) },
            94..=98 => Self::Wait { seconds: chance.of([1, 2, 5, 20, 60]) },
            _ => Self::Crash,
        }
    }
}

/// A time of this client's own: connections that a crash ends at one moment have no deadline at one moment.
fn own(seconds: u32, client: u8) -> u32 {
    if seconds == 0 || seconds == FOREVER { seconds } else { seconds + u32::from(client) }
}

fn topic(chance: &mut Chance) -> u8 {
    chance.below(u8::try_from(TOPICS.len()).expect("a short list"))
}

fn filter(chance: &mut Chance) -> u8 {
    chance.below(u8::try_from(FILTERS.len()).expect("a short list"))
}
