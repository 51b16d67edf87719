//! What is kept over a reload: conversations, what the reader has seen of them, drafts, and the outbox.

use super::{
    Chat, THREADS_MAX,
    message::{Mark, Message},
    outbox::Outbox,
    thread::{MESSAGES_MAX, Thread, With},
    write::Writing,
};
use crate::store::{json::Json, query::encode};

/// Messages of a conversation that are tried where storage has no room for all of them.
const FEW: usize = 40;

impl Chat {
    /// Puts what changed on the shelf. What was received is there when this returns, or [`super::Missing::unsaved`]
    /// says that it is not.
    pub fn save(&mut self) {
        // Somebody else writes there while they hold the connection.
        if !self.holds() {
            return;
        }
        let mut is_kept = true;
        for at in 0..self.threads.len() {
            if !self.threads[at].is_saved {
                let key = self.key(&self.threads[at].with.key());
                let fits = [MESSAGES_MAX, FEW].iter().any(|most| {
                    let text = write_messages(&self.threads[at], *most);
                    self.shelf.write(&key, &text)
                });
                is_kept &= fits;
                self.threads[at].is_saved = true;
                self.is_dirty = true;
            }
        }
        if !self.outbox.is_saved {
            is_kept &= self.shelf.write(&self.key("outbox"), &self.outbox.write());
            self.outbox.is_saved = true;
        }
        if std::mem::take(&mut self.is_dirty) {
            is_kept &= self.shelf.write(&self.key("threads"), &self.write_threads());
        }
        if !is_kept && !self.missing.unsaved {
            self.missing.unsaved = true;
            self.version += 1;
        }
    }

    /// Takes everything of this user off the shelf, and out of this window.
    pub fn forget(&mut self) {
        let prefix = self.key("");
        for key in self.shelf.keys().into_iter().filter(|key| key.starts_with(&prefix)) {
            self.shelf.remove(&key);
        }
        self.threads.clear();
        self.outbox = Outbox::forgotten();
        self.is_dirty = false;
        self.open = None;
        self.version += 1;
    }

    /// `headcount.chat/<realm>/<user>/<rest>`
    pub(super) fn key(&self, rest: &str) -> String {
        format!("headcount.chat/{}/{}/{rest}", self.stage.realm().name(), encode(&self.user))
    }

    /// Takes up what the shelf has of this user, in the place of what is here.
    pub(super) fn load(&mut self) {
        (self.threads, self.open) = (Vec::new(), None);
        let index = self.shelf.read(&self.key("threads")).unwrap_or_default();
        if let Ok(Json::List(items)) = Json::read(index.as_bytes()) {
            for item in items.iter().take(THREADS_MAX) {
                let Some(thread) = read_thread(item) else { continue };
                if item.flag("open") == Ok(Some(true)) {
                    self.open = Some(thread.with.clone());
                }
                self.threads.push(thread);
            }
        }
        for at in 0..self.threads.len() {
            let key = self.key(&self.threads[at].with.key());
            let text = self.shelf.read(&key).unwrap_or_default();
            let Ok(Json::List(items)) = Json::read(text.as_bytes()) else { continue };
            let mut messages = Vec::new();
            for item in items.iter().take(MESSAGES_MAX) {
                self.last_serial += 1;
                messages.extend(Message::read(item, self.last_serial));
            }
            self.threads[at].restore(messages);
        }
        let text = self.shelf.read(&self.key("outbox")).unwrap_or_default();
        if let Ok(json) = Json::read(text.as_bytes()) {
            let mut serial = self.last_serial;
            let threads = &self.threads;
            self.outbox = Outbox::read(&json, |with, id| {
                let thread = threads.iter().find(|thread| thread.with == *with);
                let is_it = |message: &&Message| *message.id == *id && message.sender.is_none();
                thread.and_then(|thread| thread.messages().find(is_it)).map_or_else(
                    || {
                        serial += 1;
                        serial
                    },
                    |message| message.serial,
                )
            });
            self.last_serial = serial;
        }
        self.mark_lost();
    }

    /// What was on its way when the page was closed, and is in no outbox: nobody will send it.
    fn mark_lost(&mut self) {
        let outbox = &self.outbox;
        for thread in &mut self.threads {
            let lost: Vec<u64> = thread
                .messages()
                .filter(|message| message.mark == Mark::Sending && !outbox.holds(&message.id))
                .map(|message| message.serial)
                .collect();
            for serial in lost {
                if let Some(message) = thread.message_mut(serial) {
                    message.mark = Mark::Lost("the page was closed".into());
                }
            }
        }
    }

    fn write_threads(&self) -> String {
        let mut list = Writing::list();
        for thread in &self.threads {
            let json = Writing::object()
                .text("with", &thread.with.key())
                .number("unread", thread.unread.into())
                .number("dropped", i64::try_from(thread.dropped).unwrap_or(i64::MAX))
                .text("draft", &thread.draft);
            let is_open = self.open.as_ref() == Some(&thread.with);
            list.item(&if is_open { json.json("open", "true").end() } else { json.end() });
        }
        list.end()
    }
}

fn read_thread(json: &Json<'_>) -> Option<Thread> {
    let mut thread = Thread::new(With::from_key(json.text("with").ok().flatten()?)?);
    thread.unread = json.number("unread").ok().flatten().unwrap_or_default();
    thread.dropped = json.number("dropped").ok().flatten().unwrap_or_default();
    json.text("draft").ok().flatten().unwrap_or_default().clone_into(&mut thread.draft);
    Some(thread)
}

fn write_messages(thread: &Thread, most: usize) -> String {
    let mut list = Writing::list();
    let messages: Vec<&Message> = thread.messages().collect();
    for message in &messages[messages.len().saturating_sub(most)..] {
        list.item(&message.write());
    }
    list.end()
}
