//! Rule files judged by Debian's mosquitto and by the binary, side by side.

use crate::support::{Client, Dice, Folder, Mosquitto, Server, Stream, Transport, bytes, connect};
use headcount_mqtt::{
    Connect, Delivery, Disconnect, Packet, PacketId, Publish, QoS, ReasonCode, Subscribe, Subscription,
};
use std::fmt::Write;
use std::net::SocketAddr;

const USERS: [&str; 5] = ["", "alice", "bob smith", "a+b", "nobody"];
const CLIENTS: [&str; 2] = ["lamp", "x#y"];
const TOPICS: [&str; 12] =
    ["a", "a/b", "a/b/c", "a b", "b", "alice", "alice/lamp", "a/alice", "a/lamp", "bob smith", "/a", "%u"];
const FILTERS: [&str; 14] = [
    "a",
    "a/b",
    "a/+",
    "a/#",
    "+",
    "#",
    "+/b",
    "a b",
    "/a",
    "+/+/c",
    "b/#",
    "alice/#",
    "+/lamp",
    "bob smith",
];
const PATTERNS: [&str; 8] = ["%u", "a/%u", "%u/%c", "a/%c", "%u/#", "+/%c", "b", "100%"];
const ACCESS: [&str; 5] = ["read ", "write ", "readwrite ", "", "deny "];

/// Rules by chance. `pattern deny` is left out: against a rule that allows, Mosquitto does not ask it, and we do.
fn rules(dice: &mut Dice) -> String {
    let mut text = String::from("# by chance\n");
    for user in USERS.iter().take(4) {
        if !user.is_empty() {
            let _ = writeln!(text, "user {user}");
        }
        for _ in 0..*dice.roll(&[0, 1, 2, 4]) {
            let (access, filter) = (*dice.roll(&ACCESS), *dice.roll(&FILTERS));
            // Without a word for the access, a blank in a topic is the end of that word.
            let access = if access.is_empty() && filter.contains(' ') { "readwrite " } else { access };
            let _ = writeln!(text, "topic {access}{filter}");
        }
    }
    for _ in 0..*dice.roll(&[0, 1, 3]) {
        let _ = writeln!(text, "pattern {}{}", dice.roll(&ACCESS[..4]), dice.roll(&PATTERNS));
    }
    text
}

/// What each user may write, and what reaches each user, as lines.
fn judge(address: SocketAddr) -> String {
    let mut verdicts = String::new();
    for user in USERS {
        for client_id in CLIENTS {
            let mut client = Client::over(Transport::Tcp(Stream::open(address).0));
            let user_name = (!user.is_empty()).then(|| user.try_into().unwrap());
            let answer = client.connect(Connect { user_name, ..connect(client_id) });
            assert_eq!(answer.reason, ReasonCode::Success, "{user}");
            client.send(&Packet::Subscribe(Subscribe {
                packet_id: PacketId::new(1).unwrap(),
                subscription_identifier: None,
                user_properties: Vec::new(),
                subscriptions: vec![Subscription::new("#".try_into().unwrap(), QoS::AtMostOnce)],
            }));
            assert!(matches!(client.receive(), Packet::SubAck(_)));
            for topic in TOPICS {
                let publish = Packet::Publish(Publish {
                    dup: false,
                    delivery: Delivery::AtLeastOnce(PacketId::new(2).unwrap()),
                    retain: false,
                    topic: Some(topic.try_into().unwrap()),
                    payload: "x".into(),
                    properties: None,
                });
                // In one write: two would wait for each other's acknowledgement.
                client.send_bytes(&[bytes(&publish), bytes(&Packet::PingReq)].concat());
                let (mut may_write, mut heard) = (false, false);
                loop {
                    match client.receive() {
                        Packet::PingResp => break,
                        Packet::PubAck(ack) => may_write = !ack.reason.is_error(),
                        // Our feeds come in beside it.
                        Packet::Publish(it) => heard |= it.topic.is_some_and(|it| it.as_str() == topic),
                        other => panic!("{other:?}"),
                    }
                }
                // Who may not write hears nothing, so reading is judged with writing.
                let _ =
                    writeln!(verdicts, "{user:?} {client_id} {topic:?}: write {may_write}, hears {heard}");
            }
            // The next user comes with the same identifier.
            client.send(&Packet::Disconnect(Disconnect::with(ReasonCode::Success)));
            assert_eq!(client.next(), None);
        }
    }
    verdicts
}

#[test]
fn mosquitto_and_we_agree() {
    let config = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n\
                  trust_user_names = true\nacl_file = \"rules\"\n";
    let mut dice = Dice(0x5EED);
    for round in 0..25 {
        // Half of the rounds let everybody write, so that reading is seen.
        let mut text = rules(&mut dice);
        if round % 2 == 0 {
            text.push_str("pattern write #\n");
        }
        let folder = Folder::with(&[("headcount.toml", config), ("rules", &text)]);
        let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
        let acl = folder.path("rules").display().to_string();
        let mosquitto = Mosquitto::start(&folder, &format!("allow_anonymous true\nacl_file {acl}\n"));
        let (ours, theirs) = (judge(server.tcp("home")), judge(mosquitto.address));
        for (ours, theirs) in ours.lines().zip(theirs.lines()) {
            assert_eq!(ours, theirs, "ours, then theirs, by these rules:\n{text}");
        }
    }
}
