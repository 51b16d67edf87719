//! What a request says of encodings and of what the browser already has.

use crate::list::items;
use hyper::header::{ACCEPT_ENCODING, HeaderMap, IF_NONE_MATCH};

/// Whether the client takes `encoding` (RFC 9110, 12.5.3): named, or covered by `*`, with a weight above zero.
pub(super) fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let mut wildcard = false;
    for item in items(headers, &ACCEPT_ENCODING) {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts
            .filter_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")))
            .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
        if name.eq_ignore_ascii_case(encoding) {
            return !refused;
        }
        if name == "*" {
            wildcard = !refused;
        }
    }
    wildcard
}

/// Whether the client already has this form of the file (RFC 9110, 13.1.2; compared weakly).
pub(super) fn has(headers: &HeaderMap, etag: &str) -> bool {
    items(headers, &IF_NONE_MATCH).any(|item| item == "*" || item.strip_prefix("W/").unwrap_or(item) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: hyper::header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn reads_the_list_of_encodings() {
        let takes = |list: &str, encoding: &str| accepts(&headers(ACCEPT_ENCODING, list), encoding);
        assert!(takes("gzip, deflate, br", "br"));
        assert!(takes("GZIP;q=0.5", "gzip"));
        assert!(takes("*", "br"));
        assert!(!takes("gzip, br;q=0", "br"));
        assert!(!takes("*, br;q=0.0", "br"));
        assert!(!takes("*;q=0", "gzip"));
        assert!(!takes("brotli", "br"));
        assert!(!takes("", "gzip"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn compares_entity_tags() {
        let known = |list: &str| has(&headers(IF_NONE_MATCH, list), "\"abc\"");
        assert!(known("\"abc\""));
        assert!(known("\"x\", W/\"abc\""));
        assert!(known("*"));
        assert!(!known("\"ab\""));
        assert!(!known("abc"));
    }
}
