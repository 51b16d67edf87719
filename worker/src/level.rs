//! A name as one level of a topic.

use std::fmt::Write;

/// Percent-encodes everything but RFC 3986's unreserved characters, as the page does.
pub(crate) fn encoded(name: &str) -> String {
    let mut level = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            level.push(char::from(byte));
        } else {
            let _ = write!(level, "%{byte:02X}");
        }
    }
    level
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_one_level() {
        for (name, level) in [
            ("minh", "minh"),
            ("a/b+c#d", "a%2Fb%2Bc%23d"),
            ("100 %", "100%20%25"),
            ("Jörg", "J%C3%B6rg"),
            ("🦀", "%F0%9F%A6%80"),
            ("it's~ok", "it%27s~ok"),
        ] {
            assert_eq!(encoded(name), level);
        }
    }
}
