//! What clients publish under `emitter/`: requests, each answered on its own topic to the asker alone.

use super::{Fault, REQUESTS};
use crate::explain::Refusal;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::Publish;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known of the asker's connection.
#[derive(Debug, Serialize)]
struct Me<'a> {
    status: u16,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    links: BTreeMap<&'a str, &'a str>,
}

impl Broker {
    /// Serves the request of this name, with or without its slash.
    pub(super) fn emitter_request(
        &mut self,
        now: Now,
        id: ConnectionId,
        name: &str,
        publish: &Publish,
    ) -> Result<(), Refusal> {
        let name = name.strip_suffix('/').unwrap_or(name);
        let payload = &publish.payload;
        let done = match name {
            "presence" => self.presence_request(now, id, payload),
            "keygen" => self.keygen_request(now, id, payload),
            "keyban" => self.keyban_request(now, id, payload),
            "link" => self.link_request(now, id, payload),
            "me" => self.me_request(now, id),
            _ => Err(Fault::new(
                404,
                "there is no such request; known are presence, keygen, keyban, link and me",
            )),
        };
        done.map_err(|fault| {
            let known = matches!(name, "presence" | "keygen" | "keyban" | "link" | "me");
            if known {
                let topic = [REQUESTS, name.as_bytes(), b"/"].concat();
                let topic = String::from_utf8(topic).expect("one of five words");
                self.tell_bytes(now, id, &topic, super::json(&fault));
            } else {
                self.tell_fault(now, id, &fault);
            }
            let said = format!("emitter/{name}/: {}", fault.message);
            self.report_mistake(now, id, &said);
            Refusal::new(fault.code(), said)
        })
    }

    fn me_request(&mut self, now: Now, id: ConnectionId) -> Result<(), Fault> {
        let gone = || Fault::new(403, "the connection has ended");
        let link = self.link(id).ok_or_else(gone)?;
        let session = self.sessions.get(link.session.0).ok_or_else(gone)?;
        let me = Me {
            status: 200,
            id: session.client_id.as_str(),
            username: link.account.user_name().map(headcount_mqtt::Text::as_str),
            links: self.emitter.links.shown(id).collect(),
        };
        let json = super::json(&me);
        self.tell_bytes(now, id, "emitter/me/", json);
        Ok(())
    }
}
