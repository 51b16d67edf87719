//! Requests and their answers. Each command beside Mosquitto's own is in the server's tests.

use super::*;
use crate::support::*;
use headcount_mqtt::{ReasonCode, Will, WillProperties};

#[test]
fn only_who_may_write_there_administers() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let vy = enter(&mut net, "vy", "lamp");
    net.subscribe(admin, "vy/errors", AtMostOnce);
    net.publish_qos1(vy, TOPIC, r#"{"commands":[{"command":"createRole","rolename":"r"}]}"#);
    assert_eq!(net.take_ack(vy), ReasonCode::NotAuthorized);
    let line = format!(
        "lamp may not publish to {TOPIC}: denied by default; no rule allows it, one would stand at acl:5"
    );
    assert_eq!(net.payloads(admin), [line]);
    assert_eq!(error(&mut net, admin, &json!({"command": "getRole", "rolename": "r"})), "Role not found");
}

/// An answer comes from the broker alone, and a Will is no request.
#[test]
fn nobody_publishes_beside_the_interface() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    for topic in [RESPONSE, "$CONTROL/dynamic-security/v2", "$CONTROL/x"] {
        net.publish_qos1(admin, topic, "{}");
        assert_eq!(net.take_ack(admin), ReasonCode::NotAuthorized, "{topic}");
    }
    let will = Will {
        topic: TOPIC.try_into().unwrap(),
        payload: r#"{"commands":[{"command":"createRole","rolename":"r"}]}"#.into(),
        qos: AtMostOnce,
        retain: false,
        properties: WillProperties::default(),
    };
    let connect = headcount_mqtt::Connect { will: Some(will), ..named(connect("dying", V5), "admin") };
    let dying = enter_with(&mut net, connect);
    net.lose(dying);
    assert_eq!(error(&mut net, admin, &json!({"command": "getRole", "rolename": "r"})), "Role not found");
}

#[test]
fn the_interface_is_closed_unless_it_is_opened() {
    for change in
        [(|config: &mut Config| config.access.dynamic_security = false) as fn(&mut Config), |config| {
            config.access.trust_user_names = true;
        }]
    {
        let mut net = Net::new(realm(change));
        let admin = enter(&mut net, "admin", "desk");
        net.subscribe(admin, "$CONTROL/#", AtMostOnce);
        net.publish(admin, TOPIC, r#"{"commands":[{"command":"listRoles"}]}"#);
        assert_eq!(net.messages(admin).len(), 1, "an ordinary topic");
    }
}

#[test]
fn the_answer_goes_to_the_asker_alone_where_it_is_subscribed() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let other = enter(&mut net, "admin", "other");
    net.subscribe(other, "$CONTROL/#", AtMostOnce);
    let deaf = enter(&mut net, "admin", "deaf");
    net.publish_qos1(deaf, TOPIC, r#"{"commands":[{"command":"createRole","rolename":"r"}]}"#);
    assert_eq!(net.take_ack(deaf), ReasonCode::Success, "it is the act that counts");
    assert_eq!(net.take(deaf), None);
    let role = ask(&mut net, admin, &json!([{"command": "getRole", "rolename": "r"}]));
    assert_eq!(role[0]["data"]["role"]["rolename"], "r");
    assert_eq!(net.take(other), None);
}

#[test]
fn an_answer_too_large_for_its_asker_says_so() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let create = |n: usize| json!({"command": "createRole", "rolename": format!("a rather long name {n}")});
    tell(&mut net, admin, &(0..100).map(create).collect());
    let mut small = named(connect("small", V5), "admin");
    small.properties.maximum_packet_size = Some(1_000);
    let small = enter_with(&mut net, small);
    net.subscribe(small, RESPONSE, AtMostOnce);
    let list = |count: i32| json!({"command": "listRoles", "correlationData": "7", "count": count});
    let answer = &ask(&mut net, small, &json!([list(-1)]))[0];
    assert_eq!((&answer["command"], &answer["correlationData"]), (&json!("listRoles"), &json!("7")));
    assert!(answer["error"].as_str().unwrap().contains("count and offset"), "{answer}");
    assert_eq!(ask(&mut net, small, &json!([list(9)]))[0]["data"]["roles"].as_array().unwrap().len(), 9);
}

