//! Passwords in messages: what the broker answers when it makes one, and what an administrator sets.

const NAME: &[u8] = b"\"password\"";

/// Overwrites the value of each member `"password"` of JSON that stands somewhere in `bytes`.
pub(super) fn hide(bytes: &mut [u8]) {
    let mut from = 0;
    while let Some(at) = bytes[from..].windows(NAME.len()).position(|part| part == NAME) {
        from += at + NAME.len();
        let space = |rest: &[u8]| rest.len() - rest.trim_ascii_start().len();
        let colon = from + space(&bytes[from..]);
        if bytes.get(colon) != Some(&b':') {
            continue;
        }
        let quote = colon + 1 + space(&bytes[colon + 1..]);
        if bytes.get(quote) != Some(&b'"') {
            continue;
        }
        let mut is_escaped = false;
        for byte in &mut bytes[quote + 1..] {
            if *byte == b'"' && !is_escaped {
                break;
            }
            is_escaped = *byte == b'\\' && !is_escaped;
            *byte = b'*';
        }
        from = quote + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_gone_and_all_else_stays() {
        for (said, kept) in [
            (r#"{"a":1,"password":"s3cret"}"#, r#"{"a":1,"password":"******"}"#),
            (r#"{"password" : "a\"b\\","x":"y"}"#, r#"{"password" : "******","x":"y"}"#),
            (r#"[{"password":"a"},{"password":"b"}]"#, r#"[{"password":"*"},{"password":"*"}]"#),
            (r#"{"password":"cut"#, r#"{"password":"***"#),
            (r#"{"what":"password","x":"y"}"#, r#"{"what":"password","x":"y"}"#),
            (r#"{"password":null}"#, r#"{"password":null}"#),
            (r#"{"password""#, r#"{"password""#),
            (r#"{"password": "#, r#"{"password": "#),
        ] {
            let mut bytes = said.as_bytes().to_vec();
            hide(&mut bytes);
            assert_eq!(String::from_utf8(bytes).unwrap(), kept);
        }
    }
}
