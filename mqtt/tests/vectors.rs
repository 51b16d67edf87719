//! The vector table, each line tried four ways: decode, encode, mirror, cut at every byte.

mod vector;

use bytes::BytesMut;
use headcount_mqtt::{encode, encoded_len};
use vector::Vector;

fn each(check: impl Fn(&Vector)) {
    for vector in vector::all() {
        eprintln!("{:?} {:?} {}", vector.version, vector.from, vector.name);
        check(&vector);
    }
}

#[test]
fn decodes() {
    each(|vector| {
        for mut decoder in vector.decoders() {
            decoder.feed(&vector.bytes);
            assert_eq!(decoder.decode(), Ok(Some(vector.packet.clone())));
            assert_eq!(decoder.decode(), Ok(None));
            assert!(decoder.buffer().is_empty());
        }
    });
}

#[test]
fn encodes() {
    each(|vector| {
        let mut out = BytesMut::from("before");
        encode(&vector.packet, vector.version, &mut out).expect("a packet with bytes");
        assert_eq!(&out[..6], b"before");
        assert_eq!(out[6..], vector.bytes[..]);
        assert_eq!(encoded_len(&vector.packet, vector.version), Ok(vector.bytes.len()));
    });
}

#[test]
fn mirrors() {
    each(|vector| {
        for mut decoder in vector.decoders() {
            encode(&vector.packet, vector.version, decoder.buffer()).expect("a packet with bytes");
            assert_eq!(decoder.decode(), Ok(Some(vector.packet.clone())));
        }
    });
}

/// Two pieces give the packet with the second alone, wherever the cut is.
#[test]
fn cut_at_every_byte() {
    each(|vector| {
        for cut in 1..vector.bytes.len() {
            let (head, tail) = vector.bytes.split_at(cut);
            for mut decoder in vector.decoders() {
                decoder.feed(head);
                assert_eq!(decoder.decode(), Ok(None), "cut at {cut}");
                decoder.feed(tail);
                assert_eq!(decoder.decode(), Ok(Some(vector.packet.clone())), "cut at {cut}");
            }
        }
    });
}
