//! What this broker does not tell, and why: the banner over the timeline.

use super::{
    adapters::{ADDRESSES, REASONS, REFUSALS},
    plan::{Outcome, Plan, Purpose},
    source::Trust,
};

/// What this broker does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing, for a list.
    pub what: Vec<&'static str>,
    /// Why, as a sentence.
    pub why: String,
}

/// What the events have and the feed has not, each with what an adapter has to tell for it and what is missing then.
const BEYOND_FEED: [(u8, &str, &str); 3] = [
    (REASONS, "reasons", ""),
    (ADDRESSES, "transports and addresses", "transports"),
    (REFUSALS, "refused attempts", ""),
];

/// Who came before the page did is known from retained states only.
const EARLIER: &str = "who was here before this page";

/// What is missing by what is granted and who has spoken; none while that is open, or when nothing is.
pub(crate) fn missing(plan: &Plan, trust: Trust, is_cautious: bool) -> Option<Missing> {
    let refused = |purpose| matches!(plan.outcome(purpose), Outcome::Refused(_));
    if !plan.is_settled() || plan.wants().is_empty() {
        return None;
    }
    if refused(Purpose::Events) && refused(Purpose::Feed) {
        let what = vec!["everything: the broker lets this account read no feed"];
        return Some(Missing { what, why: "The broker refused both subscriptions.".to_owned() });
    }
    if refused(Purpose::Events) || trust == Trust::FeedAlone {
        let told = plan.heard().iter().fold(0, |told, adapter| told | adapter.tells());
        let beyond = BEYOND_FEED.map(|(tells, all, rest)| if told & tells == 0 { all } else { rest });
        let what = beyond.into_iter().chain([EARLIER]).filter(|what| !what.is_empty()).collect();
        let why = if refused(Purpose::Events) {
            "The broker refused the subscription to $headcount/…/events."
        } else if !plan.heard().is_empty() {
            "This broker has no $headcount topics: the page shows what the feeds below tell."
        } else if is_cautious {
            "This broker has no $headcount topics and closed the connection over those of other brokers, so the page \
             shows its clients feed alone."
        } else {
            "This broker has no $headcount topics, so the page shows its clients feed alone."
        };
        return Some(Missing { what, why: why.to_owned() });
    }
    if refused(Purpose::Present) {
        let why = "The broker refused the subscription to $headcount/…/clients.".to_owned();
        return Some(Missing { what: vec![EARLIER], why });
    }
    (plan.outcome(Purpose::Events) == Outcome::Own).then(|| Missing {
        what: vec!["other accounts"],
        why: "This account may read its own clients only.".to_owned(),
    })
}
