//! JSON as a tree that borrows from the payload, in the order of the payload.
//!
//! A number stays as it is written: what the page counts are whole numbers, and the rest it shows. One kind of tree for
//! every payload, in place of a derived reader for each, makes a small page.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` and `false`
    Flag(bool),
    /// A number, as it is written.
    Number(&'a str),
    /// A string, its escapes undone.
    Text(Cow<'a, str>),
    /// An array: its items, and how it is written.
    List(Vec<Self>, &'a str),
    /// An object's members, in their order.
    Object(Vec<(Cow<'a, str>, Self)>),
}

/// Values within values; deeper ones come from nobody who means well, and each costs stack.
const DEPTH: u32 = 128;

impl<'a> Json<'a> {
    /// Reads a payload that is one value.
    ///
    /// # Errors
    /// Why it is none, as a sentence without a full stop.
    pub fn read(payload: &'a [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(payload)
            .map_err(|error| format!("no UTF-8 from byte {} on", error.valid_up_to()))?;
        serde_json::from_str(text).and_then(|raw| Self::of(raw, DEPTH)).map_err(|error| error.to_string())
    }

    /// A value as it is written, to the depth that is left.
    fn of(raw: &'a RawValue, depth: u32) -> serde_json::Result<Self> {
        let text = raw.get();
        let below = |raw| match depth.checked_sub(1) {
            Some(depth) => Self::of(raw, depth),
            None => Err(serde_json::Error::custom("more than 128 values within values")),
        };
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text)?;
                let members = members.into_iter().map(|(name, raw)| Ok((name.0, below(raw)?)));
                Self::Object(members.collect::<serde_json::Result<_>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                Self::List(items.into_iter().map(below).collect::<serde_json::Result<_>>()?, text)
            }
            Some(b'"') => Self::Text(serde_json::from_str::<Text<'_>>(text)?.0),
            Some(b't') => Self::Flag(true),
            Some(b'f') => Self::Flag(false),
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number(text),
        })
    }

    /// A member; none where it is missing or null, or this is no object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        let (_, value) = members.iter().find(|(known, _)| known == name)?;
        (*value != Self::Null).then_some(value)
    }

    /// A member that is a string.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Self::Text(text)) => Ok(Some(text)),
            Some(_) => Err(is_no(name, "string")),
        }
    }

    /// A member that is a whole number and fits.
    pub(crate) fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Self::Number(digits)) => digits.parse().map(Some).map_err(|_| is_no(name, "count")),
            Some(_) => Err(is_no(name, "count")),
        }
    }

    /// A member that is true or false.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Self::Flag(flag)) => Ok(Some(*flag)),
            Some(_) => Err(is_no(name, "boolean")),
        }
    }

    /// A member that is an object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<&Self>, String> {
        match self.get(name) {
            Some(Self::Object(_)) | None => Ok(self.get(name)),
            Some(_) => Err(is_no(name, "object")),
        }
    }

    /// The items of a member that is an array.
    pub(crate) fn list(&self, name: &str) -> Result<&[Self], String> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Self::List(items, _)) => Ok(items),
            Some(_) => Err(is_no(name, "array")),
        }
    }
}

fn is_no(name: &str, what: &str) -> String {
    format!("\"{name}\" is no {what}")
}

