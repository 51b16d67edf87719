//! When to try again, and when trying again is futile.

use super::Reconnect;
use crate::ReasonCode;
use std::time::Duration;

/// Counts attempts and draws their delays.
#[derive(Debug)]
pub(super) struct Schedule {
    /// State of `SplitMix64`: enough to spread clients out, and nothing secret hangs on it.
    random: u64,
    /// Attempts since the last stable connection.
    attempt: u32,
}

impl Schedule {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: seed, attempt: 0 }
    }

    /// Starts over: a connection was stable, or a person asked for one.
    pub(super) fn reset(&mut self) {
        self.attempt = 0;
    }

    /// The next attempt's number, and the delay before it: even in `0..=min(cap, base * 2^(attempt - 1))`.
    pub(super) fn next(&mut self, reconnect: &Reconnect) -> (u32, Duration) {
        let window = reconnect.base.saturating_mul(1 << self.attempt.min(31)).min(reconnect.cap);
        self.attempt = self.attempt.saturating_add(1);
        let width = u64::try_from(window.as_nanos()).unwrap_or(u64::MAX - 1);
        let drawn = (u128::from(self.draw()) * (u128::from(width) + 1)) >> 64;
        (self.attempt, Duration::from_nanos(u64::try_from(drawn).unwrap_or(width)))
    }

    fn draw(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// Whether a CONNACK with this code would come again for the same CONNECT: identity, rights and what the Will asks for
/// do not change by waiting. The others speak of the server's load or health.
pub(super) fn refusal_is_terminal(reason: ReasonCode) -> bool {
    matches!(
        reason,
        ReasonCode::MalformedPacket
            | ReasonCode::ProtocolError
            | ReasonCode::UnsupportedProtocolVersion
            | ReasonCode::ClientIdentifierNotValid
            | ReasonCode::BadUserNameOrPassword
            | ReasonCode::NotAuthorized
            | ReasonCode::Banned
            | ReasonCode::BadAuthenticationMethod
            | ReasonCode::TopicNameInvalid
            | ReasonCode::PacketTooLarge
            | ReasonCode::PayloadFormatInvalid
            | ReasonCode::RetainNotSupported
            | ReasonCode::QoSNotSupported
            | ReasonCode::UseAnotherServer
            | ReasonCode::ServerMoved
    )
}

/// Whether coming back after a DISCONNECT with this code is futile or harmful: two clients that take one session over
/// from each other would do so for ever.
pub(super) fn disconnect_is_terminal(reason: ReasonCode) -> bool {
    matches!(
        reason,
        ReasonCode::SessionTakenOver
            | ReasonCode::NotAuthorized
            | ReasonCode::Banned
            | ReasonCode::BadAuthenticationMethod
            | ReasonCode::UseAnotherServer
            | ReasonCode::ServerMoved
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_doubles_from_base_to_cap_and_starts_over() {
        let reconnect = Reconnect::default();
        let mut highest = [Duration::ZERO; 9];
        let mut lowest = [Duration::MAX; 9];
        for seed in 0..2_000 {
            let mut schedule = Schedule::new(seed);
            for slot in 0..9 {
                let (attempt, delay) = schedule.next(&reconnect);
                assert_eq!(attempt as usize, slot + 1);
                highest[slot] = highest[slot].max(delay);
                lowest[slot] = lowest[slot].min(delay);
            }
            schedule.reset();
            assert_eq!(schedule.next(&reconnect).0, 1);
        }
        for (slot, window) in [1, 2, 4, 8, 16, 32, 60, 60, 60].map(Duration::from_secs).iter().enumerate() {
            assert!(highest[slot] <= *window, "attempt {}: {:?}", slot + 1, highest[slot]);
            // Full jitter reaches both ends: in 2,000 draws both hundredths are met.
            assert!(highest[slot] > *window * 99 / 100 && lowest[slot] < *window / 100);
        }
    }

    #[test]
    fn a_hundred_attempts_neither_overflow_nor_leave_the_cap() {
        let mut schedule = Schedule::new(1);
        let reconnect = Reconnect::default();
        assert!((0..100).all(|_| schedule.next(&reconnect).1 <= reconnect.cap));
        let endless = Reconnect { base: Duration::from_secs(1), cap: Duration::MAX, ..reconnect };
        assert!((0..100).all(|_| schedule.next(&endless).1 <= Duration::MAX));
    }
}
