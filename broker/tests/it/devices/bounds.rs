//! How much there may be of everything.

use super::*;

#[test]
fn a_hundred_devices_and_ten_channels_are_the_most() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let eleven: Vec<_> = (1..=11).map(both).collect();
    let error = json!({"error": "11 channels are too many: 10 are the most (max_device_channels).", "field": "channels[10]"});
    assert_eq!(ask(&mut net, vy, "add", &json!({"name": "a", "channels": eleven})), error);
    let device = add(&mut net, vy, &eleven[..10].into());
    assert_eq!(ask(&mut net, vy, "update", &json!({"id": device, "channels": eleven})), error);
    for _ in 1..100 {
        add(&mut net, vy, &json!([]));
    }
    let error = "The account has 100 devices, which is the most (max_devices); remove one first.";
    let request = json!({"name": "one more"});
    assert_eq!(ask(&mut net, vy, "add", &request), json!({ "error": error }));
    let list = ask(&mut net, vy, "list", &json!({}));
    assert_eq!(list["devices"].as_array().unwrap().len(), 100);
    assert_eq!(list["channels"].as_array().unwrap().len(), 10);
    ask(&mut net, vy, "remove", &json!({"id": device}));
    assert_eq!(ask(&mut net, vy, "add", &request)["device"]["name"], "one more");
}

/// The last that there is room for is asked for by two at once: both wait for a password, and one gets it.
#[test]
fn the_bounds_hold_for_requests_that_wait() {
    let mut net = Net::new(realm(|config| config.limits.devices.max_devices = 1));
    let vy = desk(&mut net, "vy");
    for _ in 0..2 {
        net.publish(vy, "$headcount/vy/devices/add", r#"{"name":"a","channels":[{}]}"#);
    }
    assert_eq!(net.wanted.len(), 2);
    make(&mut net);
    let answers = net.payloads(vy);
    assert!(answers.len() == 2 && answers[0].starts_with(r#"{"device":"#), "{answers:?}");
    assert!(answers[1].starts_with(r#"{"error":"The account has 1 devices"#), "{answers:?}");
    let error = ask(&mut net, vy, "update", &json!({"id": "dev-1", "channels": [{}]}));
    assert_eq!(error.get("error"), None, "one more channel is one of ten");
    for _ in 0..8 {
        ask(&mut net, vy, "update", &json!({"id": "dev-1", "channels": [{}]}));
    }
    let error = ask(&mut net, vy, "update", &json!({"id": "dev-1", "channels": [{}]}));
    let full = "The account has room for 10 channels; remove one that no device uses.";
    assert_eq!(error, json!({"error": full, "field": "channels"}));
}

#[test]
fn only_so_many_requests_wait() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    for _ in 0..65 {
        net.publish(vy, "$headcount/vy/devices/add", r#"{"name":"a"}"#);
    }
    let error = answer(&mut net, vy);
    assert_eq!(error["error"], "Too many requests wait for a password to be made; try again in a moment.");
    assert_eq!(net.wanted.len(), 64);
    make(&mut net);
    assert_eq!(net.payloads(vy).len(), 64);
}

#[test]
fn no_password_is_told_and_changes_nothing() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    net.publish(vy, "$headcount/vy/devices/add", r#"{"name":"a","channels":[{"id":7}]}"#);
    let job = net.wanted.remove(0);
    net.act(|broker, now| {
        broker.handle_credentials(now, job, Err("the system gives no random bytes".to_owned()));
    });
    assert_eq!(
        answer(&mut net, vy),
        json!({"error": "There is no password: the system gives no random bytes."})
    );
    let list = ask(&mut net, vy, "list", &json!({}));
    assert_eq!((&list["devices"], &list["channels"]), (&json!([]), &json!([])));
}

/// Whoever can take only small packets is told so and loses no password.
#[test]
fn an_answer_that_has_no_room_changes_nothing() {
    let mut net = net();
    let mut small = named(connect("small", V5), "vy");
    small.properties.maximum_packet_size = Some(300);
    let (small, _) = try_enter(&mut net, small);
    net.subscribe(small, "$headcount/vy/devices/+/small", AtMostOnce);
    let error =
        ask(&mut net, small, "add", &json!({"name": "x".repeat(100), "description": "y".repeat(100)}));
    assert_eq!(error["error"], "The answer is larger than this client's Maximum Packet Size.");
    let vy = desk(&mut net, "vy");
    assert_eq!(ask(&mut net, vy, "list", &json!({}))["devices"], json!([]));
    for _ in 0..3 {
        add(&mut net, vy, &json!([]));
    }
    let error = ask(&mut net, small, "list", &json!({}));
    assert!(error["error"].as_str().unwrap().starts_with("The list is larger"), "{error}");
}
