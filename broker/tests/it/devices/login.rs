//! How devices come in, and who is turned away.

use super::*;
use headcount_broker::Comparison;

/// Credentials are compared with the device's own hash, in both versions.
#[test]
fn a_device_comes_in_with_its_own_password() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    for version in [V311, V5] {
        let lamp = plug_in(&mut net, &device, version);
        let expected = Comparison { hash: "hash-1".to_owned(), counts: true };
        assert_eq!(net.comparisons.pop(), Some(Some(expected)));
        net.disconnect(lamp, ReasonCode::Success);
    }
}

/// The owner reads why; the device itself hears no more than anybody who guesses.
#[test]
fn refusals_are_told_to_the_owner() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let watcher = enter(&mut net, "vy", "watcher");
    net.subscribe(watcher, "vy/errors", AtMostOnce);
    net.subscribe(watcher, "$headcount/vy/events", AtMostOnce);
    let wrong = "the password is not the one that this device was given last";
    let bound = "these credentials hold for the device's own Client Identifier, which is its User Name";
    let taken = "this Client Identifier is a device's, whose credentials have to come with it";
    for version in [V311, V5] {
        for (client_id, password, code, why) in [
            (device.as_str(), "wrong", ReasonCode::BadUserNameOrPassword, wrong),
            ("another", "right", ReasonCode::NotAuthorized, bound),
            ("", "right", ReasonCode::NotAuthorized, bound),
        ] {
            let mut attempt = named(connect(client_id, version), &device);
            attempt.password = Some(password.to_owned().into());
            let id = net.attach(version);
            net.send(id, attempt.into_packet());
            net.questions.clear();
            let why_of_door = Some("the password is not the one of a file".to_owned());
            let verdict = match password {
                "right" => Ok(()),
                _ => Err((ReasonCode::BadUserNameOrPassword, why_of_door)),
            };
            net.act(|broker, now| broker.handle_login(now, id, verdict));
            match net.take(id) {
                Some(Packet::ConnAck(ack)) => assert_eq!(ack.reason, code, "{client_id}"),
                other => panic!("{other:?}"),
            }
            let told = net.messages(watcher);
            let line = &told.iter().find(|(topic, _)| topic == "vy/errors").unwrap().1;
            assert!(line.ends_with(&format!("may not connect as {device}: {why}")), "{line}");
            let event = &told.iter().find(|(topic, _)| topic.ends_with("/events")).unwrap().1;
            let event: Value = serde_json::from_str(event).unwrap();
            assert_eq!((&event["event"], &event["client"]["account"]), (&json!("refused"), &json!("vy")));
            assert_eq!(event["client"]["device"], "Lamp");
        }
        // The other way round: an account's credentials with a device's name.
        let (id, code) = try_enter(&mut net, named(connect(&device, version), "minh"));
        assert_eq!(code, ReasonCode::ClientIdentifierNotValid);
        assert!(net.is_closed(id));
        let (_, code) = net.connect_with(connect(&device, version));
        assert_eq!(code.reason, ReasonCode::ClientIdentifierNotValid, "without a name");
        net.messages(watcher);
    }
    let errors = enter(&mut net, "minh", "errors");
    net.subscribe(errors, "minh/errors", AtMostOnce);
    try_enter(&mut net, named(connect(&device, V5), "minh"));
    assert!(net.payloads(errors)[0].ends_with(taken));
}

