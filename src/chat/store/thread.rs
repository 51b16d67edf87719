//! A conversation.

use std::{collections::VecDeque, sync::Arc};

use super::message::Message;
use crate::store::query::{decode, encode};

/// Messages kept of a conversation, in memory and in storage: more than anybody scrolls through, and at the usual 200
/// bytes each some 60 kB.
pub const MESSAGES_MAX: usize = 300;

/// With whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum With {
    /// A user.
    Person(Arc<str>),
    /// A room.
    Room(Arc<str>),
    /// Two others, whom the administrator reads.
    Between(Arc<str>, Arc<str>),
}

/// A conversation and what the reader has not seen of it.
#[derive(Clone, Debug)]
pub struct Thread {
    /// With whom.
    pub with: With,
    messages: VecDeque<Message>,
    /// Older messages that are not kept any longer.
    pub dropped: u64,
    /// Messages that came since the reader looked.
    pub unread: u32,
    /// What the user has begun to write.
    pub draft: String,
    /// Whether storage has it as it is.
    pub(super) is_saved: bool,
}

impl With {
    /// One word for storage and for keys of lists; [`Self::from_key`] reads it.
    pub fn key(&self) -> String {
        match self {
            Self::Person(name) => format!("person/{}", encode(name)),
            Self::Room(id) => format!("room/{}", encode(id)),
            Self::Between(a, b) => format!("between/{}/{}", encode(a), encode(b)),
        }
    }

    /// Reads a key.
    pub fn from_key(key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.split('/').collect();
        let name = |part: &str| Arc::<str>::from(decode(part));
        match parts.as_slice() {
            ["person", who] => Some(Self::Person(name(who))),
            ["room", id] => Some(Self::Room(name(id))),
            ["between", a, b] => Some(Self::Between(name(a), name(b))),
            _ => None,
        }
    }

    /// Two users, whoever writes to whom.
    pub fn between(a: &str, b: &str) -> Self {
        let (first, second) = if a <= b { (a, b) } else { (b, a) };
        Self::Between(first.into(), second.into())
    }
}

impl Thread {
    /// A conversation without a word.
    pub fn new(with: With) -> Self {
        Self { with, messages: VecDeque::new(), dropped: 0, unread: 0, draft: String::new(), is_saved: false }
    }

    /// Its messages, oldest first, copies among them.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    /// Its latest message.
    pub fn latest(&self) -> Option<&Message> {
        self.messages.iter().rev().find(|message| !message.is_copy)
    }

    /// Takes a message in; whether it is none that was here before, as far as messages are kept.
    pub(super) fn push(&mut self, mut message: Message) -> bool {
        let known = |other: &Message| other.id == message.id && other.sender == message.sender;
        message.is_copy = !message.id.is_empty() && self.messages.iter().any(known);
        let is_new = !message.is_copy;
        if self.messages.len() >= MESSAGES_MAX {
            self.messages.pop_front();
            self.dropped += 1;
        }
        self.messages.push_back(message);
        self.is_saved = false;
        is_new
    }

    /// A message of this number, to mark it.
    pub(super) fn message_mut(&mut self, serial: u64) -> Option<&mut Message> {
        let found = self.messages.iter_mut().find(|message| message.serial == serial)?;
        self.is_saved = false;
        Some(found)
    }

    /// The user's own message of this `messageId`, to mark it.
    pub(super) fn own_mut(&mut self, id: &str) -> Option<&mut Message> {
        let is_it = |message: &&mut Message| *message.id == *id && message.sender.is_none();
        let found = self.messages.iter_mut().find(is_it)?;
        self.is_saved = false;
        Some(found)
    }

    /// What storage had: before everything else.
    pub(super) fn restore(&mut self, messages: Vec<Message>) {
        self.messages = messages.into();
        self.is_saved = true;
    }
}
