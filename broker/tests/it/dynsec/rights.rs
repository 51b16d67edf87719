//! What rules of roles allow, and when.

use super::*;
use crate::support::*;
use headcount_mqtt::{Packet, PacketId, ReasonCode, Unsubscribe};

#[test]
fn delivery_to_a_subscription_that_stands_begins_and_ends_with_membership() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    make_room(&mut net, admin);
    let (vy, minh) = (enter(&mut net, "vy", "v"), enter(&mut net, "minh", "m"));
    assert_eq!(net.subscribe(minh, "chat/room", AtLeastOnce), ReasonCode::NotAuthorized);
    join(&mut net, admin, "minh");
    assert_eq!(net.subscribe(minh, "chat/room", AtLeastOnce), ReasonCode::GrantedQoS1);
    assert!(!may_write(&mut net, vy, "chat/room"));
    join(&mut net, admin, "vy");
    for _ in 0..2 {
        assert!(may_write(&mut net, vy, "chat/room"));
        assert_eq!(net.payloads(minh), ["x"]);
        leave(&mut net, admin, "minh");
        assert!(may_write(&mut net, vy, "chat/room"));
        assert_eq!(net.payloads(minh), [""; 0], "its subscription stands, and it hears nothing");
        join(&mut net, admin, "minh");
    }
    leave(&mut net, admin, "vy");
    assert!(!may_write(&mut net, vy, "chat/room"), "the topic of its last message, too");
}

/// A wide filter is granted where a role lets something of it through, and judged message by message.
#[test]
fn a_wide_filter_hears_what_roles_let_through() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let vy = enter(&mut net, "vy", "v");
    assert_eq!(net.subscribe(vy, "chat/+/x", AtMostOnce), ReasonCode::NotAuthorized);
    tell(
        &mut net,
        admin,
        &json!([
            {"command": "createRole", "rolename": "ear",
             "acls": [{"acltype": "publishClientReceive", "topic": "chat/%u/x", "allow": true}]},
            {"command": "addClientRole", "username": "vy", "rolename": "ear"},
        ]),
    );
    assert_eq!(net.subscribe(vy, "chat/+/x", AtMostOnce), ReasonCode::Success);
    net.publish(admin, "chat/minh/x", "no");
    net.publish(admin, "chat/vy/x", "yes");
    assert_eq!(net.payloads(vy), ["yes"]);
}

#[test]
fn what_waits_for_an_absent_member_is_held_back_once_it_is_none() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    make_room(&mut net, admin);
    join(&mut net, admin, "vy");
    let connect = || named(lasting("v", 3600), "vy");
    let vy = enter_with(&mut net, connect());
    net.subscribe(vy, "chat/room", AtLeastOnce);
    net.lose(vy);
    net.publish_qos1(admin, "chat/room", "x");
    net.take(admin);
    leave(&mut net, admin, "vy");
    let vy = enter_with(&mut net, connect());
    assert_eq!(net.take(vy), None);
    join(&mut net, admin, "vy");
    net.publish_qos1(admin, "chat/room", "y");
    net.take(admin);
    assert_eq!(net.payloads(vy), ["y"]);
}

/// A client's roles, then its groups', each by priority, then by name; the first rule that matches decides.
#[test]
fn the_first_rule_that_matches_decides() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let vy = enter(&mut net, "vy", "v");
    let role = |name: &str, topic: &str, allow: bool| {
        json!({"command": "createRole", "rolename": name,
               "acls": [{"acltype": "publishClientSend", "topic": topic, "allow": allow}]})
    };
    tell(
        &mut net,
        admin,
        &json!([
            role("yes", "t", true),
            role("no", "t", false),
            role("other", "u", true),
            {"command": "createGroup", "groupname": "g", "roles": [{"rolename": "yes", "priority": 99}]},
        ]),
    );
    let add = |role: &str, priority: i32| json!([{"command": "addClientRole", "username": "vy", "rolename": role, "priority": priority}]);
    let remove = |role: &str| json!([{"command": "removeClientRole", "username": "vy", "rolename": role}]);
    tell(&mut net, admin, &add("other", 100));
    assert!(!may_write(&mut net, vy, "t"), "no rule speaks, and the file does not allow it");
    tell(&mut net, admin, &json!([{"command": "addGroupClient", "username": "vy", "groupname": "g"}]));
    assert!(may_write(&mut net, vy, "t"), "the group");
    tell(&mut net, admin, &add("no", -5));
    assert!(!may_write(&mut net, vy, "t"), "its own roles come before its groups'");
    tell(&mut net, admin, &add("yes", -4));
    assert!(may_write(&mut net, vy, "t"), "the higher priority");
    tell(&mut net, admin, &remove("yes"));
    tell(&mut net, admin, &add("yes", -5));
    assert!(!may_write(&mut net, vy, "t"), "`no` comes before `yes`");
    tell(
        &mut net,
        admin,
        &json!([
            {"command": "addRoleACL", "rolename": "other", "acltype": "publishClientSend", "topic": "#", "priority": -1},
        ]),
    );
    assert!(!may_write(&mut net, vy, "other"));
    assert!(may_write(&mut net, vy, "u"), "priority 0 comes before -1");
    tell(&mut net, admin, &json!([{"command": "modifyRole", "rolename": "other", "acls": []}]));
    assert!(!may_write(&mut net, vy, "u"));
    tell(&mut net, admin, &json!([{"command": "deleteRole", "rolename": "no"}]));
    assert!(may_write(&mut net, vy, "t"));
    tell(&mut net, admin, &json!([{"command": "deleteRole", "rolename": "yes"}]));
    assert!(!may_write(&mut net, vy, "t"));
}

