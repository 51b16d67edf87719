//! How the store takes in what the session tells.

use super::{
    Chat, Taker, Told, Waited,
    message::{Mark, Message},
    outbox::Entry,
    own::Verdict,
    payload::{Said, Status},
    presence::Badge,
    stage::Feature,
    thread::With,
    topic::{BACKEND, CLIENT_ID, Route, Step},
};
use crate::store::{
    Connection, Millis,
    connection::{Live, Step as Way},
    json::Json,
};

impl Chat {
    /// Takes in what happened to the window's connection.
    pub fn fold(&mut self, now: Millis, told: Told<'_>) {
        self.take_in(now, told);
        if self.taken_by.is_some() {
            // What is left of the connection says how it ends; why is known.
            self.connection = Connection::TakenOver;
        }
        self.version += 1;
    }

    fn take_in(&mut self, now: Millis, told: Told<'_>) {
        match told {
            Told::Message { topic, payload, retain } => self.message(now, topic, payload, retain),
            Told::Published { serial, refused } => self.published(serial, refused),
            Told::Answered { purpose, refused } => self.answered(now, &purpose, refused),
            Told::Step { step, attempt } => self.connection = Connection::Connecting { step, attempt },
            Told::Opened { session } => self.own.opened(session),
            Told::Connected { protocol, session_present } => {
                self.own.is_connected = true;
                if std::mem::take(&mut self.is_fresh) {
                    // Another tab may have stored something until this moment, in which it lost the connection.
                    self.load();
                }
                let client_id = format!("{CLIENT_ID}{}", self.user).into();
                self.live = Some(Live { since: now, protocol, client_id, assigned: false });
                self.connection = Connection::Connecting { step: Way::Subscribing, attempt: 0 };
                self.waited = Waited { since: session_present.then_some(now), ..Waited::default() };
            }
            Told::Subscribed => {
                if let Some(live) = self.live.clone() {
                    self.connection = Connection::Live(live);
                    self.ask_rules();
                }
            }
            Told::Denied { filter } => {
                self.complain(now, &format!("The broker refused the subscription to {filter}."));
            }
            Told::Lost { why, attempt, retry_at } => {
                self.connection = Connection::Reconnecting { attempt, retry_at, error: why.into() };
                self.yields |= self.own.is_fight(now);
                self.lose();
            }
            Told::Refused(refusal) => {
                self.connection = Connection::Refused(refusal);
                self.lose();
            }
            Told::TakenOver => {
                // A tab of this browser has said so itself.
                let by = self.taken_by.unwrap_or(Taker::Elsewhere);
                self.taken(by);
            }
            Told::Ended => {
                self.connection = Connection::Offline;
                self.lose();
            }
        }
    }

    /// The connection is over: what others are is not known any longer.
    pub(super) fn lose(&mut self) {
        self.live = None;
        self.asks.clear();
        self.follows.clear();
        self.own.lose();
        self.presence.lose();
        self.version += 1;
    }

    /// Whether the session has to say "online" once more, since somebody said otherwise. Given once.
    pub fn take_correction(&mut self) -> bool {
        std::mem::take(&mut self.own.says_again)
    }

    /// The newest login under this name that was heard of elsewhere, in milliseconds since 1970.
    pub fn newest_login(&self) -> i64 {
        self.own.newest
    }

    fn published(&mut self, serial: u64, refused: &str) {
        let Some(entry) = self.outbox.settle(serial) else { return };
        let mark = if !refused.is_empty() {
            Mark::Refused(refused.into())
        } else if !self.stage.has(Feature::Qos1) {
            Mark::Sent
        } else if self.stage.has(Feature::Validation) && matches!(entry.with, With::Person(_)) {
            Mark::Pending
        } else {
            Mark::Acknowledged
        };
        // The worker, or the word of a refusal, may have been faster than the PUBACK.
        let is_judged = self.thread(&entry.with).is_some_and(|thread| {
            let found = thread.messages().find(|message| message.serial == serial);
            found.is_some_and(|message| {
                matches!(message.mark, Mark::Accepted | Mark::Rejected(_) | Mark::Refused(_))
            })
        });
        if !is_judged {
            self.mark(&entry.with, serial, mark);
        }
    }

    fn message(&mut self, now: Millis, topic: &str, payload: &[u8], retain: bool) {
        match Route::of(topic) {
            Route::Message { receiver, sender, step } => {
                self.chat_message(now, &receiver, &sender, step, payload);
            }
            Route::Status(user) if self.stage.has(Feature::Status) => {
                self.status(now, &user, payload, retain);
            }
            Route::Uptime => self.uptime(now, payload),
            Route::Client(user) => self.client(&user, payload),
            Route::Events => self.event(payload),
            Route::Errors => {
                let line = String::from_utf8_lossy(payload);
                self.rules.hear(&line);
                self.refuse(&line);
                self.complain(now, &line);
            }
            Route::Rules => self.rules.take(payload),
            Route::Control => self.controlled(now, payload),
            Route::About(id) if self.stage.has(Feature::Rooms) => self.about(&id, payload),
            Route::Room(id) if self.stage.has(Feature::Rooms) => {
                self.room_message(now, &id, Said::read(payload));
            }
            Route::Status(_) | Route::About(_) | Route::Room(_) | Route::Stray => {}
        }
    }

