//! The vector table, each line tried four ways: decode, encode, mirror, cut at every byte.

use crate::vector::{self, Vector};
use bytes::BytesMut;
use headcount_mqtt::{Packet, encode, encoded_len};
// In a browser this attribute marks a test.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Runs a check on each line; its second argument names the line in messages.
fn each(check: impl Fn(&Vector, &str)) {
    let vectors = vector::all();
    assert!(vectors.len() > 80, "the table is nearly empty");
    for vector in vectors {
        let name = format!("{:?} {:?} {}", vector.version, vector.from, vector.name);
        check(&vector, &name);
    }
}

#[test]
fn decodes() {
    each(|vector, name| {
        for mut decoder in vector.decoders() {
            decoder.feed(&vector.bytes);
            assert_eq!(decoder.decode(), Ok(Some(vector.packet.clone())), "{name}");
            assert_eq!(decoder.decode(), Ok(None), "{name}");
            assert!(decoder.buffer().is_empty(), "{name}");
        }
    });
}

#[test]
fn encodes() {
    each(|vector, name| {
        let mut out = BytesMut::from("before");
        assert_eq!(encode(&vector.packet, vector.version, &mut out), Ok(()), "{name}");
        assert_eq!(&out[..6], b"before", "{name}");
        assert_eq!(out[6..], vector.bytes[..], "{name}");
        assert_eq!(encoded_len(&vector.packet, vector.version), Ok(vector.bytes.len()), "{name}");
    });
}

#[test]
fn mirrors() {
    each(|vector, name| {
        for mut decoder in vector.decoders() {
            assert_eq!(encode(&vector.packet, vector.version, decoder.buffer()), Ok(()), "{name}");
            assert_eq!(decoder.decode(), Ok(Some(vector.packet.clone())), "{name}");
        }
    });
}

/// Two pieces give the packet with the second alone, wherever the cut is.
#[test]
fn cut_at_every_byte() {
    each(|vector, name| {
        for cut in 1..vector.bytes.len() {
            let (head, tail) = vector.bytes.split_at(cut);
            for mut decoder in vector.decoders() {
                decoder.feed(head);
                assert_eq!(decoder.decode(), Ok(None), "{name} cut at {cut}");
                decoder.feed(tail);
                assert_eq!(decoder.decode(), Ok(Some(vector.packet.clone())), "{name} cut at {cut}");
            }
        }
    });
}

/// Payloads and texts are slices of the buffer that the stream was read into.
#[test]
fn nothing_is_copied() {
    each(|vector, name| {
        for mut decoder in vector.decoders() {
            decoder.feed(&vector.bytes);
            let buffer = decoder.buffer().as_ptr_range();
            let packet = decoder.decode();
            let slices = match packet {
                Ok(Some(Packet::Publish(publish))) => [
                    publish.payload,
                    publish.topic.map(|topic| topic.text().bytes().clone()).unwrap_or_default(),
                ],
                Ok(Some(Packet::Connect(connect))) => {
                    [connect.client_id.bytes().clone(), connect.password.unwrap_or_default()]
                }
                _ => continue,
            };
            for slice in slices.iter().filter(|slice| !slice.is_empty()) {
                assert!(buffer.contains(&slice.as_ptr()), "{name}");
            }
        }
    });
}
