//! 3.1.2.11.2 Session Expiry Interval.

use crate::{Bench, Script, V5, message, script};
use headcount_mqtt::QoS::AtLeastOnce;
use headcount_mqtt::{Disconnect, DisconnectProperties, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(without_an_interval_it_ends_with_the_connection, V5, ["MQTT-3.1.2-23"]),
    script!(an_interval_of_0_ends_it_with_the_connection, V5, ["MQTT-3.1.2-23"]),
    script!(it_expires, V5, ["MQTT-4.1.0-2", "MQTT-3.1.2-23"]).waits(3),
    script!(it_expires_at_its_second, V5, ["MQTT-3.1.2-23"]).waits(200),
    script!(it_is_counted_from_the_end_of_the_connection, V5, ["MQTT-3.1.2-23"]).waits(100),
    script!(coming_back_starts_it_anew, V5, ["MQTT-3.1.2-23"]).waits(100),
    script!(the_greatest_interval_never_expires, V5, ["MQTT-3.1.2-23"]).waits(1_000_000_000),
    script!(the_last_connection_decides, V5, ["MQTT-3.1.2-23"]).waits(60),
    script!(disconnect_may_change_it, V5, ["MQTT-3.1.2-23", "MQTT-3.14.2-1"]).waits(100),
    script!(a_clean_start_may_be_kept, V5, ["MQTT-3.1.2-23"]),
    script!(its_messages_go_with_it, V5, ["MQTT-3.1.2-23"]).waits(60),
];

fn without_an_interval_it_ends_with_the_connection(b: &Bench) {
    let s = b.connecting("s").resuming().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    b.connecting("s").resuming().open();
}

fn an_interval_of_0_ends_it_with_the_connection(b: &Bench) {
    b.connecting("s").resuming().kept_for(0).open().vanish();
    b.connecting("s").resuming().open();
}

fn it_expires(b: &Bench) {
    b.connecting("s").kept_for(1).open().disconnect();
    b.wait(3);
    b.connecting("s").resuming().open();
}

fn it_expires_at_its_second(b: &Bench) {
    b.connecting("s").kept_for(100).open().disconnect();
    b.wait(99);
    b.connecting("s").resuming().kept_for(100).resumed().disconnect();
    b.wait(100);
    b.connecting("s").resuming().open();
}

fn it_is_counted_from_the_end_of_the_connection(b: &Bench) {
    let s = b.connecting("s").keep_alive(0).kept_for(10).open();
    b.wait(90);
    s.vanish();
    b.wait(9);
    b.connecting("s").resuming().resumed();
}

fn coming_back_starts_it_anew(b: &Bench) {
    b.connecting("s").kept_for(10).open().disconnect();
    for _ in 0..10 {
        b.wait(9);
        b.connecting("s").resuming().kept_for(10).resumed().disconnect();
    }
}

fn the_greatest_interval_never_expires(b: &Bench) {
    b.connecting("s").kept_for(u32::MAX).open().disconnect();
    b.wait(1_000_000_000);
    b.connecting("s").resuming().resumed();
}

fn the_last_connection_decides(b: &Bench) {
    b.connecting("s").kept_for(3_600).open().disconnect();
    b.connecting("s").resuming().kept_for(10).resumed().disconnect();
    b.wait(10);
    b.connecting("s").resuming().open();
}

fn disconnect_may_change_it(b: &Bench) {
    let with = |seconds| Disconnect {
        reason: ReasonCode::Success,
        properties: Some(Box::new(DisconnectProperties {
            session_expiry_interval: Some(seconds),
            ..DisconnectProperties::default()
        })),
    };
    b.connecting("s").kept_for(10).open().disconnect_with(with(60));
    b.wait(59);
    b.connecting("s").resuming().kept_for(60).resumed().disconnect_with(with(10));
    b.wait(10);
    b.connecting("s").resuming().open();
}

fn a_clean_start_may_be_kept(b: &Bench) {
    let s = b.connecting("s").kept_for(3_600).open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    b.connect("p").publish(&message("t", "x").at_least_once());
    b.connecting("s").resuming().resumed().receive(&message("t", "x").at_least_once());
}

fn its_messages_go_with_it(b: &Bench) {
    let s = b.connecting("s").kept_for(10).open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    let p = b.connecting("p").keep_alive(0).open();
    p.publish(&message("t", "x").at_least_once());
    b.wait(10);
    let s = b.connecting("s").resuming().open();
    p.publish(&message("t", "y").at_least_once());
    s.expect_nothing();
}
