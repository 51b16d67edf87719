//! What the link tells the store.

use headcount_mqtt::ReasonCode;

use super::connection::{Protocol, Step};

/// What happened to the page's own connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEvent<'a> {
    /// A connection is wanted with this user name; comes before the first step.
    Wanted {
        /// The account whose topics are ours: the user name, or `anonymous`.
        account: &'a str,
    },
    /// A step on the way has begun.
    Step {
        /// Which one.
        step: Step,
        /// 0 for the first attempt, then counting retries.
        attempt: u32,
    },
    /// CONNACK came; [`super::Store::take_asks`] names what to subscribe to.
    Connected {
        /// The version spoken.
        protocol: Protocol,
        /// The Client Identifier in force.
        client_id: &'a str,
        /// Whether the server assigned it.
        assigned: bool,
        /// Whether the client session repeats by itself the subscriptions of its connection before this one.
        again: bool,
    },
    /// The `SUBACK`'s Reason Code for one Topic Filter.
    Subscribed {
        /// The filter.
        filter: &'a str,
        /// Granted `QoS` 0 to 2, or 0x80 and above for a refusal.
        code: u8,
    },
    /// A PUBLISH.
    Message {
        /// Topic Name.
        topic: &'a str,
        /// Payload.
        payload: &'a [u8],
        /// RETAIN: the broker had it when the page subscribed, so that it tells of a state and not of what happens
        /// [MQTT-3.3.1-12]. 3.1.1 has it alike [MQTT-3.3.1-8 (3.1.1)], [MQTT-3.3.1-9 (3.1.1)].
        retained: bool,
    },
    /// Bytes came that are no message (PINGRESP, …): the broker is alive.
    Heard,
    /// The connection broke or did not come about; another attempt follows.
    Lost {
        /// Why, as a sentence without a full stop.
        why: &'a str,
        /// The number of the attempt that comes next, from 1.
        attempt: u32,
        /// When it comes.
        retry_at: super::clock::Millis,
    },
    /// The broker refused, and trying again would not help.
    Refused {
        /// The Reason Code; a CONNECT return code of 3.1.1 is translated by the codec.
        code: ReasonCode,
        /// The broker's Reason String, empty where there is none.
        said: &'a str,
    },
    /// The settings make no CONNECT; nothing was tried.
    Unusable {
        /// Why, as a sentence without a full stop.
        why: &'a str,
    },
    /// The connection was taken over by another one with the same Client Identifier.
    TakenOver,
    /// The user ended the connection.
    Ended,
    /// The state of the demo connection changed.
    Demo(Demo<'a>),
}

/// The state of the demo connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo<'a> {
    /// On the way.
    Connecting {
        /// Its Client Identifier.
        client_id: &'a str,
    },
    /// Connected.
    Connected {
        /// Its Client Identifier.
        client_id: &'a str,
    },
    /// Not there; `why` is empty after a wanted end.
    Off {
        /// What went wrong, as a sentence without a full stop.
        why: &'a str,
    },
}
