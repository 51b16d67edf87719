//! How the core speaks to a connection's task.

use futures_util::task::AtomicWaker;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the realm sets and the task of a connection looks at.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    /// There are bytes to take.
    pub(super) ready: AtomicBool,
    /// Take what is left, write it and close.
    pub(super) closing: AtomicBool,
    /// Whether nothing more is to be read for a while.
    pub(super) paused: AtomicBool,
    pub(super) waker: AtomicWaker,
}

impl Wake {
    /// Whom to poll when something comes.
    pub(crate) fn register(&self, cx: &std::task::Context<'_>) {
        self.waker.register(cx.waker());
    }

    /// Whether there are bytes to take; the answer is given once.
    pub(crate) fn take_ready(&self) -> bool {
        // Read first: most polls find nothing, and a read does not take the cache line from other threads.
        self.ready.load(Ordering::Acquire) && self.ready.swap(false, Ordering::AcqRel)
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Whether what comes is to wait: the core has to decide on what came before.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }
}
