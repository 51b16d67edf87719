//! Who may come in, and who has to go.

use super::*;
use crate::support::*;
use headcount_broker::Comparison;
use headcount_mqtt::{Packet, ReasonCode};

/// What the broker puts out for a login.
fn comparison(net: &mut Net, user_name: &str, client_id: &str) -> (ConnectionId, Option<Comparison>) {
    let id = net.attach(V5);
    net.send(id, named(connect(client_id, V5), user_name).into_packet());
    assert_eq!(net.questions.pop(), Some(id));
    (id, net.comparisons.pop().unwrap())
}

fn hash(net: &mut Net, hashes: &[&str]) {
    let (job, passwords) = net.jobs.remove(0);
    assert_eq!(passwords.len(), hashes.len());
    let hashes = hashes.iter().map(|hash| (*hash).to_owned()).collect();
    net.act(|broker, now| broker.handle_hashed(now, job, Ok(hashes)));
}

/// Creates a client `bob` with a hash that a test can read.
fn with_bob() -> (Net, ConnectionId) {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let create = json!({"commands": [{"command": "createClient", "username": "bob", "password": "secret"}]});
    net.publish(admin, TOPIC, &create.to_string());
    assert_eq!(net.take(admin), None, "the answer waits for the hash");
    hash(&mut net, &["#secret"]);
    assert_eq!(answers(&mut net, admin), [json!({"command": "createClient"})]);
    (net, admin)
}

#[test]
fn a_client_that_was_created_comes_in_with_its_password() {
    let (mut net, _) = with_bob();
    let (bob, found) = comparison(&mut net, "bob", "b");
    assert_eq!(found, Some(Comparison { hash: "#secret".to_owned(), counts: true }));
    net.answer(bob, Ok(()));
    assert!(matches!(net.take(bob), Some(Packet::ConnAck(ack)) if ack.reason == ReasonCode::Success));
    let (_, of_file) = comparison(&mut net, "vy", "v");
    assert_eq!(of_file, None, "the password file knows");
}

/// An unknown user is compared with something, always the same, and comes in by no password.
#[test]
fn an_unknown_user_costs_a_comparison_and_opens_nothing() {
    let (mut net, _) = with_bob();
    let mut costs = 0;
    for number in 0..64 {
        let name = format!("nobody{number}");
        let (id, first) = comparison(&mut net, &name, "n");
        net.answer(id, Ok(()));
        let reason = if first.is_some() { ReasonCode::BadUserNameOrPassword } else { ReasonCode::Success };
        assert!(matches!(net.take(id), Some(Packet::ConnAck(ack)) if ack.reason == reason));
        net.lose(id);
        assert_eq!(comparison(&mut net, &name, "n2").1, first);
        costs += usize::from(first.is_some());
    }
    assert!((1..64).contains(&costs), "one of four hashes is bob's: {costs}");
}

#[test]
fn a_password_that_changes_while_it_is_checked_opens_nothing() {
    let (mut net, admin) = with_bob();
    let (bob, _) = comparison(&mut net, "bob", "b");
    let set = json!({"commands": [{"command": "setClientPassword", "username": "bob", "password": "new"}]});
    net.publish(admin, TOPIC, &set.to_string());
    hash(&mut net, &["#new"]);
    answers(&mut net, admin);
    net.answer(bob, Ok(()));
    let reason = ReasonCode::BadUserNameOrPassword;
    assert!(matches!(net.take(bob), Some(Packet::ConnAck(ack)) if ack.reason == reason));
}

#[test]
fn commands_wait_behind_a_hash_in_their_order() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    make_room(&mut net, admin);
    let create = json!({"commands": [
        {"command": "createClient", "username": "bob", "password": "1"},
        {"command": "createClient", "username": "eve", "password": "2"},
    ]});
    net.publish(admin, TOPIC, &create.to_string());
    let add = json!({"commands": [{"command": "addGroupClient", "username": "bob", "groupname": "room"}]});
    net.publish(admin, TOPIC, &add.to_string());
    assert_eq!(net.take(admin), None);
    hash(&mut net, &["#1", "#2"]);
    assert_eq!(
        answers(&mut net, admin),
        [json!({"command": "createClient"}), json!({"command": "createClient"})]
    );
    assert_eq!(answers(&mut net, admin), [json!({"command": "addGroupClient"})]);
    assert_eq!(comparison(&mut net, "eve", "e").1.unwrap().hash, "#2");
}

#[test]
fn too_many_requests_that_wait_are_refused() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let create =
        json!({"commands": [{"command": "createClient", "username": "bob", "password": "1"}]}).to_string();
    for _ in 0..64 {
        net.publish_qos1(admin, TOPIC, &create);
        assert_eq!(net.take_ack(admin), ReasonCode::Success);
    }
    net.publish_qos1(admin, TOPIC, &create);
    assert_eq!(net.take_ack(admin), ReasonCode::QuotaExceeded);
    let (job, _) = net.jobs[0];
    net.act(|broker, now| broker.handle_hashed(now, job, Err("busy".to_owned())));
    assert_eq!(answers(&mut net, admin)[0]["error"], "busy");
    net.publish_qos1(admin, TOPIC, &create);
    assert_eq!(net.take_ack(admin), ReasonCode::Success);
}

