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
    /// Write to somebody in the name of somebody else, to see what the broker makes of it.
    Pretend {
        /// To whom.
        to: String,
        /// In whose name.
        sender: String,
        /// For its `messageId`.
        random: u128,
    },
    /// Ask for the rules in force.
    AskRules,
    /// Make a room of this name.
    MakeRoom {
        /// Its name for people.
        name: String,
        /// For its id.
        random: u128,
    },
    /// Let somebody into a room.
    AddMember {
        /// The room's id.
        room: String,
        /// Whom.
        user: String,
    },
    /// Show somebody the door.
    RemoveMember {
        /// The room's id.
        room: String,
        /// Whom.
        user: String,
    },
    /// End a room for everybody.
    EndRoom(String),
    /// The user has seen how many messages waited.
    Dismiss,
}
