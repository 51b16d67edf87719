//! Names as 64 bits, and a table by them that hashes no second time.
//!
//! Whoever makes two names meet hides a client from itself on this page, and nothing more: a hash that withstands that
//! would weigh half a kilobyte.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// A table by fingerprints; one type for all, as each would be compiled anew.
pub(super) type Table = HashMap<u64, u32, BuildHasherDefault<AsItIs>>;

/// One number for several texts, each ended so that two do not flow into each other.
#[inline(never)]
pub(super) fn fingerprint(texts: &[&[u8]]) -> u64 {
    // FNV-1a, whose high bits are mixed into the low ones at the end.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        // No UTF-8 has the byte 255, and a number is the last of the texts.
        for byte in text.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Takes a fingerprint for what it is.
#[derive(Debug, Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }

    fn write(&mut self, _: &[u8]) {}
}
