//! The same requests to Mosquitto and to us: the answers are the same bytes.

use super::{Admin, EVERYTHING, level, ours};
use crate::support::{Folder, Mosquitto};

/// Requests in their order, one a line.
const SCRIPT: &str = include_str!("script.jsonl");

#[test]
fn mosquitto_and_we_answer_the_same_bytes() {
    let folder = Folder::with(&[]);
    let (server, mosquitto) = (ours(&folder), Mosquitto::dynamic(&folder));
    let (mut ours, mut theirs) = (Admin::enter(server.tcp("home")), Admin::enter(mosquitto.address));
    level(&mut ours);
    let requests: Vec<_> = SCRIPT.lines().filter(|line| !line.starts_with("//")).collect();
    assert!(requests.len() > 150, "{}", requests.len());
    for request in requests {
        assert_eq!(ours.ask(request), theirs.ask(request), "ours, then theirs, for {request}");
    }
    assert_eq!(ours.ask(EVERYTHING), theirs.ask(EVERYTHING));
}

/// Where we differ on purpose: what Mosquitto does by halves or says without a reason. Theirs is asked, too, so that a
/// newer one that thinks otherwise is noticed.
#[test]
fn where_we_differ_it_is_on_purpose() {
    let folder = Folder::with(&[]);
    let (server, mosquitto) = (ours(&folder), Mosquitto::dynamic(&folder));
    let (mut ours, mut theirs) = (Admin::enter(server.tcp("home")), Admin::enter(mosquitto.address));
    level(&mut ours);
    for (request, own, other) in [
        (r#"{"command":"createRole","rolename":"r"}"#, "", ""),
        (r#"{"command":"createClient","username":"bob"}"#, "", ""),
        (r#"{"command":"createGroup","groupname":"g"}"#, "", ""),
        (r#"{"command":"addClientRole","username":"bob","rolename":"r"}"#, "", ""),
        // The reason instead of `Internal error`.
        (
            r#"{"command":"addClientRole","username":"bob","rolename":"r"}"#,
            "Client is already in this role",
            "Internal error",
        ),
        (
            r#"{"command":"createGroup","groupname":"h","roles":7}"#,
            "'roles' not an array or missing/invalid rolename",
            "Internal error",
        ),
        // All or nothing; the words are those of later Mosquittos.
        (
            r#"{"command":"modifyClient","username":"bob","groups":[{"groupname":"none"}]}"#,
            "'groups' contains an object with a 'groupname' that does not exist",
            "",
        ),
        (
            r#"{"command":"modifyGroup","groupname":"g","clients":[{"username":"none"}]}"#,
            "'clients' contains an object with a 'username' that does not exist",
            "",
        ),
        (
            r#"{"command":"createRole","rolename":"s","acls":[{"acltype":"publishClientSend","topic":"a/#/b"}]}"#,
            "Invalid ACL topic",
            "",
        ),
        // A topic has at least one character.
        (
            r#"{"command":"addRoleACL","rolename":"r","acltype":"publishClientSend","topic":""}"#,
            "Invalid ACL topic",
            "",
        ),
    ] {
        let answer = |error: &str| {
            let command = &request[r#"{"command":"#.len()..];
            let command = &command[..=command[1..].find('"').unwrap() + 1];
            let error = if error.is_empty() { String::new() } else { format!(r#","error":"{error}""#) };
            format!(r#"{{"responses":[{{"command":{command}{error}}}]}}"#)
        };
        let request = format!(r#"{{"commands":[{request}]}}"#);
        assert_eq!((ours.ask(&request), theirs.ask(&request)), (answer(own), answer(other)), "{request}");
    }
}
