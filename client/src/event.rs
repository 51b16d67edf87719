//! What a program hears from its broker.

use headcount_mqtt::client::{Cause, Message, Receipt, Refused as Refusal};
use headcount_mqtt::{ReasonCode, TopicFilter};
use tokio::sync::mpsc;

/// Events that wait for the program. Above it the transport is not read: the broker then holds the rest.
const WAITING: usize = 256;

/// What happened, in order.
#[derive(Debug)]
pub enum Event {
    /// A connection stands.
    Connected {
        /// Whether the broker resumed the session.
        session_present: bool,
    },
    /// A connection, or an attempt for one, ended.
    Disconnected {
        /// Why.
        cause: Cause,
        /// What the system said about it.
        detail: Option<String>,
        /// Whether the client leaves it at that.
        terminal: bool,
    },
    /// The broker's CONNACK refused the connection.
    Refused(Box<Refusal>),
    /// A message of a subscription.
    Message {
        /// The message.
        message: Message,
        /// For [`Client::acknowledge`](crate::Client::acknowledge): there where the message has `QoS` 1 and the options
        /// say `manual_acks`.
        receipt: Option<Receipt>,
    },
    /// The broker had lost the session, and does not grant this filter again.
    Ungranted(TopicFilter, ReasonCode),
}

/// The events of one client.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<Event>);

impl Events {
    pub(crate) fn new() -> (Self, mpsc::Sender<Event>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(receiver), sender)
    }

    /// The next event; `None` once the client is over. May be dropped and called again without loss.
    pub async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }
}
