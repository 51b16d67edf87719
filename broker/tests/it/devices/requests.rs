//! The verbs, their answers and their errors.

use super::*;
use headcount_mqtt::PublishProperties;

#[test]
fn a_device_is_added_listed_updated_rotated_and_removed() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let channels = json!([{"id": 7, "publish": true}, {"publish": true, "subscribe": true}]);
    let added =
        ask(&mut net, vy, "add", &json!({"name": "Lamp", "description": "Hall", "channels": channels}));
    let at = "2017-10-24T16:08:38.552Z";
    let channels = json!([{"id": 7, "publish": true, "subscribe": false}, {"id": 1, "publish": true, "subscribe": true}]);
    let device = json!({"id": "dev-1", "name": "Lamp", "description": "Hall", "channels": channels,
                        "created_at": at, "rotated_at": at});
    let credentials = json!({"client_id": "dev-1", "user_name": "dev-1", "password": "secret-1"});
    assert_eq!(added, json!({"device": device, "credentials": credentials}));

    let channels = json!([{"id": 1, "entries": 0}, {"id": 7, "entries": 0}]);
    let limits = json!({"devices": 100, "channels": 10});
    let list = ask(&mut net, vy, "list", &json!({}));
    assert_eq!(list, json!({"devices": [device], "channels": channels, "limits": limits}));

    let updated =
        ask(&mut net, vy, "update", &json!({"id": "dev-1", "name": "Lamp 2", "channels": [{"id": 7}]}));
    let channels = json!([{"id": 7, "publish": false, "subscribe": false}]);
    let device = json!({"id": "dev-1", "name": "Lamp 2", "description": "Hall", "channels": channels,
                        "created_at": at, "rotated_at": at});
    assert_eq!(updated, json!({"device": device}), "what is absent stays");

    net.seconds(2);
    let rotated = ask(&mut net, vy, "rotate", &json!({"id": "dev-1"}));
    assert_eq!(rotated["credentials"]["password"], "secret-2");
    assert_eq!(rotated["credentials"]["client_id"], "dev-1", "the name stays");
    assert_eq!(rotated["device"]["rotated_at"], "2017-10-24T16:08:40.552Z");
    assert_eq!(rotated["device"]["created_at"], at);

    let used = ask(&mut net, vy, "remove", &json!({"channel": 7}));
    assert_eq!(
        used,
        json!({"error": "The device Lamp 2 uses channel 7; take it away there first.", "field": "channel"})
    );
    assert_eq!(ask(&mut net, vy, "remove", &json!({"id": "dev-1"})), json!({"removed": "dev-1"}));
    assert_eq!(ask(&mut net, vy, "remove", &json!({"channel": 7})), json!({"removed": 7}));
    let list = ask(&mut net, vy, "list", &json!({}));
    assert_eq!(list, json!({"devices": [], "channels": [{"id": 1, "entries": 0}], "limits": limits}));
}

#[test]
fn devices_are_listed_in_the_order_of_their_creation() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    for _ in 0..12 {
        add(&mut net, vy, &json!([]));
    }
    ask(&mut net, vy, "remove", &json!({"id": "dev-3"}));
    ask(&mut net, vy, "rotate", &json!({"id": "dev-2"}));
    let list = ask(&mut net, vy, "list", &json!({}));
    let ids: Vec<_> =
        list["devices"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    let expected = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(|number| format!("dev-{number}"));
    assert_eq!(ids, expected);
    let one = ask(&mut net, vy, "list", &json!({"id": "dev-5"}));
    assert_eq!((one["devices"].as_array().unwrap().len(), &one["channels"]), (1, &json!([])));
}

/// A name that is in use is made anew.
#[test]
fn a_name_is_nobody_elses() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    enter(&mut net, "minh", "dev-1");
    add(&mut net, vy, &json!([]));
    assert_eq!(add(&mut net, vy, &json!([])), "dev-3");
    let list = ask(&mut net, vy, "list", &json!({}));
    assert_eq!(list["devices"][0]["id"], "dev-2");
}

