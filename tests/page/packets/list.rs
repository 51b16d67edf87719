//! Which packets the list shows, and when it holds still.

use headcount_mqtt::{PacketType, ProtocolVersion::V5, QoS};
use headcount_page::wire::Filter;

use super::{Bench, publish};

/// A connection with a subscription, two messages that are acknowledged, and a ping.
fn talk() -> Bench {
    let mut bench = Bench::new();
    bench.connect(0, "c", V5);
    bench.send(0, &[&[0x82, 12, 0, 1, 0, 0, 6][..], b"chat/#", &[1]].concat());
    bench.receive(0, &[0x90, 4, 0, 1, 0, 1]);
    bench.send(0, &publish("chat/bob/alice", 2, QoS::AtLeastOnce, "{\"messageId\":\"M-77\"}", V5));
    bench.receive(0, &[0x40, 2, 0, 2]);
    bench.receive(0, &publish("news/sport", 5, QoS::AtLeastOnce, "Goal", V5));
    bench.send(0, &[0x40, 2, 0, 5]);
    bench.send(0, &[0xC0, 0]);
    bench.receive(0, &[0xD0, 0]);
    bench
}

fn shown(change: impl FnOnce(&mut Filter)) -> Vec<String> {
    let mut bench = talk();
    let mut filter = Filter::default();
    change(&mut filter);
    bench.wire.set_filter(filter);
    bench.lines()
}

#[test]
fn pings_are_hidden_until_they_are_asked_for() {
    assert_eq!(shown(|_| {}).len(), 8);
    assert_eq!(shown(|filter| filter.pings = true)[8..], ["> PINGREQ", "< PINGRESP"]);
    assert_eq!(shown(|filter| filter.packet_type = Some(PacketType::PingReq)), ["> PINGREQ"]);
}

#[test]
fn by_direction_and_by_type() {
    let sent = ["> CONNECT", "> SUBSCRIBE chat/#", "> PUBLISH chat/bob/alice", "> PUBACK"];
    assert_eq!(shown(|filter| filter.received = false), sent);
    assert_eq!(shown(|filter| filter.packet_type = Some(PacketType::PubAck)), ["< PUBACK", "> PUBACK"]);
    assert_eq!(shown(|filter| (filter.sent, filter.received) = (false, false)), [] as [&str; 0]);
}

#[test]
fn by_topic_with_wildcards_and_by_a_part_of_it() {
    let chat = ["> PUBLISH chat/bob/alice", "< PUBACK"];
    assert_eq!(shown(|filter| filter.topic = "chat/+/alice".to_owned()), chat);
    assert_eq!(shown(|filter| filter.topic = "BOB/".to_owned()), chat);
    assert_eq!(shown(|filter| filter.topic = "+/sport".to_owned()), ["< PUBLISH news/sport", "> PUBACK"]);
    // What is no Topic Filter is a part of one: somebody may be typing.
    let subscribed = ["> SUBSCRIBE chat/#", "< SUBACK"];
    assert_eq!(shown(|filter| filter.topic = "t/#".to_owned()), subscribed);
    assert_eq!(shown(|filter| filter.topic = "at/#x".to_owned()), [] as [&str; 0]);
    // The second filter of a request, and one that is asked for as it stands.
    let mut bench = Bench::new();
    bench.send(0, &[&[0x82, 17, 0, 1, 0, 0, 1][..], b"a", &[1, 0, 7], b"b/+/c/#", &[0]].concat());
    for topic in ["/c/", "b/+/c/#"] {
        bench.wire.set_filter(Filter { topic: topic.to_owned(), ..Filter::default() });
        assert_eq!(bench.lines(), ["> SUBSCRIBE a"], "{topic}");
    }
    assert_eq!(shown(|filter| filter.topic = "hat/".to_owned()), [&subscribed[..], &chat].concat());
}

#[test]
fn by_what_a_message_says_with_its_acknowledgement() {
    let found = ["> PUBLISH chat/bob/alice", "< PUBACK"];
    assert_eq!(shown(|filter| filter.text = "m-77".to_owned()), found);
    assert_eq!(shown(|filter| filter.text = "goal".to_owned()), ["< PUBLISH news/sport", "> PUBACK"]);
    assert_eq!(shown(|filter| filter.text = "correct horse".to_owned()), [] as [&str; 0]);
}

#[test]
fn by_connection() {
    let mut bench = talk();
    bench.connect(9, "other", V5);
    bench.wire.set_filter(Filter { connection: Some(9), ..Filter::default() });
    assert_eq!(bench.lines(), ["> CONNECT", "< CONNACK"]);
}

#[test]
fn a_pause_holds_the_list_still_and_records_on() {
    let mut bench = talk();
    let before = bench.lines();
    bench.wire.pause(true);
    bench.receive(0, &publish("news/sport", 0, QoS::AtMostOnce, "held", V5));
    bench.receive(0, &[0xD0, 0]);
    assert_eq!(bench.lines(), before);
    assert_eq!(bench.wire.held(), 1);
    assert_eq!(bench.wire.record().len(), before.len() + 4);
    bench.wire.pause(false);
    assert_eq!(bench.wire.held(), 0);
    assert_eq!(bench.lines().last().unwrap(), "< PUBLISH news/sport");
}

/// What is in sight while one holds still stays, whatever the record lets go of.
#[test]
fn a_pause_keeps_what_is_in_sight() {
    let mut bench = talk();
    let before = bench.lines();
    bench.wire.pause(true);
    for _ in 0..headcount_page::wire::PACKETS_MAX {
        bench.receive(0, &publish("flood", 0, QoS::AtMostOnce, "x", V5));
    }
    assert_eq!(bench.lines(), before);
    assert!(bench.wire.get(0).is_some());
    bench.wire.pause(false);
    assert!(bench.wire.get(0).is_none());
    assert_eq!(bench.wire.len(), headcount_page::wire::PACKETS_MAX);
}

#[test]
fn a_topic_alias_has_its_name() {
    let mut bench = Bench::new();
    bench.connect(0, "c", V5);
    bench.receive(0, &[&[0x30, 8, 0, 1, b't', 3, 0x23, 0, 1][..], b"x"].concat());
    bench.receive(0, &[&[0x30, 7, 0, 0, 3, 0x23, 0, 1][..], b"y"].concat());
    bench.receive(0, &[&[0x30, 7, 0, 0, 3, 0x23, 0, 2][..], b"z"].concat());
    assert_eq!(bench.lines()[2..], ["< PUBLISH t", "< PUBLISH t", "< PUBLISH"]);
}
