//! Mosquitto's dynamic-security interface: who may do what, changed by messages while clients are connected.
//!
//! Commands in JSON go to `$CONTROL/dynamic-security/v1`, their answers to the asker alone at
//! `$CONTROL/dynamic-security/v1/response`. Clients and groups of clients have roles, and roles have rules ("ACLs"):
//!
//! ```text
//! request → fields → clients │ groups │ roles (commands) → registry → records, events
//!                                                          └ judge (compiled for each client) → account
//! ```
//!
//! A client's roles are judged before those of its groups; higher priorities first, equal ones by name; within a role
//! the rules of higher priority first. The first that matches decides. Where none does, the rule file does, else the
//! default access.
//!
//! Accounts of the password file are clients of the interface without `createClient`. Each command holds as a whole or
//! not at all.

mod answer;
mod clients;
mod commands;
mod fields;
mod groups;
mod judge;
mod login;
mod ranking;
mod registry;
mod request;
mod role;
mod roles;
mod stored;

pub(crate) use judge::Judge;
pub use registry::Comparison;
pub(crate) use registry::{Affected, Registry};
pub(crate) use request::{PREFIX, Requests};
pub use stored::SecurityItem;
