//! 3.3.2.3.4 Topic Alias: a number for a name, for as long as the connection.

use crate::{Bench, Client, Script, V5, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::ReasonCode;

pub(crate) const SCRIPTS: &[Script] = &[
    script!(an_alias_stands_for_its_topic, V5, ["MQTT-3.3.2-12"]),
    script!(an_alias_can_be_set_anew, V5, ["MQTT-3.3.2-12"]),
    script!(the_greatest_alias_is_taken, V5, ["MQTT-3.3.2-12"]),
    script!(an_alias_works_at_every_qos, V5, ["MQTT-3.3.2-12"]),
    script!(an_alias_of_0_closes, V5, ["MQTT-3.3.2-8"]),
    script!(an_alias_above_the_maximum_closes, V5, ["MQTT-3.3.2-9"]),
    script!(an_unknown_alias_closes, V5, ["MQTT-3.3.2-12"]),
    script!(an_alias_is_of_one_connection, V5, ["MQTT-3.3.2-7"]),
    script!(an_alias_ends_with_the_connection, V5, ["MQTT-3.3.2-7"]),
    script!(an_alias_is_never_sent_to_a_client_that_takes_none, V5, ["MQTT-3.1.2-27"]),
    script!(aliases_sent_to_a_client_stay_below_its_maximum, V5, ["MQTT-3.3.2-11", "MQTT-3.1.2-26"]),
];

/// A client, and the greatest alias that the broker takes of it.
fn publisher(b: &Bench) -> (Client, u16) {
    let (p, ack) = b.connecting("p").accepted();
    let maximum = ack.properties.topic_alias_maximum.unwrap_or(0);
    b.check(maximum > 0, "the broker takes no Topic Alias, which is its right: this script can't be played");
    (p, maximum)
}

fn an_alias_stands_for_its_topic(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let (p, _) = publisher(b);
    p.publish(&message("t", "1").with(|properties| properties.topic_alias = Some(1)));
    p.publish(&message("", "2").with(|properties| properties.topic_alias = Some(1)));
    s.receive(&message("t", "1"));
    s.receive(&message("t", "2"));
}

fn an_alias_can_be_set_anew(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("+", AtMostOnce);
    let (p, _) = publisher(b);
    p.publish(&message("one", "1").with(|properties| properties.topic_alias = Some(1)));
    p.publish(&message("two", "2").with(|properties| properties.topic_alias = Some(1)));
    p.publish(&message("", "3").with(|properties| properties.topic_alias = Some(1)));
    s.receive(&message("one", "1"));
    s.receive(&message("two", "2"));
    s.receive(&message("two", "3"));
}

fn the_greatest_alias_is_taken(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let (p, maximum) = publisher(b);
    p.publish(&message("t", "1").with(|properties| properties.topic_alias = Some(maximum)));
    p.publish(&message("", "2").with(|properties| properties.topic_alias = Some(maximum)));
    s.receive(&message("t", "1"));
    s.receive(&message("t", "2"));
}

fn an_alias_works_at_every_qos(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let (p, _) = publisher(b);
    p.publish(&message("t", "0").with(|properties| properties.topic_alias = Some(1)));
    s.receive(&message("t", "0"));
    for qos in [AtLeastOnce, ExactlyOnce] {
        p.publish(&message("", "x").qos(qos).with(|properties| properties.topic_alias = Some(1)));
        s.receive(&message("t", "x").qos(qos));
    }
}

fn an_alias_of_0_closes(b: &Bench) {
    let (p, _) = publisher(b);
    p.send_hex("30 08 0001 74 03 230000 78");
    p.expect_refusal(&[ReasonCode::TopicAliasInvalid]);
}

fn an_alias_above_the_maximum_closes(b: &Bench) {
    let (p, maximum) = publisher(b);
    p.send_message(&message("t", "x").with(|properties| properties.topic_alias = Some(maximum + 1)));
    p.expect_refusal(&[ReasonCode::TopicAliasInvalid]);
}

fn an_unknown_alias_closes(b: &Bench) {
    let (p, _) = publisher(b);
    p.send_message(&message("", "x").with(|properties| properties.topic_alias = Some(1)));
    p.expect_refusal(&[ReasonCode::ProtocolError]);
}

fn an_alias_is_of_one_connection(b: &Bench) {
    let (p, _) = publisher(b);
    p.publish(&message("t", "x").with(|properties| properties.topic_alias = Some(1)));
    p.expect_open();
    let other = b.connect("other");
    other.send_message(&message("", "x").with(|properties| properties.topic_alias = Some(1)));
    other.expect_refusal(&[ReasonCode::ProtocolError]);
    p.expect_open();
}

fn an_alias_ends_with_the_connection(b: &Bench) {
    let p = b.connecting("p").kept().open();
    p.publish(&message("t", "x").with(|properties| properties.topic_alias = Some(1)));
    p.disconnect();
    let p = b.connecting("p").kept().resumed();
    p.send_message(&message("", "x").with(|properties| properties.topic_alias = Some(1)));
    p.expect_refusal(&[ReasonCode::ProtocolError]);
}

fn an_alias_is_never_sent_to_a_client_that_takes_none(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    for _ in 0..3 {
        p.publish(&message("t", "x"));
        s.receive(&message("t", "x"));
    }
}

fn aliases_sent_to_a_client_stay_below_its_maximum(b: &Bench) {
    let s = b.connecting("s").with(|properties| properties.topic_alias_maximum = Some(2)).open();
    s.subscribe("+", AtMostOnce);
    let p = b.connect("p");
    let mut names = [None, None];
    for topic in ["one", "two", "three", "one", "two", "three"] {
        p.publish(&message(topic, topic));
        let headcount_mqtt::Packet::Publish(publish) = s.next("a PUBLISH") else { s.fail("no PUBLISH came") };
        let alias = publish.properties.and_then(|properties| properties.topic_alias).map_or(0, usize::from);
        b.check(alias <= 2, "a Topic Alias above the client's maximum");
        let name = match publish.topic {
            Some(name) => name.to_string(),
            None => names.get(alias.wrapping_sub(1)).cloned().flatten().unwrap_or_default(),
        };
        b.check(name == b.topic(topic), "an alias stands for another topic");
        if alias > 0 {
            names[alias - 1] = Some(name);
        }
    }
}
