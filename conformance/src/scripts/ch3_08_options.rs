//! 3.8.3.1 Subscription Options: No Local, Retain As Published, Retain Handling.

use crate::{Bench, Script, V5, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce};
use headcount_mqtt::RetainHandling;

pub(crate) const SCRIPTS: &[Script] = &[
    script!(no_local_keeps_own_messages_away, V5, ["MQTT-3.8.3-3"]),
    script!(no_local_is_of_one_subscription, V5, ["MQTT-3.8.3-3"]),
    script!(no_local_keeps_own_messages_out_of_the_queue, V5, ["MQTT-3.8.3-3"]),
    script!(retain_as_published_keeps_the_flag, V5, ["MQTT-3.3.1-13"]),
    script!(without_it_the_flag_is_cleared, V5, ["MQTT-3.3.1-12"]),
    script!(retain_handling_0_sends_always, V5, ["MQTT-3.3.1-9"]),
    script!(retain_handling_1_sends_to_a_new_subscription, V5, ["MQTT-3.3.1-10"]),
    script!(retain_handling_1_sends_again_after_unsubscribe, V5, ["MQTT-3.3.1-10"]),
    script!(retain_handling_1_knows_a_resumed_session, V5, ["MQTT-3.3.1-10"]),
    script!(retain_handling_2_sends_never, V5, ["MQTT-3.3.1-11"]),
    script!(subscribing_again_replaces_options, V5, ["MQTT-3.8.4-3"]),
    script!(options_are_kept_with_the_session, V5, ["MQTT-4.1.0-1"]),
];

fn no_local_keeps_own_messages_away(b: &Bench) {
    let a = b.connect("a");
    a.subscribe_with("t", AtLeastOnce, |options| options.no_local = true);
    a.publish(&message("t", "mine").at_least_once());
    b.connect("p").publish(&message("t", "theirs").at_least_once());
    a.receive(&message("t", "theirs").at_least_once());
    a.expect_nothing();
}

fn no_local_is_of_one_subscription(b: &Bench) {
    let a = b.connect("a");
    a.subscribe_with("t", AtLeastOnce, |options| options.no_local = true);
    a.subscribe("other", AtLeastOnce);
    a.publish(&message("t", "1").at_least_once());
    a.publish(&message("other", "2").at_least_once());
    a.receive(&message("other", "2").at_least_once());
    a.expect_nothing();
}

fn no_local_keeps_own_messages_out_of_the_queue(b: &Bench) {
    let a = b.connecting("a").kept().open();
    a.subscribe_with("t", AtLeastOnce, |options| options.no_local = true);
    a.publish(&message("t", "mine").at_least_once());
    a.disconnect();
    b.connect("p").publish(&message("t", "theirs").at_least_once());
    let a = b.connecting("a").kept().resumed();
    a.receive(&message("t", "theirs").at_least_once());
    a.expect_nothing();
}

fn retain_as_published_keeps_the_flag(b: &Bench) {
    let s = b.connect("s");
    s.subscribe_with("t", AtLeastOnce, |options| options.retain_as_published = true);
    let p = b.connect("p");
    p.publish(&message("t", "1").at_least_once().retain());
    s.receive(&message("t", "1").at_least_once().retain());
    p.publish(&message("t", "2").at_least_once());
    s.receive(&message("t", "2").at_least_once());
}

fn without_it_the_flag_is_cleared(b: &Bench) {
    let s = b.connect("s");
    s.subscribe_with("t", AtLeastOnce, |options| options.retain_as_published = false);
    b.connect("p").publish(&message("t", "1").at_least_once().retain());
    s.receive(&message("t", "1").at_least_once());
}

fn retain_handling_0_sends_always(b: &Bench) {
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    let s = b.connect("s");
    for _ in 0..2 {
        s.subscribe_with("t", AtMostOnce, |options| options.retain_handling = RetainHandling::Send);
        s.receive(&message("t", "x").retain());
    }
    s.expect_nothing();
}

fn retain_handling_1_sends_to_a_new_subscription(b: &Bench) {
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    let s = b.connect("s");
    s.subscribe_with("t", AtMostOnce, |options| options.retain_handling = RetainHandling::SendIfNew);
    s.receive(&message("t", "x").retain());
    s.subscribe_with("t", AtMostOnce, |options| options.retain_handling = RetainHandling::SendIfNew);
    s.expect_nothing();
}

fn retain_handling_1_sends_again_after_unsubscribe(b: &Bench) {
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    let s = b.connect("s");
    for _ in 0..2 {
        s.subscribe_with("t", AtMostOnce, |options| options.retain_handling = RetainHandling::SendIfNew);
        s.receive(&message("t", "x").retain());
        s.unsubscribe(&["t"]);
    }
}

fn retain_handling_1_knows_a_resumed_session(b: &Bench) {
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    let s = b.connecting("s").kept().open();
    s.subscribe_with("t", AtMostOnce, |options| options.retain_handling = RetainHandling::SendIfNew);
    s.receive(&message("t", "x").retain());
    s.disconnect();
    let s = b.connecting("s").kept().resumed();
    s.subscribe_with("t", AtMostOnce, |options| options.retain_handling = RetainHandling::SendIfNew);
    s.expect_nothing();
}

fn retain_handling_2_sends_never(b: &Bench) {
    let p = b.connect("p");
    p.publish(&message("t", "x").at_least_once().retain());
    let s = b.connect("s");
    s.subscribe_with("t", AtMostOnce, |options| options.retain_handling = RetainHandling::DoNotSend);
    s.expect_nothing();
    p.publish(&message("t", "y").at_least_once().retain());
    s.receive(&message("t", "y"));
}

fn subscribing_again_replaces_options(b: &Bench) {
    let a = b.connect("a");
    a.subscribe_with("t", AtMostOnce, |options| {
        options.no_local = true;
        options.retain_as_published = true;
    });
    a.subscribe("t", AtMostOnce);
    a.publish(&message("t", "x").at_least_once().retain());
    a.receive(&message("t", "x"));
}

fn options_are_kept_with_the_session(b: &Bench) {
    let a = b.connecting("a").kept().open();
    a.subscribe_with("t", AtLeastOnce, |options| {
        options.no_local = true;
        options.retain_as_published = true;
    });
    a.disconnect();
    let a = b.connecting("a").kept().resumed();
    a.publish(&message("t", "mine").at_least_once());
    b.connect("p").publish(&message("t", "theirs").at_least_once().retain());
    a.receive(&message("t", "theirs").at_least_once().retain());
    a.expect_nothing();
}
