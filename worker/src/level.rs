//! A name as one level of a topic.

use std::fmt::Write;

/// Percent-encodes what a level cannot hold (`/`, `+`, `#`), `%` itself, control characters and spaces: as browsers'
/// `encodeURIComponent` does for these, and like it for every letter beyond ASCII.
pub(crate) fn encoded(name: &str) -> String {
    let mut level = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
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
    fn names_become_one_level_as_in_browsers() {
        for (name, level) in [
            ("minh", "minh"),
            ("a/b+c#d", "a%2Fb%2Bc%23d"),
            ("100 %", "100%20%25"),
            ("Jörg", "J%C3%B6rg"),
            ("🦀", "%F0%9F%A6%80"),
            ("it's(ok)!", "it's(ok)!"),
        ] {
            assert_eq!(encoded(name), level);
        }
    }
}
