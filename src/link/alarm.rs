//! One timer that is on time in a hidden page too.
//!
//! Chrome rings the timers of a page that has been hidden for five minutes once a minute, too late for a Keep Alive;
//! those of a Worker it leaves alone. The page's own timer runs beside it, for where no Worker may start.

use std::{rc::Rc, time::Duration};

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, Worker};

/// Trunk copies it beside the page.
const SCRIPT: &str = "alarm.js";

/// Rings once, at the time it was set to last.
pub(super) struct Alarm {
    ring: Rc<dyn Fn()>,
    timeout: Option<Timeout>,
    set_to: Option<Duration>,
    worker: Option<Worker>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Alarm {
    pub(super) fn new(ring: impl Fn() + 'static) -> Self {
        let ring: Rc<dyn Fn()> = Rc::new(ring);
        let on_message = Closure::new({
            let ring = Rc::clone(&ring);
            move |_| ring()
        });
        let worker = Worker::new(SCRIPT).ok();
        if let Some(worker) = &worker {
            worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        }
        Self { ring, timeout: None, set_to: None, worker, _on_message: on_message }
    }

    /// Rings at `due` instead of when it was set to before; both are since the monotonic clock's origin.
    pub(super) fn set(&mut self, now: Duration, due: Option<Duration>) {
        // The wall clock has no fractions of a millisecond, so the same moment comes a little different each time.
        let same = match (self.set_to, due) {
            (Some(set_to), Some(due)) => set_to.abs_diff(due) < Duration::from_millis(2),
            (set_to, due) => set_to == due,
        };
        if same {
            return;
        }
        self.set_to = due;
        let delay = due.map(|due| {
            let ms = due.saturating_sub(now).as_micros().div_ceil(1_000);
            // Longest that browsers take (32 bits, signed); an early ring is set again.
            u32::try_from(ms).unwrap_or(u32::MAX).min(i32::MAX as u32)
        });
        if let Some(worker) = &self.worker {
            let message = delay.map_or(JsValue::from(-1), JsValue::from);
            // It can't fail: a number can always be cloned.
            let _ = worker.post_message(&message);
        }
        self.timeout = delay.map(|delay| {
            let ring = Rc::clone(&self.ring);
            Timeout::new(delay, move || ring())
        });
    }

    /// It rang: whatever it is set to next is new.
    pub(super) fn rang(&mut self) {
        self.set_to = None;
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            worker.terminate();
        }
    }
}
