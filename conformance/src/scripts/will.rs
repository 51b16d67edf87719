//! 3.1.2.5 Will: what is said for a client that went without a word.

use crate::{BOTH, Bench, Message, Script, V5, message, script};
use bytes::Bytes;
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Disconnect, ReasonCode, Text, TopicName};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(it_is_sent_when_the_connection_is_lost, BOTH, ["MQTT-3.1.2-8", "MQTT-3.1.2-7"]),
    script!(it_is_sent_at_its_qos, BOTH, ["MQTT-3.1.2-12"]),
    script!(it_is_sent_after_a_malformed_packet, BOTH, ["MQTT-3.1.2-8"]),
    script!(it_is_sent_after_a_protocol_error, BOTH, ["MQTT-3.1.2-8"]),
    script!(it_is_sent_after_keep_alive, BOTH, ["MQTT-3.1.2-8"]).waits(15),
    script!(it_is_not_sent_after_disconnect, BOTH, ["MQTT-3.14.4-3", "MQTT-3.1.2-10"]),
    script!(it_is_sent_after_disconnect_with_will, V5, ["MQTT-3.1.2-8", "MQTT-3.14.4-3"]),
    script!(it_is_sent_after_disconnect_with_an_error, V5, ["MQTT-3.14.4-3"]),
    script!(without_one_nothing_is_sent, BOTH, ["MQTT-3.1.2-12 (3.1.1)"]),
    script!(it_is_sent_once, BOTH, ["MQTT-3.1.2-10"]),
    script!(it_is_of_one_connection, BOTH, ["MQTT-3.1.2-10"]),
    script!(it_is_sent_also_where_the_session_is_kept, BOTH, ["MQTT-3.1.2-8"]),
    script!(an_empty_payload_is_a_will, BOTH, ["MQTT-3.1.2-9"]),
    script!(an_empty_retained_will_removes, BOTH, ["MQTT-3.3.1-6"]),
    script!(it_keeps_its_properties, V5, ["MQTT-3.1.3-10", "MQTT-3.1.2-9"]),
    script!(it_waits_for_its_delay, V5, ["MQTT-3.1.3-9"]).waits(60),
    script!(a_short_delay_is_a_delay, V5, ["MQTT-3.1.3-9"]).waits(3),
    script!(coming_back_in_time_cancels_it, V5, ["MQTT-3.1.3-9"]).waits(60),
    script!(coming_back_clean_sends_it_at_once, V5, ["MQTT-3.1.2-8"]),
    script!(the_end_of_the_session_ends_the_delay, V5, ["MQTT-3.1.2-8"]).waits(60),
    script!(a_session_that_ends_at_once_ends_the_delay, V5, ["MQTT-3.1.2-8"]),
    script!(it_reaches_kept_sessions, BOTH, ["MQTT-3.1.2-8"]),
];

fn will() -> Message {
    message("will", "gone")
}

fn watcher(b: &Bench) -> crate::Client {
    let w = b.connect("w");
    w.subscribe("will", ExactlyOnce);
    w
}

fn it_is_sent_when_the_connection_is_lost(b: &Bench) {
    let w = watcher(b);
    let a = b.connecting("a").will(&will()).open();
    w.expect_nothing();
    a.vanish();
    w.receive(&will());
    w.expect_nothing();
}

fn without_one_nothing_is_sent(b: &Bench) {
    let w = watcher(b);
    b.connect("a").vanish();
    w.expect_nothing();
}

fn it_is_sent_at_its_qos(b: &Bench) {
    let w = watcher(b);
    for qos in [AtMostOnce, AtLeastOnce, ExactlyOnce] {
        b.connecting("a").will(&will().qos(qos)).open().vanish();
        w.receive(&will().qos(qos));
    }
}

fn it_is_sent_after_a_malformed_packet(b: &Bench) {
    let w = watcher(b);
    let a = b.connecting("a").will(&will()).open();
    a.send_hex("30 00");
    a.expect_refusal(&[ReasonCode::MalformedPacket]);
    w.receive(&will());
}

fn it_is_sent_after_a_protocol_error(b: &Bench) {
    let w = watcher(b);
    let a = b.connecting("a").will(&will()).open();
    a.send(&b.connecting("a").packet());
    // Which reason it gives is another script's matter.
    let _ = a.next_or_closed("the end");
    w.receive(&will());
}

