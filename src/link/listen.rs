//! A listener on the page's events that is taken off when it is dropped.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget};

pub(super) struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

/// Listens for what a connection wants to know of the page: that the network came back or somebody looks at it (`wake`),
/// that the network went away (`probe`), and that it is hidden or shown (`notify`, after `wake`).
pub(super) fn to_page(
    wake: impl Fn() + Clone + 'static,
    probe: impl Fn() + 'static,
    notify: impl Fn() + 'static,
) -> Vec<Listener> {
    let window = web_sys::window().expect("a page has a window");
    let document = window.document().expect("a window has a document");
    let (looked_at, visible) = (wake.clone(), document.clone());
    let on_visibility = move || {
        if !visible.hidden() {
            looked_at();
        }
        // A hidden page has no frames: this is its chance to be up to date.
        notify();
    };
    vec![
        Listener::new(&window, "online", wake),
        Listener::new(&window, "offline", probe),
        Listener::new(&document, "visibilitychange", on_visibility),
    ]
}

impl Listener {
    pub(super) fn new(target: &EventTarget, name: &'static str, on: impl Fn() + 'static) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(move |_| on());
        // It fails for a callback that is no function only.
        let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
        Self { target: target.clone(), name, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.name, callback);
    }
}
