//! `$headcount/<account>/events`: one JSON object each, with these keys in this order.

use serde::Serialize;
use serde_json::Value;

/// What a client wanted to do, or an administrator did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Action {
    Publish,
    Subscribe,
    Unsubscribe,
    Kick,
    DeleteSession,
    DeleteRetained,
    DynamicSecurity,
    AddDevice,
    UpdateDevice,
    RotateDevice,
    RemoveDevice,
    RemoveChannel,
}

/// What an administrator acted upon.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'a> {
    Client(&'a str),
    Topic(&'a str),
}

/// An event. What an event does not speak of is left out.
#[allow(clippy::struct_field_names, reason = "the contract's keys")]
#[derive(Debug, Serialize)]
pub(crate) struct Event<'a> {
    pub(crate) seq: u64,
    pub(crate) at: &'a str,
    pub(crate) event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) action: Option<Action>,
    /// The Client Identifier that an administrator acted upon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<&'a str>,
    /// A command of dynamic security.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<Told<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) topic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<&'a str>,
    pub(crate) client: &'a Client<'a>,
    /// The other side of a conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) other: Option<Side<'a>>,
    /// How often one took over from the other, from the first time on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) take_overs: Option<u64>,
    /// In how many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) within_seconds: Option<u64>,
    /// Whether the conflict is over: `client` has the identifier, `other` had it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) over: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<About<'a>>,
}

/// Who it was, in the words of its CONNECT. The identifier is empty and the last three are missing where the attempt
/// failed before its CONNECT was read.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Client<'a> {
    pub(crate) id: &'a str,
    pub(crate) account: &'a str,
    pub(crate) address: &'a str,
    pub(crate) transport: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) protocol: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keep_alive: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clean_start: Option<bool>,
    /// The name of the device that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<&'a str>,
}

/// What a command names, and never a password.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Told<'a> {
    command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groupname: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rolename: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acltype: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<&'a Value>,
}

impl<'a> Told<'a> {
    /// Of the command `name`, whose fields `get` finds.
    pub(crate) fn of(name: &'a str, get: impl Fn(&str) -> Option<&'a Value>) -> Self {
        let plain = |name| get(name).filter(|it: &&Value| !it.is_array() && !it.is_object());
        Self {
            command: name,
            username: plain("username"),
            groupname: plain("groupname"),
            rolename: plain("rolename"),
            acltype: plain("acltype"),
            topic: plain("topic"),
            allow: plain("allow"),
            priority: plain("priority"),
        }
    }
}

/// An end of a connection.
#[derive(Debug, Serialize)]
pub(crate) struct Side<'a> {
    pub(crate) address: &'a str,
    pub(crate) transport: &'static str,
}

/// The session that a connection serves.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub(crate) enum About<'a> {
    /// As it was when the connection came.
    Taken {
        /// Whether there was one.
        present: bool,
        /// Messages that waited in it, those included that were sent and not acknowledged.
        queued: usize,
    },
    /// What went over the connection.
    Served {
        connected_at: &'a str,
        /// Not known of a connection that ended with the broker.
        #[serde(flatten)]
        counts: Option<Counts>,
    },
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Counts {
    pub(crate) packets_in: u64,
    pub(crate) packets_out: u64,
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
}

impl<'a> Event<'a> {
    pub(crate) fn new(event: &'static str, at: &'a str, client: &'a Client<'a>) -> Self {
        Self {
            seq: 0,
            at,
            event,
            reason: None,
            action: None,
            target: None,
            command: None,
            topic: None,
            rule: None,
            client,
            other: None,
            take_overs: None,
            within_seconds: None,
            over: false,
            session: None,
        }
    }
}
