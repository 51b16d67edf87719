//! How the store takes in what the user wants.

use std::sync::Arc;

use super::{
    Chat, DRAFT_MAX, THREADS_MAX, Wish, With,
    ask::{Ask, Purpose},
    message::{Mark, Message},
    outbox, payload,
    stage::Feature,
    thread::Thread,
    topic::{self, Step},
};
use crate::store::Millis;

impl Chat {
    /// Takes in what the user asked of the store.
    pub fn apply(&mut self, now: Millis, wish: &Wish) {
        self.is_fresh &= matches!(wish, Wish::LookedAt(_) | Wish::Dismiss | Wish::AskRules);
        match wish {
            Wish::Send { with, content, random } => self.say(now, with, content, *random),
            Wish::Repeat(serial) => self.repeat(now, *serial),
            Wish::Open(thread) => self.open_thread(thread.clone()),
            Wish::Close => {
                self.open = None;
                self.is_dirty = true;
            }
            Wish::Draft { with, text } => {
                if let Some(thread) = self.thread_mut(with) {
                    thread.draft = payload::cut(text.clone(), 4 * DRAFT_MAX);
                    self.is_dirty = true;
                }
                // The view has it already.
                return;
            }
            Wish::LookedAt(looked_at) => {
                self.looked_at = *looked_at;
                if let Some(with) = self.open.clone().filter(|_| *looked_at) {
                    self.read_thread(&with);
                }
            }
            Wish::Pretend { to, sender, random } => self.pretend(now, to, sender, *random),
            Wish::AskRules => self.ask_rules(),
            Wish::MakeRoom { name, random } => self.make_room(name, *random),
            Wish::AddMember { room, user } => self.add_member(room, user),
            Wish::RemoveMember { room, user } => self.remove_member(room, user),
            Wish::EndRoom(room) => self.end_room(room),
            Wish::Dismiss => self.waited.dismissed = true,
        }
        self.version += 1;
    }

    fn say(&mut self, now: Millis, with: &With, content: &str, random: u128) {
        let id: Arc<str> = payload::uuid(random).into();
        let content: Arc<str> = content.into();
        self.open_thread(with.clone());
        self.put(now, with, id, content, false);
    }

    fn pretend(&mut self, now: Millis, to: &str, sender: &str, random: u128) {
        let step = if self.stage.has(Feature::Validation) { Step::Request } else { Step::Direct };
        let content = format!("This is not {sender}, but {}.", self.user);
        let payload = payload::message(&payload::uuid(random), &content, now, None);
        let purpose = Purpose::Pretend { to: to.to_owned(), sender: sender.to_owned() };
        let topic = topic::message(to, sender, step);
        self.asks.push_back(Ask { topic, payload, retain: false, purpose });
    }

    /// The same message once more, as a client does that missed its PUBACK.
    fn repeat(&mut self, now: Millis, serial: u64) {
        let found = self.threads.iter().find_map(|thread| {
            let message = thread.messages().find(|message| message.serial == serial)?;
            Some((thread.with.clone(), message.clone()))
        });
        if let Some((with, message)) = found.filter(|(_, message)| message.sender.is_none()) {
            self.put(now, &with, message.id, message.content, true);
        }
    }

    fn put(&mut self, now: Millis, with: &With, id: Arc<str>, content: Arc<str>, is_repeat: bool) {
        self.last_serial += 1;
        let serial = self.last_serial;
        let is_kept = self.stage.has(Feature::Qos1);
        let mark = if !self.holds() {
            Mark::Lost("this window does not hold the connection".into())
        } else if !is_kept && !self.is_connected() {
            Mark::Lost("not connected, and QoS 0 keeps nothing".into())
        } else if self.outbox.is_full() {
            Mark::Lost("too many messages wait already".into())
        } else {
            Mark::Sending
        };
        if mark == Mark::Sending {
            let (with, id, content) = (with.clone(), Arc::clone(&id), Arc::clone(&content));
            self.outbox.push(outbox::Entry::new(serial, with, id, content, now));
        }
        // A repeated message is the receiver's to tell; here it is one.
        if !is_repeat {
            let message = Message { serial, id, sender: None, content, at: now, mark, is_copy: false };
            self.thread_of(with).push(message);
            self.raise(with);
        }
    }

    fn open_thread(&mut self, with: With) {
        self.thread_of(&with);
        self.read_thread(&with);
        self.open = Some(with);
        self.is_dirty = true;
    }

    fn read_thread(&mut self, with: &With) {
        if let Some(thread) = self.thread_mut(with).filter(|thread| thread.unread > 0) {
            thread.unread = 0;
            self.is_dirty = true;
        }
    }

    pub(super) fn thread_mut(&mut self, with: &With) -> Option<&mut Thread> {
        self.threads.iter_mut().find(|thread| thread.with == *with)
    }

    /// The conversation, begun where there is none. One too many makes the one go that was quiet for longest.
    pub(super) fn thread_of(&mut self, with: &With) -> &mut Thread {
        let at = self.threads.iter().position(|thread| thread.with == *with).unwrap_or_else(|| {
            if self.threads.len() >= THREADS_MAX {
                self.drop_thread();
            }
            self.threads.insert(0, Thread::new(with.clone()));
            self.is_dirty = true;
            0
        });
        &mut self.threads[at]
    }

    fn drop_thread(&mut self) {
        let is_idle = |thread: &Thread| thread.unread == 0 && self.open.as_ref() != Some(&thread.with);
        let at = self.threads.iter().rposition(is_idle).unwrap_or(self.threads.len() - 1);
        let gone = self.threads.remove(at);
        self.missing.threads += 1;
        self.shelf.remove(&self.key(&gone.with.key()));
    }

    /// Brings a conversation to the head of the list.
    pub(super) fn raise(&mut self, with: &With) {
        if let Some(at) = self.threads.iter().position(|thread| thread.with == *with) {
            self.threads[..=at].rotate_right(1);
            self.is_dirty = true;
        }
    }
}
