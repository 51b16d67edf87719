//! The chat's validation: every message is looked at before its receiver gets it.
//!
//! | Topic | Who publishes | What |
//! | --- | --- | --- |
//! | `chat/messages/<receiver>/<sender>/request` | the sender | `{"messageId","content","timestamp"}` |
//! | `chat/messages/<receiver>/<sender>/accepted` | the worker | the same bytes |
//! | `chat/messages/<receiver>/<sender>/rejected` | the worker | `{"messageId","content","timestamp","reason"}` |
//! | `chat/status/<the worker's user>` | the worker | retained, with a Will: whether it is there |
//!
//! Answers keep the order of the requests. One that is given twice, after the worker was killed, bears the same
//! `messageId`, by which its reader drops it.

mod verdict;
mod word_file;
mod words;

pub(crate) use word_file::WordFile;

use crate::duty::{Duty, message, subscription};
use crate::moment::Moment;
use headcount_client::Message;
use headcount_mqtt::Subscription;
use verdict::Verdict;

const PREFIX: &str = "chat/messages/";
const REQUEST: &str = "/request";

/// The state: the list, which no restart loses.
pub(crate) struct Chat {
    words: WordFile,
}

impl Chat {
    pub(crate) fn new(words: WordFile) -> Self {
        Self { words }
    }
}

impl Duty for Chat {
    const NAME: &'static str = "chat";
    // What a broker has in flight towards one client, several times over.
    const WINDOW: u16 = 128;

    fn status(&self, user_name: &str) -> String {
        format!("chat/status/{}", crate::level::encoded(user_name))
    }

    fn requests(&self) -> Vec<Subscription> {
        vec![subscription("chat/messages/+/+/request")]
    }

    fn handle(&mut self, _: Moment, request: &Message) -> Vec<Message> {
        let Some(conversation) = request.topic.as_str().strip_suffix(REQUEST) else { return Vec::new() };
        debug_assert!(conversation.starts_with(PREFIX));
        let answer = match verdict::judge(&request.payload, self.words.list()) {
            Verdict::Accepted => message(&format!("{conversation}/accepted"), request.payload.clone()),
            Verdict::Rejected(told) => message(&format!("{conversation}/rejected"), told),
        };
        // `rejected` is a byte longer than `request`: a topic that has no room for it gets no answer.
        answer.into_iter().collect()
    }

    fn due(&self) -> Option<Moment> {
        self.words.due()
    }

    fn tick(&mut self, now: Moment) -> Vec<Message> {
        self.words.look(now);
        Vec::new()
    }
}
