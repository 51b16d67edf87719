//! Who is logged in, in each window of this tab: over a reload, and no longer than the tab.

use leptos::prelude::*;

use crate::chat::login::{DEMO_ACCOUNTS, Login};

/// What stands before the name of a demo account whose public password was used.
const DEMO: &str = "demo ";

/// What stands before any other name.
const NAME: &str = "name ";

fn key(number: usize) -> String {
    format!("headcount.chat.window.{number}")
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps who is logged in; never a password.
pub(super) fn remember(number: usize, login: &Login) {
    let kind = if login.is_demo() { DEMO } else { NAME };
    let _ = storage().map(|storage| storage.set_item(&key(number), &format!("{kind}{}", login.user)));
}

/// Nobody is logged in.
pub(super) fn forget(number: usize) {
    let _ = storage().map(|storage| storage.remove_item(&key(number)));
}

/// The name and, for a demo account, its public password.
pub(super) fn remembered(number: usize) -> Option<(String, &'static str)> {
    let stored = storage()?.get_item(&key(number)).ok().flatten()?;
    match stored.strip_prefix(DEMO) {
        Some(user) => Some((user.to_owned(), demo_password(user))),
        None => Some((stored.strip_prefix(NAME)?.to_owned(), "")),
    }
}

/// The public password of a demo account; empty for any other name.
pub(super) fn demo_password(user: &str) -> &'static str {
    DEMO_ACCOUNTS.iter().find(|(known, _)| *known == user).map_or("", |(_, password)| password)
}
