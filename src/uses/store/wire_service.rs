//! A newsroom that never sleeps: an article every few seconds.

use crate::store::Millis;

/// Milliseconds between two articles: time enough to read one.
const PERIOD: i64 = 2_500;
/// Articles of one run; whoever forgot it does not publish for days.
const RUN: u32 = 400;

/// A run.
#[derive(Debug)]
pub(super) struct WireService {
    pub(super) next: Millis,
    sent: u32,
}

/// Topics and headlines, in turn.
const ARTICLES: [(&str, &str); 12] = [
    ("news/politics/us/utah", "Salt Lake City opens a third tram line"),
    ("news/sport/football", "Late goal decides the derby"),
    ("news/politics/europe", "Parliament agrees on night trains"),
    ("news/sport/formula-1", "Rain delays the start by an hour"),
    ("news/culture/europe", "Museum finds a lost sketchbook"),
    ("news/politics/us/ohio", "Ohio counts its bridges, and paints two"),
    ("news/sport/football", "Cup draw: a village meets the champions"),
    ("news/politics/us/utah", "Park rangers ask hikers to carry water"),
    ("news/sport/formula-1", "Pit stop of 1.8 seconds is a new record"),
    ("news/politics/europe", "Ministers meet about the price of bread"),
    ("news/culture/europe", "Choir of a thousand sings in the rain"),
    ("news/politics/us/ohio", "Library lends out telescopes"),
];

impl WireService {
    pub(super) fn start(now: Millis) -> Self {
        Self { next: now, sent: 0 }
    }

    /// The next article, when it is due.
    pub(super) fn take(&mut self, now: Millis) -> Option<(&'static str, &'static str)> {
        if now < self.next {
            return None;
        }
        self.next = now.plus(PERIOD);
        let article = ARTICLES[self.sent as usize % ARTICLES.len()];
        self.sent += 1;
        Some(article)
    }

    pub(super) fn is_over(&self) -> bool {
        self.sent >= RUN
    }
}
