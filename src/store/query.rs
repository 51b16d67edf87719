//! Query strings by hand: `application/x-www-form-urlencoded` pairs, percent-encoded UTF-8.

/// The pairs of a query string, with or without its `?`. Escapes that are no UTF-8 become U+FFFD, as `URLSearchParams`
/// has it; a lone `%` stays.
pub fn parse(query: &str) -> Vec<(String, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// The query string of the pairs with its `?`, empty where there is no pair.
pub fn format<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(&encode(name));
        out.push('=');
        out.push_str(&encode(value));
    }
    out
}

/// A query string with this value for `name` in the place of any other; without the name where the value is empty. The
/// other pairs stay as they were.
pub fn with(query: &str, name: &str, value: &str) -> String {
    let pairs = parse(query);
    let others = pairs.iter().filter(|(known, _)| known != name);
    let others = others.map(|(name, value)| (name.as_str(), value.as_str()));
    format(others.chain((!value.is_empty()).then_some((name, value))))
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
            );
        }
    }
    out
}

/// A name as one topic level: `%`, `/`, `+`, `#` and a `$` in front are percent-encoded, all else stays.
pub fn encode_level(name: &str) -> String {
    let level = name.replace('%', "%25").replace('/', "%2F").replace('+', "%2B").replace('#', "%23");
    match level.strip_prefix('$') {
        Some(rest) => format!("%24{rest}"),
        None => level,
    }
}

/// Undoes percent-encoding. A `%` that two hexadecimal digits do not follow stays as it is.
pub fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = match after {
            [high, low, ..] if byte == b'%' => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        out.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_round_trip() {
        for value in ["", "a b+c", "50 % & more=less", "größe 🪔", "#?/:", "%41", "مصباح"] {
            let query = format([("q", value), ("b", "")]);
            assert!(query.is_ascii());
            assert_eq!(parse(&query), [("q".to_owned(), value.to_owned()), ("b".to_owned(), String::new())]);
        }
        assert_eq!(format([]), "");
    }

    #[test]
    fn a_value_takes_the_place_of_another() {
        assert_eq!(with("", "search", "a b"), "?search=a%20b");
        assert_eq!(with("?search=x&show=lanes&search=y", "search", "z"), "?show=lanes&search=z");
        assert_eq!(with("?show=lanes&search=x", "search", ""), "?show=lanes");
        assert_eq!(with("?search=x", "search", ""), "");
    }

    #[test]
    fn reads_what_others_write() {
        let read = |query| parse(query).into_iter().next().unwrap();
        assert_eq!(read("?a=x+y"), ("a".into(), "x y".into()));
        assert_eq!(read("a"), ("a".into(), String::new()));
        assert_eq!(read("&&a=b=c&"), ("a".into(), "b=c".into()));
        assert_eq!(read("a=100%"), ("a".into(), "100%".into()));
        assert_eq!(read("a=%zz%4"), ("a".into(), "%zz%4".into()));
        assert_eq!(read("a=%ff"), ("a".into(), "\u{fffd}".into()));
        assert_eq!(parse("?"), []);
    }
}
