//! What the session tells the store.

use super::ask::Purpose;
use crate::store::{
    Millis,
    connection::{Protocol, Refusal, Step},
};

/// What happened to a window's connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Told<'a> {
    /// A step on the way has begun.
    Step {
        /// Which one.
        step: Step,
        /// 0 for the first attempt, then counting retries.
        attempt: u32,
    },
    /// CONNECT leaves, under this session.
    Opened {
        /// What birth and Will share.
        session: &'a str,
    },
    /// CONNACK came.
    Connected {
        /// The version spoken.
        protocol: Protocol,
        /// Whether the broker had kept a session.
        session_present: bool,
    },
    /// All subscriptions were answered.
    Subscribed,
    /// A subscription was refused.
    Denied {
        /// Its filter.
        filter: &'a str,
    },
    /// A PUBLISH.
    Message {
        /// Topic Name.
        topic: &'a str,
        /// Payload.
        payload: &'a [u8],
        /// Whether it was retained before this page subscribed.
        retain: bool,
    },
    /// A message of the outbox has its last answer: at `QoS` 0 that it is among the bytes to send, else PUBACK.
    Published {
        /// Its number.
        serial: u64,
        /// Why the broker refused it, empty where it did not.
        refused: &'a str,
    },
    /// Something beside the messages has its answer.
    Answered {
        /// What it was for.
        purpose: Purpose,
        /// Why the broker refused it, empty where it did not.
        refused: &'a str,
    },
    /// The connection broke or did not come about; another attempt follows.
    Lost {
        /// Why, as a sentence without a full stop.
        why: &'a str,
        /// The number of the attempt that comes next, from 1.
        attempt: u32,
        /// When it comes.
        retry_at: Millis,
    },
    /// The broker refused, and trying again would not help.
    Refused(Refusal),
    /// The broker said that another connection took the session over.
    TakenOver,
    /// The user ended the connection.
    Ended,
}
