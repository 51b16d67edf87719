//! The link: the only code that touches a WebSocket, a timer or an animation frame.

use std::{cell::RefCell, rc::Rc};

use crate::store::{Intent, Millis, Store, Versions};

/// The page's way to its broker: owns the store, feeds it, and tells the view once per frame what changed.
#[derive(Clone)]
pub struct Link {
    store: Rc<RefCell<Store>>,
    on_frame: Rc<dyn Fn(Versions)>,
}

impl Link {
    /// Starts with an empty store, unconnected. `on_frame` is called at most once per animation frame and when the
    /// page becomes visible, with the store's versions; it may read the store and send intents.
    pub fn start(store: Store, on_frame: impl Fn(Versions) + 'static) -> Self {
        Self { store: Rc::new(RefCell::new(store)), on_frame: Rc::new(on_frame) }
    }

    /// Reads the store. `read` must not send an intent.
    pub fn read<R>(&self, read: impl FnOnce(&Store) -> R) -> R {
        read(&self.store.borrow())
    }

    /// Carries out what the user wants.
    pub fn send(&self, intent: Intent) {
        self.store.borrow_mut().apply(&intent);
        (self.on_frame)(self.store.borrow().versions());
    }
}

/// The moment by the browser's clock.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
pub fn clock() -> Millis {
    Millis(js_sys::Date::now() as i64)
}
