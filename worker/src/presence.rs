//! Whether a worker is there: a retained status with a Will, as the chat's users have it.
//!
//! `{"status":"online","lastOnlineTimestamp":"…Z","session":"…"}`. Birth and Will of one connection share its `session`,
//! by which a reader tells a stale Will from a fresh one on any broker.

use crate::moment::Moment;
use bytes::Bytes;
use headcount_client::{MakeWill, Message};
use headcount_mqtt::{QoS, TopicName, Will, WillProperties};
use serde::Serialize;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// One worker's status.
#[derive(Debug, Clone)]
pub(crate) struct Presence {
    topic: TopicName,
    /// The connection's name, which the Will of its CONNECT bears.
    session: Arc<Mutex<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    #[serde(rename = "status")]
    said: &'a str,
    last_online_timestamp: Moment,
    session: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl Presence {
    pub(crate) fn new(topic: &str) -> Self {
        let topic = TopicName::try_from(topic).expect("a status has a valid topic");
        Self { topic, session: Arc::default() }
    }

    /// The Will of the next connection, under a new name.
    pub(crate) fn make_will(&self) -> MakeWill {
        let presence = self.clone();
        Box::new(move || {
            let random = RandomState::new().build_hasher().finish();
            let session = format!("{random:016x}");
            presence.session.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&session);
            Will {
                topic: presence.topic.clone(),
                payload: status("offline", &session, None),
                qos: QoS::AtMostOnce,
                retain: true,
                properties: WillProperties::default(),
            }
        })
    }

    /// For after every CONNACK.
    pub(crate) fn online(&self) -> Message {
        self.message("online", None)
    }

    /// For before DISCONNECT, which keeps the Will from speaking.
    pub(crate) fn offline(&self) -> Message {
        self.message("offline", Some("logout"))
    }

    fn message(&self, said: &str, reason: Option<&str>) -> Message {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        Message { retain: true, ..Message::new(self.topic.clone(), status(said, &session, reason)) }
    }
}

fn status(said: &str, session: &str, reason: Option<&str>) -> Bytes {
    let status = Status { said, last_online_timestamp: Moment::now(), session, reason };
    serde_json::to_vec(&status).expect("a status is JSON").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn birth_and_will_share_a_session_that_each_connection_has_anew() {
        let presence = Presence::new("status/auctions");
        let mut make_will = presence.make_will();
        let mut sessions = Vec::new();
        for _ in 0..2 {
            let will: Value = serde_json::from_slice(&make_will().payload).unwrap();
            let birth: Value = serde_json::from_slice(&presence.online().payload).unwrap();
            assert_eq!((&will["status"], &birth["status"]), (&"offline".into(), &"online".into()));
            assert_eq!(will["session"], birth["session"]);
            assert!(presence.online().retain && presence.offline().retain);
            sessions.push(birth["session"].clone());
        }
        assert_ne!(sessions[0], sessions[1]);
    }
}
