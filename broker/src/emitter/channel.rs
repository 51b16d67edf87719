//! `<channel>/?<options>`, with what stands behind the key.

use super::Fault;
use headcount_mqtt::{TopicFilter, TopicName};

/// A channel as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Channel<'a> {
    /// With the slash at its end.
    pub(super) name: &'a str,
    pub(super) options: Options,
}

/// What stands behind `?`. Options that nobody knows say nothing, as in Emitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    /// Whether the publisher gets its own message, where it is subscribed (`me`).
    pub(crate) me: bool,
    /// For how many seconds a message is stored (`ttl`).
    pub(crate) ttl: Option<u32>,
    /// How many stored messages a new subscription gets (`last`).
    pub(crate) last: Option<u32>,
    /// Seconds since 1970 between which they were published (`from`, `until`).
    pub(crate) from: Option<u32>,
    pub(crate) until: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { me: true, ttl: None, last: None, from: None, until: None }
    }
}

impl<'a> Channel<'a> {
    /// Reads what stands behind `<key>/`; `None` where that is no channel, as it has no slash at its end.
    pub(super) fn read(text: &'a str) -> Option<Result<Self, Fault>> {
        let (name, options) = match text.rfind("/?") {
            Some(at) => (&text[..=at], &text[at + 2..]),
            None => (text, ""),
        };
        if name.len() < 2 || !name.ends_with('/') {
            return None;
        }
        Some(Options::read(options).map(|options| Self { name, options }))
    }
}

impl Options {
    fn read(text: &str) -> Result<Self, Fault> {
        let mut options = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let number = || {
                let sentence = || format!("the option {name}={value} wants a whole number, as in {name}=1");
                value.parse::<u32>().map_err(|_| Fault::new(400, sentence()))
            };
            match name {
                "me" => options.me = number()? != 0,
                "ttl" => options.ttl = Some(number()?).filter(|seconds| *seconds > 0),
                "last" => options.last = Some(number()?),
                "from" => options.from = Some(number()?),
                "until" => options.until = Some(number()?).filter(|until| *until > 0),
                _ => {}
            }
        }
        Ok(options)
    }
}

/// The channel's topic.
pub(super) fn topic(name: &str) -> Result<TopicName, Fault> {
    TopicName::try_from(name).map_err(|error| invalid(name, error))
}

/// Exactly this channel, which may hold `+`; with `#/` at its end, those below too.
pub(super) fn exactly(name: &str) -> Result<TopicFilter, Fault> {
    let name =
        name.strip_suffix("#/").map_or(name.into(), |above| std::borrow::Cow::from(format!("{above}#")));
    let filter = TopicFilter::try_from(name.as_ref()).map_err(|error| invalid(&name, error))?;
    if filter.shared().is_some() {
        return Err(Fault::new(400, format!("{name} is no channel: a channel is not shared")));
    }
    Ok(filter)
}

/// This channel and those below it.
pub(super) fn with_those_below(name: &str) -> Result<TopicFilter, Fault> {
    let above = name.strip_suffix("#/").or_else(|| name.strip_suffix('#')).unwrap_or(name);
    exactly(&format!("{above}#/"))
}

fn invalid(name: &str, error: impl std::fmt::Display) -> Fault {
    Fault::new(400, format!("{name} is no channel: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Channel, Options, exactly, with_those_below};

    #[test]
    fn channels_end_with_a_slash_and_may_have_options() {
        let read = |text| Channel::read(text).map(|read| read.map(|it| (it.name, it.options)).unwrap());
        let usual = Options::default();
        assert_eq!(read("a/b/"), Some(("a/b/", usual)));
        assert_eq!(read("a/?me=0"), Some(("a/", Options { me: false, ..usual })));
        assert_eq!(
            read("a/?me=1&ttl=60&last=5&from=1&until=2&colour=red"),
            Some(("a/", Options { ttl: Some(60), last: Some(5), from: Some(1), until: Some(2), ..usual }))
        );
        assert_eq!(read("a/?"), Some(("a/", usual)));
        assert_eq!(read("a"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("/"), None);
        assert_eq!(read("a?me=0"), None);
        let fault = Channel::read("a/?ttl=long").unwrap().unwrap_err();
        assert_eq!(fault.message, "the option ttl=long wants a whole number, as in ttl=1");
    }

    #[test]
    fn channels_become_filters() {
        for (name, exact, deep) in
            [("a/b/", "a/b/", "a/b/#"), ("a/+/", "a/+/", "a/+/#"), ("a/#/", "a/#", "a/#"), ("#/", "#", "#")]
        {
            assert_eq!(exactly(name).unwrap().as_str(), exact);
            assert_eq!(with_those_below(name).unwrap().as_str(), deep);
        }
        let fault = exactly("a/#/b/").unwrap_err();
        assert_eq!(fault.message, "a/#/b/ is no channel: # must fill the last level");
        assert_eq!(exactly("$share/g/a/").unwrap_err().status, 400);
    }
}
