//! The payloads of the chat, written and read.

use super::write::Writing;
use crate::store::{Millis, json::Json};

/// Bytes of a message that are kept and shown; an Application Message may have 256 MiB.
pub const CONTENT_MAX: usize = 16 << 10;

/// Bytes of a messageId that are kept: a UUID has 36.
const ID_MAX: usize = 64;

/// A chat message as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its `messageId`; empty where it has none, and then no copy of it can be told.
    pub id: String,
    /// What was written, at most [`CONTENT_MAX`] bytes of it.
    pub content: String,
    /// When, by the sender's clock.
    pub at: Option<Millis>,
    /// Who, by the payload's own word; in rooms alone.
    pub sender: String,
    /// Why the worker sent it back.
    pub reason: String,
}

/// A status message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// `online`, or else `offline`.
    pub online: bool,
    /// `lastOnlineTimestamp`
    pub at: Option<Millis>,
    /// What birth and Will of one connection share.
    pub session: String,
    /// Whether the user logged out, so that `at` is when they were last online; a Will's is when they came.
    pub is_logout: bool,
}

/// What a room says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its name for people.
    pub name: String,
    /// Who is in it.
    pub members: Vec<String>,
}

/// `{"messageId":"<uuid>","content":"…","timestamp":"<ISO 8601>"}`, and in a room `"sender"` behind it.
pub fn message(id: &str, content: &str, at: Millis, sender: Option<&str>) -> String {
    let json = Writing::object().text("messageId", id).text("content", content).text("timestamp", &at.iso());
    match sender {
        Some(sender) => json.text("sender", sender).end(),
        None => json.end(),
    }
}

impl Said {
    /// Reads a payload. One that is no JSON is shown as it is: whoever wrote it by hand meant it so.
    pub fn read(payload: &[u8]) -> Self {
        let json = Json::read(payload).ok();
        let text = |name: &str| {
            json.as_ref().and_then(|json| json.text(name).ok().flatten()).unwrap_or_default().to_owned()
        };
        let is_message = json.as_ref().is_some_and(|json| json.get("content").is_some());
        let content =
            if is_message { text("content") } else { String::from_utf8_lossy(payload).into_owned() };
        Self {
            id: cut(text("messageId"), ID_MAX),
            content: cut(content, CONTENT_MAX),
            at: Millis::from_rfc3339(&text("timestamp")),
            sender: cut(text("sender"), super::NAME_MAX),
            reason: cut(text("reason"), CONTENT_MAX),
        }
    }
}

impl Status {
    /// Reads a payload; none where it is no status.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let json = Json::read(payload).ok()?;
        let text = |name: &str| json.text(name).ok().flatten().unwrap_or_default();
        let online = match text("status") {
            "online" => true,
            "offline" => false,
            _ => return None,
        };
        let at = Millis::from_rfc3339(text("lastOnlineTimestamp"));
        let session = cut(text("session").to_owned(), ID_MAX);
        Some(Self { online, at, session, is_logout: text("reason") == "logout" })
    }

    /// `{"status":"online","lastOnlineTimestamp":"<ISO 8601>","session":"…"}`; at logout with `"reason":"logout"`.
    pub fn write(&self) -> String {
        let json = Writing::object()
            .text("status", if self.online { "online" } else { "offline" })
            .text("lastOnlineTimestamp", &self.at.unwrap_or_default().iso())
            .text("session", &self.session);
        if self.is_logout { json.text("reason", "logout").end() } else { json.end() }
    }
}

impl About {
    /// Reads a payload; none where it is no room's word.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let json = Json::read(payload).ok()?;
        let name = json.text("name").ok().flatten()?.to_owned();
        let members = json.list("members").ok()?.iter().filter_map(|member| match member {
            Json::Text(name) => Some(name.to_string()),
            _ => None,
        });
        Some(Self { name: cut(name, super::NAME_MAX), members: members.take(super::MEMBERS_MAX).collect() })
    }

    /// `{"name":"…","members":["…"]}`
    pub fn write(&self) -> String {
        let members = super::write::texts(self.members.iter().map(String::as_str));
        Writing::object().text("name", &self.name).json("members", &members).end()
    }
}

/// A UUID of version 4 with these random bits (RFC 9562, 5.4).
pub fn uuid(random: u128) -> String {
    let bits = random & !(0xf << 76 | 0b11 << 62) | 4 << 76 | 0b10 << 62;
    let mut text = String::with_capacity(36);
    for place in (0..32).rev() {
        if [23, 19, 15, 11].contains(&place) {
            text.push('-');
        }
        text.push(char::from(b"0123456789abcdef"[(bits >> (place * 4) & 15) as usize]));
    }
    text
}

/// The first `most` bytes at most, whole characters.
pub(crate) fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_these_bytes() {
        let at = Millis(1_508_861_318_552);
        assert_eq!(
            message("7", "a \"b\"\n", at, None),
            r#"{"messageId":"7","content":"a \"b\"\n","timestamp":"2017-10-24T16:08:38.552Z"}"#
        );
        let said = Said::read(message("7", "مرحبا", at, Some("vy")).as_bytes());
        assert_eq!((said.id.as_str(), said.content.as_str(), said.sender.as_str()), ("7", "مرحبا", "vy"));
        assert_eq!(said.at, Some(at));
    }

    #[test]
    fn what_is_no_message_is_shown_as_it_is() {
        for payload in ["hello", "{\"text\":1}", "", "{\"messageId\":7"] {
            let said = Said::read(payload.as_bytes());
            assert_eq!((said.content.as_str(), said.at), (payload, None));
        }
        assert_eq!(Said::read(b"\xffa").content, "\u{fffd}a");
        let long = "ü".repeat(CONTENT_MAX);
        assert_eq!(Said::read(long.as_bytes()).content.len(), CONTENT_MAX);
    }

    #[test]
    fn a_status_comes_back() {
        for is_logout in [false, true] {
            let at = Some(Millis(1_508_861_318_552));
            let status = Status { online: !is_logout, at, session: "a.5.1".to_owned(), is_logout };
            assert_eq!(Status::read(status.write().as_bytes()), Some(status));
        }
        let bare = Status::read(br#"{"status":"offline","lastOnlineTimestamp":"soon"}"#).unwrap();
        assert_eq!(bare, Status::default());
        assert_eq!(Status::read(br#"{"status":"away"}"#), None);
        assert_eq!(Status::read(b""), None);
    }

    #[test]
    fn a_room_comes_back() {
        let about = About { name: "a/b".to_owned(), members: vec!["vy".to_owned(), "مريم".to_owned()] };
        assert_eq!(About::read(about.write().as_bytes()), Some(about));
        assert_eq!(About::read(b"{}"), None);
    }

    #[test]
    fn a_uuid_says_its_version() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef), "01234567-89ab-4def-8123-456789abcdef");
    }
}
