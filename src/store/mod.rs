//! The store: folds what the link hears into plain bounded structs, and answers what the view asks.
//!
//! No DOM, no timer, no clock: every moment is passed in. The link calls [`Store::fold`] and [`Store::tick`], the view
//! reads the panels and sends an [`Intent`]. [`Store::versions`] says which panel changed, once per animation frame.

pub mod adapters;
pub mod clock;
pub(crate) mod command;
pub mod connection;
pub mod event;
mod fingerprint;
mod fold;
pub mod identity;
pub mod intent;
pub(crate) mod journal;
pub mod json;
pub mod lanes;
pub mod link_event;
mod missing;
pub(crate) mod parse;
pub mod plan;
pub mod present;
pub(crate) mod pretty;
pub mod projection;
pub mod query;
pub mod reason;
mod receive;
pub mod record;
mod recorded;
mod refusal;
mod rivalry;
mod route;
pub mod row;
pub mod search;
pub mod server_info;
pub mod settings;
mod source;
pub mod timeline;
mod told;
pub mod trouble;

use std::sync::Arc;

use fold::Session;
use journal::Catching;
use recorded::Files;
use source::Sources;
use told::Others;

pub use clock::Millis;
pub use connection::Connection;
pub use intent::Intent;
pub use link_event::LinkEvent;
pub use missing::Missing;
pub use plan::Plan;
pub use present::Present;
pub use server_info::ServerInfo;
pub use settings::Settings;
pub use source::Trust;
pub use timeline::Timeline;
pub use trouble::Trouble;

/// Counters that rise when what a panel shows has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The timeline: rows, search, pause, what is held.
    pub timeline: u64,
    /// Who is here.
    pub present: u64,
    /// What goes wrong: errors and throttle, misdeeds, fights, flapping.
    pub trouble: u64,
    /// The connection, the plan, what is missing, the demo, the broker's listeners.
    pub status: u64,
}

/// Everything that the page knows.
#[derive(Debug, Default)]
pub struct Store {
    timeline: Timeline,
    present: Present,
    connection: Connection,
    plan: Plan,
    sources: Sources,
    session: Session,
    catching: Catching,
    others: Others,
    server: Option<ServerInfo>,
    demo: DemoState,
    unreadable: u64,
    files: Files,
    trouble: Trouble,
    versions: Versions,
}

/// The demo connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DemoState {
    /// Not there; says why where that was not wanted.
    #[default]
    Off,
    /// It could not connect, or lost its connection.
    Failed(Arc<str>),
    /// On the way, with its Client Identifier.
    Connecting(Arc<str>),
    /// Connected, with its Client Identifier.
    Connected(Arc<str>),
}

impl Store {
    /// A store whose timeline keeps `cap` rows.
    pub fn new(cap: usize) -> Self {
        Self { timeline: Timeline::new(cap), ..Self::default() }
    }

    /// Who is here.
    pub fn present(&self) -> &Present {
        &self.present
    }

    /// How the page's own connection stands.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The subscriptions and what became of them.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What this broker does not tell; none while all is well or not yet known.
    pub fn missing(&self) -> Option<Missing> {
        missing::missing(&self.plan, self.sources.trust(), self.does_without_others())
    }

    /// Whom the page believes: the events, or the clients feed alone.
    pub fn trust(&self) -> Trust {
        self.sources.trust()
    }

    /// What goes wrong.
    pub fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// What the broker says of itself, once it did.
    pub fn server(&self) -> Option<&ServerInfo> {
        self.server.as_ref()
    }

    /// How many payloads could not be read since the page was opened.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// The demo connection.
    pub fn demo(&self) -> &DemoState {
        &self.demo
    }

    /// A `mosquitto_sub` command that prints the feed of these settings' account, quoted for a shell.
    pub fn mosquitto_command(&self, settings: &Settings) -> String {
        command::mosquitto_sub(settings, self.server.as_ref(), &self.plan)
    }

    /// Which panels changed: compare with the versions seen last.
    pub fn versions(&self) -> Versions {
        self.versions
    }

    /// Filters to subscribe to at `QoS` 0; each is given once. Ask after every `Connected` and `Subscribed`.
    pub fn take_asks(&mut self) -> Vec<String> {
        self.plan.take_asks()
    }

    /// Takes in what the user asked of the store; what is for the link changes nothing here.
    pub fn apply(&mut self, intent: &Intent) {
        match intent {
            // Nothing comes into a record, so there is nothing to hold.
            Intent::Pause if self.record_name().is_some() => return,
            Intent::Pause => self.timeline.pause(),
            Intent::Resume => self.shown_timeline().resume(),
            Intent::Follow => self.shown_timeline().follow(),
            Intent::Scrolled { at_top } => self.shown_timeline().scrolled(*at_top),
            Intent::Search(text) => {
                self.timeline.set_search(text);
                self.shown_timeline().set_search(text);
            }
            Intent::OpenRecord { name, file } => self.open_record(name, file),
            Intent::BackToLive => self.back_to_live(),
            Intent::Complain(complaint) => self.complain(complaint),
            Intent::Clear => self.timeline.clear(),
            Intent::Dismiss { account, id } => {
                self.trouble.dismiss(account, id);
                self.versions.trouble += 1;
                return;
            }
            Intent::Connect(settings) => return self.choose_feeds(&settings.feeds),
            Intent::Disconnect | Intent::RetryNow | Intent::StartDemo | Intent::StopDemo => return,
        }
        self.versions.timeline += 1;
    }
}
