//! What windows show.

use headcount_broker::Record;
use headcount_page::chat::store::{Chat, message::Message, presence::Badge};

use super::{Id, Town, person};

impl Town {
    pub(crate) fn store(&self, id: Id) -> &Chat {
        &self.tab(id).store
    }

    /// How many bytes a page was sent.
    pub(crate) fn heard(&self, id: Id) -> usize {
        self.tab(id).heard
    }

    pub(crate) fn badge(&self, id: Id, name: &str) -> Badge {
        self.store(id).badge(name).unwrap()
    }

    /// What a window shows of a conversation, `>` before what its user wrote and `~` before a copy.
    pub(crate) fn shows(&self, id: Id, with: &str) -> Vec<String> {
        let line = |message: &Message| {
            let from = if message.sender.is_none() { ">" } else { "" };
            let copy = if message.is_copy { "~" } else { "" };
            format!("{from}{copy}{}", message.content)
        };
        self.store(id).thread(&person(with)).map_or_else(Vec::new, |it| it.messages().map(line).collect())
    }

    /// How far each message of a conversation came.
    pub(crate) fn marks(&self, id: Id, with: &str) -> Vec<&'static str> {
        let thread = self.store(id).thread(&person(with)).unwrap();
        thread.messages().map(|message| message.mark.name()).collect()
    }

    /// How many messages the broker took from clients.
    pub(crate) fn requests(&self) -> u64 {
        self.broker.as_ref().unwrap().stats().publishes_received
    }

    /// The birth that a user retained last.
    pub(crate) fn last_birth(&self, user: &str) -> String {
        let topic = format!("chat/status/{user}");
        let births = self.past.iter().filter_map(|record| match record {
            Record::RetainedSet { message, .. } if message.topic.as_str() == topic => {
                Some(String::from_utf8(message.payload.to_vec()).unwrap())
            }
            _ => None,
        });
        births.last().unwrap()
    }
}
