//! MQTT in WebSocket frames. Frames that a decent library does not send are made by hand.

use crate::support::{Client, Server, Stream, Transport, bytes, connect, publish, websocket};
use headcount_mqtt::{Packet, ReasonCode};
use std::io::{Read, Write};
use tokio_tungstenite::tungstenite::Message;

const BINARY: u8 = 0x2;
const TEXT: u8 = 0x1;
const CONTINUATION: u8 = 0x0;
const FIN: u8 = 0x80;

/// A masked frame with this first byte; the mask is zero, so the payload stays readable.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..65_536 => {
            frame.push(0x80 | 0x7E);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(0x80 | 0x7F);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// A handshake and CONNECT by hand, and then these bytes in the same write.
fn open(server: &Server, then: &[u8]) -> Stream {
    let mut stream = Stream::open(server.http());
    let handshake = format!(
        "GET /mqtt HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: \
         13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
        server.http()
    );
    let hello = frame(FIN | BINARY, &bytes(&Packet::Connect(Box::new(connect("by-hand")))));
    stream.0.write_all(&[handshake.as_bytes(), &hello, then].concat()).unwrap();
    assert_eq!(stream.response(false).status, 101);
    stream
}

/// Everything up to the end of the connection.
fn rest(mut stream: Stream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.0.read_to_end(&mut bytes).unwrap();
    bytes
}

/// Whether `bytes` end with a Close frame of this status.
fn closes_with(bytes: &[u8], status: u16) -> bool {
    bytes.ends_with(&[&[0x88, 2][..], &status.to_be_bytes()].concat())
}

#[test]
fn both_transports_share_one_realm() {
    let server = Server::start();
    let mut web = Client::websocket(server.http(), "web");
    web.subscribe("news");
    let mut tcp = Client::tcp(server.tcp("open"), "tcp");
    tcp.subscribe("news");
    for client in [&mut web, &mut tcp] {
        client.send(&publish("news", "hello"));
    }
    for client in [&mut web, &mut tcp] {
        assert_eq!(client.receive_publish().1, "hello");
        assert_eq!(client.receive_publish().1, "hello");
    }
}

/// [MQTT-6.0.0-2]
#[test]
fn packets_and_messages_need_not_agree() {
    let server = Server::start();
    let mut client = Client::websocket(server.http(), "split");
    client.subscribe("split/#");
    let large = publish("split/large", vec![7; 300_000]);
    let stream = [bytes(&publish("split/a", "1")), bytes(&large), bytes(&publish("split/b", "2"))].concat();
    // Byte by byte through the first packet and into the second, then pieces of every size, empty ones between them.
    let (mut at, mut size) = (0, 1);
    while at < stream.len() {
        let end = stream.len().min(at + size);
        client.send_bytes(&stream[at..end]);
        client.send_bytes(&[]);
        at = end;
        if at > 40 {
            size *= 3;
        }
    }
    assert_eq!(client.receive_publish(), ("split/a".to_owned(), "1".into()));
    assert_eq!(client.receive_publish(), ("split/large".to_owned(), vec![7; 300_000].into()));
    assert_eq!(client.receive_publish(), ("split/b".to_owned(), "2".into()));
    // A thousand packets in one message.
    let many: Vec<u8> =
        (0..1000).flat_map(|count: u32| bytes(&publish("split/many", count.to_string()))).collect();
    client.send_bytes(&many);
    for count in 0..1000 {
        assert_eq!(client.receive_publish().1, count.to_string());
    }
}

#[test]
fn a_frame_right_behind_the_handshake_is_served() {
    let server = Server::start();
    let mut stream = open(&server, &frame(FIN | BINARY, &bytes(&Packet::PingReq)));
    let mut answer = [0; 2];
    stream.0.read_exact(&mut answer).unwrap();
    assert_eq!(answer[0], FIN | BINARY);
    let mut connack = vec![0; usize::from(answer[1])];
    stream.0.read_exact(&mut connack).unwrap();
    assert_eq!(connack[0], 0x20);
    // PINGRESP, in the same message or in one of its own.
    let mut more = connack[2 + usize::from(connack[1])..].to_vec();
    while !more.ends_with(&[0xD0, 0]) {
        let mut byte = [0];
        stream.0.read_exact(&mut byte).unwrap();
        more.push(byte[0]);
    }
}

