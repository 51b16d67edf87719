//! Who gets a message (3.3.4), and what a subscription brings (3.8.4).

use crate::filter::{matches, split};
use crate::model::Model;
use crate::session::{Copy, Word};
use crate::step::Options;

impl Model {
    /// Passes a message on, and retains it where that is asked for.
    pub(crate) fn publish(&mut self, publisher: u8, word: &Word, retain: bool) {
        if retain && word.payload.is_empty() {
            self.retained.remove(word.topic);
        } else if retain {
            self.retained.insert(word.topic, word.clone());
        }
        let clients: Vec<u8> = self.sessions.keys().copied().collect();
        for client in clients {
            let session = &self.sessions[&client];
            let fitting: Vec<(u8, Options)> = session
                .subscriptions
                .iter()
                .filter(|(filter, _)| split(filter).0.is_none() && matches(filter, word.topic))
                .map(|(_, it)| *it)
                .filter(|(_, options)| !(options.no_local && client == publisher))
                .collect();
            let Some(highest) = fitting.iter().map(|(qos, _)| *qos).max() else { continue };
            let copy = Copy {
                word: word.clone(),
                qos: word.qos.min(highest),
                retain: retain && fitting.iter().any(|(_, options)| options.retain_as_published),
                identifiers: fitting.iter().filter_map(|(_, options)| options.identifier).collect(),
                group: None,
            };
            self.give(client, copy);
        }
        self.offer(word, retain);
    }

    fn give(&mut self, client: u8, copy: Copy) {
        let Some(session) = self.sessions.get_mut(&client) else { return };
        match self.links.get_mut(&client) {
            Some(link) if copy.qos == 0 => link.due.push_back(copy),
            None if copy.qos == 0 || session.expiry == 0 => {}
            _ => session.queue.push_back(copy),
        }
    }

    /// Makes or replaces a subscription, and lines its retained messages up.
    pub(crate) fn subscribe(&mut self, client: u8, filter: &'static str, qos: u8, options: Options) {
        let Some(session) = self.sessions.get_mut(&client) else { return };
        let known = session.subscriptions.insert(filter, (qos, options)).is_some();
        let wanted = match options.retain_handling {
            0 => true,
            1 => !known,
            _ => false,
        };
        if wanted && split(filter).0.is_none() {
            let topics = self.retained.keys().filter(|topic| matches(filter, topic));
            session.backlog.extend(topics.map(|topic| (*topic, qos, options.identifier)));
        }
    }

    /// The retained message that comes next to a client, if it may; those that are gone or over do not come. One that
    /// waits for room is not looked at before, and what is behind it waits too.
    pub(crate) fn next_retained(&mut self, client: u8) -> Option<Copy> {
        let session = self.sessions.get_mut(&client)?;
        let (resent, room) = (session.is_resent(), session.has_room(self.links.get(&client)?));
        loop {
            let (topic, qos, identifier) =
                session.backlog.front().copied().filter(|(_, qos, _)| resent && (*qos == 0 || room))?;
            match self.retained.get(topic) {
                Some(word) if word.left(self.now).is_ok() => {
                    let qos = qos.min(word.qos);
                    let identifiers = identifier.into_iter().collect();
                    return Some(Copy { word: word.clone(), qos, retain: true, identifiers, group: None });
                }
                _ => session.backlog.pop_front(),
            };
        }
    }
}