/// Text that is borrowed from the payload where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// An object's members as they are written, in their order, where a map of `serde_json` would have its own.
struct Members<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// What `serde_json` would have read; a number by its value.
    fn same(ours: &Json<'_>, theirs: &Value) -> bool {
        match (ours, theirs) {
            (Json::Null, Value::Null) => true,
            (Json::Flag(ours), Value::Bool(theirs)) => ours == theirs,
            (Json::Number(ours), Value::Number(theirs)) => {
                // It reads fractions to the last digit but one.
                let close = |ours: f64, theirs: f64| (ours - theirs).abs() <= theirs.abs() * 1e-12;
                ours.parse().ok() == theirs.as_u64()
                    && ours
                        .parse()
                        .is_ok_and(|ours| theirs.as_f64().is_some_and(|theirs| close(ours, theirs)))
            }
            (Json::Text(ours), Value::String(theirs)) => ours == theirs,
            (Json::List(ours, raw), Value::Array(theirs)) => {
                Json::read(raw.as_bytes())
                    .is_ok_and(|again| matches!(again, Json::List(items, _) if items == *ours))
                    && ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
            }
            (Json::Object(ours), Value::Object(theirs)) => {
                theirs.iter().all(|(name, theirs)| {
                    // Of two members with one name, `serde_json` has the last.
                    ours.iter().rfind(|(known, _)| known == name).is_some_and(|(_, ours)| same(ours, theirs))
                }) && ours.iter().all(|(name, _)| theirs.contains_key(&**name))
            }
            _ => false,
        }
    }

    fn judge(payload: &[u8]) -> Result<(), TestCaseError> {
        match (Json::read(payload), serde_json::from_slice::<Value>(payload)) {
            (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{ours:?} {theirs:?}"),
            (Err(_), Err(_)) => {}
            // It has to make a number of it.
            (Ok(_), Err(error)) => {
                prop_assert!(error.to_string().starts_with("number out of range"), "{error}");
            }
            (Err(why), Ok(theirs)) => prop_assert!(false, "{why}: {theirs:?}"),
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn reads_as_serde_json_does(text in r#"([\[\]{}:,"\\/ \tntfbuaeE0-9+.\-é🪔]|true|false|null|"[a-z]":|\\u[0-9a-fD-F]{4}|\\ud8[0-9]{2}\\udc[0-9]{2}){0,24}"#) {
            judge(text.as_bytes())?;
            judge(format!("{{\"a\":[\"{text}\"]}}").as_bytes())?;
        }

        #[test]
        fn reads_numbers_as_serde_json_does(text in r"-?[0-9]{0,22}(\.[0-9]{0,3})?([eE][+-]?[0-9]{0,3})?") {
            judge(text.as_bytes())?;
        }

        #[test]
        fn never_panics(payload in proptest::collection::vec(any::<u8>(), 0..64)) {
            judge(&payload)?;
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let read = |text: &str| Json::read(text.as_bytes()).unwrap_err();
        assert_eq!(read(""), "EOF while parsing a value at line 1 column 0");
        assert_eq!(read("{\"a\":tru}"), "expected ident at line 1 column 9");
        assert_eq!(Json::read(b"\"\xff\"").unwrap_err(), "no UTF-8 from byte 1 on");
        assert_eq!(read("[1] 2"), "trailing characters at line 1 column 5");
        assert!(Json::read(&[b'['; 129]).is_err());
        assert!(Json::read(format!("{}{}", "[".repeat(129), "]".repeat(129)).as_bytes()).is_ok());
        assert_eq!(
            read(&format!("{}{}", "[".repeat(130), "]".repeat(130))),
            "more than 128 values within values"
        );
        let json = Json::read(br#"{"a":"b","n":7,"big":70000,"f":1.5,"l":[1, 2],"none":null}"#).unwrap();
        assert_eq!(json.text("a"), Ok(Some("b")));
        assert_eq!(json.text("none"), Ok(None));
        assert_eq!(json.text("n"), Err("\"n\" is no string".to_owned()));
        assert_eq!(json.number("n"), Ok(Some(7_u16)));
        assert_eq!(json.number::<u16>("big"), Err("\"big\" is no count".to_owned()));
        assert_eq!(json.number::<u64>("f"), Err("\"f\" is no count".to_owned()));
        assert_eq!(json.list("l").map(<[Json<'_>]>::len), Ok(2));
        assert_eq!(json.get("l"), Some(&Json::List(vec![Json::Number("1"), Json::Number("2")], "[1, 2]")));
    }
}
