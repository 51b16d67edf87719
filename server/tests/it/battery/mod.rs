//! Malformed and abusive input, a table of it over each transport. Each closes its own connection, with the reason
//! that the client is told and the one that the feed of events tells, and a witness beside it notices nothing.

mod doors;
mod endured;
mod inputs;
mod witness;

use crate::support::{PATIENCE, connect};
use bytes::BytesMut;
use doors::{Door, Doors};
use headcount_mqtt::{Packet, ProtocolVersion, encode};
use inputs::{Input, When, all};
use std::time::{Duration, Instant};
use witness::{Watcher, Witness};

/// Plays every input over one transport.
fn play(door: Door) {
    let doors = Doors::open();
    let witness = Witness::begin(&doors);
    let mut watcher = Watcher::begin(&doors);
    let before = doors.descriptors();
    let inputs = all();
    assert!(inputs.len() >= 100, "{} inputs are no battery", inputs.len());
    let wrong: Vec<String> = inputs
        .iter()
        .filter_map(|input| {
            one(&doors, door, &mut watcher, input).err().map(|why| format!("{}: {why}", input.name))
        })
        .collect();
    doors.given_back(before);
    let beats = witness.end();
    assert!(wrong.is_empty(), "{} of {} over {door:?}:\n{}", wrong.len(), inputs.len(), wrong.join("\n"));
    assert!(beats > 10, "the witness heard {beats} beats only");
}

fn one(doors: &Doors, door: Door, watcher: &mut Watcher, input: &Input) -> Result<(), String> {
    let (mut client, address) = doors.enter(door, input.version);
    if input.when == When::Connected {
        let mut hello = connect("bad");
        hello.version = input.version;
        let mut bytes = BytesMut::new();
        encode(&Packet::Connect(Box::new(hello)), input.version, &mut bytes).unwrap();
        client.send_bytes(&bytes);
        let answer = client.receive();
        if !matches!(answer, Packet::ConnAck(_)) {
            return Err(format!("{answer:?} instead of CONNACK"));
        }
    }
    client.send_bytes(&input.bytes);
    let mut last = None;
    while let Some(packet) = client.next() {
        last = Some(packet);
    }
    match (last, input.when) {
        (Some(Packet::Disconnect(it)), When::Connected) if input.codes.contains(&it.reason) => {}
        // 3.1.1 has no word for it.
        (None, When::Connected) if input.version == ProtocolVersion::V311 => {}
        (Some(Packet::ConnAck(it)), When::First) if input.codes.contains(&it.reason) => {}
        (None, When::First) => {}
        (other, _) => return Err(format!("{other:?} came last, one of {:?} was expected", input.codes)),
    }
    let expected = match input.when {
        When::First => "refused",
        When::Connected => "disconnected",
    };
    let reason = watcher.reason(expected, address)?;
    let fits = input.events.contains(&reason.as_str());
    if fits { Ok(()) } else { Err(format!("{expected} by {reason}, one of {:?} was expected", input.events)) }
}

#[test]
fn over_tcp() {
    play(Door::Tcp);
}

#[test]
fn over_tls() {
    play(Door::Tls);
}

#[test]
fn over_websocket() {
    play(Door::WebSocket);
}

#[test]
fn over_secure_websocket() {
    play(Door::SecureWebSocket);
}

/// A CONNECT that comes a byte at a time has no more time than another [MQTT-3.1.4-1].
#[test]
fn a_connect_in_drops_runs_out_of_time() {
    let doors = Doors::open();
    let witness = Witness::begin(&doors);
    let mut watcher = Watcher::begin(&doors);
    let (mut client, address) = doors.enter(Door::Tcp, ProtocolVersion::V5);
    let mut hello = BytesMut::new();
    encode(&Packet::Connect(Box::new(connect("drops"))), ProtocolVersion::V5, &mut hello).unwrap();
    let begun = Instant::now();
    for byte in &hello[..hello.len() - 1] {
        client.send_bytes(&[*byte]);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(client.next(), None);
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(watcher.reason("refused", address).unwrap(), "connect-timeout");
    assert!(witness.end() > 10);
}
