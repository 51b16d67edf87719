//! Wills: when they speak, and when they do not.

use crate::support::*;
use headcount_broker::Broker;
use headcount_mqtt::ReasonCode;

/// A watcher of the Will's topic, and a client whose session lasts for 100 s.
fn with_delay(delay: u32) -> (Net, headcount_broker::ConnectionId, headcount_broker::ConnectionId) {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "w", AtMostOnce);
    let (client, _) = net.connect_with(with_will(lasting("c", 100), "w", delay));
    (net, watcher, client)
}

/// On a take-over the old connection's Will comes before anything of the new one.
#[test]
fn a_will_comes_before_the_connack_of_the_next() {
    let mut net = Net::open();
    let (client, _) = net.connect_with(with_will(lasting("c", 100), "w", 0));
    net.subscribe(client, "w", AtLeastOnce);
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "w", AtMostOnce);
    net.subscribe(watcher, "anonymous/clients", AtMostOnce);
    net.connect_with(lasting("c", 100));
    let topics: Vec<_> = net.messages(watcher).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(topics, ["anonymous/clients", "w", "anonymous/clients"]);
}

#[test]
fn a_delayed_will_is_cancelled_by_coming_back() {
    let (mut net, watcher, client) = with_delay(10);
    net.lose(client);
    net.seconds(9);
    let (client, _) = net.connect_with(lasting("c", 100));
    net.seconds(60);
    assert_eq!(net.take(watcher), None);
    net.disconnect(client, ReasonCode::Success);
    net.seconds(200);
    assert_eq!(net.take(watcher), None);
}

#[test]
fn a_take_over_within_the_delay_is_coming_back() {
    let (mut net, watcher, _) = with_delay(10);
    net.connect_with(lasting("c", 100));
    net.seconds(60);
    assert_eq!(net.take(watcher), None);
}

#[test]
fn a_clean_start_ends_the_session_and_so_the_delay() {
    let (mut net, watcher, client) = with_delay(10);
    net.lose(client);
    net.connect("c");
    assert_eq!(net.payloads(watcher), ["will"]);
    net.seconds(60);
    assert_eq!(net.take(watcher), None, "once");
}

#[test]
fn the_end_of_the_session_ends_the_delay() {
    let (mut net, watcher, client) = with_delay(1_000);
    net.lose(client);
    net.seconds(99);
    assert_eq!(net.take(watcher), None);
    net.seconds(1);
    assert_eq!(net.payloads(watcher), ["will"]);
}

/// What a Will may not say is said to its account.
#[test]
fn a_will_is_judged_by_the_rules() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "#", AtMostOnce);
    let (client, _) = net.connect_with(with_will(connect("c", V5), "anonymous/clients", 0));
    net.messages(watcher);
    net.lose(client);
    let said: Vec<_> = net.messages(watcher).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(said, ["anonymous/clients", "anonymous/errors"]);
}

/// The server that goes down is no client that says goodbye.
#[test]
fn a_shutdown_publishes_wills() {
    let mut net = Net::open();
    let (stored, _) = net.connect_with(lasting("stored", 100));
    net.subscribe(stored, "w", AtLeastOnce);
    net.connect_with(with_will(connect("c", V5), "w", 0));
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "w", AtMostOnce);
    net.act(Broker::handle_shutdown);
    assert_eq!(net.payloads_until_closed(watcher), ["will"]);
}
