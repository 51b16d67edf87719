//! What the page's own address says of the chat.

use super::stage::Stage;
use crate::store::{query, settings::VersionChoice};

/// `?stage=30&user=vy&mqtt=3.1.1&duplicates=show`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The stage.
    pub stage: Stage,
    /// The name that the login form begins with. Never a password.
    pub user: String,
    /// Which version of MQTT to speak.
    pub version: VersionChoice,
    /// Whether messages that came twice are removed, or shown struck through.
    pub removes_duplicates: bool,
}

impl Default for Address {
    fn default() -> Self {
        Self {
            stage: Stage::default(),
            user: String::new(),
            version: VersionChoice::default(),
            removes_duplicates: true,
        }
    }
}

impl Address {
    /// Reads a query string; what it does not say, or says in no way that is known, is as in a bare `?stage=10`.
    pub fn read(query: &str) -> Self {
        let mut address = Self::default();
        for (name, value) in query::parse(query) {
            match name.as_str() {
                "stage" => address.stage = Stage::from_name(&value).unwrap_or_default(),
                "user" => address.user = value,
                "mqtt" => address.version = VersionChoice::from_name(&value).unwrap_or_default(),
                "duplicates" => address.removes_duplicates = value != "show",
                _ => {}
            }
        }
        address
    }

    /// The query string that says the same, beside whatever else `beside` says.
    pub fn to_query(&self, beside: &str) -> String {
        let others = query::parse(beside).into_iter().filter(|(name, _)| !NAMES.contains(&name.as_str()));
        let others: Vec<(String, String)> = others.collect();
        let mut pairs = vec![("stage", self.stage.name())];
        if !self.user.is_empty() {
            pairs.push(("user", &self.user));
        }
        if self.version != VersionChoice::Auto {
            pairs.push(("mqtt", self.version.name()));
        }
        if !self.removes_duplicates {
            pairs.push(("duplicates", "show"));
        }
        let others = others.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        query::format(pairs.into_iter().chain(others))
    }
}

/// The names that are the chat's.
const NAMES: [&str; 4] = ["stage", "user", "mqtt", "duplicates"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_was_made_of() {
        for query in ["?stage=10", "?stage=30&user=a%2Fb&mqtt=3.1.1&duplicates=show&else=1"] {
            assert_eq!(Address::read(query).to_query(query), query);
        }
        assert_eq!(Address::read("?stage=99&mqtt=4"), Address::default());
    }
}
