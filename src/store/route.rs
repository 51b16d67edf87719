//! Which feed a message belongs to, by its Topic Name.

use std::borrow::Cow;

use super::{query, trouble::Topic};

/// What a Topic Name says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// `$headcount/server`
    Server,
    /// `$headcount/<account>/events`
    Events { account: Cow<'a, str> },
    /// `$headcount/<account>/clients/<client id>`
    Present { account: Cow<'a, str>, id: Cow<'a, str> },
    /// `$headcount/journal/<client id>`, `$headcount/<account>/journal/<client id>`
    Journal,
    /// `<account>/clients`
    Feed { account: Cow<'a, str> },
    /// `<account>/errors`, `<account>/throttle`
    Complaint { account: Cow<'a, str>, topic: Topic },
    /// None that the page asks for.
    Stray,
}

impl<'a> Route<'a> {
    pub(crate) fn of(topic: &'a str) -> Self {
        if let Some(own) = topic.strip_prefix("$headcount/") {
            return Self::of_headcount(own);
        }
        match topic.split_once('/') {
            Some((account, _)) if account.starts_with('$') => Self::Stray,
            Some((account, "clients")) => Self::Feed { account: level(account) },
            Some((account, "errors")) => Self::Complaint { account: level(account), topic: Topic::Errors },
            Some((account, "throttle")) => {
                Self::Complaint { account: level(account), topic: Topic::Throttle }
            }
            _ => Self::Stray,
        }
    }

    fn of_headcount(topic: &'a str) -> Self {
        let mut levels = topic.split('/');
        match (levels.next(), levels.next(), levels.next(), levels.next()) {
            (Some("server"), None, ..) => Self::Server,
            (Some("journal"), Some(_), None, _) | (_, Some("journal"), Some(_), None) => Self::Journal,
            (Some(account), Some("events"), None, _) => Self::Events { account: level(account) },
            (Some(account), Some("clients"), Some(id), None) => {
                Self::Present { account: level(account), id: level(id) }
            }
            _ => Self::Stray,
        }
    }
}

/// A name that is one topic level, `%`, `/`, `+` and `#` decoded.
fn level(text: &str) -> Cow<'_, str> {
    if text.as_bytes().contains(&b'%') { Cow::Owned(query::decode(text)) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_find_their_feed() {
        assert_eq!(Route::of("$headcount/server"), Route::Server);
        assert_eq!(Route::of("$headcount/alice/events"), Route::Events { account: "alice".into() });
        let present = |account: &'static str, id: &'static str| Route::Present {
            account: account.into(),
            id: id.into(),
        };
        assert_eq!(Route::of("$headcount/alice/clients/a%2Fb%25%2B%23"), present("alice", "a/b%+#"));
        assert_eq!(Route::of("$headcount/alice/clients/"), present("alice", ""));
        assert_eq!(Route::of("$headcount/server/events"), Route::Events { account: "server".into() });
        assert_eq!(Route::of("مصباح/clients"), Route::Feed { account: "مصباح".into() });
        assert_eq!(Route::of("/clients"), Route::Feed { account: "".into() });
        let complaint = |topic| Route::Complaint { account: "a/b".into(), topic };
        assert_eq!(Route::of("a%2Fb/errors"), complaint(Topic::Errors));
        assert_eq!(Route::of("a%2Fb/throttle"), complaint(Topic::Throttle));
        for stray in [
            "clients",
            "errors",
            "a/b/clients",
            "a/b/errors",
            "$SYS/clients",
            "$SYS/errors",
            "$headcount/a/b/c/d",
            "$headcount",
            "a/clients/b",
        ] {
            assert_eq!(Route::of(stray), Route::Stray, "{stray}");
        }
    }
}
