//! What the broker refused, in its own words.

use std::sync::Arc;

use super::{
    Chat,
    ask::Purpose,
    message::{Mark, Message},
    thread::With,
    topic::{CLIENT_ID, Route},
};
use crate::store::Millis;

/// Lines of `<account>/errors` that are kept.
const ERRORS_MAX: usize = 20;

impl Chat {
    pub(super) fn answered(&mut self, now: Millis, purpose: &Purpose, refused: &str) {
        match purpose {
            Purpose::Pretend { to, sender } if refused.is_empty() => {
                let line = format!("The broker took a message to {to} in the name of {sender}.");
                self.complain(now, &line);
            }
            Purpose::Pretend { to, sender } => {
                // The broker's own sentence comes as a line of its own.
                let refused = refused.split(" (").next().unwrap_or_default();
                let line =
                    format!("The broker refused a message to {to} in the name of {sender}: {refused}.");
                self.complain(now, &line);
            }
            Purpose::Room if !refused.is_empty() => {
                self.complain(now, &format!("The broker refused to change the room: {refused}."));
            }
            Purpose::Room | Purpose::Rules => {}
        }
    }

    /// `<client id> may not publish to <topic>: <why>`: in 3.1.1 the PUBACK of what is refused looks like any other.
    pub(super) fn refuse(&mut self, line: &str) {
        let own = format!("{CLIENT_ID}{} may not publish to ", self.user);
        let Some((topic, why)) = line.strip_prefix(&own).and_then(|rest| rest.split_once(": ")) else {
            return;
        };
        let with = match Route::of(topic) {
            Route::Message { receiver, sender, .. } if *sender == *self.user => With::Person(receiver.into()),
            Route::Room(id) => With::Room(id.into()),
            _ => return,
        };
        let is_open = |message: &&Message| {
            let marks = [Mark::Sending, Mark::Sent, Mark::Acknowledged, Mark::Pending];
            message.sender.is_none() && marks.contains(&message.mark)
        };
        let found = self.thread(&with).and_then(|thread| thread.messages().rev().find(is_open));
        if let Some(serial) = found.map(|message| message.serial) {
            self.mark(&with, serial, Mark::Refused(why.into()));
        }
    }

    pub(super) fn complain(&mut self, now: Millis, line: &str) {
        if self.errors.len() >= ERRORS_MAX {
            self.errors.remove(0);
        }
        self.errors.push((now, Arc::from(line)));
    }
}
