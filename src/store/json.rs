//! JSON as a tree that borrows from the payload, in the order of the payload.
//!
//! One kind of tree for every payload, in place of a derived reader for each, makes a small page.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` and `false`
    Flag(bool),
    /// A whole number from 0 up.
    Count(u64),
    /// Any other number.
    Number(f64),
    /// A string, its escapes undone.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Self>),
    /// An object's members.
    Object(Vec<(Cow<'a, str>, Self)>),
}

impl<'a> Json<'a> {
    /// Reads a payload that is one value.
    ///
    /// # Errors
    /// Why it is none, as a sentence without a full stop.
    pub fn read(payload: &'a [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(payload)
            .map_err(|error| format!("no UTF-8 from byte {} on", error.valid_up_to()))?;
        serde_json::from_str(text).map_err(|error| error.to_string())
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
    pub(crate) fn number<N: TryFrom<u64>>(&self, name: &str) -> Result<Option<N>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Self::Count(count)) => (*count).try_into().map(Some).map_err(|_| is_no(name, "count")),
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
            Some(Self::List(items)) => Ok(items),
            Some(_) => Err(is_no(name, "array")),
        }
    }
}

/// Appends a string of JSON.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => {
                let digits = [c as u32 >> 4, c as u32 & 15].map(|digit| char::from_digit(digit, 16));
                out.push_str("\\u00");
                out.extend(digits.into_iter().flatten());
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn is_no(name: &str, what: &str) -> String {
    format!("\"{name}\" is no {what}")
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

/// Takes whatever comes. A kind that it left to `Visitor` would bring the words for its refusal into the page.
struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Self::Value, E> {
        Ok(Json::Count(count))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number below zero is to be seen only")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Json::Number(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Vec::new();
        // A name is a text, and `Json` reads it borrowed where it can.
        while let Some((Json::Text(name), value)) = members.next_entry()? {
            object.push((name, value));
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_what_the_payload_has() {
        let payload = r#"{"b":[1,-2,2.5,1e3,[]],"a":{"text":"\u00fc\n","plain":"é🪔"},"yes":true,"none":null,"":18446744073709551615}"#;
        let text = |text: &'static str| Json::Text(Cow::Borrowed(text));
        let numbers = [Json::Number(-2.0), Json::Number(2.5), Json::Number(1_000.0), Json::List(vec![])];
        let list = std::iter::once(Json::Count(1)).chain(numbers).collect();
        let inner = vec![("text".into(), text("ü\n")), ("plain".into(), text("é🪔"))];
        let members = vec![
            ("b".into(), Json::List(list)),
            ("a".into(), Json::Object(inner)),
            ("yes".into(), Json::Flag(true)),
            ("none".into(), Json::Null),
            ("".into(), Json::Count(u64::MAX)),
        ];
        assert_eq!(Json::read(payload.as_bytes()), Ok(Json::Object(members)));
    }

    #[test]
    fn a_text_without_escapes_is_borrowed() {
        let json = Json::read(br#"{"plain":"abc","escaped":"a\tc"}"#).unwrap();
        assert!(matches!(json.get("plain"), Some(Json::Text(Cow::Borrowed("abc")))));
        assert!(matches!(json.get("escaped"), Some(Json::Text(Cow::Owned(text))) if text == "a\tc"));
    }

    #[test]
    fn a_refusal_says_where() {
        let read = |payload: &[u8]| Json::read(payload).unwrap_err();
        assert_eq!(read(b""), "EOF while parsing a value at line 1 column 0");
        assert_eq!(read(br#"{"a":tru}"#), "expected ident at line 1 column 9");
        assert_eq!(read(br"{a:1}"), "key must be a string at line 1 column 2");
        assert_eq!(read(b"\"\xff\""), "no UTF-8 from byte 1 on");
        assert_eq!(read(b"[1] 2"), "trailing characters at line 1 column 5");
        // The stack is safe from those who mean no good.
        assert!(read("[".repeat(100_000).as_bytes()).starts_with("recursion limit exceeded"));
    }

    #[test]
    fn a_member_is_of_its_kind_or_an_error() {
        let payload = br#"{"a":"b","n":7,"big":70000,"f":1.5,"l":[1, 2],"none":null,"o":{}}"#;
        let json = Json::read(payload).unwrap();
        assert_eq!(json.text("a"), Ok(Some("b")));
        assert_eq!(json.text("none"), Ok(None));
        assert_eq!(json.text("missing"), Ok(None));
        assert_eq!(json.text("n"), Err("\"n\" is no string".to_owned()));
        assert_eq!(json.number("n"), Ok(Some(7_u16)));
        assert_eq!(json.number::<u16>("big"), Err("\"big\" is no count".to_owned()));
        assert_eq!(json.number::<u64>("f"), Err("\"f\" is no count".to_owned()));
        assert_eq!(json.flag("n"), Err("\"n\" is no boolean".to_owned()));
        assert_eq!(json.object("o"), Ok(Some(&Json::Object(vec![]))));
        assert_eq!(json.object("l"), Err("\"l\" is no object".to_owned()));
        assert_eq!(json.list("l"), Ok([Json::Count(1), Json::Count(2)].as_slice()));
        assert_eq!(json.list("o"), Err("\"o\" is no array".to_owned()));
    }
}
