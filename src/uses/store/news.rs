//! A news ticker: whatever the subscribed filters match.

use std::{collections::VecDeque, sync::Arc};

use super::{Said, cut, filter, wire_service::WireService};
use crate::{
    chat::store::{payload::uuid, write::Writing},
    store::{Millis, json::Json},
};

/// Articles kept, the oldest go: a page of them is read, not a library.
pub const ARTICLES_MAX: usize = 100;
/// Filters at one time.
pub const FILTERS_MAX: usize = 20;
/// Bytes of a headline that are shown.
const HEADLINE_MAX: usize = 500;
/// Bytes of a topic that are shown.
const TOPIC_MAX: usize = 300;

/// What is read and what came.
#[derive(Debug)]
pub struct News {
    filters: Vec<Filter>,
    articles: VecDeque<Article>,
    wire: Option<WireService>,
    /// Draws identifiers of the wire service's articles.
    seed: u64,
    /// All that came since the page opened, those that are gone included.
    count: u64,
    refused: Arc<str>,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The Topic Filter.
    pub text: Arc<str>,
    /// What the broker said.
    pub state: Granted,
    /// Articles that it matched.
    pub count: u64,
}

/// What the broker said about a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Granted {
    /// Nothing yet.
    Asked,
    /// Yes.
    Yes,
    /// No, with its words.
    No(Arc<str>),
}

/// Something that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its number in the page.
    pub number: u64,
    /// By which the same article that comes twice is known; none of those whose publisher gives none.
    pub id: Arc<str>,
    /// Topic Name.
    pub topic: Arc<str>,
    /// What it says.
    pub headline: Arc<str>,
    /// When it came.
    pub at: Millis,
    /// How often it came: some brokers send a copy for each filter that matches.
    pub copies: u32,
    /// The filters that matched it.
    pub matched: Vec<Arc<str>>,
}

impl News {
    /// Nothing is read yet but for these filters.
    pub fn new(filters: &[&str], seed: u64) -> Self {
        let mut news = Self {
            filters: Vec::new(),
            articles: VecDeque::new(),
            wire: None,
            seed,
            count: 0,
            refused: "".into(),
        };
        for filter in filters {
            news.follow(filter);
        }
        news
    }

    /// What is subscribed, in the order it was asked for.
    pub fn filters(&self) -> &[Filter] {
        &self.filters
    }

    /// Whether this filter is among them.
    pub fn follows(&self, text: &str) -> bool {
        self.filters.iter().any(|filter| *filter.text == *text)
    }

    /// The newest first.
    pub fn articles(&self) -> &VecDeque<Article> {
        &self.articles
    }

    /// All that came since the page opened.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether the wire service publishes.
    pub fn is_wired(&self) -> bool {
        self.wire.is_some()
    }

    /// Why the broker refused the last article; empty where it did not.
    pub fn refused(&self) -> &Arc<str> {
        &self.refused
    }

    pub(super) fn follow(&mut self, text: &str) {
        if self.filters.len() < FILTERS_MAX && !self.follows(text) && filter::explain(text).is_valid {
            self.filters.push(Filter { text: text.into(), state: Granted::Asked, count: 0 });
        }
    }

    pub(super) fn unfollow(&mut self, text: &str) {
        self.filters.retain(|filter| *filter.text != *text);
    }

    pub(super) fn publish(&mut self, now: Millis, topic: &str, headline: &str, random: u128) -> Said {
        self.refused = "".into();
        let payload = Writing::object()
            .text("articleId", &uuid(random))
            .text("headline", &cut(headline.trim(), HEADLINE_MAX))
            .text("at", &now.iso());
        (topic.to_owned(), payload.end())
    }

    pub(super) fn wire_service(&mut self, now: Millis, on: bool) {
        self.wire = on.then(|| WireService::start(now));
    }

    pub(super) fn next_tick(&self) -> Option<Millis> {
        self.wire.as_ref().map(|wire| wire.next)
    }

    /// What the wire service publishes; while nobody is connected its articles are nobody's loss.
    pub(super) fn tick(&mut self, now: Millis, is_live: bool) -> Option<Said> {
        let wire = self.wire.as_mut()?;
        let (topic, headline) = wire.take(now)?;
        if wire.is_over() {
            self.wire = None;
        }
        self.seed = self.seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let random = u128::from(self.seed) << 64 | u128::from(self.seed.rotate_left(17));
        is_live.then(|| self.publish(now, topic, headline, random))
    }

    pub(super) fn subscribed(&mut self, text: &str, refused: Option<&str>) {
        for filter in self.filters.iter_mut().filter(|filter| *filter.text == *text) {
            filter.state = refused.map_or(Granted::Yes, |words| Granted::No(words.into()));
        }
    }

    pub(super) fn published(&mut self, refused: Option<&str>) {
        if let Some(refused) = refused {
            self.refused = refused.into();
        }
    }

    pub(super) fn lost(&mut self) {
        for filter in self.filters.iter_mut().filter(|filter| filter.state == Granted::Yes) {
            filter.state = Granted::Asked;
        }
    }

    pub(super) fn take(&mut self, now: Millis, topic: &str, payload: &[u8]) {
        let json = Json::read(payload).ok();
        let text = |name: &str| json.as_ref().and_then(|json| json.text(name).ok().flatten());
        let id = cut(text("articleId").unwrap_or_default(), 64);
        if !id.is_empty()
            && let Some(known) =
                self.articles.iter_mut().find(|known| known.id == id && *known.topic == *topic)
        {
            known.copies += 1;
            return;
        }
        let said = text("headline").map_or_else(|| String::from_utf8_lossy(payload), Into::into);
        let mut matched = Vec::new();
        for filter in self.filters.iter_mut().filter(|filter| filter::matches(&filter.text, topic)) {
            filter.count += 1;
            matched.push(Arc::clone(&filter.text));
        }
        self.count += 1;
        self.articles.truncate(ARTICLES_MAX - 1);
        self.articles.push_front(Article {
            number: self.count,
            id,
            topic: cut(topic, TOPIC_MAX),
            headline: cut(&said, HEADLINE_MAX),
            at: now,
            copies: 1,
            matched,
        });
    }
}
