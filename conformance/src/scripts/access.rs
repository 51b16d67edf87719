//! 5.4 Authorization: what a client may not do, it is told where the version has a word for it, and it is not done.

use crate::{BOTH, Bench, Client, Script, V5, message, script, subscription};
use headcount_broker::Config;
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Ack, Packet, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(a_denied_message_is_acknowledged_and_gone, BOTH, ["MQTT-3.3.5-2 (3.1.1)"]).configured(ruled),
    script!(a_denied_message_at_qos_2_ends_its_flow, BOTH, ["MQTT-3.3.5-2 (3.1.1)"]).configured(ruled),
    script!(a_denied_message_at_qos_0_is_gone, BOTH, ["MQTT-3.3.5-2 (3.1.1)"]).configured(ruled),
    script!(a_denied_message_is_not_retained, BOTH, ["MQTT-3.3.1-5"]).configured(ruled),
    script!(only_what_may_be_read_is_delivered, BOTH, ["5.4.2"]).configured(ruled),
    script!(only_what_may_be_read_is_sent_of_the_retained, BOTH, ["5.4.2"]).configured(ruled),
    script!(a_denied_will_is_not_sent, BOTH, ["5.4.2"]).configured(ruled),
    script!(a_pattern_holds_the_user_name, BOTH, ["5.4.2"]).configured(ruled),
    script!(denials_are_judged_first, BOTH, ["5.4.2"]).configured(ruled),
    script!(clients_without_a_name_have_rules_of_their_own, BOTH, ["5.4.2"]).configured(ruled),
    script!(a_reason_is_given_only_where_it_is_wanted, V5, ["MQTT-3.1.2-29"]).configured(ruled),
];

/// In the core the play's prefix is always `core`.
fn ruled(config: &mut Config) {
    config.access.acl = Some(
        "topic read core/public/#\n\
         user writer\n\
         topic readwrite core/#\n\
         topic deny core/closed/#\n\
         user reader\n\
         topic read core/open/#\n\
         topic write core/inbox\n\
         pattern readwrite core/home/%u/#\n"
            .to_owned(),
    );
}

fn user(b: &Bench, name: &'static str) -> Client {
    b.connecting(name).user_name(name).open()
}

/// The acknowledgement's reason: an error in 5.0, which 3.1.1 has no word for.
fn denied(b: &Bench) -> ReasonCode {
    if b.is_v5() { ReasonCode::NotAuthorized } else { ReasonCode::Success }
}

fn a_denied_message_is_acknowledged_and_gone(b: &Bench) {
    let writer = user(b, "writer");
    writer.subscribe("#", AtLeastOnce);
    let reader = user(b, "reader");
    let id = reader.send_message(&message("open/t", "x").at_least_once());
    reader.expect_ack(id, denied(b));
    writer.expect_nothing();
    reader.publish(&message("inbox", "y").at_least_once());
    writer.receive(&message("inbox", "y").at_least_once());
}

fn a_denied_message_at_qos_2_ends_its_flow(b: &Bench) {
    let writer = user(b, "writer");
    writer.subscribe("#", ExactlyOnce);
    let reader = user(b, "reader");
    let id = reader.send_message(&message("open/t", "x").exactly_once());
    reader.expect_ack(id, denied(b));
    if !b.is_v5() {
        reader.send(&Packet::PubRel(Ack::new(id)));
        reader.expect_pubcomp(id);
    }
    writer.expect_nothing();
    reader.expect_open();
}

fn a_denied_message_at_qos_0_is_gone(b: &Bench) {
    let writer = user(b, "writer");
    writer.subscribe("#", AtMostOnce);
    let reader = user(b, "reader");
    reader.publish(&message("open/t", "x"));
    writer.expect_nothing();
    reader.expect_open();
}

fn a_denied_message_is_not_retained(b: &Bench) {
    let reader = user(b, "reader");
    let id = reader.send_message(&message("open/t", "x").at_least_once().retain());
    reader.expect_ack(id, denied(b));
    reader.subscribe("open/t", AtMostOnce);
    reader.expect_nothing();
}

fn only_what_may_be_read_is_delivered(b: &Bench) {
    let reader = user(b, "reader");
    let codes = reader.subscribe_all(vec![subscription(b, "#", AtMostOnce)], None);
    b.check(codes == [ReasonCode::Success], "a filter wider than the rules is refused");
    let writer = user(b, "writer");
    writer.publish(&message("other", "hidden").at_least_once());
    writer.publish(&message("open/t", "seen").at_least_once());
    reader.receive(&message("open/t", "seen"));
    reader.expect_nothing();
}

fn only_what_may_be_read_is_sent_of_the_retained(b: &Bench) {
    let writer = user(b, "writer");
    writer.publish(&message("other", "hidden").at_least_once().retain());
    writer.publish(&message("open/t", "seen").at_least_once().retain());
    let reader = user(b, "reader");
    reader.subscribe("#", AtMostOnce);
    reader.receive(&message("open/t", "seen").retain());
    reader.expect_nothing();
}

fn a_denied_will_is_not_sent(b: &Bench) {
    let writer = user(b, "writer");
    writer.subscribe("#", AtMostOnce);
    b.connecting("reader").user_name("reader").will(&message("open/t", "gone")).open().vanish();
    writer.expect_nothing();
    b.connecting("reader").user_name("reader").will(&message("inbox", "gone")).open().vanish();
    writer.receive(&message("inbox", "gone"));
}

fn a_pattern_holds_the_user_name(b: &Bench) {
    let reader = user(b, "reader");
    reader.subscribe("home/#", AtMostOnce);
    reader.publish(&message("home/reader/t", "mine").at_least_once());
    reader.receive(&message("home/reader/t", "mine"));
    let writer = user(b, "writer");
    writer.publish(&message("home/writer/t", "theirs").at_least_once());
    reader.expect_nothing();
    let id = reader.send_message(&message("home/writer/t", "x").at_least_once());
    reader.expect_ack(id, denied(b));
}

fn denials_are_judged_first(b: &Bench) {
    let writer = user(b, "writer");
    writer.subscribe("#", AtMostOnce);
    let id = writer.send_message(&message("closed/t", "x").at_least_once());
    writer.expect_ack(id, denied(b));
    writer.expect_nothing();
}

fn clients_without_a_name_have_rules_of_their_own(b: &Bench) {
    let nobody = b.connect("nobody");
    nobody.subscribe("#", AtMostOnce);
    let writer = user(b, "writer");
    writer.publish(&message("open/t", "hidden").at_least_once());
    writer.publish(&message("public/t", "seen").at_least_once());
    nobody.receive(&message("public/t", "seen"));
    let id = nobody.send_message(&message("public/t", "x").at_least_once());
    nobody.expect_ack(id, denied(b));
}

fn a_reason_is_given_only_where_it_is_wanted(b: &Bench) {
    let reader = b
        .connecting("reader")
        .user_name("reader")
        .with(|properties| properties.request_problem_information = Some(false))
        .open();
    let id = reader.send_message(&message("open/t", "x").at_least_once());
    // Neither Reason String nor User Properties.
    reader.expect(&Packet::PubAck(Ack::with(id, ReasonCode::NotAuthorized)));
    reader.disconnect();
    let reader = user(b, "reader");
    let id = reader.send_message(&message("open/t", "x").at_least_once());
    let said = reader.expect_ack(id, ReasonCode::NotAuthorized);
    let rule = said.is_some_and(|said| said.as_str().contains("acl:"));
    b.check(rule, "no Reason String names the rule that denies");
}
