//! Tasks and how far they are, from retained messages alone.

use std::sync::Arc;

use super::{Said, cut, worker::Worker};
use crate::{
    chat::store::{payload::uuid, write::Writing},
    store::{Millis, json::Json},
};

/// Tasks shown; a worker keeps no more than that.
const TASKS_MAX: usize = 200;
/// Bytes of an identifier.
const ID_MAX: usize = 64;
/// Bytes of a title or a sentence.
const TEXT_MAX: usize = 300;

/// What is known of all tasks.
#[derive(Debug)]
pub struct Tasks {
    /// By the moment of their request, the newest first.
    known: Vec<Task>,
    /// Asked for here, and nothing heard yet.
    asked: Vec<Asked>,
    /// Who does them.
    pub worker: Worker,
    /// When this connection began, and how many tasks it was told at once.
    began: Option<(Millis, usize)>,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Of its topic.
    pub id: Arc<str>,
    /// What it was called by whoever asked for it.
    pub title: Arc<str>,
    /// `queued`, `running`, `done`, `failed`, `cancelled`.
    pub status: Status,
    /// Of a hundred.
    pub percent: u8,
    /// In words.
    pub step: Arc<str>,
    /// Why it failed; empty where it did not.
    pub reason: Arc<str>,
    /// When it was asked for.
    pub requested: Millis,
    /// When it was told last.
    pub updated: Millis,
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for its turn.
    Queued,
    /// It is being done.
    Running,
    /// It is done.
    Done,
    /// It cannot be done.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// A request on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of its topic.
    pub id: Arc<str>,
    /// As it was typed.
    pub title: Arc<str>,
    /// Whether the broker has it.
    pub is_sent: bool,
    /// Why the broker refused it; empty where it did not.
    pub refused: Arc<str>,
    serial: u64,
}

impl Default for Tasks {
    fn default() -> Self {
        Self { known: Vec::new(), asked: Vec::new(), worker: Worker::new("tasks"), began: None }
    }
}

impl Status {
    /// One word, for people and for `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more comes.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    fn read(name: &str) -> Option<Self> {
        let all = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];
        all.into_iter().find(|status| status.name() == name)
    }
}

impl Tasks {
    /// The newest first.
    pub fn tasks(&self) -> &[Task] {
        &self.known
    }

    /// One of them.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.known.iter().find(|task| *task.id == *id)
    }

    /// Requests on their way.
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// How a task stands, in one word: what runs while nobody is there to do it is interrupted.
    pub fn word(&self, task: &Task) -> &'static str {
        if self.worker.is_away() && task.status == Status::Running {
            "interrupted"
        } else {
            task.status.name()
        }
    }

    /// How many tasks this connection was told at once, by retained messages.
    pub fn told_at_once(&self) -> Option<usize> {
        self.began.map(|(_, count)| count)
    }

    pub(super) fn connected(&mut self, now: Millis) {
        // What the broker still retains comes again.
        self.known.clear();
        self.began = Some((now, 0));
    }

    pub(super) fn start(&mut self, serial: u64, title: &str, below: u32, seconds: u32, random: u128) -> Said {
        let id = uuid(random);
        // What nobody answered has been read long ago.
        if self.asked.len() >= TASKS_MAX {
            self.asked.remove(0);
        }
        self.asked.push(Asked {
            id: id.as_str().into(),
            title: cut(title, TEXT_MAX),
            is_sent: false,
            refused: "".into(),
            serial,
        });
        let request = Writing::object()
            .text("title", title)
            .number("below", below.into())
            .number("seconds", seconds.into());
        (format!("tasks/{id}/request"), request.end())
    }

    pub(super) fn published(&mut self, serial: u64, refused: Option<&str>) {
        if let Some(asked) = self.asked.iter_mut().find(|asked| asked.serial == serial) {
            asked.is_sent = refused.is_none();
            asked.refused = refused.unwrap_or_default().into();
        }
    }

    pub(super) fn take(&mut self, now: Millis, topic: &str, payload: &[u8], retain: bool) {
        if self.worker.take(topic, payload, retain) {
            return;
        }
        let mut levels = topic.split('/').skip(1);
        let (Some(id), Some("progress"), None) = (levels.next(), levels.next(), levels.next()) else {
            return;
        };
        if id.len() > ID_MAX {
            return;
        }
        // An empty message takes the retained one away.
        let Some(task) = read(id, now, payload) else {
            self.known.retain(|task| *task.id != *id);
            return;
        };
        self.asked.retain(|asked| *asked.id != *id);
        if let Some((_, count)) = self.began.as_mut().filter(|_| retain) {
            *count += 1;
        }
        if let Some(known) = self.known.iter_mut().find(|known| known.id == task.id) {
            *known = task;
            return;
        }
        let at = self.known.partition_point(|known| known.requested > task.requested);
        self.known.insert(at, task);
        self.known.truncate(TASKS_MAX);
    }
}

/// Asks for a task's end.
pub(super) fn cancel(id: &str) -> Said {
    (format!("tasks/{id}/cancel"), "{}".to_owned())
}

fn read(id: &str, now: Millis, payload: &[u8]) -> Option<Task> {
    let json = Json::read(payload).ok()?;
    let text = |name: &str| cut(json.text(name).ok().flatten().unwrap_or_default(), TEXT_MAX);
    let time = |name: &str| Millis::from_rfc3339(&text(name));
    Some(Task {
        id: id.into(),
        title: text("title"),
        status: Status::read(&text("status"))?,
        percent: json.number::<u8>("percent").ok().flatten().unwrap_or_default().min(100),
        step: text("step"),
        reason: text("reason"),
        requested: time("requestedAt").unwrap_or(now),
        updated: time("updatedAt").unwrap_or(now),
    })
}
