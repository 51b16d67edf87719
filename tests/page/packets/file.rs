//! A record as a file and back.

use headcount_mqtt::{ProtocolVersion::V5, ProtocolVersion::V311, QoS};
use headcount_page::wire::Wire;

use super::{Bench, publish};

fn talk() -> Bench {
    let mut bench = Bench::new();
    bench.connect(0, "lamp \"1\"\\\n", V5);
    bench.connect(1, "old", V311);
    bench.send(0, &publish("a/é🪔", 2, QoS::AtLeastOnce, "{\"n\":1}", V5));
    bench.receive(0, &[0x40, 2, 0, 2]);
    bench.receive(0, &[&[0x30, 8, 0, 1, b't', 3, 0x23, 0, 1][..], b"x"].concat());
    bench.receive(0, &[&[0x30, 7, 0, 0, 3, 0x23, 0, 1][..], b"y"].concat());
    bench.receive(1, &publish("b", 0, QoS::AtMostOnce, "\u{0}\u{1f}", V311));
    // A ping, which the list hides and the file has; a fault; and a packet without a length.
    bench.send(0, &[0xC0, 0]);
    bench.receive(0, &[0x36, 4, 0, 1, b't', 0]);
    bench.receive(0, &[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1]);
    bench
}

#[test]
fn what_is_read_is_written_again_byte_for_byte() {
    let bench = talk();
    let file = bench.wire.export();
    assert_eq!(file.lines().count(), bench.wire.record().len());
    let mut other = Wire::default();
    other.import("talk.ndjson", file.as_bytes());
    assert_eq!(other.recorded().map(|recorded| recorded.name.as_str()), Some("talk.ndjson"));
    assert_eq!(other.export(), file);
    let (own, read): (Vec<_>, Vec<_>) = (bench.wire.window(0..99).collect(), other.window(0..99).collect());
    assert_eq!(own, read);
    assert!(!file.contains("636f7272656374"), "no password in hex");
    let publish = file.lines().find(|line| line.contains("é")).unwrap();
    let expected = r#"{"time":"2017-10-24T16:08:38.007Z","connection":0,"client":"lamp \"1\"\\\n","direction":"out","version":"5.0","type":"PUBLISH","topic":"a/é🪔","bytes":"32140008612fc3a9f09faa940002007b226e223a317d"}"#;
    assert_eq!(publish, expected);
}

/// What gave a Topic Alias its name may not be in the file.
#[test]
fn a_cut_record_is_written_again_too() {
    let file = talk().wire.export();
    let cut: String = file.split_inclusive('\n').skip(7).collect();
    assert!(cut.starts_with(r#"{"time""#) && cut.contains(r#""topic":"t","bytes":"30070000"#), "{cut}");
    let mut other = Wire::default();
    other.import("cut", cut.as_bytes());
    assert_eq!(other.export(), cut);
}

#[test]
fn a_record_of_a_file_stands_apart_from_what_goes_on() {
    let mut bench = talk();
    let live = bench.lines();
    let file = bench.wire.export();
    let first: String = file.lines().take(1).collect();
    bench.wire.import("one", first.as_bytes());
    assert_eq!(bench.lines(), ["> CONNECT"]);
    assert_eq!(bench.wire.generation(), 1);
    bench.receive(1, &publish("meanwhile", 0, QoS::AtMostOnce, "", V311));
    assert_eq!(bench.lines(), ["> CONNECT"]);
    bench.wire.go_live();
    assert_eq!(bench.lines(), [&live[..], &["< PUBLISH meanwhile".to_owned()]].concat());
}

#[test]
fn a_wrong_line_is_named_and_nothing_changes() {
    let good = r#"{"time":"2017-10-24T16:08:38.007Z","connection":0,"client":"c","direction":"out","version":"5.0","type":"PINGREQ","topic":"","bytes":"c000"}"#;
    let mut wire = Wire::default();
    wire.import("good", format!("\n{good}\r\n").as_bytes());
    let table = [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ("[]", "no \"time\""),
        (r#"{"time":"yesterday"}"#, "\"time\" is yesterday, which is none of RFC 3339"),
        (&good.replace(":0,", ":\"x\","), "\"connection\" is no count"),
        (&good.replace("\"out\"", "\"up\""), "\"direction\" is up, neither in nor out"),
        (&good.replace("5.0", "4.0"), "\"version\" is 4.0, neither 3.1.1 nor 5.0"),
        (&good.replace("c000", ""), "\"bytes\" is empty"),
        (&good.replace("c000", "c0 0"), "\"bytes\" has no digit of hex at character 3"),
        (&good.replace("c000", "c00"), "\"bytes\" ends with half a byte"),
        (&good.replace("c000", "d000"), "\"type\" is PINGREQ, and the bytes are of a PINGRESP"),
        (
            r#"{"time":"2017-10-24T16:08:38.007Z","connection":0,"client":"c","direction":"in","version":"3.1.1","type":"PUBLISH","topic":"u","bytes":"3003000174"}"#,
            "\"topic\" is u, and the bytes have t",
        ),
    ];
    for (line, why) in table {
        wire.import("bad", format!("{good}\n{line}\n{good}\n").as_bytes());
        assert_eq!(wire.complaint(), format!("bad was not read: line 2: {why}."));
        assert_eq!(wire.recorded().map(|recorded| recorded.name.as_str()), Some("good"));
    }
    wire.import("none", b" \n");
    assert_eq!(wire.complaint(), "none was not read: the file has no packet.");
    let large = vec![b' '; headcount_page::wire::FILE_MAX + 1];
    wire.import("large", &large);
    assert!(wire.complaint().contains("are the most"));
    wire.import("good", good.as_bytes());
    assert_eq!(wire.complaint(), "");
}

/// The file of another program may hold a Password.
#[test]
fn a_password_in_a_file_is_hidden_as_well() {
    let file = talk().wire.export();
    let line = file.lines().next().unwrap().replace(&"2a".repeat(13), "636f727265637420686f727365");
    assert!(line.contains("636f7272656374"));
    let mut wire = Wire::default();
    wire.import("foreign", line.as_bytes());
    assert_eq!(wire.export().trim_end(), file.lines().next().unwrap());
}
