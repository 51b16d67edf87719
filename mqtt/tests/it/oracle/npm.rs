//! npm's mqtt-packet, by way of a process of Node.js.

use super::told::told;
use super::{decode, encode, hex};
use crate::arbitrary;
use crate::vector;
use headcount_mqtt::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn vectors() {
    let cases: Vec<_> = vector::all().into_iter().map(|vector| (vector.version, vector.packet)).collect();
    let agreed = agree(&cases);
    assert!(agreed * 10 >= cases.len() * 9, "{agreed} of {}", cases.len());
}

/// The same packets at each run, so that a disagreement can be looked at twice.
#[test]
fn arbitrary_packets() {
    let mut runner = TestRunner::deterministic();
    let mut cases = Vec::new();
    for version in [ProtocolVersion::V311, ProtocolVersion::V5] {
        for _ in 0..400 {
            let packet = arbitrary::packet(version).new_tree(&mut runner).expect("a packet").current();
            cases.push((version, packet));
        }
    }
    let agreed = agree(&cases);
    assert!(agreed * 10 >= cases.len() * 9, "{agreed} of {}", cases.len());
}

/// They read from our bytes what we meant, and we read the packet from the bytes they make of it. Gives the number of
/// packets that went both ways.
fn agree(cases: &[(ProtocolVersion, Packet)]) -> usize {
    let cases: Vec<_> = cases.iter().filter(|(_, packet)| !reader_refuses(packet)).collect();
    let questions: Vec<_> =
        cases.iter().map(|(version, packet)| (*version, encode(packet, *version))).collect();
    let answers = ask(questions.iter().map(|(version, bytes)| (*version, &bytes[..])));
    assert_eq!(answers.len(), cases.len());
    let mut both_ways = 0;
    for ((version, packet), answer) in cases.iter().zip(&answers) {
        let meant = told(packet, *version);
        for (field, value) in meant.as_object().expect("an object") {
            assert_eq!(&answer["packet"][field], value, "{field} as mqtt-packet reads {packet:?}: {answer}");
        }
        let Some(again) = answer["bytes"].as_str() else {
            assert!(generator_refuses(packet), "{packet:?}: {answer}");
            continue;
        };
        let again = vector::bytes_of(again);
        assert_eq!(&decode(&again, *version), packet, "made by mqtt-packet: {answer}");
        both_ways += 1;
    }
    both_ways
}

/// What the parser of mqtt-packet 9.0.2 does not know: an AUTH without any byte (3.15.2.1).
fn reader_refuses(packet: &Packet) -> bool {
    matches!(packet, Packet::Auth(auth) if *auth == Auth::default())
}

/// What its generator does not write: a CONNECT that a server would refuse or that 5.0 alone allows.
fn generator_refuses(packet: &Packet) -> bool {
    let Packet::Connect(connect) = packet else { return false };
    let anonymous = connect.user_name.as_ref().is_none_or(Text::is_empty);
    (connect.password.is_some() && anonymous) || (connect.client_id.is_empty() && !connect.clean_start)
}

/// What the process answers to each packet.
fn ask<'a>(questions: impl Iterator<Item = (ProtocolVersion, &'a [u8])>) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        folder.join("../e2e/node_modules/mqtt-packet").is_dir(),
        "npm's mqtt-packet is missing: run `npm ci` in e2e/, or `cargo xtask test`, which does"
    );
    let mut node = Command::new("node")
        .arg(folder.join("tests/oracle.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts: install Node.js 20 or later");
    let lines: Vec<_> = questions
        .map(|(version, bytes)| format!("{}\n", json!({ "version": version.level(), "bytes": hex(bytes) })))
        .collect();
    let lines = lines.concat();
    let mut stdin = node.stdin.take().expect("piped");
    // Beside the reading: a pipe holds less than all of it.
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = node.wait_with_output().expect("node ends");
    writer.join().expect("no panic").expect("node reads to the end");
    assert!(output.status.success(), "node: {}", output.status);
    let answers = String::from_utf8(output.stdout).expect("UTF-8");
    answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}
