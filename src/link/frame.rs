//! At most one call per animation frame, however often it is asked for.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};

/// A call in the next animation frame. Dropping it takes back what was asked for.
pub struct Frame {
    asked: Rc<Cell<bool>>,
    callback: Closure<dyn FnMut(f64)>,
}

impl Frame {
    /// Calls `on_frame`, in the next frame after each [`Frame::ask`].
    pub fn new(on_frame: impl Fn() + 'static) -> Self {
        let asked = Rc::new(Cell::new(false));
        let callback = Closure::new({
            let asked = Rc::clone(&asked);
            move |_| {
                asked.set(false);
                on_frame();
            }
        });
        Self { asked, callback }
    }

    /// Calls back in the next frame. A hidden page has none until it is looked at again.
    pub fn ask(&self) {
        if self.asked.replace(true) {
            return;
        }
        let window = web_sys::window().expect("a page has a window");
        // It fails for a document that is gone only.
        let _ = window.request_animation_frame(self.callback.as_ref().unchecked_ref());
    }
}