#[test]
fn names_are_filled_in_as_in_patterns_of_the_file() {
    let mut net = Net::new(realm(|config| {
        ruled(config);
        let mut accounts = (*config.access.accounts).clone();
        accounts.extend(["a/b", "a+b"].map(|name| (name.to_owned(), "users:9".to_owned())));
        config.access.accounts = Arc::new(accounts);
    }));
    let admin = admin(&mut net);
    tell(
        &mut net,
        admin,
        &json!([{"command": "createRole", "rolename": "own", "acls": [
            {"acltype": "publishClientSend", "topic": "deny/%u", "allow": false, "priority": 2},
            {"acltype": "publishClientSend", "topic": "deny/#", "allow": true, "priority": 1},
            {"acltype": "publishClientSend", "topic": "own/%u/%c", "allow": true},
        ]}]),
    );
    for (user_name, client_id, topic, allowed) in [
        ("vy", "c", "own/vy/c", true),
        ("vy", "c", "own/vy/d", false),
        ("vy", "c", "own/minh/c", false),
        ("vy", "c", "deny/vy", false),
        ("vy", "c", "deny/minh", true),
        ("a/b", "c", "own/a/b/c", false),
        ("a/b", "c", "deny/a/b", false),
        ("a+b", "c", "deny/x", true),
        ("vy", "c#", "own/vy/x", false),
    ] {
        ask(
            &mut net,
            admin,
            &json!([{"command": "addClientRole", "username": user_name, "rolename": "own"}]),
        );
        let id = enter(&mut net, user_name, client_id);
        assert_eq!(may_write(&mut net, id, topic), allowed, "{user_name} {client_id} {topic}");
        net.disconnect(id, ReasonCode::Success);
    }
}

/// A realm without a rule file: Mosquitto's default access, as its documentation has it.
#[test]
fn without_a_file_default_access_says_the_rest() {
    let mut net = Net::new(realm(|_| {}));
    let admin = admin(&mut net);
    let vy = enter(&mut net, "vy", "v");
    assert!(!may_write(&mut net, vy, "t"));
    assert_eq!(net.subscribe(vy, "t", AtMostOnce), ReasonCode::NotAuthorized);
    let set = |acltype: &str, allow: bool| json!([{"command": "setDefaultACLAccess", "acls": [{"acltype": acltype, "allow": allow}]}]);
    tell(&mut net, admin, &set("publishClientSend", true));
    tell(&mut net, admin, &set("subscribe", true));
    assert!(may_write(&mut net, vy, "t"));
    assert!(!may_write(&mut net, vy, TOPIC), "never what administers");
    assert_eq!(net.subscribe(vy, RESPONSE, AtMostOnce), ReasonCode::NotAuthorized);
    assert_eq!(net.subscribe(vy, "t", AtMostOnce), ReasonCode::Success);
    net.publish(vy, "t", "x");
    assert_eq!(net.payloads(vy), ["x"]);
    tell(&mut net, admin, &set("publishClientReceive", false));
    net.publish(vy, "t", "x");
    assert_eq!(net.payloads(vy), [""; 0]);
    tell(&mut net, admin, &set("unsubscribe", false));
    assert_eq!(unsubscribe(&mut net, vy, "t"), ReasonCode::NotAuthorized);
    tell(&mut net, admin, &set("unsubscribe", true));
    assert_eq!(unsubscribe(&mut net, vy, "t"), ReasonCode::Success);
}

fn unsubscribe(net: &mut Net, id: ConnectionId, filter: &str) -> ReasonCode {
    let (packet_id, filters) = (PacketId::new(9).unwrap(), vec![filter.try_into().unwrap()]);
    net.send(id, Packet::Unsubscribe(Unsubscribe { packet_id, filters, user_properties: Vec::new() }));
    match net.take(id) {
        Some(Packet::UnsubAck(ack)) => {
            assert_eq!(ack.properties.reason_string.is_some(), ack.reasons[0].is_error());
            ack.reasons[0]
        }
        other => panic!("expected UNSUBACK, got {other:?}"),
    }
}