    fn chat_message(&mut self, now: Millis, receiver: &str, sender: &str, step: Step, payload: &[u8]) {
        let said = Said::read(payload);
        if *sender == *self.user && (receiver != sender || step == Step::Rejected) {
            return self.judged(receiver, step, said);
        }
        let wanted = if self.stage.has(Feature::Validation) { Step::Accepted } else { Step::Direct };
        if step != wanted {
            return;
        }
        if self.waited.since.is_some_and(|since| said.at.is_some_and(|at| at < since)) {
            self.waited.counted += 1;
        }
        let with = if *receiver == *self.user {
            With::Person(sender.into())
        } else {
            With::between(receiver, sender)
        };
        self.receive(now, &with, sender, said);
    }

    /// An answer of the worker about a message of the user's own.
    fn judged(&mut self, receiver: &str, step: Step, said: Said) {
        let mark = match step {
            Step::Accepted => Mark::Accepted,
            Step::Rejected => Mark::Rejected(said.reason.into()),
            Step::Direct | Step::Request => return,
        };
        let with = With::Person(receiver.into());
        if let Some(message) = self.thread_mut(&with).and_then(|thread| thread.own_mut(&said.id)) {
            message.mark = mark;
        }
    }

    pub(super) fn receive(&mut self, now: Millis, with: &With, sender: &str, said: Said) {
        self.last_serial += 1;
        let message = Message {
            serial: self.last_serial,
            id: said.id.into(),
            sender: Some(sender.into()),
            content: said.content.into(),
            at: said.at.unwrap_or(now),
            mark: Mark::Received,
            is_copy: false,
        };
        let is_read = self.looked_at && self.open.as_ref() == Some(with);
        let thread = self.thread_of(with);
        if thread.push(message) {
            if !is_read {
                thread.unread += 1;
            }
            self.raise(with);
        }
    }

    fn status(&mut self, now: Millis, user: &str, payload: &[u8], retain: bool) {
        if payload.is_empty() {
            return self.presence.forget(user);
        }
        let Some(status) = Status::read(payload) else { return };
        if *user != *self.user {
            let was_unknown = self.presence.badge(user) == Badge::Unknown(None);
            self.presence.fold(now, user, &status, retain);
            if *user == *BACKEND && was_unknown && status.online {
                self.ask_worker_again();
            }
            return;
        }
        if self.own.judge(&status) == Verdict::Yield {
            self.yields = true;
        }
    }

    fn uptime(&mut self, now: Millis, payload: &[u8]) {
        let text = std::str::from_utf8(payload).unwrap_or_default();
        let seconds = text.split(' ').next().and_then(|seconds| seconds.parse::<i64>().ok());
        if let Some(seconds) = seconds.filter(|seconds| (0..=i64::from(u32::MAX)).contains(seconds)) {
            self.presence.broker_started(now.plus(-seconds * 1_000));
        }
    }

    /// A worker is there of which nothing was known: what was written before it ever came, no session kept for it. What
    /// it judges twice comes under one `messageId`.
    fn ask_worker_again(&mut self) {
        for at in 0..self.threads.len() {
            let with = self.threads[at].with.clone();
            let pending: Vec<Message> =
                self.threads[at].messages().filter(|it| it.mark == Mark::Pending).cloned().collect();
            for Message { serial, id, content, at, .. } in pending {
                if self.stage.has(Feature::Validation) && !self.outbox.is_full() && !self.outbox.holds(&id) {
                    self.outbox.push(Entry::new(serial, with.clone(), id, content, at));
                }
            }
        }
    }

    /// The broker's own word about a chat client, where it tells: a Will cannot say when its client was last there.
    fn client(&mut self, user: &str, payload: &[u8]) {
        let Ok(json) = Json::read(payload) else { return };
        let text = |name: &str| json.text(name).ok().flatten().unwrap_or_default();
        let ended = Millis::from_rfc3339(text("at")).filter(|_| text("status") == "disconnected");
        self.presence.broker_saw(user, ended);
    }

    /// `$headcount/<account>/events`: how many messages waited, and whether two fight over the user's name.
    fn event(&mut self, payload: &[u8]) {
        let Ok(json) = Json::read(payload) else { return };
        let client = json.object("client").ok().flatten();
        let id = client.and_then(|client| client.text("id").ok().flatten()).unwrap_or_default();
        if id.strip_prefix(CLIENT_ID) != Some(&*self.user) {
            return;
        }
        match json.text("event") {
            Ok(Some("connected")) => {
                let session = json.object("session").ok().flatten();
                let queued = session.and_then(|session| session.number("queued").ok().flatten());
                self.waited.told = queued.or(self.waited.told);
            }
            // Of MQTT 5, whoever was taken over was told so, and has stopped.
            Ok(Some("conflict")) => self.yields = true,
            _ => {}
        }
    }
}
