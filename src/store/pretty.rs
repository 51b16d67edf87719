//! JSON indented for reading, keys in the order in which they came.

use super::json::Json;

/// Indents JSON by two spaces a level. What is no JSON comes back as it is, with bytes that are no UTF-8 replaced.
pub(crate) fn indent(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    if Json::read(raw).is_err() {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0;
    let mut in_string = false;
    let mut escaped = false;
    let mut rest = text.chars().filter(|c| !c.is_control()).peekable();
    while let Some(c) = rest.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            ' ' => {}
            '{' | '[' => {
                out.push(c);
                while rest.next_if_eq(&' ').is_some() {}
                if let Some(close) = rest.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                break_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other => {
                in_string = other == '"';
                out.push(other);
            }
        }
    }
    out
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::indent;

    #[test]
    fn keeps_order_and_strings() {
        let raw = br#"{"z":1,"a" : { "q\"}":[1, "x,y:{"]},"e":{ },"l":[]}"#;
        let want = "{\n  \"z\": 1,\n  \"a\": {\n    \"q\\\"}\": [\n      1,\n      \"x,y:{\"\n    ]\n  },\n  \"e\": {},\n  \"l\": []\n}";
        assert_eq!(indent(raw), want);
    }

    #[test]
    fn a_backslash_before_a_quote_ends_the_string_when_it_is_itself_escaped() {
        assert_eq!(indent(br#"{"a":"\\","b":2}"#), "{\n  \"a\": \"\\\\\",\n  \"b\": 2\n}");
    }

    #[test]
    fn what_is_no_json_comes_back() {
        assert_eq!(indent(b"hello, {"), "hello, {");
        assert_eq!(indent(b"\xff{"), "\u{fffd}{");
    }
}