#[test]
fn each_change_is_an_event_without_passwords() {
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let watcher = enter(&mut net, "admin", "watcher");
    net.subscribe(watcher, "$headcount/admin/events", AtMostOnce);
    ask(
        &mut net,
        admin,
        &json!([
            {"COMMAND": "CREATEROLE", "RoleName": "r"},
            {"command": "createRole", "rolename": "r"},
            {"command": "getRole", "rolename": "r"},
            {"command": "addRoleACL", "rolename": "r", "acltype": "publishClientSend", "topic": "t", "allow": true},
        ]),
    );
    let create = json!({"commands": [{"command": "createClient", "username": "bob", "password": "secret"}]});
    net.publish(admin, TOPIC, &create.to_string());
    let (job, _) = net.jobs.remove(0);
    net.act(|broker, now| broker.handle_hashed(now, job, Ok(vec!["hash".to_owned()])));
    let said = net.payloads(watcher);
    assert!(said.iter().all(|event| !event.contains("secret") && !event.contains("hash")), "{said:?}");
    let said: Vec<Value> = said.iter().map(|event| serde_json::from_str(event).unwrap()).collect();
    assert!(
        said.iter().all(|it| it["event"] == "administered" && it["action"] == "dynamic-security"),
        "{said:?}"
    );
    let commands: Vec<_> = said.iter().map(|event| event["command"].clone()).collect();
    assert_eq!(
        commands,
        [
            json!({"command": "createRole", "rolename": "r"}),
            json!({"command": "addRoleACL", "rolename": "r", "acltype": "publishClientSend", "topic": "t", "allow": true}),
            json!({"command": "createClient", "username": "bob"}),
        ]
    );
}

#[test]
fn everything_is_bounded() {
    let mut net = Net::new(realm(|config| {
        ruled(config);
        let limits = &mut config.limits.security;
        (limits.max_dynamic_clients, limits.max_dynamic_groups, limits.max_dynamic_roles) = (1, 2, 2);
        (limits.max_dynamic_acls, limits.max_dynamic_memberships) = (1, 1);
    }));
    let admin = admin(&mut net);
    let acl = |topic: &str| json!({"acltype": "publishClientSend", "topic": topic});
    tell(
        &mut net,
        admin,
        &json!([
            {"command": "createRole", "rolename": "r", "acls": [acl("a")]},
            {"command": "createRole", "rolename": "s"},
            {"command": "createGroup", "groupname": "g", "roles": [{"rolename": "r"}]},
            {"command": "createGroup", "groupname": "h"},
            {"command": "createClient", "username": "bob", "groups": [{"groupname": "g"}], "roles": [{"rolename": "r"}]},
        ]),
    );
    let both = json!([{"rolename": "r"}, {"rolename": "s"}]);
    let groups = json!([{"groupname": "g"}, {"groupname": "h"}]);
    for (command, error) in [
        (json!({"command": "createRole", "rolename": "t"}), "Too many roles: the limit is 2"),
        (json!({"command": "createGroup", "groupname": "i"}), "Too many groups: the limit is 2"),
        (json!({"command": "createClient", "username": "eve"}), "Too many clients: the limit is 1"),
        (
            json!({"command": "addRoleACL", "rolename": "r", "acltype": "publishClientSend", "topic": "b"}),
            "Too many ACLs of a role: the limit is 1",
        ),
        (
            json!({"command": "modifyRole", "rolename": "r", "acls": [acl("a"), acl("b")]}),
            "Too many ACLs of a role: the limit is 2",
        ),
        (
            json!({"command": "addGroupRole", "groupname": "g", "rolename": "s"}),
            "Too many roles of a group: the limit is 1",
        ),
        (
            json!({"command": "addClientRole", "username": "bob", "rolename": "s"}),
            "Too many roles of a client: the limit is 1",
        ),
        (
            json!({"command": "addGroupClient", "username": "bob", "groupname": "h"}),
            "Too many groups of a client: the limit is 1",
        ),
        (
            json!({"command": "modifyGroup", "groupname": "g", "roles": both}),
            "Too many roles in one list: the limit is 2",
        ),
        (
            json!({"command": "modifyClient", "username": "bob", "groups": groups}),
            "Too many groups of a client: the limit is 2",
        ),
    ] {
        assert_eq!(self::error(&mut net, admin, &command), error, "{command}");
    }
    let many = vec![json!({"command": "getRole", "rolename": "r"}); 1_001];
    let answers = ask(&mut net, admin, &json!(many));
    assert_eq!(
        answers,
        [json!({"command": "Unknown command", "error": "Too many commands: the limit is 1000"})]
    );
}

#[test]
fn what_is_kept_is_bounded_in_bytes_and_by_the_disk() {
    let mut net = Net::new(realm(|config| {
        ruled(config);
        config.limits.security.max_dynamic_bytes = 2_000;
    }));
    let admin = admin(&mut net);
    let create = |n: usize| json!({"command": "createRole", "rolename": format!("r{n}"), "textdescription": "x".repeat(1_000)});
    for n in 0..2 {
        tell(&mut net, admin, &json!([create(n)]));
    }
    let full = "All clients, groups and roles take more room than max_dynamic_bytes";
    assert_eq!(error(&mut net, admin, &create(2)), full);
    tell(&mut net, admin, &json!([{"command": "deleteRole", "rolename": "r0"}]));
    tell(&mut net, admin, &json!([create(2)]));
    tell(&mut net, admin, &json!([{"command": "deleteRole", "rolename": "r1"}]));
    net.act(|broker, now| broker.handle_storage(now, headcount_broker::Storage::Full));
    assert_eq!(error(&mut net, admin, &create(3)), "Storage is full");
}
