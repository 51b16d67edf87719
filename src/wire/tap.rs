//! The tap: reads index.html's notebook of what the page's sockets said.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::{Kind, Piece, Wire};
use crate::store::Millis;

#[wasm_bindgen]
extern "C" {
    type Notebook;
    #[wasm_bindgen(thread_local_v2, js_name = wire)]
    static NOTEBOOK: Notebook;
    #[wasm_bindgen(method, getter)]
    fn pieces(this: &Notebook) -> Array;
    #[wasm_bindgen(method, getter)]
    fn trimmed(this: &Notebook) -> f64;
    #[wasm_bindgen(method, getter)]
    fn begun(this: &Notebook) -> Object;
    #[wasm_bindgen(method, getter)]
    fn find(this: &Notebook) -> Option<String>;
    #[wasm_bindgen(method, setter)]
    fn set_find(this: &Notebook, find: Option<String>);
    #[wasm_bindgen(method, setter)]
    fn set_on(this: &Notebook, on: &JsValue);

    type Note;
    #[wasm_bindgen(method, getter)]
    fn connection(this: &Note) -> u32;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &Note) -> u32;
    #[wasm_bindgen(method, getter)]
    fn at(this: &Note) -> f64;
    #[wasm_bindgen(method, getter)]
    fn bytes(this: &Note) -> Vec<u8>;
}

/// The reader's place in the notebook.
#[derive(Default)]
pub(super) struct Tap {
    /// How many pieces were read or lost.
    read: u32,
}

impl Tap {
    /// Feeds all pieces that are new.
    pub(super) fn read(&mut self, wire: &mut Wire) {
        NOTEBOOK.with(|notebook| {
            let (pieces, trimmed) = (notebook.pieces(), count(notebook.trimmed()));
            if trimmed > self.read {
                wire.lose();
                for begun in Object::values(&notebook.begun()).iter().filter(|it| !pieces.includes(it, 0)) {
                    feed(begun.unchecked_ref(), |piece| wire.begin(piece));
                }
                self.read = trimmed;
            }
            for index in self.read - trimmed..pieces.length() {
                feed(pieces.get(index).unchecked_ref(), |piece| wire.feed(piece));
            }
            self.read = trimmed + pieces.length();
        });
    }

    /// Pieces that are yet to be read.
    pub(super) fn waiting(&self) -> u32 {
        NOTEBOOK.with(|notebook| {
            (count(notebook.trimmed()) + notebook.pieces().length()).saturating_sub(self.read)
        })
    }
}

/// What to look for, once for each time that somebody opened the wire view.
pub(super) fn take_find() -> Option<String> {
    NOTEBOOK.with(|notebook| {
        let find = notebook.find();
        notebook.set_find(None);
        find
    })
}

/// Calls `on` for each piece, and each time that somebody opens the wire view.
pub(super) fn listen(on: impl Fn() + 'static) {
    let on: Rc<RefCell<Box<dyn Fn()>>> = Rc::new(RefCell::new(Box::new(on)));
    let call = Closure::<dyn FnMut()>::new(move || on.borrow()());
    // As long as the page.
    NOTEBOOK.with(|notebook| notebook.set_on(&call.into_js_value()));
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of pieces")]
fn count(number: f64) -> u32 {
    number as u32
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
fn feed(note: &Note, take: impl FnOnce(&Piece<'_>)) {
    let Some(kind) = Kind::from_number(note.kind()) else { return };
    let bytes = note.bytes();
    take(&Piece { connection: note.connection(), kind, at: Millis(note.at() as i64), bytes: &bytes });
}