/// A password that nobody hears is not made: where there is no subscription, and where it went meanwhile.
#[test]
fn nobody_to_hear_the_answer_changes_nothing() {
    let mut net = net();
    let other = enter(&mut net, "vy", "other");
    net.subscribe(other, "vy/errors", AtMostOnce);
    net.publish(other, "$headcount/vy/devices/add", r#"{"name":"a"}"#);
    assert!(net.wanted.is_empty());
    let lines = net.payloads(other);
    assert!(lines[0].contains("subscribe to $headcount/vy/devices/add/<client id>"), "{lines:?}");
    net.publish_qos1(other, "$headcount/vy/devices/list", "");
    net.take_publish(other);
    assert_eq!(net.take_ack(other), ReasonCode::NoMatchingSubscribers);

    let vy = desk(&mut net, "vy");
    net.publish(vy, "$headcount/vy/devices/add", r#"{"name":"a"}"#);
    net.lose(vy);
    make(&mut net);
    let vy = desk(&mut net, "vy");
    assert_eq!(ask(&mut net, vy, "list", &json!({}))["devices"], json!([]));
}

/// With a Response Topic; and a password never at a QoS at which it would be kept for a client that is away.
#[test]
fn the_answer_goes_where_it_is_asked_for_and_passwords_are_not_kept() {
    let mut net = net();
    let vy = enter(&mut net, "vy", "v");
    net.subscribe(vy, "answers", AtLeastOnce);
    let request = |verb: &str, payload: &str| {
        let id = headcount_mqtt::PacketId::new(5).unwrap();
        let topic = format!("$headcount/vy/devices/{verb}");
        let delivery = headcount_mqtt::Delivery::AtLeastOnce(id);
        let Packet::Publish(mut request) = publish(&topic, payload, delivery) else { unreachable!() };
        request.properties = Some(Box::new(PublishProperties {
            response_topic: Some("answers".try_into().unwrap()),
            correlation_data: Some("42".into()),
            ..PublishProperties::default()
        }));
        Packet::Publish(request)
    };
    net.send(vy, request("add", r#"{"name":"a"}"#));
    assert_eq!(net.take_ack(vy), ReasonCode::Success);
    make(&mut net);
    let answer = net.take_publish(vy);
    assert_eq!(answer.properties.unwrap().correlation_data, Some("42".into()));
    assert_eq!(answer.delivery, headcount_mqtt::Delivery::AtMostOnce);
    net.send(vy, request("list", ""));
    let answer = net.take_publish(vy);
    assert_ne!(answer.delivery, headcount_mqtt::Delivery::AtMostOnce, "a list may be kept");
}

#[test]
fn changes_are_told_to_the_account_and_to_observers_alone() {
    let mut net = net();
    let (admin, vy) = (desk(&mut net, "admin"), desk(&mut net, "vy"));
    let watcher = enter(&mut net, "vy", "watcher");
    let stranger = enter(&mut net, "minh", "stranger");
    for id in [admin, watcher] {
        assert_eq!(net.subscribe(id, "$headcount/vy/devices", AtMostOnce), ReasonCode::Success);
    }
    assert_eq!(net.subscribe(stranger, "$headcount/vy/devices", AtMostOnce), ReasonCode::NotAuthorized);
    let changed = [("$headcount/vy/devices".to_owned(), r#"{"changed":true}"#.to_owned())];
    for (verb, request) in [
        ("add", json!({"name": "a"})),
        ("update", json!({"id": "dev-1", "name": "b"})),
        ("rotate", json!({"id": "dev-1"})),
        ("remove", json!({"id": "dev-1"})),
    ] {
        ask(&mut net, vy, verb, &request);
        assert_eq!(net.messages(watcher), changed, "{verb}");
        assert_eq!(net.messages(admin), changed, "{verb}");
    }
    ask(&mut net, vy, "list", &json!({}));
    assert_eq!(net.messages(watcher), []);
}

#[test]
fn the_account_and_administrators_may_ask() {
    let mut net = net();
    let (admin, vy) = (desk(&mut net, "admin"), desk(&mut net, "vy"));
    let added = ask_of(&mut net, admin, "vy", "add", &json!({"name": "a"}));
    assert_eq!(added["device"]["id"], "dev-1");
    assert_eq!(ask(&mut net, vy, "list", &json!({}))["devices"][0]["name"], "a");
    let error = ask_of(&mut net, admin, "nobody", "add", &json!({"name": "a"}));
    assert_eq!(error, json!({"error": "There is no account nobody."}));
    let minh = desk(&mut net, "minh");
    net.subscribe(minh, "minh/errors", AtMostOnce);
    net.publish(minh, "$headcount/vy/devices/remove", r#"{"id":"dev-1"}"#);
    let said = "desk-minh may not publish to $headcount/vy/devices/remove: denied by built-in:3";
    assert_eq!(net.payloads(minh), [said]);
    // Whoever came without a name has none to own devices by.
    let nobody = net.connect("n");
    net.publish_qos1(nobody, "$headcount/anonymous/devices/list", "");
    assert_eq!(net.take_ack(nobody), ReasonCode::NotAuthorized);
}

/// What administrators read in events says who did what, and no secret.
#[test]
fn changes_are_events_without_a_secret() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let watcher = enter(&mut net, "admin", "watcher");
    net.subscribe(watcher, "#", AtMostOnce);
    net.subscribe(watcher, "$headcount/#", AtMostOnce);
    net.messages(watcher);
    add(&mut net, vy, &json!([both(7)]));
    ask(&mut net, vy, "rotate", &json!({"id": "dev-1"}));
    let told = net.messages(watcher);
    let actions: Vec<_> = told
        .iter()
        .filter(|(topic, _)| topic == "$headcount/vy/events")
        .map(|(_, event)| serde_json::from_str::<Value>(event).unwrap())
        .map(|event| (event["action"].clone(), event["target"].clone()))
        .collect();
    assert_eq!(actions, [("add-device".into(), "dev-1".into()), ("rotate-device".into(), "dev-1".into())]);
    assert!(told.iter().all(|(_, text)| !text.contains("secret") && !text.contains("hash")), "{told:?}");
}

#[test]
fn a_realm_without_devices_says_so() {
    let mut net = Net::new(realm(|config| config.access.devices = false));
    let vy = desk(&mut net, "vy");
    let error = ask(&mut net, vy, "list", &json!({}));
    assert_eq!(error["error"], "This realm has no devices; its configuration turns them on: devices = true.");
    // Topics of channels are topics like any other there.
    net.subscribe(vy, "channels/7/publish", AtMostOnce);
    net.publish(vy, "channels/7/publish", "anything");
    assert_eq!(net.payloads(vy), ["anything"]);
}
