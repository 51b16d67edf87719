//! Who is logged in, in this tab: over a reload, and no longer than the tab. `place` names where: a window of the chat, say.

use leptos::prelude::*;

use crate::chat::login::{DEMO_ACCOUNTS, is_demo};

/// What stands before the name of a demo account whose public password was used.
const DEMO: &str = "demo ";

/// What stands before any other name.
const NAME: &str = "name ";

fn key(place: &str) -> String {
    format!("headcount.{place}")
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps who is logged in; never a password.
pub(crate) fn remember(place: &str, user: &str, password: &str) {
    let kind = if is_demo(user, password) { DEMO } else { NAME };
    let _ = storage().map(|storage| storage.set_item(&key(place), &format!("{kind}{user}")));
}

/// Nobody is logged in.
pub(crate) fn forget(place: &str) {
    let _ = storage().map(|storage| storage.remove_item(&key(place)));
}

/// The name and, for a demo account, its public password.
pub(crate) fn remembered(place: &str) -> Option<(String, &'static str)> {
    let stored = storage()?.get_item(&key(place)).ok().flatten()?;
    match stored.strip_prefix(DEMO) {
        Some(user) => Some((user.to_owned(), demo_password(user))),
        None => Some((stored.strip_prefix(NAME)?.to_owned(), "")),
    }
}

/// The public password of a demo account; empty for any other name.
pub(crate) fn demo_password(user: &str) -> &'static str {
    DEMO_ACCOUNTS.iter().find(|(known, _)| *known == user).map_or("", |(_, password)| password)
}
