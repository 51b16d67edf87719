//! The fields of a command.

use super::ranking::UNRANKED;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Why a command is refused, in Mosquitto's words where it has some.
pub(super) type Refused = Cow<'static, str>;

/// A JSON object; as in Mosquitto, names are found in any case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

/// A field that has another type than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongType;

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).or_else(|| {
            self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        })
    }

    /// A text that may be missing.
    pub(super) fn text(self, name: &str) -> Result<Option<&'a str>, WrongType> {
        self.get(name).map(|value| value.as_str().ok_or(WrongType)).transpose()
    }

    /// The same with the sentence for a wrong type.
    pub(super) fn text_or(self, name: &str, error: &'static str) -> Result<Option<&'a str>, Refused> {
        self.text(name).map_err(|WrongType| error.into())
    }

    /// A text that has to be there; one of another type is none.
    pub(super) fn given(self, name: &str) -> Option<&'a str> {
        self.text(name).ok().flatten()
    }

    /// A name that has to be there and can be one in MQTT.
    fn name(self, field: &str, missing: &'static str, invalid: &'static str) -> Result<&'a str, Refused> {
        let name = self.given(field).ok_or(missing)?;
        if is_name(name) { Ok(name) } else { Err(invalid.into()) }
    }

    pub(super) fn user_name(self) -> Result<&'a str, Refused> {
        self.name("username", "Invalid/missing username", "Username not valid UTF-8")
    }

    pub(super) fn group_name(self) -> Result<&'a str, Refused> {
        self.name("groupname", "Invalid/missing groupname", "Group name not valid UTF-8")
    }

    pub(super) fn role_name(self) -> Result<&'a str, Refused> {
        self.name("rolename", "Invalid/missing rolename", "Role name not valid UTF-8")
    }

    /// A number; another where it is missing or none.
    pub(super) fn number(self, name: &str, default: i32) -> i32 {
        let number = self.get(name).and_then(Value::as_f64);
        #[allow(clippy::cast_possible_truncation, reason = "a cast to an integer ends at its bounds")]
        number.map_or(default, |number| number as i32)
    }

    pub(super) fn priority(self) -> i32 {
        self.number("priority", UNRANKED)
    }

    /// A flag; false where it is missing or none.
    pub(super) fn flag(self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn list(self, name: &str) -> Option<&'a [Value]> {
        self.get(name).and_then(Value::as_array).map(Vec::as_slice)
    }
}

/// As Mosquitto judges: neither control characters nor what Unicode keeps for no character, and short enough for MQTT.
pub(super) fn is_name(name: &str) -> bool {
    let is_character = |c: char| {
        let code = u32::from(c);
        !c.is_control() && code & 0xFFFE != 0xFFFE && !(0xFDD0..=0xFDEF).contains(&code)
    };
    u16::try_from(name.len()).is_ok() && name.chars().all(is_character)
}

/// Whether there may be one more than `count`.
pub(super) fn at_most(what: &str, count: usize, most: usize) -> Result<(), Refused> {
    if count < most { Ok(()) } else { Err(format!("Too many {what}: the limit is {most}").into()) }
}
