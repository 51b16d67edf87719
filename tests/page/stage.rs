//! The helper that knows the store's API, so that the scripts do not.

use headcount_page::store::{
    LinkEvent, Millis, Store,
    connection::{Protocol, Step},
    event::Event,
    intent::Intent,
    row::Row,
};
use std::sync::Arc;

/// 2026-11-21T12:00:00.000Z, when every script begins.
pub(crate) const NOON: i64 = 1_795_262_400_000;

/// A store and a clock.
pub(crate) struct Stage {
    pub(crate) store: Store,
    /// Milliseconds since noon.
    pub(crate) now: i64,
    /// What the broker's journal answers at once; `None`: the script answers.
    pub(crate) journal: Option<&'static str>,
}

impl Stage {
    /// A store that nobody has told anything.
    pub(crate) fn new() -> Self {
        Self::with_cap(5_000)
    }

    pub(crate) fn with_cap(cap: usize) -> Self {
        Self { store: Store::new(cap), now: 0, journal: Some("[]") }
    }

    /// A live connection to a Headcount broker, where everybody is an observer.
    pub(crate) fn live() -> Self {
        let mut stage = Self::new();
        stage.want("anonymous");
        stage.connect(|_| 0);
        stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
        stage
    }

    /// A live connection to a broker that grants everything and knows nothing of `$headcount`.
    pub(crate) fn on_another_broker() -> Self {
        let mut stage = Self::new();
        stage.want("anonymous");
        stage.connect(|_| 0);
        stage
    }

    pub(crate) fn want(&mut self, account: &str) {
        self.fold(LinkEvent::Wanted { account });
    }

    /// CONNACK, then a SUBACK for every filter with the code that `answer` gives it.
    pub(crate) fn connect(&mut self, answer: impl Fn(&str) -> u8) {
        self.begin();
        self.answer(answer);
    }

    /// A SUBACK for every filter that the store still asks for.
    pub(crate) fn answer(&mut self, answer: impl Fn(&str) -> u8) {
        loop {
            let asks = self.store.take_asks();
            if asks.is_empty() {
                break;
            }
            for filter in asks {
                let code = answer(&filter);
                self.fold(LinkEvent::Subscribed { filter: &filter, code });
            }
        }
    }

    /// As far as CONNACK.
    pub(crate) fn begin(&mut self) {
        self.fold(LinkEvent::Step { step: Step::OpeningSocket, attempt: 0 });
        self.fold(LinkEvent::Step { step: Step::WaitingForConnack, attempt: 0 });
        let (protocol, client_id) = (Protocol::V5, "page");
        self.fold(LinkEvent::Connected { protocol, client_id, assigned: false, again: false });
    }

    pub(crate) fn lose(&mut self, why: &str) {
        let retry_at = Millis(NOON + self.now + 1_000);
        self.fold(LinkEvent::Lost { why, attempt: 1, retry_at });
    }

    pub(crate) fn fold(&mut self, event: LinkEvent<'_>) {
        self.store.fold(Millis(NOON + self.now), event);
        if let Some(answer) = self.journal
            && let Some((topic, _)) = self.store.take_request()
        {
            self.message(&format!("{topic}/page"), answer);
        }
    }

    pub(crate) fn message(&mut self, topic: &str, payload: impl AsRef<[u8]>) {
        self.fold(LinkEvent::Message { topic, payload: payload.as_ref(), retained: false });
    }

    /// A message that the broker kept for whoever subscribes.
    pub(crate) fn retained(&mut self, topic: &str, payload: impl AsRef<[u8]>) {
        self.fold(LinkEvent::Message { topic, payload: payload.as_ref(), retained: true });
    }

    /// An event of account alice, by the broker's clock at this moment.
    pub(crate) fn event(&mut self, event: &str, id: &str) {
        let payload = event_json(event, id, self.now);
        self.message("$headcount/alice/events", payload);
    }

    /// The same fact in alice's clients feed.
    pub(crate) fn feed(&mut self, status: &str, id: &str) {
        let payload = feed_json(status, id, self.now);
        self.message("alice/clients", payload);
    }

    /// Lets time pass, ticking whenever the store asks for it.
    pub(crate) fn advance(&mut self, ms: i64) {
        let end = self.now + ms;
        while let Some(due) = self.store.next_tick().map(|at| at.0 - NOON).filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.store.tick(Millis(NOON + self.now));
            assert_ne!(
                self.store.next_tick(),
                Some(Millis(NOON + due)),
                "the tick did not do what it was asked for"
            );
        }
        self.now = end;
    }

    pub(crate) fn send(&mut self, intent: impl std::borrow::Borrow<Intent>) {
        self.store.apply(intent.borrow());
    }

    /// Every row that is shown, newest first.
    pub(crate) fn rows(&self) -> Vec<Arc<Row>> {
        self.store.timeline().window(0..usize::MAX)
    }

    /// Every event that is shown, newest first.
    pub(crate) fn events(&self) -> Vec<Event> {
        self.rows().iter().filter_map(|row| row.event().cloned()).collect()
    }

    /// `connected lamp`, newest first.
    pub(crate) fn says(&self) -> Vec<String> {
        self.events().iter().map(|event| format!("{} {}", event.kind.name(), event.client.id)).collect()
    }

    /// The ids of those who are here, in order.
    pub(crate) fn here(&self) -> Vec<String> {
        self.store.present().list(usize::MAX).iter().map(|here| here.client.id.to_string()).collect()
    }
}

/// Milliseconds since noon in RFC 3339.
pub(crate) fn at(now: i64) -> String {
    Millis(NOON + now).iso()
}

pub(crate) fn feed_json(status: &str, id: &str, now: i64) -> String {
    let id = serde_json::to_string(id).unwrap();
    format!(r#"{{"status":"{status}","at":"{}","client":{{"id":{id}}}}}"#, at(now))
}

pub(crate) fn event_json(event: &str, id: &str, now: i64) -> String {
    let reason = if event == "disconnected" { r#","reason":"connection-lost""# } else { "" };
    let id = serde_json::to_string(id).unwrap();
    format!(
        r#"{{"seq":1,"at":"{}","event":"{event}"{reason},"client":{{"id":{id},"account":"alice","address":"127.0.0.1:5","transport":"tcp","protocol":"3.1.1","keep_alive":60,"clean_start":true}}}}"#,
        at(now)
    )
}
