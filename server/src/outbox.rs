//! Bytes on their way to one peer.

use bytes::{Buf, Bytes, BytesMut};
use headcount_broker::Chunks;
use std::io::IoSlice;

/// Slices of one vectored write. Linux takes at most 1,024; beyond a few dozen, copying costs more than it saves.
pub(crate) const SLICES: usize = 64;

/// What was taken from the core and has not left yet. Empty, it holds no memory worth naming.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    chunks: Chunks,
    /// Chunks before this one have left.
    first: usize,
}

impl Outbox {
    pub(crate) fn is_empty(&self) -> bool {
        self.first == self.chunks.len()
    }

    /// Where the core appends.
    pub(crate) fn chunks(&mut self) -> &mut Chunks {
        &mut self.chunks
    }

    /// The front of what is waiting, for one vectored write.
    pub(crate) fn slices<'a>(&'a self, slices: &mut [IoSlice<'a>; SLICES]) -> usize {
        let waiting = &self.chunks[self.first..];
        for (slice, chunk) in slices.iter_mut().zip(waiting) {
            *slice = IoSlice::new(chunk);
        }
        waiting.len().min(SLICES)
    }

    /// Forgets the first `written` bytes.
    pub(crate) fn advance(&mut self, mut written: usize) {
        while let Some(chunk) = self.chunks.get_mut(self.first) {
            if chunk.len() > written {
                chunk.advance(written);
                return;
            }
            written -= chunk.len();
            *chunk = Bytes::new();
            self.first += 1;
        }
        self.clear();
    }

    /// Takes up to about `limit` bytes off the front as one piece: whole chunks while they fit, else a part of one.
    pub(crate) fn take(&mut self, limit: usize) -> Bytes {
        let waiting = &mut self.chunks[self.first..];
        let alone = waiting.len() == 1;
        let Some(front) = waiting.first_mut() else { return Bytes::new() };
        if alone || front.len() >= limit {
            let piece = front.split_to(front.len().min(limit));
            self.advance(0);
            return piece;
        }
        let mut fitting = 0;
        let mut length = 0;
        for chunk in waiting.iter() {
            if length + chunk.len() > limit {
                break;
            }
            length += chunk.len();
            fitting += 1;
        }
        let mut piece = BytesMut::with_capacity(length);
        for chunk in &waiting[..fitting] {
            piece.extend_from_slice(chunk);
        }
        self.advance(length);
        piece.freeze()
    }

    pub(crate) fn clear(&mut self) {
        // A burst's list is not kept for the idle time after it: 32 chunks are 1 KiB.
        if self.chunks.capacity() > 32 {
            self.chunks = Chunks::new();
        } else {
            self.chunks.clear();
        }
        self.first = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(chunks: &[&'static str]) -> Outbox {
        let mut outbox = Outbox::default();
        outbox.chunks().extend(chunks.iter().map(|chunk| Bytes::from_static(chunk.as_bytes())));
        outbox
    }

    fn waiting(outbox: &Outbox) -> String {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let count = outbox.slices(&mut slices);
        slices[..count].iter().map(|slice| str::from_utf8(slice).unwrap()).collect()
    }

    #[test]
    fn advances_within_and_across_chunks() {
        let mut outbox = outbox(&["abc", "de", "", "f"]);
        outbox.advance(1);
        assert_eq!(waiting(&outbox), "bcdef");
        outbox.advance(3);
        assert_eq!(waiting(&outbox), "ef");
        outbox.advance(1);
        assert!(!outbox.is_empty());
        outbox.advance(1);
        assert!(outbox.is_empty());
    }

    #[test]
    fn takes_pieces_no_longer_than_the_limit_in_order() {
        let mut outbox = outbox(&["abc", "de", "fghijkl", "m"]);
        let mut pieces = Vec::new();
        while !outbox.is_empty() {
            pieces.push(outbox.take(5));
        }
        assert_eq!(pieces, ["abcde", "fghij", "klm"]);
    }

    #[test]
    fn lists_at_most_as_many_slices_as_one_write_takes() {
        let mut outbox = outbox(&["x"; SLICES + 10]);
        let mut slices = [IoSlice::new(&[]); SLICES];
        assert_eq!(outbox.slices(&mut slices), SLICES);
        outbox.advance(SLICES);
        assert_eq!(waiting(&outbox).len(), 10);
    }
}
