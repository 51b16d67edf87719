//! The second hand of the view: relative times and countdowns move with it.

use gloo_timers::callback::Interval;

/// A call a second, until it is dropped. A hidden page gets fewer, and nobody sees it.
pub struct Beat(#[expect(dead_code, reason = "held for its drop, which ends the timer")] Interval);

impl Beat {
    /// Calls `on_beat` once a second.
    pub fn new(on_beat: impl FnMut() + 'static) -> Self {
        Self(Interval::new(1_000, on_beat))
    }
}
