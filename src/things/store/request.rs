//! Requests on their way, and what became of them.

use std::sync::Arc;

use super::{Things, draft::Ask};
use crate::store::Millis;

/// How long an answer may take. The broker hashes a password for some, which is tenths of a second.
pub(super) const PATIENCE: i64 = 10_000;

/// What to do where nobody knows whether something was done.
const LOOK: &str =
    "Whether it was done shows in the list, which is asked for anew: look there before you repeat it.";

/// What the user asked for.
#[derive(Debug)]
pub struct Request {
    serial: u64,
    verb: &'static str,
    until: Millis,
    stage: Stage,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The answer is awaited.
    Waiting,
    /// It is done.
    Done,
    /// The broker said no: why, and which field it means; empty where none.
    Refused(Arc<str>, Arc<str>),
    /// No answer came: why, and what to do.
    Unanswered(String),
}

/// The broker's list on its way.
#[derive(Debug, Default)]
pub(super) struct Listing {
    asked: Option<(u64, Millis)>,
    /// Whether it changed since it was asked for.
    is_stale: bool,
    error: String,
}

/// An entry that was published.
#[derive(Debug)]
pub struct Said {
    serial: u64,
    /// What the broker said to it, in words for the user; empty while it says nothing.
    pub answer: String,
    /// Whether that is a refusal.
    pub is_refused: bool,
}

impl Request {
    /// How far it is.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    pub(super) fn until(&self) -> Option<Millis> {
        (self.stage == Stage::Waiting).then_some(self.until)
    }
}

impl Said {
    pub(super) fn new(serial: u64) -> Self {
        Self { serial, answer: String::new(), is_refused: false }
    }
}

impl Listing {
    pub(super) fn until(&self) -> Option<Millis> {
        self.asked.map(|(_, until)| until)
    }

    pub(super) fn error(&self) -> &str {
        &self.error
    }
}

impl Things {
    pub(super) fn ask(&mut self, now: Millis, ask: &Ask) {
        let verb = ask.verb();
        if !self.is_live() {
            let why = "The broker is out of reach: nothing was sent. Repeat it when the page is connected.";
            self.request =
                Some(Request { serial: 0, verb, until: now, stage: Stage::Unanswered(why.to_owned()) });
            return;
        }
        let serial = self.request(&format!("devices/{verb}"), ask.payload());
        self.request = Some(Request { serial, verb, until: now.plus(PATIENCE), stage: Stage::Waiting });
    }

    /// Asks for the list, once at a time.
    pub(super) fn list(&mut self, now: Millis) {
        if !self.is_live() {
            return;
        }
        if self.listing.asked.is_some() {
            self.listing.is_stale = true;
            return;
        }
        let serial = self.request("devices/list", "{}".to_owned());
        self.listing = Listing { asked: Some((serial, now.plus(PATIENCE))), ..Listing::default() };
    }

    /// Whether an answer is the list's. In 3.1.1 it says so by its topic alone.
    pub(super) fn is_list(&mut self, verb: &str, answers: Option<u64>) -> bool {
        let is_asked =
            |(serial, _): &mut (u64, Millis)| verb == "list" && answers.is_none_or(|it| it == *serial);
        self.listing.asked.take_if(|asked| is_asked(asked)).is_some()
    }

    /// The list came, or why there is none.
    pub(super) fn listed(&mut self, now: Millis, error: Option<String>) {
        let is_stale = std::mem::take(&mut self.listing.is_stale);
        self.listing.error = error.unwrap_or_default();
        if is_stale {
            self.list(now);
        }
    }

    /// What the user asked for came to this, if that is what the answer is to.
    pub(super) fn settle(&mut self, verb: &str, answers: Option<u64>, stage: Stage) -> bool {
        let Some(request) = &mut self.request else { return false };
        let is_its = request.stage == Stage::Waiting
            && request.verb == verb
            && answers.is_none_or(|serial| serial == request.serial);
        if is_its {
            request.stage = stage;
        }
        is_its
    }

    /// A message was published, or not.
    pub(super) fn published(&mut self, serial: u64, refused: Option<&str>) {
        if let Some(said) = self.said.as_mut().filter(|said| said.serial == serial) {
            said.is_refused = refused.is_some();
            said.answer = match refused {
                None => "Published.".to_owned(),
                Some(why) => format!("The broker refused it: {why}."),
            };
        }
        let Some(why) = refused else { return };
        if let Some(request) = &mut self.request
            && request.serial == serial
        {
            request.stage = Stage::Unanswered(format!("It could not be sent: {why}."));
        }
        if self.listing.asked.take_if(|(asked, _)| *asked == serial).is_some() {
            self.listing.error = format!("The list could not be asked for: {why}.");
        }
        self.past_refused(|asking| asking.is(serial));
    }

    /// The connection is gone, and with it whatever was on its way.
    pub(super) fn lost(&mut self) {
        self.outbox.clear();
        self.listing = Listing::default();
        self.asking = None;
        self.fail("The connection was lost before the answer came.");
        if let Some(said) = self.said.as_mut().filter(|said| said.answer.is_empty()) {
            "The connection was lost: it is sent again when it stands.".clone_into(&mut said.answer);
        }
    }

    /// Time is up.
    pub(super) fn give_up(&mut self, now: Millis) {
        self.past_refused(|asking| asking.until() <= now);
        if self.request.as_ref().and_then(Request::until).is_some_and(|until| until <= now) {
            self.fail("No answer came within 10 seconds.");
            self.list(now);
        }
        if self.listing.asked.take_if(|(_, until)| *until <= now).is_some() {
            let why = "The broker did not answer within 10 seconds. Perhaps it is none of Headcount's.";
            self.listed(now, Some(why.to_owned()));
        }
    }

    fn fail(&mut self, why: &str) {
        if let Some(request) = &mut self.request
            && request.stage == Stage::Waiting
        {
            let secret = match request.verb {
                "add" => " A device that is there, and whose password nobody has, is helped by a rotation.",
                "rotate" => " Until then the old password may be of no use.",
                _ => "",
            };
            request.stage = Stage::Unanswered(format!("{why} {LOOK}{secret}"));
        }
    }
}
