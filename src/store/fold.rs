//! How the store takes in what the link hears.

use std::sync::Arc;

use super::{
    Store, Trouble,
    clock::Millis,
    connection::{Connection, Live, Refusal, Step},
    link_event::{Demo, LinkEvent},
    plan::{Outcome, Plan, Purpose},
    rivalry::Rivalry,
    row::{Body, Gap},
    source::Trust,
};

/// How long a broker may be silent under `$headcount` before it is taken for one without: a Headcount broker answers
/// the subscription with its retained `$headcount/server` at once.
const HEADCOUNT_WAIT: i64 = 3_000;

/// Why a connection is not tried again that was lost too often.
const SEEMS_TAKEN: &str = "it seems that another connection has this page's client id";

/// What the fold remembers between events.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(super) account: String,
    /// Connections in a row that ended before every subscription was answered.
    hung_up: u32,
    /// Between CONNACK and the next end.
    pub(super) live: Option<Live>,
    heard_at: Option<Millis>,
    /// When a broker that keeps silent is taken for one without `$headcount` topics.
    pub(super) headcount_by: Option<Millis>,
    /// The row of the gap that is open.
    gap: Option<u64>,
    /// Number and time of the event that came last, and whether the page is an observer: it was told of another
    /// account's event. An observer hears every number; anybody else hears some.
    pub(super) last_seq: Option<(u64, Millis)>,
    pub(super) observer: bool,
    /// The Topic Name that came last, shared by rows.
    pub(super) topic: Arc<str>,
    pub(super) rivalry: Rivalry,
}

impl Store {
    /// Takes in what happened to the page's own connection.
    ///
    /// The order on a connection: `Wanted` once, then for each attempt `Step`s, `Connected`, `Subscribed` for each
    /// filter, messages, and one of the ends.
    pub fn fold(&mut self, now: Millis, event: LinkEvent<'_>) {
        match event {
            LinkEvent::Heard => self.session.heard_at = Some(now),
            LinkEvent::Message { topic, payload, retained } => {
                self.session.heard_at = Some(now);
                self.message(now, topic, payload, retained);
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
        self.versions.trouble += u64::from(self.trouble.tick(now));
        if self.session.headcount_by.is_some_and(|by| by <= now) {
            self.session.headcount_by = None;
            self.trust_feed_alone(now);
        }
        if self.catching.waiting.as_ref().is_some_and(|(until, _)| *until <= now) {
            self.stop_waiting(None);
        }
    }

    /// Whether the broker hung up twice before it answered the subscriptions for every account, so that a new client
    /// session is to ask for the own account's. Once may be chance.
    pub fn is_narrow(&self) -> bool {
        self.session.hung_up >= 2
    }

    /// Whether the page was taken over by another connection with its Client Identifier and should not come back. Given
    /// once; the link answers with [`LinkEvent::TakenOver`].
    pub fn take_yield(&mut self) -> bool {
        self.session.rivalry.take()
    }

    /// Whether nobody said that another connection took over, but it looks like that.
    pub fn guesses_take_over(&self) -> bool {
        self.session.rivalry.is_guess()
    }

    /// When [`Store::tick`] has something to do next.
    pub fn next_tick(&self) -> Option<Millis> {
        let answer = self.catching.waiting.as_ref().map(|(until, _)| *until);
        let calm = self.trouble.next_tick();
        [self.sources.next_expiry(), self.session.headcount_by, answer, calm].into_iter().flatten().min()
    }

    fn connection_event(&mut self, now: Millis, event: LinkEvent<'_>) {
        match event {
            LinkEvent::Wanted { account } => {
                self.end(now, "you connected anew");
                self.session.rivalry = Rivalry::default();
                account.clone_into(&mut self.session.account);
                self.session.hung_up = 0;
                self.others.hung_up = 0;
                // Perhaps another broker: nothing that the last one said holds.
                self.server = None;
                self.plan = Plan::default();
                self.sources.restart();
                self.present.restart();
                self.catching.anew = true;
                self.trouble = Trouble::default();
                self.versions.present += 1;
                self.versions.trouble += 1;
            }
            LinkEvent::Step { step, attempt } => self.connection = Connection::Connecting { step, attempt },
            LinkEvent::Connected { protocol, client_id, assigned, again } => {
                self.session.heard_at = Some(now);
                self.session.rivalry.begin();
                self.session.live =
                    Some(Live { since: now, protocol, client_id: client_id.into(), assigned });
                self.connection = Connection::Connecting { step: Step::Subscribing, attempt: 0 };
                self.sources.restart();
                self.session.last_seq = None;
                self.session.observer = false;
                self.others.unreadable = 0;
                self.others.births.clear();
                self.catching.asked = false;
                if again {
                    self.plan.resume();
                } else {
                    self.plan = Plan::new(&self.session.account, client_id, !self.is_narrow());
                }
                self.go_live_when_settled(now);
            }
            LinkEvent::Subscribed { filter, code } => self.subscribed(now, filter, code),
            LinkEvent::Lost { why, attempt, retry_at } => {
                if self.session.live.is_some() && !self.plan.is_settled() {
                    self.session.hung_up += 1;
                } else if self.session.live.is_some() && self.plan.awaits_others() {
                    self.others.hung_up += 1;
                }
                if let Connection::Live(live) = &self.connection {
                    self.session.rivalry.lost(now, live);
                }
                let is_guess = self.session.rivalry.is_guess();
                self.end(now, if is_guess { SEEMS_TAKEN } else { why });
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
        if purpose.is_some_and(Purpose::is_other) && !self.plan.awaits_others() {
            self.others.hung_up = 0;
        }
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
        self.trouble.watch(now);
        self.versions.trouble += 1;
        if !self.is_narrow() {
            self.session.hung_up = 0;
        }
        if self.sources.trust() == Trust::Undecided {
            self.session.headcount_by = Some(now.plus(HEADCOUNT_WAIT));
        }
        let gap = self.session.gap.take();
        let row = match gap {
            Some(row) => {
                self.timeline.revise(row, |body| {
                    if let Body::Gap(gap) = body {
                        gap.to = Some(now);
                    }
                });
                row
            }
            None => self.timeline.push(Body::Started(now)),
        };
        self.catching.row = Some((row, gap.is_some()));
        self.ask_journal(now);
        self.ask_others();
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
        self.stop_waiting(None);
        let from = self.session.heard_at.unwrap_or(now);
        let gap = Body::Gap(Gap { from, to: None, why: why.into() });
        self.session.gap = Some(self.timeline.push(gap));
        self.present.freeze(from);
        self.trouble.leave(from);
        self.versions.trouble += 1;
        self.versions.timeline += 1;
        self.versions.present += 1;
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
