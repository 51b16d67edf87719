//! The rules of the chat demo, as they are shipped.

use crate::support::*;
use headcount_broker::ConnectionId;
use headcount_mqtt::ReasonCode;

fn enter(net: &mut Net, name: &str) -> ConnectionId {
    net.connect_with(named(connect(name, V5), name)).0
}

#[test]
fn each_role_of_the_chat_may_do_its_part_and_no_other() {
    let mut net = Net::with(|config| {
        config.access.observers = Some(vec!["admin".to_owned()]);
        config.access.acl = Some(include_str!("../../../server/default/chat.acl").to_owned());
    });
    let names = ["vy", "minh", "peter", "backend", "admin"];
    let ids = names.map(|name| enter(&mut net, name));
    // To vy, from minh: the topic, who may write it, and who may read it.
    let rows: [(&str, &[&str], &[&str]); 6] = [
        ("chat/messages/vy/minh", &["minh"], &["vy", "admin"]),
        ("chat/messages/vy/minh/request", &["minh"], &["backend", "admin"]),
        ("chat/messages/vy/minh/accepted", &["backend"], &["vy", "minh", "admin"]),
        ("chat/messages/vy/minh/rejected", &["backend"], &["minh", "admin"]),
        ("chat/status/backend", &["backend"], &names),
        ("chat/status/vy", &["vy"], &names),
    ];
    for (topic, writers, readers) in rows {
        for (name, id) in names.iter().zip(ids) {
            net.publish_qos1(id, topic, "x");
            let may_write = net.take_ack(id) == ReasonCode::Success;
            assert_eq!(may_write, writers.contains(name), "{name} writes {topic}");
            let may_read = net.subscribe(id, topic, AtMostOnce) == ReasonCode::Success;
            assert_eq!(may_read, readers.contains(name), "{name} reads {topic}");
        }
        for id in ids {
            net.messages(id);
        }
    }
}
