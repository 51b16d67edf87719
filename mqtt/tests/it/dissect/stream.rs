//! A stream split into packets, from its beginning and from its middle.

use crate::vector;
use headcount_mqtt::ProtocolVersion::{V5, V311};
use headcount_mqtt::dissect::{Sender, Stream};

const PING: &[u8] = &[0xD0, 0];

fn publish() -> Vec<u8> {
    vector::bytes_of("30 07 0001 't' 00 'hey'")
}

#[test]
fn a_partial_packet_waits() {
    let both = [PING, &publish()[..]].concat();
    for cut in 1..both.len() {
        let mut stream = Stream::new(Sender::Server, 1_000);
        let mut packets = stream.feed(&both[..cut], V5);
        assert_eq!(packets.iter().map(Vec::len).sum::<usize>() + stream.waiting(), cut);
        packets.extend(stream.feed(&both[cut..], V5));
        assert_eq!(packets, [PING.to_vec(), publish()], "cut at {cut}");
        assert_eq!((stream.waiting(), stream.skipped()), (0, 0));
    }
}

#[test]
fn it_finds_its_feet_at_a_piece_of_whole_packets() {
    let mut stream = Stream::new(Sender::Server, 1_000);
    assert!(stream.feed(&[0x30, 0x7F, 1, 2, 3], V5).is_empty());
    stream.lose();
    assert_eq!(stream.skipped(), 5);
    // The tail of a packet, and what would be a packet with a fault.
    assert!(stream.feed(b"tail of a payload", V5).is_empty());
    assert!(stream.feed(&[0x36, 0], V5).is_empty());
    assert_eq!(stream.skipped(), 24);
    assert_eq!(stream.feed(&[PING, &publish()[..]].concat(), V5), [PING.to_vec(), publish()]);
    assert_eq!(stream.feed(&publish()[..4], V5), Vec::<Vec<u8>>::new());
    assert_eq!(stream.feed(&publish()[4..], V5), [publish()]);
}

#[test]
fn what_has_no_length_is_one_packet_and_the_end() {
    let mut stream = Stream::new(Sender::Server, 1_000);
    let nonsense = [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2];
    assert_eq!(stream.feed(&[PING, &nonsense[..]].concat(), V5), [PING.to_vec(), nonsense.to_vec()]);
    assert!(stream.feed(b"more", V5).is_empty());
    assert_eq!(stream.feed(PING, V5), [PING]);
}

#[test]
fn a_packet_above_the_limit_is_passed_over() {
    let mut stream = Stream::new(Sender::Server, 8);
    assert!(stream.feed(&publish(), V5).is_empty());
    assert_eq!(stream.waiting(), 0);
    assert_eq!(stream.skipped(), publish().len());
    assert_eq!(stream.feed(PING, V5), [PING]);
}

/// A publish of 5.0 has properties where 3.1.1 has its payload already: which of both it is, a piece may tell.
#[test]
fn a_piece_tells_whether_it_is_of_a_version() {
    let stream = Stream::new(Sender::Server, 1_000);
    let publish = vector::bytes_of("30 06 0001 't' 'hey'");
    assert!(stream.fits(&publish, V311));
    assert!(!stream.fits(&publish, V5));
    assert!(!stream.fits(&publish[..5], V311));
}
