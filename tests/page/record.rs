//! Records: what is exported is read back as it was and exported again byte for byte; what is no record changes nothing.

use headcount_page::store::{
    Intent, Store,
    record::FILE_MAX,
    row::{Body, Row},
};
use proptest::prelude::*;
use std::sync::Arc;

use crate::{
    adapters::on_foreign,
    stage::{Stage, at, event_json, feed_json},
};

fn open(store: &mut Store, file: &[u8]) {
    store.apply(&Intent::OpenRecord { name: "some.ndjson".to_owned(), file: file.to_vec() });
}

fn bodies(rows: &[Arc<Row>]) -> Vec<Body> {
    rows.iter().map(|row| row.body.clone()).collect()
}

/// Opens the export of one page in another, which shows the same and exports the same bytes.
fn assert_survives(store: &Store) -> String {
    let file = store.export();
    let mut reader = Store::default();
    open(&mut reader, file.as_bytes());
    assert_eq!(reader.complaint(), "");
    assert_eq!(reader.record_name(), Some("some.ndjson"));
    assert_eq!(bodies(&reader.timeline().shown_rows()), bodies(&store.timeline().shown_rows()));
    assert_eq!(reader.export(), file);
    file
}

fn eventful() -> Stage {
    let mut stage = Stage::live();
    stage.now = 8;
    stage.event("connected", "lamp");
    stage.message("$headcount/alice/events", b"\xff\x00no text");
    stage.message("nobody/asked", "");
    stage.message("$headcount/server", "\u{1}\u{7f}");
    stage.message("$headcount/alice/clients/lamp", "[]");
    stage.advance(1_000);
    stage.event("disconnected", "lamp");
    stage.lose("the \"network\"\nwent away");
    stage.advance(2_500);
    stage.connect(|_| 0);
    stage.advance(100);
    stage.lose("again");
    stage
}