/// Feeds, events and retained state say whose it is, and that it is a device.
#[test]
fn its_connection_is_the_owners() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let watcher = enter(&mut net, "vy", "watcher");
    for filter in ["vy/clients", "$headcount/vy/events", "$headcount/vy/clients/+"] {
        net.subscribe(watcher, filter, AtMostOnce);
        net.messages(watcher);
    }
    let lamp = plug_in(&mut net, &device, V5);
    ask(&mut net, vy, "update", &json!({"id": device, "name": "Hall"}));
    net.disconnect(lamp, ReasonCode::Success);
    let told = net.messages(watcher);
    let of = |topic: &str| -> Vec<Value> {
        let of_topic = told.iter().filter(|(it, payload)| it == topic && !payload.is_empty());
        of_topic.map(|(_, payload)| serde_json::from_str(payload).unwrap()).collect()
    };
    let feed: Vec<_> = of("vy/clients").iter().map(|it| it["status"].clone()).collect();
    assert_eq!(feed, ["connected", "disconnected"]);
    let events = of("$headcount/vy/events");
    let names: Vec<_> =
        events.iter().map(|it| (it["event"].clone(), it["client"]["device"].clone())).collect();
    let expected =
        [("connected", json!("Lamp")), ("administered", json!(null)), ("disconnected", json!("Hall"))];
    assert_eq!(names, expected.map(|(event, name)| (json!(event), name)));
    assert_eq!(events[0]["client"]["account"], "vy");
    let state = of(&format!("$headcount/vy/clients/{device}"));
    assert_eq!(
        (&state[0]["client"]["device"], &state[0]["client"]["account"]),
        (&json!("Lamp"), &json!("vy"))
    );
    // `device` stands last, so that what read the old keys reads them still.
    let (_, text) = told.iter().find(|(topic, _)| topic.ends_with("/events")).unwrap();
    assert!(text.contains(r#""clean_start":true,"device":"Lamp"}"#), "{text}");
}

/// Its connections are its owner's in every bound.
#[test]
fn the_owners_limits_hold() {
    let mut net = Net::new(realm(|config| config.limits.account.max_connections = 2));
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let lamp = plug_in(&mut net, &device, V5);
    let (_, code) = try_enter(&mut net, named(connect("more", V5), "vy"));
    assert_eq!(code, ReasonCode::QuotaExceeded);
    net.disconnect(lamp, ReasonCode::Success);
    enter(&mut net, "vy", "more");
    let (_, code) = try_enter(&mut net, named(connect(&device, V5), &device));
    assert_eq!(code, ReasonCode::QuotaExceeded);
}

/// A password that was right when it was sent, and is not when it was checked.
#[test]
fn a_login_that_waits_meets_the_new_password() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    for verb in ["rotate", "remove"] {
        let waits = net.attach(V5);
        net.send(waits, named(connect(&device, V5), &device).into_packet());
        assert_eq!(net.questions.len(), 1);
        ask(&mut net, vy, verb, &json!({"id": device}));
        net.questions.clear();
        net.answer(waits, Ok(()));
        match net.take(waits) {
            Some(Packet::ConnAck(ack)) => assert_eq!(ack.reason, ReasonCode::BadUserNameOrPassword),
            other => panic!("{other:?}"),
        }
    }
}

/// Devices share the fate of their accounts, live and at the door.
#[test]
fn a_device_goes_with_its_account() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let lamp = plug_in(&mut net, &device, V5);
    let mut access = realm(|_| ()).access;
    net.act(|broker, now| broker.retain_accounts(now, |name| name != "minh"));
    assert!(!net.is_closed(lamp));
    Arc::make_mut(&mut access.accounts).remove("vy");
    net.act(|broker, now| {
        broker.set_access(now, access).unwrap();
        broker.retain_accounts(now, |name| name != "vy");
    });
    assert!(net.is_closed(lamp) && net.is_closed(vy));
    let (_, code) = try_enter(&mut net, named(connect(&device, V5), &device));
    assert_eq!(code, ReasonCode::NotAuthorized);
    net.act(|broker, now| broker.set_access(now, realm(|_| ()).access).unwrap());
    plug_in(&mut net, &device, V5);
}

/// An account that certificates alone prove has devices, too.
#[test]
fn an_account_of_a_certificate_has_devices() {
    let mut net = net();
    let minna = net.attach_as("minna");
    net.send(minna, connect("desk", V5).into_packet());
    net.take(minna);
    net.subscribe(minna, "$headcount/minna/devices/+/desk", AtMostOnce);
    let added = ask_of(&mut net, minna, "minna", "add", &json!({"name": "a", "channels": [both(7)]}));
    let device = added["device"]["id"].as_str().unwrap().to_owned();
    let lamp = plug_in(&mut net, &device, V5);
    net.act(|broker, now| broker.retain_accounts(now, |_| true));
    assert!(!net.is_closed(lamp));
}

/// Turned off, devices are gone, and nobody comes in by what they had.
#[test]
fn turning_devices_off_turns_them_away() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let lamp = plug_in(&mut net, &device, V5);
    let off = realm(|config| config.access.devices = false).access;
    net.act(|broker, now| {
        broker.set_access(now, off).unwrap();
        broker.retain_accounts(now, |_| true);
    });
    assert!(net.is_closed(lamp) && !net.is_closed(vy));
    let (_, code) = try_enter(&mut net, named(connect(&device, V5), &device));
    assert_eq!(code, ReasonCode::NotAuthorized);
    net.act(|broker, now| broker.set_access(now, realm(|_| ()).access).unwrap());
    plug_in(&mut net, &device, V5);
    assert_eq!(net.broker.stats().clients, 2);
}
