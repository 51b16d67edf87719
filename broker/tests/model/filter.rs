//! Filters as the standard's words have them (4.7), level by level.

/// The Share Name and the filter behind it.
pub(crate) fn split(filter: &str) -> (Option<&str>, &str) {
    match filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/')) {
        Some((name, filter)) => (Some(name), filter),
        None => (None, filter),
    }
}

/// Whether a filter, without Share Name, matches a topic.
pub(crate) fn matches(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let (filter, topic): (Vec<_>, Vec<_>) = (filter.split('/').collect(), topic.split('/').collect());
    levels(&filter, &topic)
}

fn levels(filter: &[&str], topic: &[&str]) -> bool {
    match (filter.split_first(), topic.split_first()) {
        (Some((&"#", _)), _) | (None, None) => true,
        (Some((&"+", filter)), Some((_, topic))) => levels(filter, topic),
        (Some((mine, filter)), Some((theirs, topic))) => mine == theirs && levels(filter, topic),
        _ => false,
    }
}

#[test]
fn the_examples_of_the_standard() {
    for (filter, topic, expected) in [
        ("sport/tennis/#", "sport/tennis", true),
        ("sport/+", "sport", false),
        ("sport/+", "sport/", true),
        ("+/+", "/finance", true),
        ("+", "/finance", false),
        ("#", "$SYS/a", false),
        ("$SYS/#", "$SYS/a", true),
    ] {
        assert_eq!(matches(filter, topic), expected, "{filter} {topic}");
    }
}
