//! Names as 64 bits, and tables by them that hash no second time: the hash function stands in the page once.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, DefaultHasher, Hasher},
};

/// A table by fingerprints.
pub(super) type Table<T> = HashMap<u64, T, BuildHasherDefault<AsItIs>>;

/// A set of fingerprints.
pub(super) type Fingerprints = HashSet<u64, BuildHasherDefault<AsItIs>>;

/// One number for several texts, each ended so that two never flow into each other.
#[inline(never)]
pub(super) fn fingerprint(texts: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for text in texts {
        hasher.write(text);
        // No UTF-8 has it, and a number is the last of the texts.
        hasher.write(&[0xff]);
    }
    hasher.finish()
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
