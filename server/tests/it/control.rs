//! Mosquitto's client as an administrator of the demo's realm.

use crate::support::{Client, Server, Stream, Transport, connect};
use headcount_mqtt::ReasonCode;
use std::process::Command;

fn mosquitto_rr(server: &Server, user: (&str, &str), verb: &str, payload: &str) -> String {
    let topic = format!("$headcount/{}/control/{verb}", user.0);
    let output = Command::new("mosquitto_rr")
        .args(["-p", &server.tcp("secure").port().to_string(), "-V", "mqttv5", "-W", "5"])
        .args([
            "-u",
            user.0,
            "-P",
            user.1,
            "-t",
            &topic,
            "-m",
            payload,
            "-e",
            &format!("chat/messages/{}/x", user.0),
        ])
        .output()
        .expect("mosquitto_rr cannot be started: install Debian's package mosquitto-clients");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn an_administrator_kicks_by_request_and_answer() {
    let server = Server::start();
    let mut peter = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    let mut packet = connect("peters-lamp");
    packet.user_name = Some("peter".try_into().unwrap());
    packet.password = Some("test".into());
    assert_eq!(peter.connect(packet).reason, ReasonCode::Success);
    let request = r#"{"client":"peters-lamp"}"#;
    assert_eq!(mosquitto_rr(&server, ("admin", "admin"), "kick", request), r#"{"done":true}"#);
    peter.receive_end(ReasonCode::AdministrativeAction);
}
