//! A task, as JSON tells it.

use super::primes;
use crate::moment::Moment;
use serde::{Deserialize, Serialize};

/// The largest number that is counted to: a piece of it takes milliseconds.
const BELOW_MAX: u32 = 50_000_000;
/// Seconds that a task may be told to take.
const SECONDS_MAX: u32 = 3_600;
const TITLE_MAX: usize = 200;

/// What stands on `tasks/<id>/request`.
#[derive(Debug, Deserialize)]
pub(super) struct Request {
    title: String,
    below: u32,
    #[serde(default)]
    seconds: u32,
}

/// What stands on `tasks/<id>/progress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Progress {
    title: String,
    below: u32,
    seconds: u32,
    pub(super) status: Status,
    /// Pieces that are done, of a hundred.
    pub(super) percent: u32,
    /// In words.
    pub(super) step: String,
    /// Primes so far.
    pub(super) found: u32,
    pub(super) requested_at: Moment,
    pub(super) started_at: Option<Moment>,
    pub(super) updated_at: Moment,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl Request {
    pub(super) fn progress(self, now: Moment) -> Progress {
        let wrong = if self.title.trim().is_empty() {
            Some("title is empty".to_owned())
        } else if self.title.len() > TITLE_MAX {
            Some(format!("title has {} bytes; at most {TITLE_MAX} are taken", self.title.len()))
        } else if !(2..=BELOW_MAX).contains(&self.below) {
            Some(format!("below is {}; from 2 to {BELOW_MAX} are taken", self.below))
        } else if self.seconds > SECONDS_MAX {
            Some(format!("seconds is {}; at most {SECONDS_MAX} are taken", self.seconds))
        } else {
            None
        };
        let title = if self.title.len() > TITLE_MAX { String::new() } else { self.title };
        let progress = Progress { title, below: self.below, seconds: self.seconds, ..Progress::queued(now) };
        match wrong {
            Some(reason) => progress.failed(reason),
            None => progress,
        }
    }
}

impl Progress {
    fn queued(now: Moment) -> Self {
        Self {
            title: String::new(),
            below: 0,
            seconds: 0,
            status: Status::Queued,
            percent: 0,
            step: "waits for its turn".to_owned(),
            found: 0,
            requested_at: now,
            started_at: None,
            updated_at: now,
            reason: None,
        }
    }

    /// What was asked for cannot be read.
    pub(super) fn unreadable(now: Moment, error: &serde_json::Error) -> Self {
        Self::queued(now).failed(format!("the request is not what it should be: {error}"))
    }

    pub(super) fn failed(mut self, reason: String) -> Self {
        self.status = Status::Failed;
        "not begun".clone_into(&mut self.step);
        self.reason = Some(reason);
        self
    }

    pub(super) fn is_over(&self) -> bool {
        !matches!(self.status, Status::Queued | Status::Running)
    }

    /// Whether it is of this kind and may be gone on with. What others wrote may hold anything.
    pub(super) fn is_sound(&self) -> bool {
        self.percent <= 100
            && self.below <= BELOW_MAX
            && self.seconds <= SECONDS_MAX
            && self.title.len() <= TITLE_MAX
    }

    pub(super) fn start(&mut self, now: Moment) {
        self.status = Status::Running;
        self.started_at.get_or_insert(now);
        self.updated_at = now;
        self.step = format!("counts the primes below {}", self.end_of(self.percent + 1));
    }

    pub(super) fn cancel(&mut self, now: Moment) {
        self.status = Status::Cancelled;
        self.step = format!("stopped at {}", self.end_of(self.percent));
        self.updated_at = now;
    }

    /// Does the next hundredth.
    pub(super) fn advance(&mut self, now: Moment) {
        let (from, to) = (self.end_of(self.percent), self.end_of(self.percent + 1));
        self.found += primes::count(from, to);
        self.percent += 1;
        self.updated_at = now;
        if self.percent == 100 {
            self.status = Status::Done;
            self.step = format!("found {} primes below {}", self.found, self.below);
        } else {
            self.step = format!("counts the primes below {}", self.end_of(self.percent + 1));
        }
    }

    /// Milliseconds between two hundredths.
    pub(super) fn pace(&self) -> i64 {
        i64::from(self.seconds) * 10
    }

    fn end_of(&self, percent: u32) -> u32 {
        let end = u64::from(self.below) * u64::from(percent.min(100)) / 100;
        u32::try_from(end).unwrap_or(u32::MAX)
    }
}
