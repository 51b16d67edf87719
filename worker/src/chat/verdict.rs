//! One message judged.

use super::words::Words;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Bytes of a message's text: several pages, and as much as the page shows.
const CONTENT_MAX: usize = 16 << 10;
/// Bytes of its identifier; a UUID has 36.
const ID_MAX: usize = 64;
/// Bytes of its time; ISO 8601 has about 30.
const TIMESTAMP_MAX: usize = 64;

/// What becomes of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It passes, byte for byte.
    Accepted,
    /// It goes back, as this payload.
    Rejected(Bytes),
}

/// A field that stands twice is a mistake, since readers differ in which they take.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    message_id: Option<String>,
    content: Option<String>,
    timestamp: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Back<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<&'a str>,
    reason: &'a str,
}

pub(super) fn judge(payload: &[u8], words: &Words) -> Verdict {
    let said: Said = match serde_json::from_slice(payload) {
        Ok(said) => said,
        Err(error) => return rejected(None, &format!("the payload is no chat message in JSON: {error}")),
    };
    match objection(&said, words) {
        None => Verdict::Accepted,
        Some(reason) => rejected(Some(&said), &reason),
    }
}

fn objection(said: &Said, words: &Words) -> Option<String> {
    let too_long = |name: &str, text: &Option<String>, most: usize| {
        let length = text.as_ref().map_or(0, String::len);
        (length > most).then(|| format!("{name} has {length} bytes; at most {most} pass"))
    };
    if said.message_id.as_ref().is_none_or(String::is_empty) {
        return Some("it has no messageId".to_owned());
    }
    if let Some(reason) = too_long("messageId", &said.message_id, ID_MAX)
        .or_else(|| too_long("timestamp", &said.timestamp, TIMESTAMP_MAX))
        .or_else(|| too_long("content", &said.content, CONTENT_MAX))
    {
        return Some(reason);
    }
    let Some(content) = &said.content else { return Some("it has no content".to_owned()) };
    words.find(content).map(|found| format!("contains the {} “{found}”", found.kind()))
}

/// What is itself too long does not go back: its sender has it.
fn rejected(said: Option<&Said>, reason: &str) -> Verdict {
    fn short(text: Option<&String>, most: usize) -> Option<&str> {
        text.map(String::as_str).filter(|text| text.len() <= most)
    }
    let back = Back {
        message_id: short(said.and_then(|said| said.message_id.as_ref()), ID_MAX),
        content: short(said.and_then(|said| said.content.as_ref()), CONTENT_MAX),
        timestamp: short(said.and_then(|said| said.timestamp.as_ref()), TIMESTAMP_MAX),
        reason,
    };
    Verdict::Rejected(serde_json::to_vec(&back).expect("texts are JSON").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &str, expect: Option<&str>) {
        let words = Words::parse("darn\nson of a gun").unwrap();
        let expect = expect.map(|back| Verdict::Rejected(Bytes::from(back.to_owned())));
        assert_eq!(judge(payload.as_bytes(), &words), expect.unwrap_or(Verdict::Accepted), "{payload}");
    }

    #[test]
    fn clean_messages_pass_whatever_else_they_hold() {
        check(r#"{"messageId":"1","content":"Hello","timestamp":"2026-11-21T20:00:00Z"}"#, None);
        check(r#"{"messageId":"1","content":"","colour":"red"}"#, None);
        check(r#" { "content" : "darned" , "messageId" : "1" } "#, None);
    }

    #[test]
    fn the_rest_goes_back_with_its_reason() {
        check(
            r#"{"messageId":"1","content":"Oh DARN!","timestamp":"t"}"#,
            Some(
                r#"{"messageId":"1","content":"Oh DARN!","timestamp":"t","reason":"contains the word “darn”"}"#,
            ),
        );
        check(
            r#"{"messageId":"1","content":"Son of  a gun"}"#,
            Some(
                r#"{"messageId":"1","content":"Son of  a gun","reason":"contains the phrase “son of a gun”"}"#,
            ),
        );
        check(r#"{"content":"Hello"}"#, Some(r#"{"content":"Hello","reason":"it has no messageId"}"#));
        check(
            r#"{"messageId":"","content":"Hello"}"#,
            Some(r#"{"messageId":"","content":"Hello","reason":"it has no messageId"}"#),
        );
        check(r#"{"messageId":"1"}"#, Some(r#"{"messageId":"1","reason":"it has no content"}"#));
    }

    #[test]
    fn what_is_no_chat_message_is_told_so() {
        for payload in
            ["hello", "", "[1]", "\"darn\"", r#"{"messageId":7}"#, r#"{"messageId":"1","messageId":"2"}"#]
        {
            let words = Words::parse("darn").unwrap();
            let Verdict::Rejected(told) = judge(payload.as_bytes(), &words) else {
                panic!("{payload} passes")
            };
            let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
            let reason = told["reason"].as_str().unwrap();
            assert!(reason.starts_with("the payload is no chat message in JSON"), "{reason}");
        }
        let words = Words::parse("darn").unwrap();
        assert!(matches!(judge(b"{\"messageId\":\"\xFF\"}", &words), Verdict::Rejected(_)));
    }

    #[test]
    fn what_is_too_long_is_named_and_not_sent_back() {
        let long = "x".repeat(CONTENT_MAX + 1);
        check(
            &format!(r#"{{"messageId":"1","content":"{long}"}}"#),
            Some(r#"{"messageId":"1","reason":"content has 16385 bytes; at most 16384 pass"}"#),
        );
        check(
            &format!(r#"{{"messageId":"{long}","content":"a"}}"#),
            Some(r#"{"content":"a","reason":"messageId has 16385 bytes; at most 64 pass"}"#),
        );
    }
}
