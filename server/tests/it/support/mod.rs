//! A spawned server, and what speaks to it.

mod client;
mod folder;
mod http;
mod server;

pub(crate) use client::{Client, Transport, bytes, connect, publish, websocket};
pub(crate) use folder::Folder;
pub(crate) use http::{Response, Stream, request};
pub(crate) use server::{BINARY, Server};

use std::time::Duration;

/// How long anything may take before a test fails. Generous: the machine may be building something else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
