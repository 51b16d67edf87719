//! The core, driven by packets on a virtual clock.

mod access;
mod accounts;
mod chat_rules;
mod conflicts;
mod control;
mod crash;
mod delivery;
mod devices;
mod durable;
mod dynsec;
mod emitter;
mod events;
mod feeds;
mod journal;
mod limits;
mod packets;
mod restore;
mod rules;
mod sessions;
mod slow;
mod support;
mod sys;
mod system_topics;
mod timers;
mod town;
mod wills;
