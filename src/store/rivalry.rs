//! Whether another connection has the page's own Client Identifier. MQTT 5 says so in its DISCONNECT. In 3.1.1, where
//! nothing is said, a Headcount broker tells it by the page's own state, and elsewhere it is guessed.

use super::{
    clock::Millis,
    connection::{Live, Protocol},
    json::Json,
    settings::MADE_UP,
};

/// So many live connections that end within [`FIGHT`] milliseconds are no chance: two that take over from each other
/// each come back within a second or two.
const LOSSES: usize = 3;
const FIGHT: i64 = 15_000;

/// What is known of a rival.
#[derive(Debug, Default)]
pub(crate) struct Rivalry {
    /// The broker says that this connection was taken over.
    pub(super) is_ousted: bool,
    /// When live connections of 3.1.1 ended lately.
    losses: Vec<Millis>,
    is_guess: bool,
}

impl Rivalry {
    /// A connection begins.
    pub(super) fn begin(&mut self) {
        (self.is_ousted, self.is_guess) = (false, false);
    }

    /// A live connection ended without a word.
    pub(super) fn lost(&mut self, now: Millis, live: &Live) {
        // Nobody else has an identifier that was made for this connection.
        if live.protocol == Protocol::V5 || live.assigned || live.client_id.starts_with(MADE_UP) {
            return;
        }
        self.losses.retain(|at| now.since(*at) <= FIGHT);
        self.losses.push(now);
        self.is_guess = self.losses.len() >= LOSSES;
        if self.is_guess {
            self.losses.clear();
            self.is_ousted = true;
        }
    }

    /// Whether to give way; given once.
    pub(super) fn take(&mut self) -> bool {
        std::mem::take(&mut self.is_ousted)
    }

    pub(super) fn is_guess(&self) -> bool {
        self.is_guess
    }
}

/// Whether the state of a client says that another connection took over.
pub(super) fn is_taken_over(state: &[u8]) -> bool {
    Json::read(state).is_ok_and(|json| json.text("reason") == Ok(Some("taken-over")))
}
