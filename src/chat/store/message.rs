//! One message of a conversation.

use std::sync::Arc;

use super::{payload::cut, write::Writing};
use crate::store::{Millis, json::Json};

/// A message, as it is kept and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number in this window; never used twice.
    pub serial: u64,
    /// Its `messageId`; empty where it has none.
    pub id: Arc<str>,
    /// Who wrote it; none: the user of this window.
    pub sender: Option<Arc<str>>,
    /// What.
    pub content: Arc<str>,
    /// When, by the sender's clock.
    pub at: Millis,
    /// How far it came.
    pub mark: Mark,
    /// Whether one of the same `messageId` came before.
    pub is_copy: bool,
}

/// How far a message came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was received.
    Received,
    /// It waits here: for a connection, or for its PUBACK.
    Sending,
    /// It was handed to the socket at `QoS` 0; nobody says what became of it.
    Sent,
    /// PUBACK came.
    Acknowledged,
    /// PUBACK came, and the worker has not judged it.
    Pending,
    /// The worker passed it on.
    Accepted,
    /// The worker sent it back, and why.
    Rejected(Arc<str>),
    /// The broker refused it, and why.
    Refused(Arc<str>),
    /// It was never sent, and why.
    Lost(Arc<str>),
}

impl Mark {
    /// One word: for `data-mark`, and in storage.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected(_) => "rejected",
            Self::Refused(_) => "refused",
            Self::Lost(_) => "lost",
        }
    }

    /// In words, with the reason where there is one.
    pub fn words(&self) -> String {
        match self {
            Self::Received => String::new(),
            Self::Sending => "sending".to_owned(),
            Self::Sent => "sent".to_owned(),
            Self::Acknowledged => "acknowledged".to_owned(),
            Self::Pending => "waits to be judged".to_owned(),
            Self::Accepted => "accepted".to_owned(),
            Self::Rejected(why) => format!("rejected: {why}"),
            Self::Refused(why) => format!("refused: {why}"),
            Self::Lost(why) => format!("not sent: {why}"),
        }
    }

    fn why(&self) -> &str {
        match self {
            Self::Rejected(why) | Self::Refused(why) | Self::Lost(why) => why,
            _ => "",
        }
    }

    fn named(name: &str, why: &str) -> Option<Self> {
        let marks = [
            Self::Received,
            Self::Sending,
            Self::Sent,
            Self::Acknowledged,
            Self::Pending,
            Self::Accepted,
            Self::Rejected(why.into()),
            Self::Refused(why.into()),
            Self::Lost(why.into()),
        ];
        marks.into_iter().find(|mark| mark.name() == name)
    }
}

impl Message {
    /// As it is stored.
    pub(super) fn write(&self) -> String {
        let mut json = Writing::object()
            .text("id", &self.id)
            .text("content", &self.content)
            .number("at", self.at.0)
            .text("mark", self.mark.name());
        if let Some(sender) = &self.sender {
            json = json.text("sender", sender);
        }
        if !self.mark.why().is_empty() {
            json = json.text("why", self.mark.why());
        }
        if self.is_copy { json.json("copy", "true").end() } else { json.end() }
    }

    /// Reads what [`Self::write`] wrote; none where somebody else wrote there.
    pub(super) fn read(json: &Json<'_>, serial: u64) -> Option<Self> {
        let text = |name: &str| json.text(name).ok().flatten();
        let mark = Mark::named(text("mark")?, text("why").unwrap_or_default())?;
        Some(Self {
            serial,
            id: text("id")?.into(),
            sender: text("sender").map(Into::into),
            content: cut(text("content")?.to_owned(), super::payload::CONTENT_MAX).into(),
            at: Millis(json.number("at").ok().flatten().and_then(|at: u64| at.try_into().ok())?),
            mark,
            is_copy: json.flag("copy").ok().flatten().unwrap_or_default(),
        })
    }
}
