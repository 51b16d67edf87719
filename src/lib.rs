//! The Headcount page, four programs in one document: the Monitor (`bin/monitor`), the demos (`bin/demos`), the things
//! (`bin/things`) and the wire view (`bin/wire`), each loaded when its view is opened.
//!
//! A [`store`] of plain Rust folds what the broker tells, a link owns the WebSocket, timers and frames, and a view shows
//! the store and sends it intents.

#[cfg(target_arch = "wasm32")]
pub mod app;
pub mod chat;
#[cfg(target_arch = "wasm32")]
pub mod demos;
pub mod link;
pub mod locale;
pub mod pattern;
pub mod presence;
pub mod store;
pub mod things;
pub mod uses;
pub mod view;
pub mod wire;

/// What the page's programs say where they are started without a browser.
#[cfg(not(target_arch = "wasm32"))]
pub fn explain_that_a_browser_is_needed() -> std::process::ExitCode {
    eprintln!("This program runs in a browser. `cargo xtask serve` builds it and serves it.");
    std::process::ExitCode::FAILURE
}
