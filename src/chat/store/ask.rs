//! What a window publishes beside its messages.

/// Something to publish once, while connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Topic Name.
    pub topic: String,
    /// Payload.
    pub payload: String,
    /// RETAIN.
    pub retain: bool,
    /// What it is for.
    pub purpose: Purpose,
}

/// What is published for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To know the rules in force.
    Rules,
    /// To see whether one may write in the name of somebody else.
    Pretend {
        /// To whom.
        to: String,
        /// In whose name.
        sender: String,
    },
    /// To change rights, or to tell members.
    Room,
}
