//! ThingSpeak's channels: what a device measured, as entries with numbers that rise by one.
//!
//! ```text
//! channels/<id>/publish                  field1=21.5&status=ok   ┐ body → entry (stored) ┬ channels/<id>/subscribe
//! channels/<id>/publish/fields/field<n>  21.5                    ┘          │            └ channels/<id>/subscribe/fields/field<n>
//! channels/<id>/feeds                    {"results":100}                    └ history → channels/<id>/feeds/<client id>
//! ```
//!
//! The account that named a channel first owns it, and its devices have rights in it ([`crate::devices`]). Nobody but
//! the broker publishes to `…/subscribe` and `…/feeds/…`, and no message to `…/publish` is passed on as it came.

mod body;
mod entry;
mod feeds;
mod history;
mod publish;
mod topic;

pub(crate) use history::History;
pub(crate) use topic::{PREFIX, Reach, Target, reach, target};
