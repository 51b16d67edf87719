//! 4.2 Network Connections and 6 WebSocket: any cut of the stream.

use crate::{BOTH, Bench, Frames, Script, message, script};
use headcount_mqtt::Packet;
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(packets_may_come_in_single_bytes, BOTH, ["MQTT-4.2.0-1", "MQTT-6.0.0-2"]),
    script!(packets_may_come_in_any_pieces, BOTH, ["MQTT-4.2.0-1", "MQTT-6.0.0-2"]),
    script!(many_packets_may_come_in_one_piece, BOTH, ["MQTT-4.2.0-1", "MQTT-6.0.0-2"]),
    script!(a_piece_may_end_within_the_next_packet, BOTH, ["MQTT-4.2.0-1", "MQTT-6.0.0-2"]),
    script!(a_text_message_closes, BOTH, ["MQTT-6.0.0-1"]).over_websocket(),
    script!(a_message_without_a_byte_is_ignored, BOTH, ["MQTT-6.0.0-2"]).over_websocket(),
    script!(a_message_may_come_in_fragments, BOTH, ["MQTT-6.0.0-2"]).over_websocket(),
    script!(the_network_connection_ends_with_the_last_packet, BOTH, ["MQTT-3.14.4-2"]),
];

fn packets_may_come_in_single_bytes(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    p.send_in_pieces(&Packet::Publish(p.publish_packet(&message("t", "piecemeal"))), 1);
    s.receive(&message("t", "piecemeal"));
}

fn packets_may_come_in_any_pieces(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    for size in [2, 3, 7, 64, 1_000, 1_500] {
        let message = message("t", vec![b'x'; 4_000]).at_least_once();
        let publish = p.publish_packet(&message);
        let id = publish.delivery.packet_id().expect("QoS 1");
        p.send_in_pieces(&Packet::Publish(publish), size);
        p.expect_puback(id);
        s.receive(&message);
    }
}

fn many_packets_may_come_in_one_piece(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    let packets: Vec<_> =
        (0..500).map(|n| Packet::Publish(p.publish_packet(&message("t", n.to_string())))).collect();
    p.send_together(&packets);
    for n in 0..500 {
        s.receive(&message("t", n.to_string()));
    }
    s.expect_nothing();
}

fn a_piece_may_end_within_the_next_packet(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    let bytes: Vec<u8> = (0..20)
        .flat_map(|n| p.encoded(&Packet::Publish(p.publish_packet(&message("t", n.to_string())))).to_vec())
        .collect();
    for piece in bytes.chunks(17) {
        p.send_bytes(piece);
    }
    for n in 0..20 {
        s.receive(&message("t", n.to_string()));
    }
    s.expect_nothing();
}

fn the_network_connection_ends_with_the_last_packet(b: &Bench) {
    let a = b.connect("a");
    a.disconnect();
    b.check(a.is_closed(), "the connection is open after DISCONNECT");
}

fn a_text_message_closes(b: &Bench) {
    let a = b.connect("a");
    // Bytes of a PUBLISH that are letters too.
    a.send_frames(Frames::Text("0\u{5}\0\u{1}t\0x"));
    // What it says before is not laid down: a DISCONNECT, a Close frame, or nothing.
    while a.next_or_closed("a closed connection").is_some() {}
}

fn a_message_without_a_byte_is_ignored(b: &Bench) {
    let a = b.connect("a");
    a.send_frames(Frames::Empty);
    a.expect_open();
}

fn a_message_may_come_in_fragments(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    for size in [1, 5, 20] {
        let packet = Packet::Publish(p.publish_packet(&message("t", "in fragments")));
        p.send_frames(Frames::Fragments(&p.encoded(&packet), size));
        s.receive(&message("t", "in fragments"));
    }
    p.expect_open();
}
