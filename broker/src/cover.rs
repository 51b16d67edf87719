//! How filters lie to each other.

use headcount_mqtt::TopicFilter;

/// Whether some topic matches both.
pub(crate) fn overlap(a: &TopicFilter, b: &TopicFilter) -> bool {
    let (mut left, mut right) = (a.levels(), b.levels());
    let mut first = true;
    loop {
        let (x, y) = (left.next(), right.next());
        if let (true, Some(x), Some(y)) = (first, x, y) {
            // [MQTT-4.7.2-1] a wildcard in front speaks of no topic that begins with `$`.
            let wild = |level: &[u8]| level == b"+" || level == b"#";
            if wild(x) && y.starts_with(b"$") || wild(y) && x.starts_with(b"$") {
                return false;
            }
        }
        first = false;
        match (x, y) {
            (Some(b"#"), _) | (_, Some(b"#")) | (None, None) => return true,
            (Some(b"+"), Some(_)) | (Some(_), Some(b"+")) => {}
            (Some(x), Some(y)) if x == y => {}
            _ => return false,
        }
    }
}

/// Whether every topic that matches `inner` matches `outer`.
pub(crate) fn covers(outer: &TopicFilter, inner: &TopicFilter) -> bool {
    let (mut left, mut right) = (outer.levels(), inner.levels());
    let mut first = true;
    loop {
        let (x, y) = (left.next(), right.next());
        if let (true, Some(b"+" | b"#"), Some(y)) = (first, x, y)
            && y.starts_with(b"$")
        {
            return false;
        }
        first = false;
        match (x, y) {
            (Some(b"#"), _) | (None, None) => return true,
            (Some(b"+"), Some(y)) if y != b"#" => {}
            (Some(x), Some(y)) if x == y => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{covers, overlap};
    use headcount_mqtt::TopicFilter;

    fn filter(text: &str) -> TopicFilter {
        TopicFilter::try_from(text).unwrap()
    }

    #[test]
    fn filters_overlap_and_cover() {
        for (a, b, overlaps, a_covers_b) in [
            ("a/b", "a/b", true, true),
            ("a/+", "a/b", true, true),
            ("a/b", "a/+", true, false),
            ("a/#", "a", true, true),
            ("a", "a/#", true, false),
            ("a/+/c", "+/b/+", true, false),
            ("a/+/c", "+/b/d", false, false),
            ("#", "$SYS/x", false, false),
            ("+/x", "$SYS/x", false, false),
            ("#", "+/x", true, true),
            ("+", "#", true, false),
            ("a/+", "a/#", true, false),
            ("a", "b", false, false),
        ] {
            assert_eq!(overlap(&filter(a), &filter(b)), overlaps, "{a} {b}");
            assert_eq!(overlap(&filter(b), &filter(a)), overlaps, "{b} {a}");
            assert_eq!(covers(&filter(a), &filter(b)), a_covers_b, "{a} covers {b}");
        }
    }
}
