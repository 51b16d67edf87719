//! How the store takes in messages: each finds its feed, becomes a fact, and is folded into timeline and presence.

use std::sync::Arc;

use super::{
    Store,
    clock::Millis,
    event::{Client, Event, Kind, Source},
    parse::{self, Origin},
    rivalry,
    route::Route,
    row::{Body, Gap},
    server_info::ServerInfo,
    source::Trust,
};

impl Store {
    pub(super) fn message(&mut self, now: Millis, topic: &str, payload: &[u8], retained: bool) {
        if *self.session.topic != *topic {
            self.session.topic = topic.into();
        }
        let shared = Arc::clone(&self.session.topic);
        let origin = |source, account| Origin { now, source, account, topic: shared };
        match Route::of(topic) {
            Route::Server => {
                self.hear_headcount();
                self.ask_journal(now);
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
                self.trouble.compare_clocks(now, event.at);
                self.take_event(event);
            }
            Route::Journal => {
                let topic = Arc::clone(&self.session.topic);
                self.take_journal(now, &topic, payload);
                // Most of the past is calm.
                self.trouble.tick(now);
            }
            Route::Present { account, id } => {
                self.hear_headcount();
                self.state(&origin(Source::Events, &account), &id, payload);
            }
            Route::Feed { account } => {
                let event = parse::event(&origin(Source::Feed, &account), payload);
                self.trouble.compare_clocks(now, event.at);
                let is_fact = !matches!(event.kind, Kind::Unreadable(_));
                let shown = if is_fact { self.sources.take_feed(now, event) } else { Some(event) };
                if let Some(event) = shown {
                    self.show(event);
                }
            }
            Route::Complaint { account, topic } => {
                let known = |id: &str| self.present.get(&account, id).map(|here| Arc::clone(&here.client.id));
                self.trouble.complain(now, topic, &account, payload, &known);
                self.versions.trouble += 1;
            }
            Route::Stray if self.take_other(now, payload, retained) => {}
            Route::Stray => {
                self.show(parse::stray(&origin(Source::Feed, ""), payload));
            }
        }
    }

    /// Shows how many events were lost on the way: a broker drops `QoS` 0 for a page that reads too slowly.
    pub(super) fn count(&mut self, event: &Event) {
        let Some(seq) = event.seq else { return };
        self.session.observer |= *event.client.account != *self.session.account;
        let before = self.session.last_seq.replace((seq, event.at));
        let Some((before, from)) = before.filter(|_| self.session.observer) else { return };
        let why = match seq.saturating_sub(before.saturating_add(1)) {
            0 => return,
            1 => "one event did not reach this page".into(),
            lost => format!("{lost} events did not reach this page").into(),
        };
        self.timeline.push(Body::Gap(Gap { from, to: Some(event.at), why }));
    }

    /// A retained present state, or its removal.
    fn state(&mut self, origin: &Origin<'_>, id: &str, payload: &[u8]) {
        let read =
            if payload.is_empty() { Ok((Client::default(), None)) } else { parse::present(origin, payload) };
        let changed = match read {
            Ok((mut client, since)) => {
                client.id = id.into();
                client.account = origin.account.into();
                self.session.rivalry.is_ousted |= self.is_own(&client) && rivalry::is_taken_over(payload);
                if let Some(since) = since {
                    self.present.arrive(&client, since, Source::Events)
                } else {
                    let count = self.present.count();
                    self.present.leave(&client, None, Source::Events);
                    self.present.count() != count
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
    pub(super) fn show(&mut self, mut event: Event) {
        match &event.kind {
            Kind::Connected => {
                let is_news = self.present.arrive(&event.client, event.at, event.source);
                self.versions.present += u64::from(is_news);
            }
            Kind::Disconnected => {
                let count = self.present.count();
                let left = if event.is_succeeded() {
                    self.present.known(&event.client, event.source).cloned()
                } else {
                    self.present.leave(&event.client, event.started, event.source)
                };
                if let Some(left) = left.filter(|left| !left.earlier && left.since <= event.at) {
                    event.lasted.get_or_insert(event.at.since(left.since));
                }
                self.versions.present += u64::from(self.present.count() != count);
            }
            Kind::Unreadable(_) => {
                self.unreadable += 1;
                self.versions.status += 1;
            }
            Kind::Refused | Kind::Denied | Kind::Conflict | Kind::Other(_) => {}
        }
        self.versions.trouble += u64::from(self.trouble.note(&event));
        self.timeline.push(Body::Event(event));
        self.versions.timeline += 1;
    }

    /// Shows rows of the feed whose twin did not come.
    pub(super) fn release(&mut self, now: Millis) {
        while let Some(event) = self.sources.expire(now) {
            self.show(event);
            if self.sources.trust() == Trust::Undecided {
                self.trust_feed_alone(now);
            }
        }
    }

    fn is_own(&self, client: &Client) -> bool {
        *client.account == *self.session.account
            && self.session.live.as_ref().is_some_and(|live| live.client_id == client.id)
    }

    fn hear_headcount(&mut self) {
        if self.sources.trust() != Trust::Events {
            self.sources.hear_headcount();
            self.session.headcount_by = None;
            self.versions.status += 1;
        }
    }

    pub(super) fn trust_feed_alone(&mut self, now: Millis) {
        if self.sources.trust() == Trust::Undecided {
            self.sources.trust_feed_alone();
            self.session.headcount_by = None;
            self.versions.status += 1;
            self.release(now);
            self.ask_others();
        }
    }
}