#[test]
fn a_line_is_a_message() {
    let file = assert_survives(&eventful().store);
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines[0], r#"{"headcount":"record","version":1,"rows":9}"#);
    assert_eq!(lines[1], r#"{"watching":"2026-11-21T12:00:00.000Z"}"#);
    let connected = serde_json::to_string(&event_json("connected", "lamp", 8)).unwrap();
    assert_eq!(
        lines[2],
        format!(r#"{{"received":"{}","topic":"$headcount/alice/events","payload":{connected}}}"#, at(8))
    );
    assert_eq!(
        lines[3],
        format!(r#"{{"received":"{}","topic":"$headcount/alice/events","base64":"/wBubyB0ZXh0"}}"#, at(8))
    );
    assert!(lines[7].ends_with(",\"known\":{\"lasted\":1000}}"), "{}", lines[7]);
    assert_eq!(
        lines[8],
        format!(r#"{{"gap":"{}","to":"{}","why":"the \"network\"\nwent away"}}"#, at(1_008), at(3_508))
    );
    assert_eq!(lines[9], format!(r#"{{"gap":"{}","why":"again"}}"#, at(3_508)));
    assert_eq!(lines.len(), 10);
}

#[test]
fn what_the_filter_hides_stays_at_home() {
    let mut stage = eventful();
    stage.send(Intent::Search("status:disconnected".to_owned()));
    let file = assert_survives(&stage.store);
    assert_eq!(file.lines().count(), 1 + 1 + 2, "one event and both gaps");
    assert_eq!(stage.store.export_csv().matches("\r\n").count(), 1 + 1 + 2);
}

#[test]
fn a_record_is_shown_while_the_live_timeline_records_on() {
    let file = eventful().store.export();
    let mut stage = Stage::live();
    stage.event("connected", "door");
    stage.send(Intent::Search("lamp".to_owned()));
    open(&mut stage.store, file.as_bytes());
    assert_eq!(stage.says()[0], "disconnected lamp", "what was searched is searched in the record as well");
    let requests = stage.store.timeline().top_requests();
    stage.event("connected", "fridge");
    stage.send(Intent::Search(String::new()));
    assert_eq!(stage.events().len(), 6);
    let numbers: Vec<u64> = stage.rows().iter().map(|row| row.number).collect();
    assert!(numbers.iter().all(|number| *number > 1 << 39), "no row is taken for a live one: {numbers:?}");
    // A second record in its place.
    open(&mut stage.store, file.as_bytes());
    assert!(stage.rows().iter().all(|row| !numbers.contains(&row.number)));
    stage.send(Intent::BackToLive);
    assert_eq!(stage.store.record_name(), None);
    assert_eq!(stage.says(), ["connected fridge", "connected door"]);
    assert!(stage.store.timeline().top_requests() > requests);
}

#[test]
fn a_pause_of_the_live_timeline_outlives_a_record() {
    let file = eventful().store.export();
    let mut stage = Stage::live();
    stage.send(Intent::Pause);
    open(&mut stage.store, file.as_bytes());
    assert!(!stage.store.timeline().is_paused());
    stage.send(Intent::Scrolled { at_top: false });
    stage.event("connected", "door");
    stage.send(Intent::BackToLive);
    assert!(stage.store.timeline().is_paused());
    assert_eq!(stage.store.timeline().new_count(), 1);
}

#[test]
fn what_is_no_record_says_where_and_changes_nothing() {
    let header = r#"{"headcount":"record","version":1,"rows":1}"#;
    let good = r#"{"watching":"2026-11-21T12:00:00.000Z"}"#;
    let message = |rest: &str| format!("{header}\n{{\"received\":\"2026-11-21T12:00:00Z\",{rest}}}");
    let cases = [
        (String::new(), "its first line is not that of a record"),
        ("{".to_owned(), "EOF while parsing an object at column 1"),
        ("[]".to_owned(), "it is no object"),
        (good.to_owned(), "\"watching\" has no place in such a line"),
        (r#"{"headcount":"record","rows":1}"#.to_owned(), "\"version\" is missing"),
        (r#"{"headcount":"wire","version":1,"rows":1}"#.to_owned(), "\"headcount\" is not \"record\""),
        (header.replace(":1,", ":2,"), "\"version\" is 2, and this page reads 1"),
        (header.replace("1}", "-1}"), "\"rows\" is no count"),
        (header.to_owned(), "promises 1 rows and it has 0: it is not whole"),
        (format!("{header}\n{good}\n{good}"), "promises 1 rows and it has 2"),
        (format!("{header}\n{good}{good}"), "line 2: trailing characters at column"),
        (format!("{header}\n\n\n{{\"watching\":5}}"), "line 4: \"watching\" is no string"),
        (format!("{header}\n{{}}"), "line 2: \"received\" is missing"),
        (format!("{header}\n7"), "line 2: it is no object"),
        (format!("{header}\n{{\"watching\":\"noon\"}}"), "line 2: \"watching\" is noon, which is no moment"),
        (format!("{header}\n{{\"gap\":\"noon\"}}"), "line 2: \"gap\" is noon"),
        (
            format!("{header}\n{{\"gap\":\"2026-11-21T12:00:00Z\",\"to\":null,\"why\":\"\"}}"),
            "line 2: \"to\" is null",
        ),
        (format!("{header}\n{{\"gap\":\"2026-11-21T12:00:00Z\"}}"), "line 2: \"why\" is missing"),
        (
            format!("{header}\n{{\"gap\":\"2026-11-21T12:00:00Z\",\"why\":\"\",\"topic\":\"a\"}}"),
            "line 2: \"topic\" has no place",
        ),
        (message(r#""payload":"x""#), "line 2: \"topic\" is missing"),
        (message(r#""topic":"a""#), "line 2: a message has either \"payload\" or \"base64\""),
        (message(r#""topic":"a","payload":"","base64":"""#), "line 2: a message has either"),
        (message(r#""topic":"a","base64":"Zh==""#), "line 2: \"base64\" is no Base64"),
        (message(r#""topic":"a","topic":"b","payload":"""#), "line 2: \"topic\" is there twice"),
        (message(r#""topic":"a","payload":"","known":{"lasted":-5}"#), "line 2: \"lasted\" is no count"),
        (message(r#""topic":"a","payload":"","known":{"id":"x"}"#), "line 2: \"id\" has no place"),
        (message(r#""topic":"a","payload":"","known":5"#), "line 2: \"known\" is no object"),
        (
            message(r#""topic":"a","payload":"","feed":"carrier pigeon""#),
            "line 2: \"feed\" is carrier pigeon",
        ),
        (
            message(r#""topic":"a","payload":"","feed":"emqx""#),
            "line 2: \"topic\" is one whose messages make no row",
        ),
        (
            message(r#""topic":"a/errors","payload":"""#),
            "line 2: \"topic\" is one whose messages make no row",
        ),
        (
            message(
                r#""topic":"$headcount/server","payload":"{\"name\":\"headcount\",\"version\":\"1\",\"listeners\":[]}""#,
            ),
            "line 2: \"topic\" is one whose messages make no row",
        ),
        (
            header.replace("1}", "5001}") + &format!("\n{good}").repeat(5_001),
            "line 5002: a record has 5000 rows at most",
        ),
    ];
    let mut stage = Stage::live();
    stage.event("connected", "door");
    for (file, why) in cases {
        open(&mut stage.store, file.as_bytes());
        let complaint = stage.store.complaint();
        assert!(
            complaint.starts_with("some.ndjson was not opened: ") && complaint.ends_with('.'),
            "{complaint}"
        );
        assert!(complaint.contains(why), "{complaint}\n  wants {why}");
        assert_eq!(stage.says(), ["connected door"], "{complaint}");
    }
    open(&mut stage.store, &vec![b' '; FILE_MAX + 1]);
    assert!(
        stage.store.complaint().contains("it has more than 83886080 bytes"),
        "{}",
        stage.store.complaint()
    );
    open(&mut stage.store, b"\xff");
    assert!(stage.store.complaint().contains("no UTF-8 from byte 0 on"), "{}", stage.store.complaint());
    stage.send(Intent::Complain(String::new()));
    assert_eq!(stage.store.complaint(), "");
    // What opens is shown, whatever was wrong before, with blank lines and the line ends of another system.
    open(&mut stage.store, format!("{header}\r\n\r\n{good}\r\n").as_bytes());
    assert_eq!((stage.store.complaint(), stage.rows().len()), ("", 1));
}

#[test]
fn a_table_for_a_spreadsheet_does_not_compute() {
    let mut stage = Stage::live();
    stage.event("disconnected", "=HYPERLINK(\"http://evil\",\"1,2\")");
    stage.lose("-away");
    let table = stage.store.export_csv();
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "time,status,reason,client,account,address,transport,protocol,keep_alive,clean_start,lasted_ms,detail,number,topic",
            "2026-11-21T12:00:00.000Z,watching,,,,,,,,,,,,",
            "2026-11-21T12:00:00.000Z,disconnected,connection-lost,\"'=HYPERLINK(\"\"http://evil\"\",\"\"1,2\"\")\",alice,\
             127.0.0.1:5,TCP,3.1.1,60,true,,,1,$headcount/alice/events",
            "2026-11-21T12:00:00.000Z,not watching,,,,,,,,,,'-away,,",
            ""
        ]
    );
}

/// Any bytes that a broker may send, most of them nearly an event.
fn messages() -> impl Strategy<Value = (String, Vec<u8>)> {
    let id = prop_oneof![any::<String>(), "[=+@,\"\\\\\n\r\t\u{0}\u{1f}a-]{0,6}"];
    let word = "connected|disconnected|refused|denied|conflict|odd";
    let event = (id.clone(), word, 0..100_000_i64, any::<bool>()).prop_map(|(id, event, now, is_feed)| {
        if is_feed {
            ("alice/clients".to_owned(), feed_json(&event, &id, now).into_bytes())
        } else {
            ("$headcount/alice/events".to_owned(), event_json(&event, &id, now).into_bytes())
        }
    });
    let ended = (id, 0..100_000_i64).prop_map(|(id, now)| {
        let id = serde_json::to_string(&id).unwrap();
        let from = at(now - 5_000);
        let payload = format!(
            r#"{{"event":"disconnected","at":"{}","client":{{"id":{id}}},"session":{{"connected_at":"{from}"}}}}"#,
            at(now)
        );
        ("$headcount/b%2Fc/events".to_owned(), payload.into_bytes())
    });
    let topics = [
        "a/events",
        "alice/clients",
        "$headcount/x/events",
        "$headcount/server",
        "$headcount/x/clients/y",
        "",
    ];
    let noise = (prop::sample::select(topics.to_vec()), prop::collection::vec(any::<u8>(), 0..40));
    let noise = noise.prop_map(|(topic, payload)| (topic.to_owned(), payload));
    prop_oneof![4 => event, 2 => ended, 1 => noise]
}

#[test]
fn what_the_page_knew_beside_a_message_stands_in_its_line() {
    let mut stage = on_foreign("mosquitto");
    let log = "$SYS/broker/log/N";
    stage.message(log, "New client connected from 127.0.0.1:50942 as lamp (p5, c0, k30, u'alice').");
    stage.advance(700);
    stage.message(log, "Client lamp disconnected, not authorised.");
    let file = assert_survives(&stage.store);
    let last = file.lines().last().unwrap();
    assert!(
        last.ends_with(
            r#","feed":"mosquitto","known":{"status":"disconnected","account":"alice","address":"127.0.0.1:50942","lasted":700}}"#
        ),
        "{last}"
    );
}

/// What other brokers and devices say, in any order: births, ends, wrong words, each of them again.
fn foreign() -> impl Strategy<Value = (&'static str, &'static str)> {
    let said = [
        ("$SYS/broker/log/N", "New client connected from 127.0.0.1:1 as lamp (p5, c1, k60, u'bob')."),
        ("$SYS/broker/log/N", "Client lamp disconnected, not authorised."),
        ("$SYS/broker/log/N", "Client lamp closed its connection."),
        ("$SYS/broker/log/E", "Client lamp already connected, closing old connection."),
        ("$SYS/broker/connection/east/state", "1"),
        ("$SYS/broker/connection/east/state", "0"),
        (
            "$SYS/brokers/emqx@127.0.0.1/clients/lamp/connected",
            r#"{"clientid":"lamp","username":"u","ts":1795262400000}"#,
        ),
        ("$SYS/brokers/emqx@127.0.0.1/clients/lamp/disconnected", r#"{"clientid":"lamp","reason":"normal"}"#),
        ("$SYS/brokers/1/clients/lamp/connected", "no JSON"),
        ("tele/lamp/LWT", "Online"),
        ("tele/lamp/LWT", "Offline"),
        ("homie/lamp/$state", "ready"),
        ("homie/lamp/$state", "sleeping"),
        ("homie/lamp/$state", "lost"),
        ("spBv1.0/STATE/scada", r#"{"online":true,"timestamp":100}"#),
        ("spBv1.0/STATE/scada", r#"{"online":false,"timestamp":200}"#),
        ("lamp/status", "online"),
        ("lamp/status", "offline"),
        ("nobody/asked", "x"),
    ];
    prop::sample::select(said.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_record_of_another_broker_survives(
        feeds in "(emqx|rmqtt|mosquitto|homie|esphome|,){0,4}tasmota,sparkplug",
        said in prop::collection::vec(foreign(), 0..40),
    ) {
        let mut stage = on_foreign(&feeds);
        for (topic, payload) in said {
            stage.message(topic, payload);
            stage.advance(11);
        }
        stage.advance(10_000);
        assert_survives(&stage.store);
    }

    #[test]
    fn every_record_survives(
        messages in prop::collection::vec(messages(), 0..100),
        losses in prop::collection::vec((0..100_usize, any::<String>()), 0..4),
        journal in any::<bool>(),
    ) {
        let mut stage = Stage::live();
        for (place, (topic, payload)) in messages.iter().enumerate() {
            stage.message(topic, payload);
            stage.advance(7);
            if let Some((_, why)) = losses.iter().find(|(at, _)| *at == place) {
                stage.lose(why);
                stage.advance(1_000);
                stage.journal = if journal { Some(r#"[{"seq":9,"event":"connected","client":{"id":"\u0000"}}]"#) } else { Some("[]") };
                stage.connect(|_| 0);
                stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
            }
        }
        stage.advance(10_000);
        assert_survives(&stage.store);
    }

    /// No file ends the page.
    #[test]
    fn any_bytes_are_a_record_or_a_complaint(lines in prop::collection::vec("[{}\"a-z:,0-9\\[\\]]{0,40}", 0..5)) {
        let file = ["{\"headcount\":\"record\",\"version\":1,\"rows\":0}".to_owned(), lines.join("\n")].join("\n");
        let mut store = Store::default();
        open(&mut store, file.as_bytes());
        prop_assert!(store.record_name().is_some() == store.complaint().is_empty());
    }
}

#[test]
fn a_moment_that_cannot_be_written_becomes_the_nearest_that_can() {
    let mut stage = Stage::live();
    let told = |seq: u64, at: &str| {
        format!(r#"{{"seq":{seq},"at":"{at}","event":"connected","client":{{"id":"c","account":"bob"}}}}"#)
    };
    stage.message("$headcount/bob/events", told(1, "0000-01-01T00:00:00+23:59"));
    stage.message("$headcount/bob/events", told(9, &at(5)));
    let file = stage.store.export();
    assert!(file.contains("{\"gap\":\"0000-01-01T00:00:00.000Z\""), "{file}");
    let mut reader = Store::default();
    open(&mut reader, file.as_bytes());
    assert_eq!((reader.complaint(), reader.export()), ("", file));
}
