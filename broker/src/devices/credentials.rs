//! What a new device comes in with.

use std::fmt;

/// New credentials, made of randomness that the core does not have.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// For a new device: its Client Identifier, which is its User Name too.
    pub client_id: String,
    /// Said to the asker once, and kept nowhere.
    pub password: String,
    /// Of the password, as [`Comparison`](crate::Comparison) gives it back.
    pub hash: String,
}

/// Nothing of the secret reaches a log or a dump.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
