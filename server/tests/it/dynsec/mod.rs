//! Mosquitto's dynamic-security interface, beside Mosquitto itself and by its own tool.

mod beside;
mod chance;
mod rooms;

use crate::support::{Client, Folder, Server, Stream, Transport, connect, publish};
use headcount_mqtt::{Connect, ReasonCode};
use serde_json::{Value, json};
use std::net::SocketAddr;

const TOPIC: &str = "$CONTROL/dynamic-security/v1";
const RESPONSE: &str = "$CONTROL/dynamic-security/v1/response";

/// Our side of a comparison: without a rule file, so that default access speaks.
fn ours(folder: &Folder) -> Server {
    let config = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n\
                  administrators = [\"admin\"]\ndynamic_security = true\n\
                  [realm.accounts]\nadmin = \"admin\"\n";
    Server::configured(folder, config)
}

/// A connection that asks.
struct Admin(Client);

impl Admin {
    fn enter(address: SocketAddr) -> Self {
        let (mut admin, reason) = enter(address, "admin", "admin", "desk");
        assert_eq!(reason, ReasonCode::Success);
        admin.subscribe(RESPONSE);
        Self(admin)
    }

    /// The answer to these bytes, as it came.
    fn ask(&mut self, request: &str) -> String {
        self.0.send(&publish(TOPIC, request.to_owned()));
        let (topic, answer) = self.0.receive_publish();
        assert_eq!(topic, RESPONSE);
        String::from_utf8(answer.to_vec()).unwrap()
    }

    /// Commands that succeed.
    fn tell(&mut self, commands: &Value) {
        let answer = self.ask(&json!({ "commands": commands }).to_string());
        assert!(!answer.contains("\"error\""), "{commands} {answer}");
    }
}

fn enter(
    address: SocketAddr,
    user_name: &str,
    password: &'static str,
    client_id: &str,
) -> (Client, ReasonCode) {
    let mut client = Client::over(Transport::Tcp(Stream::open(address).0));
    let answer = client.connect(Connect {
        user_name: Some(user_name.try_into().unwrap()),
        password: Some(password.into()),
        ..connect(client_id)
    });
    (client, answer.reason)
}

/// Brings our side to where `mosquitto_ctrl dynsec init` leaves Mosquitto.
fn level(ours: &mut Admin) {
    let acl = |acltype: &str, topic: &str| json!({"acltype": acltype, "topic": topic, "allow": true});
    let control = "$CONTROL/dynamic-security/#";
    let acls = json!([
        acl("publishClientSend", control),
        acl("publishClientReceive", control),
        acl("subscribePattern", control),
        acl("publishClientReceive", "$SYS/#"),
        acl("subscribePattern", "$SYS/#"),
        acl("publishClientReceive", "#"),
        acl("subscribePattern", "#"),
        acl("unsubscribePattern", "#"),
    ]);
    ours.tell(&json!([
        {"command": "createRole", "rolename": "admin", "acls": acls},
        {"command": "modifyClient", "username": "admin", "textname": "Dynsec admin user",
         "roles": [{"rolename": "admin"}]},
    ]));
}

/// Everything that can be asked for.
const EVERYTHING: &str = r#"{"commands":[
    {"command":"listClients","verbose":true},{"command":"listGroups","verbose":true},
    {"command":"listRoles","verbose":true},{"command":"getDefaultACLAccess"},{"command":"getAnonymousGroup"}]}"#;
