//! Bodies by chance: whatever comes, the broker stands, counts right, and says what is wrong.

use super::*;
use crate::town::Dice;
use bytes::Bytes;
use headcount_mqtt::{Delivery, PacketId, Publish};

/// Pieces that bodies are made of.
const PIECES: [&[u8]; 22] = [
    b"field1",
    b"field8",
    b"field9",
    b"field",
    b"status",
    b"created_at",
    b"latitude",
    b"=",
    b"=",
    b"=",
    b"&",
    b"&",
    b"%",
    b"%41",
    b"%c3%b6",
    b"%ff",
    b"+",
    b"21.5",
    b"2026-11-21T12:00:00Z",
    "ö".as_bytes(),
    b"\xc3",
    b"\x00",
];

#[test]
fn any_body_becomes_one_entry_or_one_line() {
    let mut dice = Dice(9);
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let lamp = plug_in(&mut net, &device, V5);
    net.subscribe(vy, "channels/7/subscribe", AtMostOnce);
    net.subscribe(vy, "vy/errors", AtMostOnce);
    let (mut entries, mut lines) = (0, 0);
    for round in 0..4_000 {
        let mut body = Vec::new();
        for _ in 0..dice.roll(9) {
            body.extend_from_slice(PIECES[dice.roll(PIECES.len())]);
        }
        let topic = match dice.roll(3) {
            0 => "channels/7/publish/fields/field4",
            _ => "channels/7/publish",
        };
        let delivery = Delivery::AtLeastOnce(PacketId::new(7).unwrap());
        let packet = Publish {
            dup: false,
            delivery,
            retain: false,
            topic: Some(topic.try_into().unwrap()),
            payload: Bytes::from(body.clone()),
            properties: None,
        };
        net.send(lamp, Packet::Publish(packet));
        let code = net.take_ack(lamp);
        let told = net.messages(vy);
        assert_eq!(told.len(), 1, "{round} {}", String::from_utf8_lossy(&body));
        let (topic, text) = &told[0];
        if code == ReasonCode::Success {
            entries += 1;
            assert_eq!(topic, "channels/7/subscribe");
            let entry: Value = serde_json::from_str(text).unwrap();
            assert_eq!(entry["entry_id"], entries);
            let given = entry.as_object().unwrap().iter().filter(|(name, value)| {
                (name.starts_with("field") || ["status", "latitude"].contains(&name.as_str()))
                    && !value.is_null()
            });
            assert!(given.count() > 0, "{text}");
        } else {
            lines += 1;
            assert_eq!((code, topic.as_str()), (ReasonCode::PayloadFormatInvalid, "vy/errors"));
            assert!(text.starts_with(&format!("{device}: the message to channels/7/publish")), "{text}");
        }
    }
    assert!(entries > 400 && lines > 400, "{entries} {lines}");
}

/// Requests by chance: each has one answer, and what is refused changes nothing.
#[test]
fn any_request_has_one_answer() {
    let mut dice = Dice(5);
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"id\"",
        "\"name\"",
        "\"channels\"",
        "7",
        "-1",
        "1e99",
        "true",
        "null",
        "\"dev-1\"",
        "ö",
        "\u{0}",
        "{\"id\":\"dev-1\"}",
        "{\"id\":\"dev-1\",\"channels\":[{}]}",
        "{\"name\":\"a\",\"channels\":[{\"id\":7}]}",
        "{\"name\":\"a\"}",
        "{\"channel\":7}",
        "{}",
    ];
    let (mut done, mut refused) = (0, 0);
    for _ in 0..2_000 {
        let verb = ["add", "list", "update", "rotate", "remove"][dice.roll(5)];
        // The last ones are whole requests.
        let (length, first) = [(1, pieces.len() - 6), (3, 0), (5, 0)][dice.roll(3)];
        let request: String = (0..length).map(|_| pieces[first + dice.roll(pieces.len() - first)]).collect();
        let before = ask(&mut net, vy, "list", &json!({}));
        let known = before["devices"][0]["id"].as_str().unwrap_or("dev-1");
        let request = request.replace("dev-1", known);
        net.publish(vy, &format!("$headcount/vy/devices/{verb}"), &request);
        make(&mut net);
        let answers = net.payloads(vy);
        assert_eq!(answers.len(), 1, "{verb} {request}");
        let answer: Value = serde_json::from_str(&answers[0]).unwrap();
        if answer.get("error").is_some() {
            refused += 1;
            assert_eq!(ask(&mut net, vy, "list", &json!({})), before, "{verb} {request}");
        } else {
            done += 1;
        }
    }
    assert!(done > 50 && refused > 1_000, "{done} {refused}");
}
