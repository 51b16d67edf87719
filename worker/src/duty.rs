//! What a worker does: a state that turns messages and moments into messages.

use crate::moment::Moment;
use headcount_client::Message;
use headcount_mqtt::{QoS, Subscription, TopicFilter, TopicName};

/// One worker's work. It does no I/O but to read its own files; the [`desk`](crate::desk) does.
pub(crate) trait Duty {
    /// As the log and the Client Identifier call it.
    const NAME: &'static str;
    /// Requests in hand at one time, which is the session's Receive Maximum.
    const WINDOW: u16;

    /// Where it tells whether it is there.
    fn status(&self, user_name: &str) -> String;

    /// What it listens to.
    fn requests(&self) -> Vec<Subscription>;

    /// The retained messages that are its memory, if it has one.
    fn memory(&self) -> Option<TopicFilter> {
        None
    }

    /// Forgets everything, and takes up what the memory holds.
    fn restore(&mut self, now: Moment, memory: Vec<Message>) {
        let _ = (now, memory);
    }

    /// A request came: what to publish. The request is acknowledged once all of that is.
    fn handle(&mut self, now: Moment, message: &Message) -> Vec<Message>;

    /// When [`tick`](Self::tick) wants to be called.
    fn due(&self) -> Option<Moment> {
        None
    }

    /// Does what has come due: what to publish.
    fn tick(&mut self, now: Moment) -> Vec<Message> {
        let _ = now;
        Vec::new()
    }

    /// All of the memory, for a broker that has lost it.
    fn recall(&self) -> Vec<Message> {
        Vec::new()
    }
}

/// A subscription at `QoS` 1.
pub(crate) fn subscription(filter: &str) -> Subscription {
    let filter = TopicFilter::try_from(filter).expect("filters in this program are valid");
    Subscription::new(filter, QoS::AtLeastOnce)
}

/// A message at `QoS` 1; `None` where the topic is too long for one.
pub(crate) fn message(topic: &str, payload: impl Into<bytes::Bytes>) -> Option<Message> {
    let topic = TopicName::try_from(topic).ok()?;
    Some(Message { qos: QoS::AtLeastOnce, ..Message::new(topic, payload.into()) })
}

/// The same, retained.
pub(crate) fn retained(topic: &str, payload: impl Into<bytes::Bytes>) -> Option<Message> {
    message(topic, payload).map(|message| Message { retain: true, ..message })
}
