//! This window's own status on the wire, and what it tells of others who use the same name.

use super::payload::Status;
use crate::store::{Millis, connection::Protocol};

/// How often on one connection a status that contradicts this window is put right; somebody who insists is not fought.
const CORRECTIONS_MAX: u32 = 3;

/// Connections that were lost within [`FIGHT`] milliseconds, by which two of MQTT 3.1.1 that take over from each other are
/// known where nothing else tells: one is a network that changes, three with a CONNACK each are no chance.
const LOSSES: usize = 3;
const FIGHT: i64 = 15_000;

/// What birth and Will share, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) is_connected: bool,
    /// Of the present connection: [`session`].
    session: String,
    /// When connections were lost lately.
    losses: Vec<Millis>,
    /// Whether this login was connected before: then a foreign session came in between.
    again: bool,
    /// Whether the own birth came back.
    heard: bool,
    corrections: u32,
    /// Whether the birth has to be said again.
    pub(super) says_again: bool,
    /// The newest login that others under this name used.
    pub(super) newest: i64,
}

/// What a status under the own name means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Fine,
    /// Somebody logged in later elsewhere, and comes back as this window does: one of both has to stop.
    Yield,
}

/// A session's name: when its login was, which version it speaks, and what tells it from others of the same login.
/// Whoever logged in later has the greater one, so that of two that take over from each other exactly one yields.
pub fn session(login: i64, protocol: Protocol, random: u32) -> String {
    let version = match protocol {
        Protocol::V311 => '3',
        Protocol::V5 => '5',
    };
    format!("{login:x}.{version}.{random:x}")
}

/// The login of a session and whether it speaks 3.1.1, where no DISCONNECT tells of a take-over.
fn parts(session: &str) -> Option<(i64, bool)> {
    let mut parts = session.split('.');
    let login = i64::from_str_radix(parts.next()?, 16).ok()?;
    Some((login, parts.next()? == "3"))
}

impl Own {
    pub(super) fn opened(&mut self, session: &str) {
        session.clone_into(&mut self.session);
        self.heard = false;
        self.corrections = 0;
        self.says_again = false;
    }

    /// The connection was lost: whether that is one time too many.
    pub(super) fn is_fight(&mut self, now: Millis) -> bool {
        self.losses.retain(|at| now.since(*at) <= FIGHT);
        if self.is_connected {
            self.losses.push(now);
        }
        self.losses.len() >= LOSSES
    }

    pub(super) fn lose(&mut self) {
        self.again |= std::mem::take(&mut self.is_connected);
        self.says_again = false;
    }

    /// A status under the own name.
    pub(super) fn judge(&mut self, status: &Status) -> Verdict {
        let is_own = status.session == self.session;
        if is_own && status.online {
            self.heard = true;
            return Verdict::Fine;
        }
        let (mine, theirs) = (parts(&self.session), parts(&status.session));
        if let (false, Some((mine, is_old)), Some((theirs, are_old))) = (is_own, mine, theirs) {
            // Of MQTT 5, whoever was taken over was told so, and has stopped.
            if self.again && !self.heard && is_old && are_old && theirs > mine {
                return Verdict::Yield;
            }
            self.newest = self.newest.max(theirs);
        }
        // What was retained before the own birth is what that birth replaces.
        if self.heard && self.corrections < CORRECTIONS_MAX {
            self.corrections += 1;
            self.says_again = true;
        }
        Verdict::Fine
    }
}
