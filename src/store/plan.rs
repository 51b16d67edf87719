//! What the page subscribes to, as data: each want with its filter, what became of it, and what to ask for instead.

use super::{
    adapters::{Adapter, covers},
    query,
};

/// What a subscription is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `$headcount/server`: the broker's listeners.
    Server,
    /// `$headcount/<account>/clients/<id>`: who is here.
    Present,
    /// `$headcount/<account>/events`: what happens, and why.
    Events,
    /// `$headcount/journal/<own id>`: answers of the journal, everybody's or the account's.
    Journal,
    /// `<account>/clients`: the feed that Adafruit IO has as well.
    Feed,
    /// `<account>/errors`, which Adafruit IO has as well.
    Errors,
    /// `<account>/throttle`, which Adafruit IO has as well.
    Throttle,
    /// Another broker's presence, or what devices say of themselves.
    Other(Adapter),
}

impl Purpose {
    pub(crate) fn is_other(self) -> bool {
        matches!(self, Self::Other(_))
    }
}

/// How a want stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not asked for yet on this connection.
    Unasked,
    /// SUBSCRIBE is on its way.
    Asked,
    /// Granted for every account.
    Wide,
    /// Granted for the page's own account only.
    Own,
    /// Refused with this Reason Code.
    Refused(u8),
}

/// One subscription that the page wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// What for.
    pub purpose: Purpose,
    /// Topic Filter that is asked for at present.
    pub filter: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Filter to ask for when this one is refused: the own account's.
    narrower: Option<String>,
}

/// All subscriptions of a connection.
///
/// The order matters: on a Headcount broker retained messages of the first wants arrive before the first row of the
/// feed, so that the page knows whom to believe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    wants: Vec<Want>,
    /// Adapters whose topics are asked for.
    adapters: Vec<Adapter>,
    /// Those that had a message.
    heard: Vec<Adapter>,
}

impl Plan {
    /// The plan for `account`, on a connection of this Client Identifier. A `wide` one asks for every account first and falls back to the own one; a narrow one
    /// is for brokers that answer a wide filter by closing the connection.
    pub fn new(account: &str, client_id: &str, wide: bool) -> Self {
        let level = query::encode_level(account);
        let id = query::encode_level(client_id);
        let of = |purpose, every: String, own: String| {
            let (filter, narrower) = if wide { (every, Some(own)) } else { (own, None) };
            Want { purpose, filter, outcome: Outcome::Unasked, narrower }
        };
        let server = "$headcount/server".to_owned();
        Self {
            wants: vec![
                Want { purpose: Purpose::Server, filter: server, outcome: Outcome::Unasked, narrower: None },
                of(
                    Purpose::Present,
                    "$headcount/+/clients/+".into(),
                    format!("$headcount/{level}/clients/+"),
                ),
                of(Purpose::Events, "$headcount/+/events".into(), format!("$headcount/{level}/events")),
                of(
                    Purpose::Journal,
                    format!("$headcount/journal/{id}"),
                    format!("$headcount/{level}/journal/{id}"),
                ),
                of(Purpose::Feed, "+/clients".into(), format!("{level}/clients")),
                of(Purpose::Errors, "+/errors".into(), format!("{level}/errors")),
                of(Purpose::Throttle, "+/throttle".into(), format!("{level}/throttle")),
            ],
            ..Self::default()
        }
    }

    /// Wants what these adapters read as well. A filter that another one covers is left out: a broker may deliver a
    /// message once for each subscription that it matches [MQTT-3.3.4-2].
    pub(crate) fn add(&mut self, adapters: impl Iterator<Item = Adapter>) {
        for adapter in adapters.filter(|adapter| !self.adapters.contains(adapter)).collect::<Vec<_>>() {
            self.adapters.push(adapter);
            for filter in adapter.filters() {
                let is_new = |want: &Want| want.purpose.is_other() && want.outcome == Outcome::Unasked;
                if self.wants.iter().any(|want| covers(&want.filter, filter)) {
                    continue;
                }
                self.wants.retain(|want| !is_new(want) || !covers(filter, &want.filter));
                self.wants.push(Want {
                    purpose: Purpose::Other(adapter),
                    filter: (*filter).to_owned(),
                    outcome: Outcome::Unasked,
                    narrower: None,
                });
            }
        }
    }

    /// The adapters whose topics are asked for, in the order in which they are to read a message.
    pub fn adapters(&self) -> &[Adapter] {
        &self.adapters
    }

    /// Those that had a message.
    pub fn heard(&self) -> &[Adapter] {
        &self.heard
    }

    /// Notes that an adapter had a message; whether that is news.
    pub(crate) fn hear(&mut self, adapter: Adapter) -> bool {
        let is_news = !self.heard.contains(&adapter);
        if is_news {
            self.heard.push(adapter);
        }
        is_news
    }

    /// The wants, in order.
    pub fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// How the subscription for this purpose stands.
    pub fn outcome(&self, purpose: Purpose) -> Outcome {
        self.wants.iter().find(|want| want.purpose == purpose).map_or(Outcome::Unasked, |want| want.outcome)
    }

    /// Where the journal takes requests: the topic of its answers without the last level. None where those were refused.
    pub(crate) fn journal(&self) -> Option<String> {
        let granted = |want: &&Want| {
            want.purpose == Purpose::Journal && matches!(want.outcome, Outcome::Wide | Outcome::Own)
        };
        let want = self.wants.iter().find(granted)?;
        let end = want.filter.bytes().rposition(|byte| byte == b'/')?;
        want.filter.get(..end).map(str::to_owned)
    }

