//! What is answered is stored, and what is stored comes back.

use super::*;
use crate::support::*;
use crate::town::Dice;
use headcount_broker::{Broker, Now, Record};
use std::time::Duration;

fn durable() -> Config {
    realm(|config| {
        ruled(config);
        config.durable = true;
    })
}

fn reborn(net: &Net, records: Vec<Record>) -> Net {
    let unix = net.now().unix + Duration::from_secs(1);
    let now = Now { monotonic: unix, unix };
    let mut again = Net::of(Broker::restore(durable(), now, records).unwrap(), now);
    again.settle();
    again
}

/// Commands of all kinds, one request each.
fn story() -> Vec<Value> {
    let acl = |acltype: &str| json!({"acltype": acltype, "topic": "chat/room", "allow": true, "priority": 7});
    let acls = ["publishClientSend", "publishClientReceive", "subscribePattern"].map(acl);
    vec![
        json!({"command": "createRole", "rolename": "room", "textname": "Room",
               "acls": acls}),
        json!({"command": "createRole", "rolename": "gone"}),
        json!({"command": "createGroup", "groupname": "room", "roles": [{"rolename": "room", "priority": 3}]}),
        json!({"command": "createGroup", "groupname": "gone", "roles": [{"rolename": "gone"}]}),
        json!({"command": "createClient", "username": "bob", "clientid": "b", "textdescription": "ö",
               "roles": [{"rolename": "gone"}], "groups": [{"groupname": "gone"}]}),
        json!({"command": "addGroupClient", "username": "bob", "groupname": "room", "priority": -7}),
        json!({"command": "addGroupClient", "username": "vy", "groupname": "room"}),
        json!({"command": "setAnonymousGroup", "groupname": "gone"}),
        json!({"command": "setDefaultACLAccess", "acls": [{"acltype": "subscribe", "allow": true}]}),
        json!({"command": "disableClient", "username": "minh"}),
        json!({"command": "deleteGroup", "groupname": "gone"}),
        json!({"command": "deleteRole", "rolename": "gone"}),
        json!({"command": "createClient", "username": "eve"}),
        json!({"command": "deleteClient", "username": "eve"}),
    ]
}

/// Everything that can be asked for.
fn everything(net: &mut Net, admin: ConnectionId) -> Vec<Value> {
    ask(
        net,
        admin,
        &json!([
            {"command": "listClients", "verbose": true},
            {"command": "listGroups", "verbose": true},
            {"command": "listRoles", "verbose": true},
            {"command": "getAnonymousGroup"},
            {"command": "getDefaultACLAccess"},
        ]),
    )
}

/// A broker that dies anywhere goes on with all that it answered, and with nothing by halves.
#[test]
fn each_answer_holds_after_a_crash() {
    let mut net = Net::new(durable());
    let admin = admin(&mut net);
    for command in story() {
        tell(&mut net, admin, &json!([command]));
        let records = net.records.iter().map(|(_, record)| record.clone()).collect();
        let mut again = reborn(&net, records);
        let admin_again = super::admin(&mut again);
        assert_eq!(everything(&mut again, admin_again), everything(&mut net, admin), "{command}");
    }
    let records = net.records.iter().map(|(_, record)| record.clone()).collect();
    let mut again = reborn(&net, records);
    let vy = enter(&mut again, "vy", "v");
    assert!(may_write(&mut again, vy, "chat/room"), "rights, too");
}

#[test]
fn an_answer_waits_until_its_change_is_stored() {
    let mut net = Net::new(durable());
    let admin = admin(&mut net);
    net.store = false;
    net.records.clear();
    let create = json!({"commands": [{"command": "createRole", "rolename": "r"}]});
    net.publish(admin, TOPIC, &create.to_string());
    assert_eq!(net.take(admin), None);
    let set = net.records.iter().position(|(_, it)| matches!(it, Record::SecuritySet { .. })).unwrap();
    if set > 0 {
        net.persisted(net.records[set - 1].0);
        assert_eq!(net.take(admin), None);
    }
    net.persisted(net.records.last().unwrap().0);
    assert_eq!(answers(&mut net, admin), [json!({"command": "createRole"})]);
    let ask = json!({"commands": [{"command": "listRoles"}]});
    net.publish(admin, TOPIC, &ask.to_string());
    assert_eq!(answers(&mut net, admin)[0]["data"]["roles"], json!(["r"]), "a question waits for nothing");
}