/// [MQTT-6.0.0-1]
#[test]
fn a_text_frame_ends_the_connection() {
    let server = Server::start();
    let mut client = Client::over(Transport::WebSocket(Box::new({
        let mut socket = websocket(server.http(), "/mqtt");
        socket.send(Message::binary(bytes(&Packet::Connect(Box::new(connect("texter")))))).unwrap();
        socket.send(Message::text("hello")).unwrap();
        socket
    })));
    assert!(matches!(client.receive(), Packet::ConnAck(_)));
    client.receive_end(ReasonCode::ProtocolError);
    assert!(closes_with(&rest(open(&server, &frame(FIN | TEXT, b"hello"))), 1003));
}

#[test]
fn frames_that_break_the_rules_end_the_connection() {
    let server = Server::start();
    let ping = bytes(&Packet::PingReq);
    let mut unmasked = vec![FIN | BINARY, 2];
    unmasked.extend(&ping);
    let cases: [(&str, Vec<u8>); 8] = [
        ("unmasked", unmasked),
        ("reserved bit", frame(FIN | 0x40 | BINARY, &ping)),
        ("reserved opcode", frame(FIN | 0x3, &ping)),
        ("reserved control opcode", frame(FIN | 0xB, &[])),
        ("continuation of nothing", frame(FIN | CONTINUATION, &ping)),
        ("a message within a message", [frame(BINARY, &ping[..1]), frame(FIN | BINARY, &ping)].concat()),
        ("fragmented ping", frame(0x9, &[])),
        ("long ping", frame(FIN | 0x9, &[0; 126])),
    ];
    for (name, bytes) in cases {
        let rest = rest(open(&server, &bytes));
        assert!(closes_with(&rest, 1002), "{name}: {rest:x?}");
    }
}

#[test]
fn a_declared_length_reserves_nothing() {
    let server = Server::start();
    // 2^62 bytes are announced and none is sent.
    let mut huge = vec![FIN | BINARY, 0x80 | 0x7F];
    huge.extend((1u64 << 62).to_be_bytes());
    huge.extend([0; 4]);
    let rest = rest(open(&server, &huge));
    assert!(closes_with(&rest, 1009), "{rest:x?}");
    Client::websocket(server.http(), "after").prove();
}

#[test]
fn a_ping_is_answered_between_fragments() {
    let server = Server::start();
    let ping = bytes(&Packet::PingReq);
    let then =
        [frame(BINARY, &ping[..1]), frame(FIN | 0x9, b"between"), frame(FIN | CONTINUATION, &ping[1..])];
    let mut stream = open(&server, &then.concat());
    let expected = [&[FIN | 0xA, 7][..], b"between"].concat();
    let mut seen: Vec<u8> = Vec::new();
    while !(seen.windows(expected.len()).any(|window| window == expected)
        && seen.windows(2).any(|window| window == [0xD0, 0]))
    {
        let mut piece = [0; 256];
        let length = stream.0.read(&mut piece).unwrap();
        assert_ne!(length, 0, "{seen:x?}");
        seen.extend(&piece[..length]);
    }
}

#[test]
fn a_close_is_answered() {
    let server = Server::start();
    let mut socket = websocket(server.http(), "/mqtt");
    socket.send(Message::binary(bytes(&Packet::Connect(Box::new(connect("closer")))))).unwrap();
    assert!(socket.read().unwrap().is_binary());
    socket.close(None).unwrap();
    assert!(socket.read().unwrap().is_close());
    assert!(socket.read().is_err());
}
