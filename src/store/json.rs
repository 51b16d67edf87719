//! JSON (RFC 8259), read once into a tree that borrows from the payload.
//!
//! A number stays as it is written: what the page counts are whole numbers, and the rest it shows.

use std::{borrow::Cow, str::FromStr};

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
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEPTH).filter(|_| reader.at == text.len());
        value.ok_or_else(|| format!("no JSON from byte {} on", reader.at))
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

/// Reads from `at` on; what gives `None` leaves it where the trouble is.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// A value with the white space around it.
    fn value(&mut self, depth: u32) -> Option<Json<'a>> {
        self.space();
        let value = match self.peek()? {
            b'{' => Json::Object(self.members(depth.checked_sub(1)?)?),
            b'[' => {
                let start = self.at;
                let items = self.items(depth.checked_sub(1)?)?;
                Json::List(items, &self.text[start..self.at])
            }
            b'"' => Json::Text(self.string()?),
            b'-' | b'0'..=b'9' => Json::Number(self.number()?),
            b't' => self.word("true", Json::Flag(true))?,
            b'f' => self.word("false", Json::Flag(false))?,
            _ => self.word("null", Json::Null)?,
        };
        self.space();
        Some(value)
    }

    fn members(&mut self, depth: u32) -> Option<Vec<(Cow<'a, str>, Json<'a>)>> {
        let mut members = Vec::new();
        self.at += 1;
        self.space();
        if self.skip(b'}') {
            return Some(members);
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            self.expect(b':')?;
            members.push((name, self.value(depth)?));
            if !self.skip(b',') {
                return self.expect(b'}').map(|()| members);
            }
        }
    }

    fn items(&mut self, depth: u32) -> Option<Vec<Json<'a>>> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.skip(b']') {
            return Some(items);
        }
        loop {
            items.push(self.value(depth)?);
            if !self.skip(b',') {
                return self.expect(b']').map(|()| items);
            }
        }
    }

    /// Borrowed where it has no escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.expect(b'"')?;
        let mut string = Cow::Borrowed("");
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '))?;
            string += &rest[..plain];
            self.at += plain;
            if self.skip(b'"') {
                return Some(string);
            }
            self.expect(b'\\')?;
            string.to_mut().push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let byte = self.peek()?;
        let character = match byte {
            b'"' | b'\\' | b'/' => byte.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return None,
        };
        self.at += 1;
        Some(character)
    }

    /// `u0041`, or the two halves of a character beyond U+FFFF.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        self.expect(b'\\')?;
        let second = self.unit().filter(|unit| (0xDC00..0xE000).contains(unit))?;
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn unit(&mut self) -> Option<u32> {
        self.expect(b'u')?;
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(unit)
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits()?;
        }
        if self.skip(b'.') {
            self.digits()?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _ = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
        }
        Some(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Option<Json<'a>> {
        word.bytes().try_for_each(|byte| self.expect(byte)).map(|()| value)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip(byte).then_some(())
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
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
        assert_eq!(read(""), "no JSON from byte 0 on");
        assert_eq!(read("{\"a\":tru}"), "no JSON from byte 8 on");
        assert_eq!(Json::read(b"\"\xff\"").unwrap_err(), "no UTF-8 from byte 1 on");
        assert_eq!(read("[1] 2"), "no JSON from byte 4 on");
        assert!(Json::read("[".repeat(128).as_bytes()).is_err());
        assert!(Json::read(format!("{}{}", "[".repeat(128), "]".repeat(128)).as_bytes()).is_ok());
        assert!(Json::read(format!("{}{}", "[".repeat(129), "]".repeat(129)).as_bytes()).is_err());
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
