//! The channel of a demonstration: `presence-demo/<8 hexadecimal digits>/`.

use std::fmt;

use crate::store::query;

/// The key that the embedded default has for everybody.
pub const KEY: &str = "demo";

/// A channel, by its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel(u32);

impl Channel {
    /// The channel that a page's address names (`channel=8758f6d3`), or one that chance names.
    pub fn of(query: &str, random: u64) -> Self {
        let named = query::parse(query).into_iter().find(|(name, _)| name == "channel");
        let digits = named
            .map(|(_, value)| value)
            .filter(|value| value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let digits = digits.and_then(|value| u32::from_str_radix(&value, 16).ok());
        Self(digits.unwrap_or((random >> 32) as u32))
    }

    /// The query that leads here.
    pub fn query(self) -> String {
        query::format([("use", "presence"), ("channel", &format!("{:08x}", self.0))])
    }

    /// The name that is subscribed to: with the key in front.
    pub fn keyed(self) -> String {
        format!("{KEY}/{self}")
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "presence-demo/{:08x}/", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Channel;

    #[test]
    fn the_address_names_it() {
        let channel = Channel::of("?use=presence&channel=8758f6d3", 7);
        assert_eq!(channel.to_string(), "presence-demo/8758f6d3/");
        assert_eq!(channel.keyed(), "demo/presence-demo/8758f6d3/");
        assert_eq!(channel.query(), "?use=presence&channel=8758f6d3");
        for query in ["", "?channel=", "?channel=8758f6d", "?channel=8758f6dg", "?channel=%2b758f6d3"] {
            assert_eq!(
                Channel::of(query, 0x0000_00ab_0000_0001).to_string(),
                "presence-demo/000000ab/",
                "{query}"
            );
        }
    }
}
