//! The codec in a browser: the vector table, and vectors spoilt byte by byte.
//!
//! `cargo xtask test wasm` builds this for wasm32 and runs it in headless Chromium; for the host there is nothing in it.

#![cfg(target_arch = "wasm32")]

#[path = "it/vector/mod.rs"]
mod vector;
#[path = "it/vectors.rs"]
mod vectors;

use headcount_mqtt::fuzz;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Each byte of each vector with its bits turned, lengths included: `usize` has 32 bits here.
#[wasm_bindgen_test]
fn spoilt_vectors_break_no_promise() {
    for vector in vector::all().iter().filter(|vector| vector.bytes.len() < 200) {
        for at in 0..vector.bytes.len() {
            for bits in [0x01, 0x80, 0xFF] {
                let mut bytes = vector.bytes.clone();
                bytes[at] ^= bits;
                for side in 0..3 {
                    fuzz::decode(&[&[side][..], &bytes[..]].concat());
                }
                let connect = vector::connect(vector.version);
                fuzz::decode(&[&[0][..], &connect[..], &bytes[..]].concat());
            }
        }
    }
}
