//! `emitter/keyban/`: takes a key that was made out of use, or back into it.

use super::{Fault, KeyId, json};
use crate::{Broker, ConnectionId, Now};
use serde::{Deserialize, Serialize};

/// What is published. Keys that nobody knows say nothing, as in Emitter.
#[derive(Deserialize)]
struct Request {
    /// A key of the configuration.
    secret: String,
    /// The key that is spoken of.
    target: String,
    banned: bool,
}

#[derive(Debug, Serialize)]
struct Answer {
    status: u16,
    banned: bool,
}

impl Broker {
    pub(super) fn keyban_request(&mut self, now: Now, id: ConnectionId, payload: &[u8]) -> Result<(), Fault> {
        let request: Request = serde_json::from_slice(payload).map_err(|error| {
            let example = "{\"secret\":\"…\",\"target\":\"…\",\"banned\":true}";
            Fault::new(400, format!("{error}; publish {example}"))
        })?;
        let keys = &mut self.emitter.keys;
        if !keys.get(&request.secret).is_some_and(|key| key.is_configured) {
            return Err(Fault::new(
                401,
                "secret: a key of the realm's configuration takes others out of use",
            ));
        }
        if keys.get(&request.target).is_some_and(|key| key.is_configured) {
            return Err(Fault::new(403, "target: this key stands in the configuration; take it out there"));
        }
        if self.is_storage_full() {
            return Err(Fault::new(507, "storage is full: nothing was changed"));
        }
        let changed = self.emitter.keys.ban(KeyId::of(&request.target), request.banned).cloned();
        let key = changed.ok_or(Fault::new(404, "target: there is no such key"))?;
        self.store_key(&key);
        self.promise_own(id);
        self.tell_bytes(now, id, "emitter/keyban/", json(&Answer { status: 200, banned: request.banned }));
        self.end_keys(now);
        Ok(())
    }
}
