//! 3.3.1.3 RETAIN: the last word of a topic.

use crate::{BOTH, Bench, Script, V5, message, script};
use bytes::Bytes;
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Packet, Subscribe, Text, TopicName};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(it_is_sent_to_a_new_subscription, BOTH, ["MQTT-3.3.1-8 (3.1.1)", "MQTT-3.3.1-5", "MQTT-3.3.1-8"]),
    script!(it_is_sent_at_the_lower_qos, BOTH, ["MQTT-3.3.1-5", "MQTT-3.8.4-8"]),
    script!(the_last_one_stays, BOTH, ["MQTT-3.3.1-5"]),
    script!(one_that_is_not_retained_leaves_it, BOTH, ["MQTT-3.3.1-8"]),
    script!(an_empty_payload_removes_it, BOTH, ["MQTT-3.3.1-6"]),
    script!(an_empty_payload_is_a_message_too, BOTH, ["MQTT-3.3.1-6"]),
    script!(an_empty_payload_is_not_retained, BOTH, ["MQTT-3.3.1-7"]),
    script!(the_flag_is_clear_for_who_was_there, BOTH, ["MQTT-3.3.1-12"]),
    script!(a_wildcard_gets_each_once, BOTH, ["MQTT-3.3.1-5"]),
    script!(each_filter_of_one_subscribe_gets_it, BOTH, ["MQTT-3.3.1-5"]),
    script!(subscribing_again_sends_it_again, BOTH, ["MQTT-3.8.4-3", "MQTT-3.3.1-9"]),
    script!(publish_and_subscribe_in_one_write, BOTH, ["MQTT-4.6.0-1"]),
    script!(it_outlives_its_publisher, BOTH, ["MQTT-3.1.2-7 (3.1.1)", "MQTT-4.1.0-1"]),
    script!(it_keeps_its_properties, V5, ["MQTT-3.3.1-5"]),
    script!(resuming_a_session_sends_it_not, BOTH, ["MQTT-3.3.1-5"]),
    script!(a_wildcard_first_gets_none_of_dollar_topics, BOTH, ["MQTT-4.7.2-1"]),
    script!(a_retained_will_stays, BOTH, ["MQTT-3.1.2-15"]),
    script!(a_will_that_is_not_retained_does_not_stay, BOTH, ["MQTT-3.1.2-14"]),
];

fn it_is_sent_to_a_new_subscription(b: &Bench) {
    let p = b.connect("p");
    for (topic, qos) in [("zero", AtMostOnce), ("one", AtLeastOnce), ("two", ExactlyOnce)] {
        p.publish(&message(topic, topic).qos(qos).retain());
        p.expect_open();
        let s = b.connect("s");
        s.subscribe(topic, ExactlyOnce);
        s.receive(&message(topic, topic).qos(qos).retain());
        s.expect_nothing();
        s.disconnect();
    }
}

fn it_is_sent_at_the_lower_qos(b: &Bench) {
    b.connect("p").publish(&message("t", "x").exactly_once().retain());
    for qos in [AtMostOnce, AtLeastOnce, ExactlyOnce] {
        let s = b.connect("s");
        s.subscribe("t", qos);
        s.receive(&message("t", "x").qos(qos).retain());
        s.disconnect();
    }
}

fn the_last_one_stays(b: &Bench) {
    let p = b.connect("p");
    for payload in ["1", "2", "3"] {
        p.publish(&message("t", payload).at_least_once().retain());
    }
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    s.receive(&message("t", "3").at_least_once().retain());
    s.expect_nothing();
}

fn one_that_is_not_retained_leaves_it(b: &Bench) {
    let p = b.connect("p");
    p.publish(&message("t", "kept").at_least_once().retain());
    p.publish(&message("t", "passing").at_least_once());
    p.publish(&message("t", "").at_least_once());
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    s.receive(&message("t", "kept").at_least_once().retain());
    s.expect_nothing();
}

fn an_empty_payload_removes_it(b: &Bench) {
    let p = b.connect("p");
    for qos in [AtMostOnce, AtLeastOnce, ExactlyOnce] {
        p.publish(&message("t", "x").at_least_once().retain());
        p.publish(&message("t", "").qos(qos).retain());
        p.expect_open();
        let s = b.connect("s");
        s.subscribe("t", ExactlyOnce);
        s.expect_nothing();
        s.disconnect();
    }
}

fn an_empty_payload_is_a_message_too(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    p.publish(&message("t", "x").at_least_once().retain());
    p.publish(&message("t", "").at_least_once().retain());
    s.receive(&message("t", "x").at_least_once());
    s.receive(&message("t", "").at_least_once());
}

fn an_empty_payload_is_not_retained(b: &Bench) {
    b.connect("p").publish(&message("t", "").at_least_once().retain());
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    s.expect_nothing();
}