/// What the interface knows is kept while it is closed, and holds again when it is opened.
#[test]
fn closing_the_interface_suspends_its_rules() {
    let mut net = Net::new(durable());
    let admin = admin(&mut net);
    make_room(&mut net, admin);
    join(&mut net, admin, "vy");
    let vy = enter(&mut net, "vy", "v");
    assert!(may_write(&mut net, vy, "chat/room"));
    let mut access = durable().access;
    access.dynamic_security = false;
    net.act(|broker, now| broker.set_access(now, access).unwrap());
    assert!(!may_write(&mut net, vy, "chat/room"));
    net.act(|broker, now| broker.set_access(now, durable().access).unwrap());
    assert!(may_write(&mut net, vy, "chat/room"));
}

/// A command by chance, about few names so that they meet.
fn command(dice: &mut Dice) -> Value {
    let role = ["r0", "r1", "r2"][dice.roll(3)];
    let group = ["g0", "g1"][dice.roll(2)];
    let client = ["vy", "minh", "bob"][dice.roll(3)];
    let (priority, allow) = (dice.roll(3), dice.roll(2) == 0);
    let topic = ["a", "a/+", "%u/#"][dice.roll(3)];
    let acl = json!({"acltype": "publishClientSend", "topic": topic, "priority": priority, "allow": allow});
    match dice.roll(16) {
        0 => json!({"command": "createRole", "rolename": role, "acls": [acl]}),
        1 => json!({"command": "deleteRole", "rolename": role}),
        2 => json!({"command": "modifyRole", "rolename": role, "textname": topic}),
        3 => {
            json!({"command": "addRoleACL", "rolename": role, "acltype": "publishClientSend", "topic": topic})
        }
        4 => json!({"command": "createGroup", "groupname": group, "roles": [{"rolename": role}]}),
        5 => json!({"command": "deleteGroup", "groupname": group}),
        6 => json!({"command": "modifyGroup", "groupname": group, "clients": [{"username": client}]}),
        7 => json!({"command": "addGroupRole", "groupname": group, "rolename": role, "priority": priority}),
        8 => json!({"command": "createClient", "username": "bob", "groups": [{"groupname": group}]}),
        9 => json!({"command": "deleteClient", "username": "bob"}),
        10 => json!({"command": "modifyClient", "username": client, "roles": [{"rolename": role}]}),
        11 => json!({"command": "modifyClient", "username": client, "groups": [{"groupname": group}]}),
        12 => json!({"command": "addClientRole", "username": client, "rolename": role, "priority": priority}),
        13 => json!({"command": "removeGroupClient", "groupname": group, "username": client}),
        14 => json!({"command": "setAnonymousGroup", "groupname": group}),
        _ => {
            json!({"command": "addGroupClient", "groupname": group, "username": client, "priority": priority})
        }
    }
}

/// A broker that dies and comes back all the time answers as one that lives on.
#[test]
fn a_broker_that_dies_all_the_time_answers_as_one_that_lives() {
    let mut dice = Dice(7);
    let mut lives = Net::new(durable());
    let desk = admin(&mut lives);
    let mut dies = Net::new(durable());
    let mut records = Vec::new();
    for _ in 0..400 {
        let command = command(&mut dice);
        let other = admin(&mut dies);
        let request = json!([command]);
        assert_eq!(ask(&mut dies, other, &request), ask(&mut lives, desk, &request), "{command}");
        assert_eq!(everything(&mut dies, other), everything(&mut lives, desk), "{command}");
        records.extend(std::mem::take(&mut dies.records).into_iter().map(|(_, record)| record));
        dies = reborn(&dies, records.clone());
    }
    let kept = records.iter().filter(|it| matches!(it, Record::SecuritySet { .. })).count();
    assert!(kept > 100, "{kept}");
}
