//! A spawned server, and what speaks to it.

mod client;
mod dice;
mod folder;
mod http;
mod mosquitto;
mod server;
mod session;
mod tls;

pub(crate) use client::{Client, Transport, bytes, connect, publish, websocket, websocket_over};
pub(crate) use dice::Dice;
pub(crate) use folder::Folder;
pub(crate) use http::{Response, Stream, request};
pub(crate) use mosquitto::Mosquitto;
pub(crate) use server::{BINARY, Server};
pub(crate) use session::Session;
pub(crate) use tls::{Authority, HTTP_BOTH_WAYS, LISTENERS_BOTH_WAYS, TlsStream, secured, secured_over};

use std::time::Duration;

/// How long anything may take before a test fails. Generous: the machine may be building something else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