fn it_is_sent_after_keep_alive(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").keep_alive(10).will(&will()).open();
    b.advance(std::time::Duration::from_millis(14_999));
    w.expect_nothing();
    b.advance(std::time::Duration::from_millis(1));
    w.receive(&will());
}

fn it_is_not_sent_after_disconnect(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").will(&will()).open().disconnect();
    w.expect_nothing();
}

fn it_is_sent_after_disconnect_with_will(b: &Bench) {
    let w = watcher(b);
    let a = b.connecting("a").will(&will()).open();
    a.disconnect_with(Disconnect::with(ReasonCode::DisconnectWithWillMessage));
    w.receive(&will());
    w.expect_nothing();
}

fn it_is_sent_after_disconnect_with_an_error(b: &Bench) {
    let w = watcher(b);
    let a = b.connecting("a").will(&will()).open();
    a.disconnect_with(Disconnect::with(ReasonCode::UnspecifiedError));
    w.receive(&will());
}

fn it_is_sent_once(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept().will(&will()).open().vanish();
    w.receive(&will());
    let a = b.connecting("a").kept().resumed();
    a.vanish();
    w.expect_nothing();
}

fn it_is_of_one_connection(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept().will(&will()).open().disconnect();
    b.connecting("a").kept().resumed().vanish();
    w.expect_nothing();
    b.connecting("a").kept().will(&message("will", "other")).resumed().vanish();
    w.receive(&message("will", "other"));
}

fn it_is_sent_also_where_the_session_is_kept(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept().will(&will()).open().vanish();
    w.receive(&will());
    w.expect_nothing();
}

fn an_empty_payload_is_a_will(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").will(&message("will", "")).open().vanish();
    w.receive(&message("will", ""));
}

fn an_empty_retained_will_removes(b: &Bench) {
    b.connect("p").publish(&message("will", "here").at_least_once().retain());
    b.connecting("a").will(&message("will", "").retain()).open().vanish();
    let s = b.connect("s");
    s.subscribe("will", AtMostOnce);
    s.expect_nothing();
}

fn it_keeps_its_properties(b: &Bench) {
    let text = |text: &str| Text::try_from(text).expect("a text");
    let will = will().at_least_once().with(|properties| {
        properties.payload_format_indicator = Some(true);
        properties.content_type = Some(text("text/plain"));
        properties.response_topic = Some(TopicName::try_from("answer").expect("a Topic Name"));
        properties.correlation_data = Some(Bytes::from_static(b"\x00\xFF"));
        properties.user_properties =
            vec![(text("b"), text("1")), (text("a"), text("2")), (text("b"), text("1"))];
    });
    let w = watcher(b);
    b.connecting("a").will(&will).open().vanish();
    w.receive(&will);
}

fn it_waits_for_its_delay(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept_for(3_600).delayed_will(&will(), 30).open().vanish();
    b.wait(29);
    w.expect_nothing();
    b.wait(1);
    w.receive(&will());
    b.wait(30);
    w.expect_nothing();
}

fn a_short_delay_is_a_delay(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept_for(3_600).delayed_will(&will(), 1).open().vanish();
    w.expect_nothing();
    b.wait(3);
    w.receive(&will());
}

fn coming_back_in_time_cancels_it(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept_for(3_600).delayed_will(&will(), 30).open().vanish();
    b.wait(29);
    let a = b.connecting("a").kept().resumed();
    b.wait(31);
    w.expect_nothing();
    a.vanish();
    w.expect_nothing();
}

fn coming_back_clean_sends_it_at_once(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept_for(3_600).delayed_will(&will(), 30).open().vanish();
    w.expect_nothing();
    b.connecting("a").open();
    w.receive(&will());
}

fn the_end_of_the_session_ends_the_delay(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").kept_for(10).delayed_will(&will(), 60).open().vanish();
    b.wait(9);
    w.expect_nothing();
    b.wait(1);
    w.receive(&will());
    b.wait(50);
    w.expect_nothing();
}

fn a_session_that_ends_at_once_ends_the_delay(b: &Bench) {
    let w = watcher(b);
    b.connecting("a").delayed_will(&will(), 60).open().vanish();
    w.receive(&will());
}

fn it_reaches_kept_sessions(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("will", AtLeastOnce);
    s.disconnect();
    b.connecting("a").will(&will().at_least_once()).open().vanish();
    let s = b.connecting("s").kept().resumed();
    s.receive(&will().at_least_once());
    s.expect_nothing();
}
