//! Rules that change by chance while clients stay: they are judged as clients are that come anew.

use super::*;
use crate::support::*;
use crate::town::Dice;

const TOPICS: [&str; 4] = ["a", "a/b", "b", "b/vy"];
const USERS: [&str; 2] = ["vy", "minh"];

fn command(dice: &mut Dice) -> Value {
    let (role, group) = (["r0", "r1", "r2"][dice.roll(3)], ["g0", "g1"][dice.roll(2)]);
    let user_name = USERS[dice.roll(2)];
    let acltype = ["publishClientSend", "publishClientReceive"][dice.roll(2)];
    let topic = ["a", "a/#", "+", "#", "b/%u", "+/b"][dice.roll(6)];
    let (priority, allow) = (dice.roll(3), dice.roll(3) > 0);
    match dice.roll(12) {
        0..=2 => json!({"command": "addRoleACL", "rolename": role, "acltype": acltype, "topic": topic,
                        "priority": priority, "allow": allow}),
        3 => json!({"command": "removeRoleACL", "rolename": role, "acltype": acltype, "topic": topic}),
        4 => {
            json!({"command": "addClientRole", "username": user_name, "rolename": role, "priority": priority})
        }
        5 => json!({"command": "removeClientRole", "username": user_name, "rolename": role}),
        6 | 7 => json!({"command": "addGroupClient", "username": user_name, "groupname": group}),
        8 => json!({"command": "removeGroupClient", "username": user_name, "groupname": group}),
        9 => json!({"command": "addGroupRole", "groupname": group, "rolename": role, "priority": priority}),
        10 => json!({"command": "modifyGroup", "groupname": group, "roles": [{"rolename": role}]}),
        _ => json!({"command": "modifyRole", "rolename": role,
                    "acls": [{"acltype": acltype, "topic": topic, "allow": allow}]}),
    }
}

/// What a client may write, and what it hears of what another says.
fn verdict(net: &mut Net, id: ConnectionId, speaker: ConnectionId) -> Vec<(bool, bool)> {
    let mut verdict = Vec::new();
    for topic in TOPICS {
        net.publish_qos1(id, topic, "own");
        let packets: Vec<_> = std::iter::from_fn(|| net.take(id)).collect();
        let acked = packets.iter().find_map(|packet| match packet {
            headcount_mqtt::Packet::PubAck(ack) => Some(ack.reason == ReasonCode::Success),
            _ => None,
        });
        net.publish(speaker, topic, "said");
        let heard = net.messages(id).into_iter().any(|(it, payload)| it == topic && payload == "said");
        verdict.push((acked.unwrap(), heard));
    }
    verdict
}

#[test]
fn who_stays_is_judged_as_who_comes_anew() {
    let mut dice = Dice(11);
    let mut net = Net::new(realm(ruled));
    let admin = admin(&mut net);
    let speaker = enter(&mut net, "admin", "speaker");
    let roles = ["r0", "r1", "r2"].map(|role| json!({"command": "createRole", "rolename": role}));
    tell(&mut net, admin, &json!(roles));
    tell(
        &mut net,
        admin,
        &json!(["g0", "g1"].map(|group| json!({"command": "createGroup", "groupname": group}))),
    );
    let stay = USERS.map(|user_name| {
        let id = enter(&mut net, user_name, user_name);
        assert_eq!(net.subscribe(id, "#", AtMostOnce), ReasonCode::Success);
        id
    });
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..150 {
        let command = command(&mut dice);
        ask(&mut net, admin, &json!([command]));
        for (user_name, id) in USERS.into_iter().zip(stay) {
            net.messages(id);
            let anew = enter(&mut net, user_name, "anew");
            net.subscribe(anew, "#", AtMostOnce);
            let expected = verdict(&mut net, anew, speaker);
            net.disconnect(anew, ReasonCode::Success);
            net.messages(id);
            assert_eq!(verdict(&mut net, id, speaker), expected, "{user_name} after {command}");
            seen.insert(expected);
        }
    }
    assert!(seen.len() > 20, "{}", seen.len());
}
