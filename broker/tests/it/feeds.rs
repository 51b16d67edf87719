//! The feeds, byte for byte.

use crate::support::*;
use headcount_mqtt::ReasonCode;

/// The contract's two lines.
#[test]
fn the_clients_feed_is_exact() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/clients", AtMostOnce);
    let client = net.connect("io-mqtt-39dc5a71");
    net.advance(std::time::Duration::from_millis(2139));
    net.disconnect(client, ReasonCode::Success);
    assert_eq!(
        net.payloads(watcher),
        [
            r#"{"status":"connected","at":"2017-10-24T16:08:38.552Z","client":{"id":"io-mqtt-39dc5a71"}}"#,
            r#"{"status":"disconnected","at":"2017-10-24T16:08:40.691Z","client":{"id":"io-mqtt-39dc5a71"}}"#,
        ]
    );
    assert!(net.is_closed(client));
}
