//! The bytes that wait for one connection.

use crate::{Chunks, RecordId};
use bytes::{Bytes, BytesMut};
use headcount_mqtt::{EncodedPublish, PacketId};
use std::collections::VecDeque;

/// Encoded packets in order. Small ones share a buffer; payloads above [`COPIED`] bytes are shared with others.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    chunks: VecDeque<Bytes>,
    /// Behind the chunks. Without memory when empty: an idle connection holds no buffer.
    tail: BytesMut,
    /// Bytes in chunks and tail.
    waiting: usize,
    /// Bytes ever taken: where the first waiting byte stands in the stream.
    taken: u64,
    /// From this place in the stream on, bytes wait until the record is stored.
    marks: VecDeque<(u64, RecordId)>,
    /// Whether the caller was told.
    announced: bool,
}

/// Up to this many bytes a copy costs less than one more chunk to write: 85 bytes take 4 ns.
const COPIED: usize = 768;

/// First capacity of the tail: four acknowledgements and a small PUBLISH.
const FIRST: usize = 128;

impl Outbox {
    /// Bytes that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Whether the caller has to be told that there is something to fetch; said once until it is fetched.
    pub(crate) fn announce(&mut self) -> bool {
        self.free() > 0 && !std::mem::replace(&mut self.announced, true)
    }

    /// Appends what `write` writes.
    pub(crate) fn append<R>(&mut self, write: impl FnOnce(&mut BytesMut) -> R) -> R {
        if self.tail.capacity() == 0 {
            self.tail.reserve(FIRST);
        }
        let before = self.tail.len();
        let result = write(&mut self.tail);
        self.waiting += self.tail.len() - before;
        result
    }

    /// Appends a PUBLISH that others may get too, with this receiver's own DUP and Packet Identifier.
    pub(crate) fn append_publish(
        &mut self,
        publish: &EncodedPublish,
        dup: bool,
        packet_id: Option<PacketId>,
    ) {
        let copied = publish.len() <= COPIED;
        match packet_id {
            None if copied => self.append(|out| out.extend_from_slice(publish.bytes())),
            None => self.append_shared(publish.bytes().clone()),
            Some(id) if copied => self.append(|out| publish.append(dup, id, out)),
            Some(id) => {
                self.append(|out| publish.append_head(dup, id, out));
                self.append_shared(publish.payload());
            }
        }
    }

    /// Appends bytes that are shared with other connections.
    fn append_shared(&mut self, bytes: Bytes) {
        if !self.tail.is_empty() {
            self.chunks.push_back(std::mem::take(&mut self.tail).freeze());
        }
        self.waiting += bytes.len();
        self.chunks.push_back(bytes);
    }

    /// What is appended from here on promises that the record is stored; whether that is new.
    pub(crate) fn promise(&mut self, record: RecordId) -> bool {
        let end = self.taken + self.waiting as u64;
        let is_new = self.marks.back().is_none_or(|(_, last)| *last < record);
        if is_new {
            self.marks.push_back((end, record));
        }
        is_new
    }

    /// Drops promises that were not kept yet and all behind them, before a last word to the client.
    pub(crate) fn drop_promises(&mut self) {
        let Some((from, _)) = self.marks.front().copied() else { return };
        let keep = usize::try_from(from.saturating_sub(self.taken)).expect("no more than what waits");
        let mut kept = Chunks::new();
        self.split(keep, &mut kept);
        self.marks.clear();
        self.tail = BytesMut::new();
        self.waiting = keep;
        self.chunks = kept.into();
    }

    /// The record is stored, and those before it; whether bytes became free.
    pub(crate) fn stored(&mut self, record: RecordId) -> bool {
        let before = self.marks.len();
        while self.marks.front().is_some_and(|(_, mark)| *mark <= record) {
            self.marks.pop_front();
        }
        self.marks.len() != before && self.free() > 0
    }

    /// Takes what may leave.
    pub(crate) fn take(&mut self, chunks: &mut Chunks) -> usize {
        self.announced = false;
        let free = self.free();
        self.split(free, chunks);
        self.waiting -= free;
        self.taken += free as u64;
        free
    }

    /// Bytes that wait for no record.
    fn free(&self) -> usize {
        self.marks.front().map_or(self.waiting, |(from, _)| {
            usize::try_from(from.saturating_sub(self.taken)).expect("no more than what waits")
        })
    }

    /// Moves the first `count` bytes into `chunks`.
    fn split(&mut self, mut count: usize, chunks: &mut Chunks) {
        while count > 0 {
            let mut chunk = match self.chunks.pop_front() {
                Some(chunk) => chunk,
                None => std::mem::take(&mut self.tail).freeze(),
            };
            if chunk.len() > count {
                self.chunks.push_front(chunk.split_off(count));
            }
            count -= chunk.len();
            chunks.push(chunk);
        }
        if self.chunks.is_empty() {
            self.chunks = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outbox;
    use crate::{Chunks, RecordId};
    use bytes::Bytes;

    fn put(outbox: &mut Outbox, text: &str) {
        outbox.append(|out| out.extend_from_slice(text.as_bytes()));
    }

    fn taken(outbox: &mut Outbox) -> String {
        let mut chunks = Chunks::new();
        outbox.take(&mut chunks);
        String::from_utf8(chunks.concat()).unwrap()
    }

    #[test]
    fn bytes_behind_a_promise_wait_in_order() {
        let mut outbox = Outbox::default();
        put(&mut outbox, "a");
        outbox.promise(RecordId(1));
        put(&mut outbox, "b");
        outbox.append_shared(Bytes::from_static(b"shared"));
        outbox.promise(RecordId(3));
        put(&mut outbox, "c");
        assert_eq!(taken(&mut outbox), "a");
        assert_eq!(taken(&mut outbox), "");
        assert!(outbox.stored(RecordId(2)));
        assert_eq!(taken(&mut outbox), "bshared");
        assert!(!outbox.stored(RecordId(2)));
        assert!(outbox.stored(RecordId(3)));
        assert_eq!(taken(&mut outbox), "c");
        assert!(outbox.is_empty());
    }

    #[test]
    fn a_last_word_passes_by_promises() {
        let mut outbox = Outbox::default();
        put(&mut outbox, "a");
        outbox.promise(RecordId(1));
        put(&mut outbox, "b");
        outbox.drop_promises();
        put(&mut outbox, "bye");
        assert_eq!(outbox.waiting(), 4);
        assert_eq!(taken(&mut outbox), "abye");
    }

    #[test]
    fn an_idle_outbox_holds_no_buffer() {
        let mut outbox = Outbox::default();
        put(&mut outbox, "a");
        taken(&mut outbox);
        assert_eq!((outbox.tail.capacity(), outbox.chunks.capacity()), (0, 0));
    }
}