#[test]
fn rules_about_subscriptions_are_literal_or_patterns() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    tell(
        &mut net,
        admin,
        &json!([
            {"command": "createRole", "rolename": "subs", "acls": [
                {"acltype": "subscribeLiteral", "topic": "a/#", "allow": true},
                {"acltype": "subscribeLiteral", "topic": "a/b", "allow": false},
                {"acltype": "subscribePattern", "topic": "a/+", "allow": true},
                {"acltype": "subscribePattern", "topic": "news/secret", "allow": false},
                {"acltype": "subscribePattern", "topic": "$share/g/s/#", "allow": true},
                {"acltype": "unsubscribeLiteral", "topic": "a/c", "allow": false},
                {"acltype": "unsubscribePattern", "topic": "a/+", "allow": true},
            ]},
            {"command": "addClientRole", "username": "vy", "rolename": "subs"},
        ]),
    );
    let vy = enter(&mut net, "vy", "v");
    for (filter, allowed) in [
        ("a/#", true),
        ("a/b", false),
        ("$share/g/a/b", false),
        ("a/c", true),
        ("a/+", true),
        ("a/b/c", false),
        ("a/b/#", false),
        ("news/secret", false),
        ("news/#", true),
        ("$share/g/s/t", true),
        ("$share/h/s/t", false),
        ("s/t", false),
    ] {
        let code = if allowed { ReasonCode::Success } else { ReasonCode::NotAuthorized };
        assert_eq!(net.subscribe(vy, filter, AtMostOnce), code, "{filter}");
    }
    assert_eq!(unsubscribe(&mut net, vy, "a/c"), ReasonCode::NotAuthorized);
    assert_eq!(
        unsubscribe(&mut net, vy, "a/#"),
        ReasonCode::Success,
        "no rule speaks, and files have no word on it"
    );
}

#[test]
fn clients_without_a_name_have_the_anonymous_group() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    make_room(&mut net, admin);
    let nameless = enter_with(&mut net, connect("n", V5));
    assert!(!may_write(&mut net, nameless, "chat/room"));
    tell(&mut net, admin, &json!([{"command": "setAnonymousGroup", "groupname": "room"}]));
    assert!(may_write(&mut net, nameless, "chat/room"));
    let found = ask(&mut net, admin, &json!([{"command": "getAnonymousGroup"}]));
    assert_eq!(found[0]["data"], json!({"group": {"groupname": "room"}}));
    tell(&mut net, admin, &json!([{"command": "deleteGroup", "groupname": "room"}]));
    assert!(!may_write(&mut net, nameless, "chat/room"));
}

/// The same name in the event, on the account's `errors` and in the rules in force.
#[test]
fn a_refusal_names_the_role_and_its_rule() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    tell(
        &mut net,
        admin,
        &json!([
            {"command": "createRole", "rolename": "mute",
             "acls": [{"acltype": "publishClientSend", "topic": "chat/%u/#", "allow": false, "priority": 3}]},
            {"command": "createGroup", "groupname": "g", "roles": [{"rolename": "mute"}]},
            {"command": "addGroupClient", "groupname": "g", "username": "vy"},
        ]),
    );
    let vy = enter(&mut net, "vy", "lamp");
    net.subscribe(admin, "vy/errors", AtMostOnce);
    net.subscribe(admin, "$headcount/vy/events", AtMostOnce);
    net.publish(vy, "chat/vy/1", "x");
    let name = "dynamic-security:mute:publishClientSend:chat/%u/#";
    let said = net.payloads(admin);
    assert_eq!(said[0], format!("lamp may not publish to chat/vy/1: denied by {name}"));
    assert!(said[1].contains(&format!(r#""topic":"chat/vy/1","rule":"{name}""#)), "{}", said[1]);
    net.subscribe(vy, "$headcount/vy/rules/#", AtMostOnce);
    net.publish(vy, "$headcount/vy/rules", "");
    let rules: Value = serde_json::from_slice(&net.take_publish(vy).payload).unwrap();
    assert_eq!(
        rules["rules"][0],
        json!({"rule": name, "text": "publishClientSend chat/%u/# deny", "topic": "chat/vy/#", "action": "write",
               "allow": false, "source": "dynamic-security", "acltype": "publishClientSend", "priority": 3,
               "role": "mute", "group": "g"})
    );
    assert_eq!(rules["rules"][1]["rule"], "acl:4", "then those of the file");
}

/// Whoever is concerned hears that its rules are others, and may ask for them.
#[test]
fn an_account_hears_that_its_rules_changed() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    make_room(&mut net, admin);
    let (vy, minh) = (enter(&mut net, "vy", "v"), enter(&mut net, "minh", "m"));
    net.subscribe(vy, "$headcount/vy/rules", AtMostOnce);
    net.subscribe(minh, "$headcount/minh/rules", AtMostOnce);
    join(&mut net, admin, "vy");
    assert_eq!(net.messages(vy), [("$headcount/vy/rules".to_owned(), r#"{"changed":true}"#.to_owned())]);
    assert_eq!(net.messages(minh), []);
    net.act(|broker, now| {
        broker.set_access(now, realm(ruled).access).unwrap();
        broker.tell_new_rules(now);
    });
    assert_eq!((net.payloads(vy).len(), net.payloads(minh).len()), (1, 1), "a file, too");
}
