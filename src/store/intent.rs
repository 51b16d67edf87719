//! What the user wants: the only way by which a view changes anything.

use std::sync::Arc;

use super::settings::Settings;

/// Something the user asked for. Those of the first part are for the link, which tells the store what came of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Connect with these settings, which are valid; an existing connection ends gracefully first.
    Connect(Settings),
    /// End the connection gracefully and stay away.
    Disconnect,
    /// Try again at once: from `Reconnecting`, `Refused` and `TakenOver`.
    RetryNow,
    /// Open a second, independent connection `demo-<hex>`.
    StartDemo,
    /// End the demo connection gracefully.
    StopDemo,

    /// Hold what the timeline shows; recording goes on.
    Pause,
    /// Show what was held.
    Resume,
    /// The timeline was scrolled: to its top, or away from it.
    Scrolled {
        /// Whether the newest row is in sight.
        at_top: bool,
    },
    /// Jump to the newest row and follow.
    Follow,
    /// Show rows that match this text only.
    Search(String),
    /// Show the record of a file in the place of the live timeline.
    OpenRecord {
        /// The file's name.
        name: String,
        /// What is in it.
        file: Vec<u8>,
    },
    /// Show the live timeline again.
    BackToLive,
    /// Say what is wrong with a file; or nothing, where the text is empty.
    Complain(String),
    /// Forget the timeline's rows.
    Clear,
    /// Put the card of this client away.
    Dismiss {
        /// Its account.
        account: Arc<str>,
        /// Its Client Identifier.
        id: Arc<str>,
    },
}
