//! All tasks, and whose turn it is.

use super::progress::{Progress, Request, Status};
use crate::duty::{Duty, retained, subscription};
use crate::moment::Moment;
use bytes::Bytes;
use headcount_client::Message;
use headcount_mqtt::{Subscription, TopicFilter};
use std::collections::BTreeMap;

/// Tasks that run at one time; each waits more than it works.
const RUNNING_MAX: usize = 3;
/// Tasks that wait for their turn.
const QUEUED_MAX: usize = 100;
/// Tasks that stay to be looked at after their end; the oldest goes.
const OVER_MAX: usize = 50;
/// Bytes of a task's identifier.
const ID_MAX: usize = 64;
/// Milliseconds between two messages of one task; a quicker one says less.
const TELLING_PACE: i64 = 100;

/// The state: what the retained messages say, and when each goes on.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    tasks: BTreeMap<String, Task>,
}

#[derive(Debug)]
struct Task {
    progress: Progress,
    /// Of the next hundredth.
    due: Moment,
    told: Moment,
}

impl Duty for Tasks {
    const NAME: &'static str = "tasks";
    const WINDOW: u16 = 16;

    fn status(&self, _: &str) -> String {
        "status/tasks".to_owned()
    }

    fn requests(&self) -> Vec<Subscription> {
        vec![subscription("tasks/+/request"), subscription("tasks/+/cancel")]
    }

    fn memory(&self) -> Option<TopicFilter> {
        Some(subscription("tasks/+/progress").filter)
    }

    fn restore(&mut self, now: Moment, memory: Vec<Message>) {
        self.tasks.clear();
        for message in memory {
            if let Some(id) = message.topic.as_str().split('/').nth(1)
                && let Ok(progress) = serde_json::from_slice::<Progress>(&message.payload)
                && progress.is_sound()
            {
                let due = now.after(progress.pace());
                self.tasks.insert(id.to_owned(), Task { progress, due, told: now });
            }
        }
        tracing::info!("tasks: {} are known", self.tasks.len());
    }

    fn handle(&mut self, now: Moment, message: &Message) -> Vec<Message> {
        let mut levels = message.topic.as_str().split('/').skip(1);
        let (Some(id), Some(what)) = (levels.next(), levels.next()) else { return Vec::new() };
        match what {
            "request" => self.request(now, id, &message.payload),
            "cancel" => self.cancel(now, id),
            _ => Vec::new(),
        }
    }

    fn due(&self) -> Option<Moment> {
        let running = self.tasks.values().filter(|task| task.progress.status == Status::Running);
        let next = running.clone().map(|task| task.due).min();
        let may_start = running.count() < RUNNING_MAX && self.first_queued().is_some();
        if may_start { Some(Moment(0)) } else { next }
    }

    /// One hundredth, or one start.
    fn tick(&mut self, now: Moment) -> Vec<Message> {
        let running = self.tasks.values().filter(|task| task.progress.status == Status::Running).count();
        if running < RUNNING_MAX
            && let Some(id) = self.first_queued()
        {
            let task = self.tasks.get_mut(&id).expect("it is in the table");
            task.progress.start(now);
            task.due = now.after(task.progress.pace());
            return self.say(now, &id).into_iter().collect();
        }
        let due = self.tasks.iter_mut().filter(|(_, task)| task.progress.status == Status::Running);
        let Some((id, task)) = due.min_by_key(|(_, task)| task.due) else { return Vec::new() };
        if task.due > now {
            return Vec::new();
        }
        task.progress.advance(now);
        task.due = now.after(task.progress.pace());
        let is_over = task.progress.is_over();
        if !is_over && now < task.told.after(TELLING_PACE) {
            return Vec::new();
        }
        let id = id.clone();
        let mut told: Vec<_> = self.say(now, &id).into_iter().collect();
        if is_over {
            told.extend(self.forget());
        }
        told
    }

    fn recall(&self) -> Vec<Message> {
        self.tasks.iter().filter_map(|(id, task)| telling(id, &task.progress)).collect()
    }
}

impl Tasks {
    fn request(&mut self, now: Moment, id: &str, payload: &[u8]) -> Vec<Message> {
        if id.is_empty() || id.len() > ID_MAX || self.tasks.contains_key(id) {
            // It came twice, or its identifier is taken: what stands there is another's.
            return Vec::new();
        }
        let progress = match serde_json::from_slice::<Request>(payload) {
            Ok(request) => request.progress(now),
            Err(error) => Progress::unreadable(now, &error),
        };
        let queued = self.tasks.values().filter(|task| task.progress.status == Status::Queued).count();
        let progress = if progress.status == Status::Queued && queued >= QUEUED_MAX {
            progress.failed(format!("{QUEUED_MAX} tasks wait; try again later"))
        } else {
            progress
        };
        self.tasks.insert(id.to_owned(), Task { progress, due: now, told: now });
        let mut told: Vec<_> = self.say(now, id).into_iter().collect();
        told.extend(self.forget());
        told
    }

    fn cancel(&mut self, now: Moment, id: &str) -> Vec<Message> {
        let Some(task) = self.tasks.get_mut(id).filter(|task| !task.progress.is_over()) else {
            return Vec::new();
        };
        task.progress.cancel(now);
        let mut told: Vec<_> = self.say(now, id).into_iter().collect();
        told.extend(self.forget());
        told
    }

    fn first_queued(&self) -> Option<String> {
        let queued = self.tasks.iter().filter(|(_, task)| task.progress.status == Status::Queued);
        queued.min_by_key(|(_, task)| task.progress.requested_at).map(|(id, _)| id.clone())
    }

    fn say(&mut self, now: Moment, id: &str) -> Option<Message> {
        let task = self.tasks.get_mut(id)?;
        task.told = now;
        telling(id, &task.progress)
    }

    /// Takes the oldest tasks away that are over.
    fn forget(&mut self) -> Vec<Message> {
        let mut over: Vec<_> = self.tasks.iter().filter(|(_, task)| task.progress.is_over()).collect();
        over.sort_by_key(|(_, task)| task.progress.updated_at);
        let surplus = over.len().saturating_sub(OVER_MAX);
        let old: Vec<String> = over[..surplus].iter().map(|(id, _)| (*id).clone()).collect();
        for id in &old {
            self.tasks.remove(id);
        }
        // An empty retained message takes the retained one away.
        old.iter().filter_map(|id| retained(&format!("tasks/{id}/progress"), Bytes::new())).collect()
    }
}

fn telling(id: &str, progress: &Progress) -> Option<Message> {
    retained(&format!("tasks/{id}/progress"), serde_json::to_vec(progress).ok()?)
}

#[cfg(test)]
mod tests;
