//! From pieces to packets.

use headcount_mqtt::{ProtocolVersion::V5, ProtocolVersion::V311, QoS};
use headcount_page::{
    store::Millis,
    wire::{BYTES_MAX, Kind, PACKETS_MAX, Piece},
};

use super::{Bench, connect, publish};

#[test]
fn each_direction_of_each_connection_is_a_stream() {
    let mut bench = Bench::new();
    bench.connect(0, "one", V5);
    bench.connect(1, "two", V311);
    let five = publish("a/5", 0, QoS::AtMostOnce, "five", V5);
    let three = publish("a/3", 0, QoS::AtMostOnce, "three", V311);
    // Cut within packets, and the halves of both connections mixed.
    bench.receive(0, &five[..4]);
    bench.receive(1, &three[..7]);
    bench.send(0, &[0xC0]);
    bench.receive(0, &[&five[4..], &five[..3]].concat());
    bench.receive(1, &three[7..]);
    bench.receive(0, &five[3..]);
    bench.send(0, &[0]);
    let connected = ["> CONNECT", "< CONNACK", "> CONNECT", "< CONNACK"];
    let came = ["< PUBLISH a/5", "< PUBLISH a/3", "< PUBLISH a/5"];
    assert_eq!(bench.lines(), [&connected[..], &came].concat());
    let clients: Vec<String> = bench.wire.window(0..9).map(|packet| packet.client.to_string()).collect();
    assert_eq!(clients, ["one", "one", "two", "two", "one", "two", "one"]);
    let known = bench.wire.connections();
    assert_eq!(
        known.iter().map(|(number, client)| (*number, &**client)).collect::<Vec<_>>(),
        [(0, "one"), (1, "two")]
    );
    assert!(bench.wire.window(0..9).all(|packet| !packet.is_faulty));
}

#[test]
fn a_client_that_was_given_its_name_has_it_from_then_on() {
    let mut bench = Bench::new();
    bench.piece(0, Kind::Opened, &[]);
    bench.send(0, &connect("", V5));
    bench.receive(0, &[&[0x20, 9, 0, 0, 6, 0x12, 0, 3][..], b"new"].concat());
    bench.receive(0, &publish("t", 0, QoS::AtMostOnce, "", V5));
    let clients: Vec<String> = bench.wire.window(0..9).map(|packet| packet.client.to_string()).collect();
    assert_eq!(clients, ["", "", "new"]);
}

#[test]
fn a_password_is_gone_before_it_is_recorded() {
    let mut bench = Bench::new();
    bench.connect(0, "c", V5);
    let first = bench.wire.window(0..1).next().unwrap();
    assert!(!first.bytes.windows(7).any(|part| part == b"correct"));
    assert!(first.bytes.ends_with(b"\0\x0d*************"));
    assert!(!first.is_faulty);
    let read = first.dissect();
    assert_eq!(read.field("Password").unwrap().value, "hidden (13 bytes)");
}

/// The notebook let go of the beginning: the CONNECT that it kept tells the version and the client.
#[test]
fn a_connection_is_found_again_in_its_midst() {
    let mut bench = Bench::new();
    let connect = connect("late", V311);
    bench.wire.begin(&Piece { connection: 3, kind: Kind::Sent, at: Millis(7), bytes: &connect });
    let message = publish("a/b", 0, QoS::AtMostOnce, "whole", V311);
    bench.receive(3, &message[5..]);
    bench.receive(3, &message);
    assert_eq!(bench.lines(), ["> CONNECT", "< PUBLISH a/b"]);
    assert_eq!(&*bench.wire.window(1..2).next().unwrap().client, "late");
    // Pieces that nobody took are a hole like that.
    bench.receive(3, &message[..5]);
    bench.wire.lose();
    bench.receive(3, &message);
    assert_eq!(bench.lines().len(), 3);
}

/// A connection whose CONNECT is lost too is read as what its packets are.
#[test]
fn a_connection_without_its_connect_tells_its_version_by_itself() {
    for version in [V311, V5] {
        let mut bench = Bench::new();
        bench.receive(0, &publish("a/b", 0, QoS::AtMostOnce, "payload", version));
        assert_eq!(bench.wire.window(0..1).next().unwrap().version, version);
        assert_eq!(bench.lines(), ["< PUBLISH a/b"]);
    }
}

#[test]
fn malformed_packets_are_shown_and_said() {
    let mut bench = Bench::new();
    bench.connect(0, "c", V5);
    bench.receive(0, &[0x36, 4, 0, 1, b't', 0]);
    bench.receive(0, &[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1]);
    let faulty: Vec<bool> = bench.wire.window(0..9).map(|packet| packet.is_faulty).collect();
    assert_eq!(faulty, [false, false, true, true]);
}

#[test]
fn the_record_is_bounded_in_packets_and_in_bytes() {
    let mut bench = Bench::new();
    bench.connect(0, "c", V5);
    for _ in 0..PACKETS_MAX {
        bench.receive(0, &[0xD0, 0]);
    }
    assert_eq!(bench.wire.record().len(), PACKETS_MAX);
    assert_eq!(bench.wire.record().trimmed(), 2);
    // The list lets go with the record.
    assert!(bench.wire.is_empty());
    assert_eq!(bench.wire.gone(), 2);

    let large = publish("t", 0, QoS::AtMostOnce, &"x".repeat(BYTES_MAX / 3), V5);
    for _ in 0..5 {
        bench.receive(0, &large);
    }
    assert_eq!(bench.wire.record().len(), 2);
    assert_eq!(bench.wire.len(), 2);
    assert!(bench.wire.get(0).is_none());
}

#[test]
fn acknowledgements_belong_to_their_message() {
    let mut bench = Bench::new();
    bench.connect(0, "c", V5);
    bench.send(0, &publish("out", 7, QoS::ExactlyOnce, "x", V5));
    bench.receive(0, &publish("in", 7, QoS::AtLeastOnce, "y", V5));
    bench.send(0, &[0x40, 2, 0, 7]);
    bench.receive(0, &[0x50, 2, 0, 7]);
    bench.send(0, &[0x62, 2, 0, 7]);
    bench.receive(0, &[0x70, 2, 0, 7]);
    // The number is free again.
    bench.send(0, &publish("out", 7, QoS::AtLeastOnce, "z", V5));
    bench.receive(0, &[0x40, 2, 0, 7]);
    let flows: Vec<Option<u64>> = bench.wire.window(0..99).map(|packet| packet.flow).collect();
    assert_eq!(flows, [0, 0, 2, 3, 3, 2, 2, 2, 8, 8].map(Some));
    let packet = bench.wire.get(6).unwrap();
    let types: Vec<String> =
        bench.wire.record().flow_of(packet).iter().map(|packet| packet.type_name()).collect();
    assert_eq!(types, ["PUBLISH", "PUBREC", "PUBREL", "PUBCOMP"]);
}