/// A right that is gone when the hash comes is asked for again.
#[test]
fn a_request_that_waits_is_judged_again() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let create = json!({"commands": [{"command": "createClient", "username": "bob", "password": "1"}]});
    net.publish(admin, TOPIC, &create.to_string());
    let mut access = realm(ruled).access;
    access.acl = Some("user admin\ntopic read #\n".to_owned());
    net.act(|broker, now| broker.set_access(now, access).unwrap());
    hash(&mut net, &["#1"]);
    assert_eq!(net.take(admin), None);
    assert_eq!(comparison(&mut net, "bob", "b").1, None);
}

#[test]
fn whoever_is_disabled_or_changed_has_to_go() {
    for (command, comes_back) in [
        (json!({"command": "disableClient", "username": "vy"}), ReasonCode::NotAuthorized),
        (json!({"command": "setClientId", "username": "vy", "clientid": "other"}), ReasonCode::NotAuthorized),
        (json!({"command": "setClientId", "username": "vy", "clientid": "v"}), ReasonCode::Success),
        (json!({"command": "modifyClient", "username": "vy", "clientid": ""}), ReasonCode::Success),
    ] {
        let mut net = Net::new(realm(ruled));
        let admin = admin(&mut net);
        let vy = enter_with(&mut net, named(lasting("v", 3600), "vy"));
        net.subscribe(admin, "vy/errors", AtMostOnce);
        tell(&mut net, admin, &json!([command]));
        let Some(Packet::Disconnect(farewell)) = net.take(vy) else { panic!("{command}") };
        assert_eq!(farewell.reason, ReasonCode::AdministrativeAction);
        assert!(net.is_closed(vy));
        let (_, reason) = try_enter(&mut net, named(lasting("v", 3600), "vy"));
        assert_eq!(reason, comes_back, "{command}");
        let said = net.payloads(admin);
        assert_eq!(said.len(), usize::from(reason != ReasonCode::Success), "{said:?}");
        assert!(said.iter().all(|line| line.contains("(dynamic security)")), "{said:?}");
        tell(
            &mut net,
            admin,
            &json!([
                {"command": "enableClient", "username": "vy"},
                {"command": "setClientId", "username": "vy"},
            ]),
        );
        assert_eq!(try_enter(&mut net, named(lasting("v", 3600), "vy")).1, ReasonCode::Success);
    }
}

#[test]
fn a_deleted_client_has_to_go_with_its_name() {
    let (mut net, admin) = with_bob();
    let (bob, _) = comparison(&mut net, "bob", "b");
    net.answer(bob, Ok(()));
    make_room(&mut net, admin);
    join(&mut net, admin, "bob");
    tell(&mut net, admin, &json!([{"command": "deleteClient", "username": "bob"}]));
    assert!(net.is_closed(bob));
    assert_eq!(comparison(&mut net, "bob", "b").1, None);
    let group = ask(&mut net, admin, &json!([{"command": "getGroup", "groupname": "room"}]));
    assert_eq!(group[0]["data"]["group"]["clients"], json!([]));
}

#[test]
fn accounts_of_the_file_are_clients_that_the_file_keeps() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let list = ask(&mut net, admin, &json!([{"command": "listClients"}]));
    assert_eq!(list[0]["data"], json!({"totalCount": 3, "clients": ["admin", "minh", "vy"]}));
    for (command, line) in [
        ("deleteClient", "Client is an account of users:2: take it away there"),
        ("setClientPassword", "Client is an account of users:2: change its password there"),
        ("modifyClient", "Client is an account of users:2: change its password there"),
        ("createClient", "Client already exists"),
    ] {
        net.publish(
            admin,
            TOPIC,
            &json!({"commands": [{"command": command, "username": "vy", "password": "x"}]}).to_string(),
        );
        if let Some((job, _)) = net.jobs.pop() {
            net.act(|broker, now| broker.handle_hashed(now, job, Ok(vec!["#x".to_owned()])));
        }
        assert_eq!(answers(&mut net, admin), [json!({"command": command, "error": line})]);
    }
    let mut without = realm(ruled).access;
    without.accounts = Arc::default();
    tell(&mut net, admin, &json!([{"command": "modifyClient", "username": "vy", "textname": "Vy"}]));
    net.act(|broker, now| broker.set_access(now, without).unwrap());
    let list = ask(&mut net, admin, &json!([{"command": "listClients"}]));
    assert_eq!(list[0]["data"]["clients"], json!(["vy"]), "what was said of it stays");
    tell(&mut net, admin, &json!([{"command": "deleteClient", "username": "vy"}]));
}

/// A reload keeps those that dynamic security knows.
#[test]
fn a_reload_keeps_clients_that_were_created() {
    let (mut net, _) = with_bob();
    let (bob, _) = comparison(&mut net, "bob", "b");
    net.answer(bob, Ok(()));
    let vy = enter(&mut net, "vy", "v");
    net.act(|broker, now| broker.retain_accounts(now, |_| false));
    assert!(!net.is_closed(bob) && net.is_closed(vy));
}
