//! What the page's sockets say, as index.html's notebook has it.

use crate::store::Millis;

/// A piece of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The connection's number within its program.
    pub connection: u32,
    /// What happened.
    pub kind: Kind,
    /// When, by the browser's clock.
    pub at: Millis,
    /// The bytes of one WebSocket message; empty for the beginning and the end.
    pub bytes: &'a [u8],
}

/// What happened to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its WebSocket is open.
    Opened,
    /// Bytes came.
    Received,
    /// Bytes were sent.
    Sent,
    /// It is at its end.
    Closed,
}

impl Kind {
    /// The kind of index.html's number.
    pub fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Opened,
            1 => Self::Received,
            2 => Self::Sent,
            3 => Self::Closed,
            _ => return None,
        })
    }
}
