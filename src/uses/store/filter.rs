//! What a Topic Filter means, in words, and why a text is none.

use headcount_mqtt::{InvalidTopic, TopicFilter, TopicName};

/// Bytes of a filter that the page takes; longer ones are no topics that people read.
pub const FILTER_MAX: usize = 200;

/// A text that was to be a Topic Filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Whether it is one.
    pub is_valid: bool,
    /// What it matches, or what is wrong with it.
    pub words: String,
}

/// Explains what somebody typed.
pub fn explain(text: &str) -> Explained {
    if text.len() > FILTER_MAX {
        return Explained { is_valid: false, words: format!("Longer than {FILTER_MAX} bytes.") };
    }
    match TopicFilter::try_from(text) {
        Ok(_) => Explained { is_valid: true, words: meaning(text) },
        Err(error) => Explained { is_valid: false, words: mistake(text, error) },
    }
}

/// Whether a filter matches a topic; not where either is none.
pub fn matches(filter: &str, topic: &str) -> bool {
    match (TopicFilter::try_from(filter), TopicName::try_from(topic)) {
        (Ok(filter), Ok(topic)) => filter.matches(&topic),
        _ => false,
    }
}

/// Why nothing can be published to this topic; none where it can.
pub fn topic_mistake(text: &str) -> Option<&'static str> {
    match TopicName::try_from(text) {
        _ if text.len() > FILTER_MAX => Some("Too long."),
        Ok(_) if text.starts_with('$') => Some("Topics that begin with $ are the broker's own."),
        Ok(_) => None,
        Err(InvalidTopic::Empty) => Some("Write a topic."),
        Err(InvalidTopic::WildcardInName) => Some("Wildcards are for readers: a topic holds no + and no #."),
        Err(error) => Some(error.rule()),
    }
}

fn meaning(text: &str) -> String {
    let levels = text.split('/').count();
    let pluses = text.split('/').filter(|level| *level == "+").count();
    let place = match pluses {
        0 => "",
        1 => ", with any level in the place of +",
        _ => ", with any level in the place of each +",
    };
    match text.strip_suffix('#') {
        Some("") => "Every topic, but for those that begin with $.".to_owned(),
        Some(base) => format!("{} and everything below{place}.", base.trim_end_matches('/')),
        None if pluses == levels => format!("Every topic of exactly {levels} levels."),
        None if pluses > 0 => format!("Topics of exactly {levels} levels{place}."),
        None => "This one topic.".to_owned(),
    }
}

fn mistake(text: &str, error: InvalidTopic) -> String {
    match error {
        InvalidTopic::Empty => "Write at least one character.".to_owned(),
        InvalidTopic::MultiLevel if text.matches('#').count() > 1 => {
            "# stands once, as the last level.".to_owned()
        }
        InvalidTopic::MultiLevel if !text.ends_with('#') => "# has to be the last level.".to_owned(),
        InvalidTopic::MultiLevel => "# stands for whole levels: nothing may share its level.".to_owned(),
        InvalidTopic::SingleLevel => "+ stands for a whole level: nothing may share its level.".to_owned(),
        other => format!("No Topic Filter: {}.", other.rule()),
    }
}
