//! How the store takes in what the link hears.

use std::sync::Arc;

use super::{
    Store,
    clock::Millis,
    connection::{Connection, Live, Refusal, Step},
    event::{Event, Kind, Source},
    link_event::{Demo, LinkEvent},
    parse::{self, Origin},
    plan::{Outcome, Plan, Purpose},
    route::Route,
    row::{Body, Gap},
    server_info::ServerInfo,
    source::Trust,
};

/// How long a broker may be silent under `$headcount` before it is taken for one without: a Headcount broker answers
/// the subscription with its retained `$headcount/server` at once.
const HEADCOUNT_WAIT: i64 = 3_000;

/// What the fold remembers between events.
#[derive(Debug, Default)]
pub(crate) struct Session {
    account: String,
    /// Connections in a row that ended before every subscription was answered.
    hung_up: u32,
    /// Between CONNACK and the next end.
    live: Option<Live>,
    heard_at: Option<Millis>,
    /// When a broker that keeps silent is taken for one without `$headcount` topics.
    headcount_by: Option<Millis>,
    /// The row of the gap that is open.
    gap: Option<u64>,
    /// The Topic Name that came last, shared by rows.
    topic: Arc<str>,
}

impl Store {
    /// Takes in what happened to the page's own connection.
    ///
    /// The order on a connection: `Wanted` once, then for each attempt `Step`s, `Connected`, `Subscribed` for each
    /// filter, messages, and one of the ends.
    pub fn fold(&mut self, now: Millis, event: LinkEvent<'_>) {
        match event {
            LinkEvent::Heard => self.session.heard_at = Some(now),
            LinkEvent::Message { topic, payload, .. } => {
                self.session.heard_at = Some(now);
                self.message(now, topic, payload);
                self.release(now);
            }
            other => {
                self.connection_event(now, other);
                self.versions.status += 1;
            }
        }
    }

    /// Does what the passing of time asks for: shows feed rows that wait for a twin no longer.
    pub fn tick(&mut self, now: Millis) {
        self.release(now);
        if self.session.headcount_by.is_some_and(|by| by <= now) {
            self.session.headcount_by = None;
            self.trust_feed_alone(now);
        }
    }

    /// Whether the broker hung up twice before it answered the subscriptions for every account, so that a new client
    /// session is to ask for the own account's. Once may be chance.
    pub fn is_narrow(&self) -> bool {
        self.session.hung_up >= 2
    }

    /// When [`Store::tick`] has something to do next.
    pub fn next_tick(&self) -> Option<Millis> {
        [self.sources.next_expiry(), self.session.headcount_by].into_iter().flatten().min()
    }

    fn connection_event(&mut self, now: Millis, event: LinkEvent<'_>) {
        match event {
            LinkEvent::Wanted { account } => {
                self.end(now, "you connected anew");
                account.clone_into(&mut self.session.account);
                self.session.hung_up = 0;
                self.server = None;
            }
            LinkEvent::Step { step, attempt } => self.connection = Connection::Connecting { step, attempt },
            LinkEvent::Connected { protocol, client_id, assigned, again } => {
                self.session.heard_at = Some(now);
                self.session.live =
                    Some(Live { since: now, protocol, client_id: client_id.into(), assigned });
                self.connection = Connection::Connecting { step: Step::Subscribing, attempt: 0 };
                self.sources.restart();
                if again {
                    self.plan.resume();
                } else {
                    self.plan = Plan::new(&self.session.account, !self.is_narrow());
                }
                self.go_live_when_settled(now);
            }
            LinkEvent::Subscribed { filter, code } => self.subscribed(now, filter, code),
            LinkEvent::Lost { why, attempt, retry_at } => {
                if self.session.live.is_some() && !self.plan.is_settled() {
                    self.session.hung_up += 1;
                }
                self.end(now, why);
                self.connection = Connection::Reconnecting { attempt, retry_at, error: why.into() };
            }
            LinkEvent::Refused { code, said } => {
                let refusal = Refusal::new(code, said);
                self.end(now, &refusal.words);
                self.connection = Connection::Refused(refusal);
            }
            LinkEvent::Unusable { why } => {
                self.end(now, why);
                self.connection = Connection::Refused(Refusal::of_settings(why));
            }
            LinkEvent::TakenOver => {
                self.end(now, "another connection took over this page's client id");
                self.connection = Connection::TakenOver;
            }
            LinkEvent::Ended => {
                self.end(now, "you disconnected");
                self.connection = Connection::Offline;
            }
            LinkEvent::Demo(demo) => self.demo = demo.into(),
            LinkEvent::Message { .. } | LinkEvent::Heard => {}
        }
    }

    fn subscribed(&mut self, now: Millis, filter: &str, code: u8) {
        let purpose = self.plan.settle(filter, code);
        let outcome = purpose.map(|purpose| self.plan.outcome(purpose));
        // The retained states come behind the SUBACK and say who is here; what was known before is stale.
        if purpose == Some(Purpose::Present) && outcome != Some(Outcome::Unasked) {
            self.present.restart();
            self.versions.present += 1;
        }
        if let (Some(Purpose::Events), Some(Outcome::Refused(_))) = (purpose, outcome) {
            self.trust_feed_alone(now);
        }
        self.go_live_when_settled(now);
    }