fn the_flag_is_clear_for_who_was_there(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    s.receive(&message("t", "x").at_least_once());
}

fn a_wildcard_gets_each_once(b: &Bench) {
    let p = b.connect("p");
    let mut wanted = ["a", "a/b", "a/b/c", "d"].map(|topic| b.topic(topic));
    for topic in ["a", "a/b", "a/b/c", "d"] {
        p.publish(&message(topic, "x").at_least_once().retain());
    }
    let s = b.connect("s");
    s.subscribe("#", AtMostOnce);
    let mut got: Vec<String> = (0..4)
        .map(|_| match s.next("a PUBLISH") {
            Packet::Publish(publish) if publish.retain => {
                publish.topic.map_or(String::new(), |topic| topic.to_string())
            }
            _ => s.fail("no retained PUBLISH came"),
        })
        .collect();
    got.sort();
    wanted.sort();
    b.check(got == wanted, &format!("retained messages of {got:?}, not of {wanted:?}"));
    s.expect_nothing();
}

fn each_filter_of_one_subscribe_gets_it(b: &Bench) {
    let p = b.connect("p");
    p.publish(&message("one", "1").at_least_once().retain());
    p.publish(&message("two", "2").at_least_once().retain());
    let s = b.connect("s");
    let filters = ["one", "two"].map(|filter| crate::subscription(b, filter, AtMostOnce));
    s.subscribe_all(filters.to_vec(), None);
    s.receive(&message("one", "1").retain());
    s.receive(&message("two", "2").retain());
    s.expect_nothing();
}

fn subscribing_again_sends_it_again(b: &Bench) {
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    let s = b.connect("s");
    for _ in 0..3 {
        s.subscribe("t", AtMostOnce);
        s.receive(&message("t", "x").retain());
        s.expect_nothing();
    }
}

fn publish_and_subscribe_in_one_write(b: &Bench) {
    let a = b.connect("a");
    let publish = a.publish_packet(&message("t", "x").retain());
    let subscribe = Subscribe {
        packet_id: headcount_mqtt::PacketId::new(9).expect("nine is not zero"),
        subscription_identifier: None,
        user_properties: Vec::new(),
        subscriptions: vec![crate::subscription(b, "t", AtMostOnce)],
    };
    a.send_together(&[Packet::Publish(publish), Packet::Subscribe(subscribe)]);
    let (mut acknowledged, mut received) = (false, false);
    while !(acknowledged && received) {
        match a.next("SUBACK and a retained PUBLISH") {
            Packet::SubAck(_) => acknowledged = true,
            Packet::Publish(publish) => {
                b.check(publish.retain, "RETAIN is clear");
                received = true;
            }
            _ => a.fail("neither SUBACK nor PUBLISH came"),
        }
    }
}

fn it_outlives_its_publisher(b: &Bench) {
    let p = b.connect("p");
    p.publish(&message("t", "x").at_least_once().retain());
    p.disconnect();
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    s.receive(&message("t", "x").retain());
}

fn it_keeps_its_properties(b: &Bench) {
    let text = |text: &str| Text::try_from(text).expect("a text");
    let full = message("t", "x").retain().with(|properties| {
        properties.payload_format_indicator = Some(true);
        properties.content_type = Some(text("text/plain"));
        properties.response_topic = Some(TopicName::try_from("answer").expect("a Topic Name"));
        properties.correlation_data = Some(Bytes::from_static(b"\x00\xFF"));
        properties.user_properties = vec![(text("b"), text("1")), (text("a"), text("2"))];
    });
    b.connect("p").publish(&full.clone().at_least_once());
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    s.receive(&full);
}

fn resuming_a_session_sends_it_not(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtMostOnce);
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    s.receive(&message("t", "x"));
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn a_wildcard_first_gets_none_of_dollar_topics(b: &Bench) {
    let p = b.connect("p");
    p.publish(&message("$test/{}", "hidden").at_least_once().retain());
    p.publish(&message("test/{}", "seen").at_least_once().retain());
    let s = b.connect("s");
    s.subscribe("+/{}", AtMostOnce);
    s.receive(&message("test/{}", "seen").retain());
    s.expect_nothing();
    s.subscribe("$test/{}", AtMostOnce);
    s.receive(&message("$test/{}", "hidden").retain());
}

fn a_retained_will_stays(b: &Bench) {
    let will = message("will", "gone").retain();
    b.connecting("a").will(&will).open().vanish();
    let s = b.connect("s");
    s.subscribe("will", AtMostOnce);
    s.receive(&will);
}

fn a_will_that_is_not_retained_does_not_stay(b: &Bench) {
    b.connecting("a").will(&message("will", "gone")).open().vanish();
    let s = b.connect("s");
    s.subscribe("will", AtMostOnce);
    s.expect_nothing();
}
