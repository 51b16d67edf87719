//! The way to the wire view, which is a program of its own.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Opens the wire view, and shows the packets that hold this text; all where it is empty.
    #[wasm_bindgen(js_namespace = wire)]
    pub fn open(find: &str);
}
