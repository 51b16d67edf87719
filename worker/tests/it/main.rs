//! The workers against the real broker, with independent clients around them, killed wherever it hurts.

mod auctions;
mod chat;
mod presence;
mod process;
mod rumqttc;
#[path = "../../../client/tests/it/server.rs"]
mod server;
mod tasks;
