//! `$headcount/<account>/clients/<client id>`: the client's present state, retained, so that a late subscriber sees at
//! once who is there. It is removed when the session ends.
//!
//! An identifier so long that the topic would pass 65,535 bytes has no such topic; the other feeds show it.

use super::event::{About, Client};
use crate::system::percent_encoded;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct State<'a> {
    status: &'static str,
    at: &'a str,
    client: &'a Client<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a About<'a>>,
}

pub(crate) fn json(
    status: &'static str,
    at: &str,
    client: &Client<'_>,
    reason: Option<&'static str>,
    session: Option<&About<'_>>,
) -> Vec<u8> {
    serde_json::to_vec(&State { status, at, client, reason, session }).expect("strings and numbers alone")
}

/// The topic; `account` is a level already.
pub(crate) fn topic(account: &str, client_id: &str) -> String {
    format!("$headcount/{account}/clients/{}", percent_encoded(client_id))
}
