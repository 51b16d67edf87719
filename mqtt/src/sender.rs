//! The two sides of a connection.

/// Which side sends the bytes: each has packets that only it may send (table 2-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The client.
    Client,
    /// The server.
    Server,
}
