//! 3.1 CONNECT: who is let in.

use crate::{BOTH, Bench, Script, V5, V311, message, script};
use headcount_mqtt::QoS::AtMostOnce;
use headcount_mqtt::{ConnectProperties, Packet, ReasonCode, Text};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(a_second_connect_closes, BOTH, ["MQTT-3.1.0-2"]),
    script!(packets_right_behind_connect_are_served, BOTH, ["MQTT-3.1.4-5"]),
    script!(a_connect_in_single_bytes_is_served, BOTH, ["MQTT-3.1.4-5"]),
    script!(a_half_connect_does_not_hurt_others, BOTH, ["MQTT-3.1.0-1"]),
    script!(an_empty_client_id_is_accepted_with_a_clean_session, BOTH, ["MQTT-3.1.3-6"]),
    script!(an_empty_client_id_needs_a_clean_session, V311, ["MQTT-3.1.3-8 (3.1.1)", "MQTT-3.1.3-9 (3.1.1)"]),
    script!(a_client_id_of_23_letters_and_digits_is_accepted, BOTH, ["MQTT-3.1.3-5"]),
    script!(a_client_id_of_65_535_bytes_is_accepted, BOTH, ["MQTT-3.1.3-5"]),
    script!(a_client_id_of_any_letters_is_accepted, BOTH, ["MQTT-3.1.3-4"]),
    script!(a_user_name_and_password_are_accepted, BOTH, ["MQTT-3.1.2-16", "MQTT-3.1.2-18"]),
    script!(a_password_without_a_user_name_is_accepted, V5, ["MQTT-3.1.2-18"]),
    script!(all_properties_are_accepted, V5, ["MQTT-3.1.2-23"]),
    script!(a_connect_is_awaited_only_so_long, BOTH, ["MQTT-3.1.4-1"]).waits(60).configured(|_| {}),
    script!(a_wrong_password_is_refused, BOTH, ["MQTT-3.14.0-1", "MQTT-3.1.4-2"])
        .configured(|config| config.access.trust_user_names = false),
    script!(a_right_password_is_accepted, BOTH, ["MQTT-3.1.4-2"])
        .configured(|config| config.access.trust_user_names = false),
    script!(packets_behind_connect_wait_for_the_password, BOTH, ["MQTT-3.1.4-6"])
        .configured(|config| config.access.trust_user_names = false),
    script!(nobody_without_a_name_is_refused, BOTH, ["MQTT-3.1.4-2"])
        .configured(|config| config.access.allow_anonymous = false),
];

fn a_second_connect_closes(b: &Bench) {
    let a = b.connect("a");
    a.send(&b.connecting("a").packet());
    a.expect_refusal(&[ReasonCode::ProtocolError]);
}

fn packets_right_behind_connect_are_served(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let a = b.open("a");
    let publish = a.publish_packet(&message("t", "early"));
    a.send_together(&[b.connecting("a").packet(), Packet::Publish(publish), Packet::PingReq]);
    b.check(a.expect_connack().reason == ReasonCode::Success, "CONNECT with more behind it is refused");
    a.expect(&Packet::PingResp);
    s.receive(&message("t", "early"));
}

fn a_connect_in_single_bytes_is_served(b: &Bench) {
    let a = b.open("a");
    a.send_in_pieces(&b.connecting("a").packet(), 1);
    b.check(a.expect_connack().reason == ReasonCode::Success, "CONNECT in single bytes is refused");
}

fn a_half_connect_does_not_hurt_others(b: &Bench) {
    let half = b.open("half");
    let packet = half.encoded(&b.connecting("half").packet());
    half.send_bytes(&packet[..packet.len() / 2]);
    b.connect("a").expect_open();
    half.send_bytes(&packet[packet.len() / 2..]);
    b.check(half.expect_connack().reason == ReasonCode::Success, "a CONNECT in two halves is refused");
}

fn an_empty_client_id_is_accepted_with_a_clean_session(b: &Bench) {
    let a = b.connecting("a").client_id("").open();
    let c = b.connecting("c").client_id("").open();
    c.expect_open();
    a.expect_open();
}

fn an_empty_client_id_needs_a_clean_session(b: &Bench) {
    b.connecting("a").client_id("").resuming().refused(ReasonCode::ClientIdentifierNotValid);
}

fn a_client_id_of_23_letters_and_digits_is_accepted(b: &Bench) {
    let id = format!("{:0<23}", b.client_id("a"));
    b.connecting("a").client_id(&id[id.len() - 23..]).open().expect_open();
}

fn a_client_id_of_65_535_bytes_is_accepted(b: &Bench) {
    let id = b.client_id("a");
    let id = format!("{id}{}", "x".repeat(65_535 - id.len()));
    let first = b.connecting("a").client_id(&id).open();
    // The last byte counts.
    let other = format!("{}y", &id[..65_534]);
    let second = b.connecting("b").client_id(&other).open();
    first.expect_open();
    second.expect_open();
}

fn a_client_id_of_any_letters_is_accepted(b: &Bench) {
    let id = format!("{} Müller/+#$\u{FEFF}日本", b.client_id("a"));
    let a = b.connecting("a").client_id(&id).open();
    a.expect_open();
    b.connecting("b").client_id(&id).open();
    a.expect_refusal(&[ReasonCode::SessionTakenOver]);
}

fn a_user_name_and_password_are_accepted(b: &Bench) {
    b.connecting("a").user_name("anyone").password(b"anything\0").open().expect_open();
}

fn a_password_without_a_user_name_is_accepted(b: &Bench) {
    b.connecting("a").password(b"token").open().expect_open();
}

fn all_properties_are_accepted(b: &Bench) {
    let everything = ConnectProperties {
        session_expiry_interval: Some(1),
        receive_maximum: Some(7),
        maximum_packet_size: Some(4_096),
        topic_alias_maximum: Some(3),
        request_response_information: Some(true),
        request_problem_information: Some(false),
        user_properties: vec![(text("name"), text("1")), (text("name"), text("")), (text(""), text("2"))],
        ..ConnectProperties::default()
    };
    b.connecting("a").with(|properties| *properties = everything).open().expect_open();
}

fn a_connect_is_awaited_only_so_long(b: &Bench) {
    let silent = b.open("silent");
    let slow = b.open("slow");
    b.wait(2);
    slow.send(&b.connecting("slow").packet());
    b.check(slow.expect_connack().reason == ReasonCode::Success, "a CONNECT after 2 s is refused");
    b.wait(58);
    silent.expect_closed();
}

fn a_wrong_password_is_refused(b: &Bench) {
    b.connecting("a").user_name("a").password(b"wrong").refused(ReasonCode::BadUserNameOrPassword);
    b.connecting("a").user_name("a").refused(ReasonCode::BadUserNameOrPassword);
}

fn a_right_password_is_accepted(b: &Bench) {
    b.connecting("a").user_name("a").password(b"correct").open().expect_open();
}

fn packets_behind_connect_wait_for_the_password(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let a = b.open("a");
    let publish = Packet::Publish(a.publish_packet(&message("t", "guessed")));
    a.send_together(&[b.connecting("a").user_name("a").password(b"wrong").packet(), publish]);
    b.check(
        a.expect_connack().reason == ReasonCode::BadUserNameOrPassword,
        "another reason than the password",
    );
    a.expect_closed();
    s.expect_nothing();
}

fn nobody_without_a_name_is_refused(b: &Bench) {
    b.connecting("a").refused(ReasonCode::NotAuthorized);
    b.connecting("a").user_name("a").open().expect_open();
}

fn text(text: &str) -> Text {
    Text::try_from(text).expect("a text")
}
