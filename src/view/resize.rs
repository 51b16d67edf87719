//! Tells when an element's size changes.

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, ResizeObserver};

/// A `ResizeObserver` with the closure that it calls; both end when it is dropped.
pub(super) struct Observer {
    observer: ResizeObserver,
    _on_change: Closure<dyn FnMut()>,
}

impl Observer {
    /// Calls `on_change` for each change of size of what is watched.
    pub(super) fn new(on_change: impl FnMut() + 'static) -> Self {
        let on_change = Closure::<dyn FnMut()>::new(on_change);
        let observer = ResizeObserver::new(on_change.as_ref().unchecked_ref())
            .expect("every browser that runs WebAssembly's present form has it");
        Self { observer, _on_change: on_change }
    }

    /// Watches an element from now on.
    pub(super) fn watch(&self, element: &Element) {
        self.observer.observe(element);
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
