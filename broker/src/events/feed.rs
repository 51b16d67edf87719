//! `<account>/clients`, byte for byte.

use serde::Serialize;

/// `{"status":"connected","at":"2017-10-24T16:08:38.552Z","client":{"id":"io-mqtt-39dc5a71"}}`
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    status: &'static str,
    at: &'a str,
    client: Id<'a>,
}

#[derive(Debug, Serialize)]
struct Id<'a> {
    id: &'a str,
}

/// Bytes of a Client Identifier that the feed shows.
const SHOWN: usize = 32;

/// One line of the feed.
pub(crate) fn line(status: &'static str, at: &str, client_id: &str) -> Vec<u8> {
    let line = Line { status, at, client: Id { id: cut(client_id) } };
    serde_json::to_vec(&line).expect("strings alone")
}

/// The first 32 bytes, cut back to a whole character.
fn cut(client_id: &str) -> &str {
    &client_id[..client_id.floor_char_boundary(SHOWN)]
}

#[cfg(test)]
mod tests {
    use super::line;

    fn check(client_id: &str, shown: &str) {
        let line = String::from_utf8(line("connected", "2017-10-24T16:08:38.552Z", client_id)).unwrap();
        let expected = format!(
            r#"{{"status":"connected","at":"2017-10-24T16:08:38.552Z","client":{{"id":"{shown}"}}}}"#
        );
        assert_eq!(line, expected);
    }

    #[test]
    fn identifiers_are_cut_at_32_bytes() {
        check("io-mqtt-39dc5a71", "io-mqtt-39dc5a71");
        check(&"x".repeat(33), &"x".repeat(32));
        check(&"é".repeat(16), &"é".repeat(16));
        check(&format!("x{}", "é".repeat(16)), &format!("x{}", "é".repeat(15)));
        check(&"🦀".repeat(9), &"🦀".repeat(8));
        check(&format!("{}🦀", "x".repeat(31)), &"x".repeat(31));
        check("a\"b\\", "a\\\"b\\\\");
    }
}
