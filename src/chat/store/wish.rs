//! What the user wants of the store: the only way by which a view changes it.

use super::thread::With;

/// Something the user asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Write to somebody.
    Send {
        /// To whom.
        with: With,
        /// What.
        content: String,
        /// For its `messageId`.
        random: u128,
    },
    /// Send a message of one's own, of this number, once more.
    Repeat(u64),
    /// Show a conversation; begins it where there is none.
    Open(With),
    /// Show none.
    Close,
    /// What the composer holds.
    Draft {
        /// Of which conversation.
        with: With,
        /// The text.
        text: String,
    },
    /// Somebody looks at the page, or not.
    LookedAt(bool),
    /// The user has seen how many messages waited.
    Dismiss,
}
