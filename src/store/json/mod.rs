//! JSON as a tree that borrows from the payload, in the order of the payload.
//!
//! One kind of tree for every payload, in place of a derived reader for each, makes a small page, and so does a reader
//! that knows nothing else.

mod read;

use std::borrow::Cow;

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
        read::read(text)
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
        assert_eq!(read(b""), "it ends before its JSON does");
        assert_eq!(read(br#"{"a":1"#), "it ends before its JSON does");
        assert_eq!(read(br#"{"a":tru}"#), "no JSON from byte 5 on");
        assert_eq!(read(br"{a:1}"), "no JSON from byte 1 on");
        assert_eq!(read(b"\"\xff\""), "no UTF-8 from byte 1 on");
        assert_eq!(read(b"[1] 2"), "no JSON from byte 4 on");
        // The stack is safe from those who mean no good.
        assert_eq!(read("[".repeat(100_000).as_bytes()), "values stand too deep in each other");
        assert!(Json::read(format!("{}{}", "[".repeat(127), "]".repeat(127)).as_bytes()).is_ok());
    }

    /// The same tree as another reader makes.
    fn alike(ours: &Json<'_>, theirs: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (ours, theirs) {
            (Json::Null, Value::Null) => true,
            (Json::Flag(ours), Value::Bool(theirs)) => ours == theirs,
            (Json::Count(ours), Value::Number(theirs)) => Some(*ours) == theirs.as_u64(),
            (Json::Number(ours), Value::Number(theirs)) => {
                // Theirs is off by a bit or two in numbers with many digits.
                let off = theirs.as_f64().map(|theirs| (ours - theirs).abs());
                theirs.as_u64().is_none() && off.is_some_and(|off| off <= ours.abs() * 1e-14)
            }
            (Json::Text(ours), Value::String(theirs)) => ours == theirs,
            (Json::List(ours), Value::Array(theirs)) => {
                ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(ours, theirs)| alike(ours, theirs))
            }
            (Json::Object(ours), Value::Object(theirs)) => {
                // Theirs keeps the last of those with one name.
                let last = |name: &str| ours.iter().rev().find(|(known, _)| known == name);
                let names = ours.iter().map(|(name, _)| name).collect::<std::collections::BTreeSet<_>>();
                names.len() == theirs.len()
                    && theirs
                        .iter()
                        .all(|(name, value)| last(name).is_some_and(|(_, ours)| alike(ours, value)))
            }
            _ => false,
        }
    }

    fn assert_agrees(text: &str) {
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        match (Json::read(text.as_bytes()), theirs) {
            (Ok(ours), Ok(theirs)) => assert!(alike(&ours, &theirs), "{text}: {ours:?}"),
            (Err(_), Err(_)) => {}
            // What no f64 holds is one without an end here.
            (Ok(ours), Err(error)) => {
                assert!(error.to_string().contains("out of range"), "{text}: {ours:?}, {error}");
            }
            (Err(why), Ok(theirs)) => panic!("{text}: {why}, {theirs}"),
        }
    }

    #[test]
    fn what_others_refuse_is_refused() {
        for text in [
            "",
            " ",
            "[",
            "]",
            "{",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{1:2}",
            "01",
            "-",
            "+1",
            "1.",
            ".5",
            "1e",
            "1e+",
            "-01",
            "0x1",
            "NaN",
            "Infinity",
            "tru",
            "nulll",
            "true1",
            "\"",
            "\"\\\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\ud800\"",
            "\"\\ud800x\"",
            "\"\n\"",
            "\"\u{1f}\"",
            "'a'",
            "[1]//",
            "\u{feff}1",
            "\u{a0}1",
            "1e999",
        ] {
            assert_agrees(text);
        }
        for text in [
            "0",
            "-0",
            "-1",
            "1.5e-3",
            "1E+2",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775809",
            "0.1",
            "123456789.123456789",
            " [ ] ",
            "\t{\r\n}",
            "{\"a\":{\"a\":1},\"a\":2}",
            "\"\\ud83e\\ude94\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"",
            "\"\u{7f}é🪔\"",
            "[[[],{}],\"\"]",
            "1e-999",
        ] {
            assert!(Json::read(text.as_bytes()).is_ok(), "{text}");
            assert_agrees(text);
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_text_means_what_others_say(text in "[\\[\\]{}\",:\\\\untrfalse0-9.eE+\\- \u{e9}]{0,24}") {
            assert_agrees(&text);
        }

        #[test]
        fn any_tree_means_what_others_say(
            names in proptest::collection::vec(proptest::prelude::any::<String>(), 0..4),
            number in proptest::prelude::any::<f64>(),
            count in proptest::prelude::any::<u64>(),
            cut in 0_usize..200,
        ) {
            let inner = serde_json::json!({"n": number, "c": [count, -1, null, true], "t": names});
            let outer: serde_json::Map<String, serde_json::Value> =
                names.iter().map(|name| (name.clone(), inner.clone())).collect();
            for text in [serde_json::to_string(&outer).unwrap(), serde_json::to_string_pretty(&inner).unwrap()] {
                assert_agrees(&text);
                // And cut anywhere it means nothing.
                assert_agrees(&text[..text.floor_char_boundary(cut)]);
            }
        }
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
