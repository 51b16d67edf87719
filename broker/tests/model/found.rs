//! Scripts that failed once, as short as they could be made.

use crate::play::play;
use crate::step::Step::{self, Ack, Connect, Publish, Subscribe};
use crate::step::{FOREVER, LastWords, Options};

fn holds(script: &[Step]) {
    if let Err(why) = play(script) {
        panic!("{why}");
    }
}

const PLAIN: Options =
    Options { no_local: false, retain_as_published: false, retain_handling: 0, identifier: None };

fn connect(client: u8, expiry: u32, window: u16) -> Step {
    Connect { client, v5: true, clean: false, expiry, window, will: None }
}

fn subscribe(client: u8, filter: u8, qos: u8) -> Step {
    Subscribe { client, filter, qos, options: PLAIN }
}

fn publish(client: u8, topic: u8, qos: u8, retain: bool) -> Step {
    Publish { client, topic, qos, retain, empty: false, expiry: None, id: 3 }
}

/// A message of a group that goes on to a member of `QoS` 0 was kept in flight there, for good, and sent again.
#[test]
fn what_a_member_leaves_behind_goes_on_at_qos_0_too() {
    let words = LastWords { topic: 1, qos: 0, retain: false, delay: 30 };
    holds(&[
        connect(0, 0, 2),
        subscribe(0, 10, 1),
        connect(2, 60, 2),
        publish(2, 0, 2, false),
        subscribe(2, 10, 0),
        connect(0, 5, 2),
        Connect { client: 2, v5: true, clean: false, expiry: FOREVER, window: 2, will: Some(words) },
    ]);
}

/// An ended flight behind the last that the Receive Maximum let through held retained messages at `QoS` 0 back.
#[test]
fn an_ended_flight_holds_nothing_back() {
    let ack = |which| Ack { client: 1, which, error: false };
    holds(&[
        Connect { client: 1, v5: false, clean: false, expiry: 60, window: 3, will: None },
        connect(3, 60, 2),
        subscribe(1, 0, 1),
        publish(3, 5, 0, true),
        publish(3, 0, 1, false),
        publish(3, 0, 1, false),
        publish(3, 0, 1, false),
        ack(2),
        connect(1, FOREVER, 2),
        subscribe(1, 9, 0),
    ]);
}
