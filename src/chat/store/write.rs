//! JSON by hand, in the order it is written.

/// An object or an array in the making.
#[derive(Debug)]
pub(crate) struct Writing {
    out: String,
    end: char,
    empty: bool,
}

impl Writing {
    /// `{…}`
    pub(crate) fn object() -> Self {
        Self { out: "{".to_owned(), end: '}', empty: true }
    }

    /// `[…]`
    pub(crate) fn list() -> Self {
        Self { out: "[".to_owned(), end: ']', empty: true }
    }

    /// A member that is a string.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        quote(&mut self.out, value);
        self
    }

    /// A member that is JSON already.
    pub(crate) fn json(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        self.out.push_str(value);
        self
    }

    /// A member that is a whole number.
    pub(crate) fn number(self, name: &str, value: i64) -> Self {
        self.json(name, &value.to_string())
    }

    /// An item of a list, which is JSON already.
    pub(crate) fn item(&mut self, value: &str) {
        self.comma();
        self.out.push_str(value);
    }

    /// The text.
    pub(crate) fn end(mut self) -> String {
        self.out.push(self.end);
        self.out
    }

    fn name(&mut self, name: &str) {
        self.comma();
        quote(&mut self.out, name);
        self.out.push(':');
    }

    fn comma(&mut self) {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(',');
        }
    }
}

/// A list of strings.
pub(crate) fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let mut list = Writing::list();
    for value in values {
        let mut text = String::new();
        quote(&mut text, value);
        list.item(&text);
    }
    list.end()
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\u{0}'..='\u{1f}' => {
                out.push_str("\\u00");
                for digit in [c as usize >> 4, c as usize & 15] {
                    out.push(char::from(b"0123456789abcdef"[digit]));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::json::Json;

    #[test]
    fn any_text_comes_back() {
        let all: String = (0..0x250).filter_map(char::from_u32).chain("\u{2028}👩‍🔧".chars()).collect();
        let json = Writing::object().text("a", &all).number("n", -3).json("l", &texts(["x", "\""])).end();
        let read = Json::read(json.as_bytes()).unwrap();
        assert_eq!(read.text("a"), Ok(Some(all.as_str())));
        assert_eq!(read.get("n"), Some(&Json::Number(-3.0)));
        assert_eq!(read.list("l").unwrap().len(), 2);
        assert_eq!(Writing::object().end(), "{}");
    }
}
