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

    /// Rings at `due` at the latest; both are since the monotonic clock's origin.
    ///
    /// A ring that was to come earlier stays: every packet moves the Keep Alive's end, and to set a timer for each of
    /// them would cost more than to ring once too often.
    pub(super) fn set(&mut self, now: Duration, due: Option<Duration>) {
        let Some(due) = due.filter(|due| self.set_to.is_none_or(|set_to| *due < set_to)) else { return };
        self.set_to = Some(due);
        let ms = due.saturating_sub(now).as_micros().div_ceil(1_000);
        // Longest that browsers take (32 bits, signed); after an early ring it is set again.
        let delay = u32::try_from(ms).unwrap_or(u32::MAX).min(i32::MAX as u32);
        if let Some(worker) = &self.worker {
            // It can't fail: a number can always be cloned.
            let _ = worker.post_message(&JsValue::from(delay));
        }
        let ring = Rc::clone(&self.ring);
        self.timeout = Some(Timeout::new(delay, move || ring()));
    }

    /// It rang: what it is set to next is new.
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
