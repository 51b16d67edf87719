//! The page without a browser: its store, and its client session against the broker core on a virtual clock.

mod adapters;
mod demo;
mod gap;
mod journal;
mod labels;
mod lanes;
mod missing;
mod packets;
mod pattern;
mod payload;
mod present;
mod realm;
mod record;
mod rivals;
mod search;
mod session;
mod settings;
mod sources;
mod stage;
mod timeline;
mod town;
mod trouble;
mod wire;
