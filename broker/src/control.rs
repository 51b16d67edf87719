//! What administrators may do to others: end a connection, delete a session or a retained message.
//!
//! `$headcount/<account>/control/kick` and `…/delete-session` take `{"client":"id"}`, `…/delete-retained` takes
//! `{"topic":"a/b"}`. `<account>` is the asker's own. The answer is `{"done":true}`, or `{"done":false,"why":"…"}` where
//! there is nothing of that name; unlike other requests they may go without an answer, as it is the act that counts.

use crate::account::Denial;
use crate::events::{Action, Target};
use crate::explain::Refusal;
use crate::key::SessionKey;
use crate::message::Message;
use crate::{Broker, ConnectionId, Now};
use bytes::Bytes;
use headcount_mqtt::{Publish, QoS, ReasonCode, Text, TopicName};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Kick,
    DeleteSession,
    DeleteRetained,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientRequest {
    client: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicRequest {
    topic: String,
}

#[derive(Debug, Serialize)]
struct Answer {
    done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

impl Control {
    /// By the last level of the request's topic.
    pub(crate) fn of(verb: &str) -> Option<Self> {
        match verb {
            "kick" => Some(Self::Kick),
            "delete-session" => Some(Self::DeleteSession),
            "delete-retained" => Some(Self::DeleteRetained),
            _ => None,
        }
    }

    fn action(self) -> Action {
        match self {
            Self::Kick => Action::Kick,
            Self::DeleteSession => Action::DeleteSession,
            Self::DeleteRetained => Action::DeleteRetained,
        }
    }
}

impl Broker {
    /// Does what an administrator asks for, and answers.
    pub(crate) fn control(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        (level, control): (&str, Control),
        publish: &Publish,
    ) -> Result<(), Refusal> {
        let account = self.link(id).map(|link| &link.account);
        if !account.is_some_and(|account| account.administrator && account.level == level) {
            let said = self.report_denied(now, id, Action::Publish, topic.text(), &Denial::Administration);
            return Err(Refusal::new(ReasonCode::NotAuthorized, said));
        }
        // Known before the act: an administrator may end its own connection.
        let to = self.answer_to(id, topic, publish).map(|(to, _)| to);
        let done = match control {
            Control::Kick | Control::DeleteSession => self.control_client(now, id, control, &publish.payload),
            Control::DeleteRetained => self.control_retained(now, id, &publish.payload),
        };
        let why = match done {
            Ok(why) => why,
            Err(mistake) => {
                let line = format!("the request to {topic} cannot be answered: {mistake}");
                self.report_mistake(now, id, &line);
                return Err(Refusal::new(ReasonCode::PayloadFormatInvalid, line));
            }
        };
        let answer = Answer { done: why.is_none(), why };
        if let Some(to) = to {
            let json: Bytes = serde_json::to_vec(&answer).expect("text and a flag").into();
            self.answer_asker(now, id, to, publish, json);
        }
        Ok(())
    }

    /// Why there was nothing to do; `None` where it was done.
    fn control_client(
        &mut self,
        now: Now,
        id: ConnectionId,
        control: Control,
        payload: &[u8],
    ) -> Result<Option<&'static str>, String> {
        let request: ClientRequest = serde_json::from_slice(payload)
            .map_err(|error| format!("{error}; publish {{\"client\":\"its Client Identifier\"}}"))?;
        let found =
            Text::try_from(request.client.as_str()).ok().and_then(|name| self.clients.get(&name).copied());
        let connection = found.and_then(|key: SessionKey| self.sessions.get(key.0)?.connection);
        let Some(key) = found else { return Ok(Some("there is no session of this client")) };
        if control == Control::Kick && connection.is_none() {
            return Ok(Some("the client is not connected"));
        }
        self.report_administered(now, id, control.action(), Target::Client(&request.client));
        self.kick(now, &request.client);
        // A session that ends with its connection is gone by now.
        if control == Control::DeleteSession {
            self.remove_session(now, key);
        }
        Ok(None)
    }

    /// The same for a retained message: it is cleared as a client would do it, so that subscribers see that it is gone.
    fn control_retained(
        &mut self,
        now: Now,
        id: ConnectionId,
        payload: &[u8],
    ) -> Result<Option<&'static str>, String> {
        let request: TopicRequest = serde_json::from_slice(payload)
            .map_err(|error| format!("{error}; publish {{\"topic\":\"a Topic Name\"}}"))?;
        let topic = TopicName::try_from(request.topic.as_str()).map_err(|error| error.to_string())?;
        if crate::system::is_system(&topic) {
            return Err(format!("{topic} is the broker's own to say and to clear"));
        }
        if self.retained.get(&topic).is_none() {
            return Ok(Some("no message is retained for this topic"));
        }
        self.report_administered(now, id, Action::DeleteRetained, Target::Topic(&request.topic));
        let message = Message {
            topic,
            payload: Bytes::new(),
            qos: QoS::AtMostOnce,
            properties: None,
            received: now.monotonic,
            received_unix: now.unix,
        };
        self.publish_message(now, message, true, None);
        Ok(None)
    }
}
