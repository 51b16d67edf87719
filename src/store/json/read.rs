//! From text to a tree: RFC 8259, and nothing beside it.

use std::borrow::Cow;

use super::Json;
use crate::locale;

/// Values within values: each is a call within a call, and a payload may come from anybody.
const DEPTH_MAX: usize = 128;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

pub(super) fn read(text: &str) -> Result<Json<'_>, String> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    if let Some(value) = reader.value()
        && reader.at == text.len()
    {
        return Ok(value);
    }
    Err(if reader.depth > DEPTH_MAX {
        "values stand too deep in each other".to_owned()
    } else if reader.at == text.len() {
        "it ends before its JSON does".to_owned()
    } else {
        format!("no JSON from byte {} on", reader.at)
    })
}

/// What gives none has stopped where the text is wrong.
impl<'a> Reader<'a> {
    /// A value with the white space around it.
    fn value(&mut self) -> Option<Json<'a>> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        self.skip();
        let value = if self.eat(b'{') {
            Json::Object(self.items(b'}', Self::member)?)
        } else if self.eat(b'[') {
            Json::List(self.items(b']', Self::value)?)
        } else if self.eat(b'"') {
            Json::Text(self.string()?)
        } else if self.is_digit() || self.peek() == Some(b'-') {
            self.number()?
        } else {
            let words = [("true", Json::Flag(true)), ("false", Json::Flag(false)), ("null", Json::Null)];
            let rest = self.text.get(self.at..)?;
            let (word, value) = words.into_iter().find(|(word, _)| rest.starts_with(word))?;
            self.at += word.len();
            value
        };
        self.skip();
        self.depth -= 1;
        Some(value)
    }

    /// Items with commas between them, up to the closing bracket.
    fn items<T>(&mut self, end: u8, item: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.skip();
        if self.eat(end) {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if self.eat(end) {
                return Some(items);
            }
            self.need(b',')?;
        }
    }

    fn member(&mut self) -> Option<(Cow<'a, str>, Json<'a>)> {
        self.skip();
        self.need(b'"')?;
        let name = self.string()?;
        self.skip();
        self.need(b':')?;
        Some((name, self.value()?))
    }

    /// A string behind its opening quote; borrowed where it has no escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let mut unescaped = String::new();
        let mut from = self.at;
        loop {
            let run = self.text.get(from..self.at);
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    // An escape stands for a character each.
                    return Some(if unescaped.is_empty() {
                        Cow::Borrowed(run?)
                    } else {
                        Cow::Owned(unescaped + run?)
                    });
                }
                b'\\' => {
                    self.at += 1;
                    unescaped.push_str(run?);
                    unescaped.push(self.escape()?);
                    from = self.at;
                }
                // Control characters have to be escaped.
                ..b' ' => return None,
                _ => self.at += 1,
            }
        }
    }

    /// The character of an escape behind its backslash.
    fn escape(&mut self) -> Option<char> {
        let c = match self.peek()? {
            c @ (b'"' | b'\\' | b'/') => c,
            b'b' => 8,
            b't' => 9,
            b'n' => 10,
            b'f' => 12,
            b'r' => 13,
            b'u' => return self.code(),
            _ => return None,
        };
        self.at += 1;
        Some(char::from(c))
    }

    /// A character by its number, or by both numbers of a surrogate pair.
    fn code(&mut self) -> Option<char> {
        let unit = self.unit()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit);
        }
        self.need(b'\\')?;
        let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + low)
    }

    /// `u00fc`
    fn unit(&mut self) -> Option<u32> {
        self.need(b'u')?;
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(unit)
    }

    fn number(&mut self) -> Option<Json<'a>> {
        let from = self.at;
        self.eat(b'-');
        // No zero stands in front of other digits.
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        let text = self.text.get(from..self.at)?;
        let count = text.bytes().try_fold(0_u64, |count, digit| {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
            count.checked_mul(10)?.checked_add(u64::from(digit))
        });
        Some(count.map_or_else(|| Json::Number(locale::number(text)), Json::Count))
    }

    fn digits(&mut self) -> Option<()> {
        if !self.is_digit() {
            return None;
        }
        while self.is_digit() {
            self.at += 1;
        }
        Some(())
    }

    fn is_digit(&self) -> bool {
        self.peek().is_some_and(|byte| byte.is_ascii_digit())
    }

    fn skip(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn need(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }

    // A dozen copies of them would weigh as much as all the rest.
    #[inline(never)]
    fn eat(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    #[inline(never)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