    /// Whether every want is granted or refused, those of adapters aside.
    pub fn is_settled(&self) -> bool {
        let is_open = |want: &Want| matches!(want.outcome, Outcome::Unasked | Outcome::Asked);
        !self.wants.iter().any(|want| is_open(want) && !want.purpose.is_other())
    }

    /// Whether the broker has not answered yet what was asked for adapters.
    pub(crate) fn awaits_others(&self) -> bool {
        self.wants.iter().any(|want| want.outcome == Outcome::Asked && want.purpose.is_other())
    }

    /// Another connection of the same client session: what was granted is asked for again by the session itself.
    pub(crate) fn resume(&mut self) {
        let granted =
            self.wants.iter_mut().filter(|want| matches!(want.outcome, Outcome::Wide | Outcome::Own));
        granted.for_each(|want| want.outcome = Outcome::Asked);
    }

    /// Filters to subscribe to, at `QoS` 0; each is given once.
    pub(crate) fn take_asks(&mut self) -> Vec<String> {
        let unasked = self.wants.iter_mut().filter(|want| want.outcome == Outcome::Unasked);
        unasked
            .map(|want| {
                want.outcome = Outcome::Asked;
                want.filter.clone()
            })
            .collect()
    }

    /// Takes the `SUBACK`'s Reason Code for `filter`. A refusal turns the want to its narrower filter, if it has one.
    pub(crate) fn settle(&mut self, filter: &str, code: u8) -> Option<Purpose> {
        let asked = |want: &&mut Want| want.outcome == Outcome::Asked && want.filter == filter;
        let want = self.wants.iter_mut().find(asked)?;
        want.outcome = if code < 0x80 {
            if want.narrower.is_some() || want.purpose == Purpose::Server || want.purpose.is_other() {
                Outcome::Wide
            } else {
                Outcome::Own
            }
        } else if let Some(narrower) = want.narrower.take() {
            want.filter = narrower;
            Outcome::Unasked
        } else {
            Outcome::Refused(code)
        };
        Some(want.purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_wide_then_own_then_gives_up() {
        let mut plan = Plan::new("alice", "page", true);
        assert_eq!(
            plan.take_asks(),
            [
                "$headcount/server",
                "$headcount/+/clients/+",
                "$headcount/+/events",
                "$headcount/journal/page",
                "+/clients",
                "+/errors",
                "+/throttle"
            ]
        );
        assert_eq!(plan.take_asks(), [""; 0]);
        plan.settle("$headcount/server", 0);
        plan.settle("$headcount/+/clients/+", 0x87);
        plan.settle("$headcount/+/events", 0x80);
        plan.settle("$headcount/journal/page", 0x87);
        plan.settle("+/clients", 1);
        plan.settle("+/errors", 0);
        plan.settle("+/throttle", 0x87);
        assert!(!plan.is_settled());
        assert_eq!(
            plan.take_asks(),
            [
                "$headcount/alice/clients/+",
                "$headcount/alice/events",
                "$headcount/alice/journal/page",
                "alice/throttle"
            ]
        );
        plan.settle("alice/throttle", 0x87);
        plan.settle("$headcount/alice/clients/+", 0);
        plan.settle("$headcount/alice/events", 0x80);
        assert_eq!(plan.journal(), None);
        plan.settle("$headcount/alice/journal/page", 0);
        assert_eq!(plan.journal().as_deref(), Some("$headcount/alice/journal"));
        assert!(plan.is_settled());
        assert_eq!(plan.outcome(Purpose::Present), Outcome::Own);
        assert_eq!(plan.outcome(Purpose::Events), Outcome::Refused(0x80));
        assert_eq!(plan.outcome(Purpose::Feed), Outcome::Wide);
        assert_eq!(plan.take_asks(), [""; 0]);
    }

    #[test]
    fn resumed_it_waits_for_what_was_granted_and_keeps_what_was_refused() {
        let mut plan = Plan::new("alice", "page", true);
        for filter in plan.take_asks() {
            plan.settle(&filter, if filter == "+/clients" { 0 } else { 0x87 });
        }
        for filter in plan.take_asks() {
            plan.settle(&filter, if filter.ends_with("events") { 0 } else { 0x87 });
        }
        assert!(plan.is_settled());
        plan.resume();
        assert_eq!(plan.take_asks(), [""; 0]);
        plan.settle("+/clients", 0);
        assert!(!plan.is_settled());
        plan.settle("$headcount/alice/events", 0);
        assert_eq!(
            [Purpose::Feed, Purpose::Events].map(|it| plan.outcome(it)),
            [Outcome::Wide, Outcome::Own]
        );
        assert_eq!(plan.outcome(Purpose::Present), Outcome::Refused(0x87));
        assert!(plan.is_settled());
    }

    #[test]
    fn a_narrow_plan_has_no_wildcard_for_accounts() {
        let mut plan = Plan::new("$al/ice+", "page", false);
        let asks = plan.take_asks();
        assert_eq!(
            asks[1..],
            [
                "$headcount/%24al%2Fice%2B/clients/+",
                "$headcount/%24al%2Fice%2B/events",
                "$headcount/%24al%2Fice%2B/journal/page",
                "%24al%2Fice%2B/clients",
                "%24al%2Fice%2B/errors",
                "%24al%2Fice%2B/throttle"
            ]
        );
        plan.settle(&asks[4], 0);
        assert_eq!(plan.outcome(Purpose::Feed), Outcome::Own);
    }

    #[test]
    fn a_code_for_a_filter_that_was_not_asked_changes_nothing() {
        let mut plan = Plan::new("alice", "page", true);
        assert_eq!(plan.settle("+/clients", 0), None);
        plan.take_asks();
        assert_eq!(plan.settle("other/#", 0x80), None);
        assert_eq!(plan.outcome(Purpose::Feed), Outcome::Asked);
    }
}
