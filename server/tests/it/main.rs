//! The binary from outside: spawned with ports of the system's choice and spoken to over sockets.

mod acl;
mod battery;
mod check;
mod cli;
mod config;
mod conformance;
mod control;
mod deploy;
mod floods;
mod handshake;
mod interop;
mod metrics;
mod nonsense;
mod page;
mod passwords;
mod process;
mod proxy;
mod realms;
mod reload;
mod service;
mod shutdown;
mod storage;
mod support;
mod sys;
mod tls;
mod websocket;