    /// Every subscription is settled: from here on nothing is missed.
    fn go_live_when_settled(&mut self, now: Millis) {
        let Some(live) = self.session.live.clone() else { return };
        if !self.plan.is_settled() || matches!(self.connection, Connection::Live(_)) {
            return;
        }
        self.connection = Connection::Live(live);
        if !self.is_narrow() {
            self.session.hung_up = 0;
        }
        if self.sources.trust() == Trust::Undecided {
            self.session.headcount_by = Some(now.plus(HEADCOUNT_WAIT));
        }
        match self.session.gap.take() {
            Some(row) => self.timeline.revise(row, |body| {
                if let Body::Gap(gap) = body {
                    gap.to = Some(now);
                }
            }),
            None => {
                self.timeline.push(Body::Started(now));
            }
        }
        self.versions.timeline += 1;
    }

    /// The connection is over: what still waits is shown, and a gap opens if there was something to miss.
    fn end(&mut self, now: Millis, why: &str) {
        let was_live = matches!(self.connection, Connection::Live(_));
        self.session.live = None;
        self.session.headcount_by = None;
        if !was_live {
            return;
        }
        self.release(Millis(i64::MAX));
        let from = self.session.heard_at.unwrap_or(now);
        let gap = Body::Gap(Gap { from, to: None, why: why.into() });
        self.session.gap = Some(self.timeline.push(gap));
        self.present.freeze(from);
        self.versions.timeline += 1;
        self.versions.present += 1;
    }

    fn message(&mut self, now: Millis, topic: &str, payload: &[u8]) {
        if *self.session.topic != *topic {
            self.session.topic = topic.into();
        }
        let shared = Arc::clone(&self.session.topic);
        let origin = |source, account| Origin { now, source, account, topic: shared };
        match Route::of(topic) {
            Route::Server => {
                self.hear_headcount();
                match ServerInfo::read(payload) {
                    Ok(server) => {
                        self.server = Some(server);
                        self.versions.status += 1;
                    }
                    Err(why) => self.show(parse::unreadable(&origin(Source::Events, ""), payload, &why)),
                }
            }
            Route::Events { account } => {
                self.hear_headcount();
                let event = parse::event(&origin(Source::Events, &account), payload);
                self.sources.tell(&event);
                self.show(event);
            }
            Route::Present { account, id } => {
                self.hear_headcount();
                self.state(&origin(Source::Events, &account), &id, payload);
            }
            Route::Feed { account } => {
                let event = parse::event(&origin(Source::Feed, &account), payload);
                let is_fact = !matches!(event.kind, Kind::Unreadable(_));
                let shown = if is_fact { self.sources.take_feed(now, event) } else { Some(event) };
                if let Some(event) = shown {
                    self.show(event);
                }
            }
            Route::Stray => {
                let why = "the page did not ask for this topic";
                self.show(parse::unreadable(&origin(Source::Feed, ""), payload, why));
            }
        }
    }

    /// A retained present state, or its removal.
    fn state(&mut self, origin: &Origin<'_>, id: &str, payload: &[u8]) {
        let read = if payload.is_empty() {
            Ok((super::event::Client::default(), None))
        } else {
            parse::present(origin, payload)
        };
        let changed = match read {
            Ok((mut client, since)) => {
                client.id = id.into();
                client.account = origin.account.into();
                match since {
                    Some(since) => self.present.arrive(&client, since),
                    None => self.present.leave(&client, None).is_some(),
                }
            }
            Err(why) => {
                self.show(parse::unreadable(origin, payload, &why));
                false
            }
        };
        self.versions.present += u64::from(changed);
    }

    /// Puts an event on the timeline and folds it into who is here.
    fn show(&mut self, mut event: Event) {
        match &event.kind {
            Kind::Connected => {
                self.versions.present += u64::from(self.present.arrive(&event.client, event.at));
            }
            Kind::Disconnected => {
                if let Some(left) = self.present.leave(&event.client, event.started) {
                    event.lasted.get_or_insert(event.at.since(left.since));
                    self.versions.present += 1;
                }
            }
            Kind::Unreadable(_) => self.unreadable += 1,
            Kind::Refused | Kind::Denied | Kind::Conflict | Kind::Other(_) => {}
        }
        self.timeline.push(Body::Event(event));
        self.versions.timeline += 1;
    }

    /// Shows rows of the feed whose twin did not come.
    fn release(&mut self, now: Millis) {
        while let Some(event) = self.sources.expire(now) {
            if self.sources.trust() == Trust::Undecided {
                self.trust_feed_alone(now);
            }
            self.show(event);
        }
    }

    fn hear_headcount(&mut self) {
        if self.sources.trust() != Trust::Events {
            self.sources.hear_headcount();
            self.session.headcount_by = None;
            self.versions.status += 1;
        }
    }

    fn trust_feed_alone(&mut self, now: Millis) {
        if self.sources.trust() == Trust::Undecided {
            self.sources.trust_feed_alone();
            self.session.headcount_by = None;
            self.versions.status += 1;
            self.release(now);
        }
    }
}

impl From<Demo<'_>> for super::DemoState {
    fn from(demo: Demo<'_>) -> Self {
        match demo {
            Demo::Connecting { client_id } => Self::Connecting(client_id.into()),
            Demo::Connected { client_id } => Self::Connected(client_id.into()),
            Demo::Off { why: "" } => Self::Off,
            Demo::Off { why } => Self::Failed(why.into()),
        }
    }
}
