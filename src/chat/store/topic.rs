//! The chat's topics. A name is one level, percent-encoded where MQTT or a path would read more into it.

use crate::store::query::{decode, encode_level};

/// What Client Identifiers of the chat begin with; the user's name follows.
pub const CLIENT_ID: &str = "mqtt-chat-client-";

/// The user of the worker that judges messages.
pub const BACKEND: &str = "backend";

/// `<seconds> seconds`, as Mosquitto and others after it say for how long they run.
pub const UPTIME: &str = "$SYS/broker/uptime";

/// How far a message has come, where a worker judges them: the level behind the sender's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Straight from the sender.
    Direct,
    /// For the worker to judge.
    Request,
    /// Passed on by the worker.
    Accepted,
    /// Sent back by the worker, with its reason.
    Rejected,
}

/// What a topic is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `chat/messages/<receiver>/<sender>`, with `/request`, `/accepted` or `/rejected` behind it.
    Message {
        /// To whom.
        receiver: String,
        /// From whom.
        sender: String,
        /// How far it is.
        step: Step,
    },
    /// `chat/status/<user>`
    Status(String),
    /// `chat/room/<id>`
    Room(String),
    /// `chat/room/<id>/about`
    About(String),
    /// `$headcount/<account>/events`
    Events,
    /// `$headcount/<account>/clients/<client id>`, of a chat client: the broker's own word.
    Client(String),
    /// `<account>/errors`
    Errors,
    /// `$headcount/<account>/rules/…`: an answer.
    Rules,
    /// `$CONTROL/dynamic-security/v1/response`
    Control,
    /// [`UPTIME`]
    Uptime,
    /// None of the chat's.
    Stray,
}

impl Step {
    fn level(self) -> &'static str {
        match self {
            Self::Direct => "",
            Self::Request => "/request",
            Self::Accepted => "/accepted",
            Self::Rejected => "/rejected",
        }
    }
}

impl Route {
    /// Reads a Topic Name.
    pub fn of(topic: &str) -> Self {
        if topic == UPTIME {
            return Self::Uptime;
        }
        let levels: Vec<&str> = topic.split('/').collect();
        match levels.as_slice() {
            ["chat", "messages", receiver, sender, step @ ..] => {
                let step = match step {
                    [] => Step::Direct,
                    ["request"] => Step::Request,
                    ["accepted"] => Step::Accepted,
                    ["rejected"] => Step::Rejected,
                    _ => return Self::Stray,
                };
                Self::Message { receiver: decode(receiver), sender: decode(sender), step }
            }
            ["chat", "status", user] => Self::Status(decode(user)),
            ["chat", "room", id] => Self::Room(decode(id)),
            ["chat", "room", id, "about"] => Self::About(decode(id)),
            ["$headcount", _, "events"] => Self::Events,
            ["$headcount", _, "clients", id] => {
                decode(id).strip_prefix(CLIENT_ID).map_or(Self::Stray, |user| Self::Client(user.to_owned()))
            }
            ["$headcount", _, "rules", ..] => Self::Rules,
            ["$CONTROL", "dynamic-security", ..] => Self::Control,
            [_, "errors"] => Self::Errors,
            _ => Self::Stray,
        }
    }
}

/// Where `sender` writes to `receiver`.
pub fn message(receiver: &str, sender: &str, step: Step) -> String {
    format!("chat/messages/{}/{}{}", encode_level(receiver), encode_level(sender), step.level())
}

/// Everything that is written to `receiver`.
pub fn inbox(receiver: &str, step: Step) -> String {
    format!("chat/messages/{}/+{}", encode_level(receiver), step.level())
}

/// What became of everything that `sender` wrote.
pub fn answers(sender: &str, step: Step) -> String {
    format!("chat/messages/+/{}{}", encode_level(sender), step.level())
}

/// Where `user` says how they are.
pub fn status(user: &str) -> String {
    format!("chat/status/{}", encode_level(user))
}

/// Where a room is written to.
pub fn room(id: &str) -> String {
    format!("chat/room/{}", encode_level(id))
}

/// Where a room says its name and members.
pub fn about(id: &str) -> String {
    format!("{}/about", room(id))
}

/// A topic of the broker about `account`.
pub fn own(account: &str, rest: &str) -> String {
    format!("$headcount/{}/{rest}", encode_level(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_one_level_and_comes_back() {
        for name in ["vy", "io-mqtt", "a/b", "a+b", "#1", "100%", "%2F", "$SYS", "👩‍🔧", "مريم", "a b", ""]
        {
            for step in [Step::Direct, Step::Request, Step::Accepted, Step::Rejected] {
                let topic = message(name, "x/y", step);
                assert!(!topic.contains(['+', '#']), "{topic}");
                let (receiver, sender) = (name.to_owned(), "x/y".to_owned());
                assert_eq!(Route::of(&topic), Route::Message { receiver, sender, step });
            }
            assert_eq!(Route::of(&status(name)), Route::Status(name.to_owned()));
            assert_eq!(Route::of(&room(name)), Route::Room(name.to_owned()));
            assert_eq!(Route::of(&about(name)), Route::About(name.to_owned()));
            let client = own("x", &format!("clients/{}", encode_level(&format!("{CLIENT_ID}{name}"))));
            assert_eq!(Route::of(&client), Route::Client(name.to_owned()));
        }
        assert_eq!(inbox("a+b", Step::Direct), "chat/messages/a%2Bb/+");
        assert_eq!(answers("vy", Step::Rejected), "chat/messages/+/vy/rejected");
    }

    #[test]
    fn other_topics_are_none_of_ours() {
        for topic in ["chat/messages/a", "chat/messages/a/b/c", "chat", "$headcount/a/clients/lamp", ""] {
            assert_eq!(Route::of(topic), Route::Stray, "{topic}");
        }
    }
}
