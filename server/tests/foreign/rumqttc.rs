//! rumqttc, led by lines as the other peers are: this program itself, told so by its environment.

use ::rumqttc::{TlsConfiguration, Transport};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::BufRead;
use std::process::Command;
use std::time::Duration;

/// Names the URL that the peer is for.
pub(crate) const LED: &str = "HEADCOUNT_LED_RUMQTTC";
const VERSION: &str = "HEADCOUNT_LED_VERSION";
const AUTHORITY: &str = "HEADCOUNT_LED_CA";

const KEEP_ALIVE: Duration = Duration::from_mins(1);

/// Seconds for a connection: five, as the library has it, are short on a machine that is building something else.
const PATIENCE: u64 = 20;

pub(crate) fn start(url: &str, version: &str, ca: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env(LED, url).env(VERSION, version).env(AUTHORITY, ca);
    command
}

/// What a client can be asked for.
enum Ask {
    Subscribe(String, u8),
    Publish(String, String, u8, bool),
    Disconnect,
}

fn say(name: &str, event: &str, facts: Value) {
    let mut said = json!({ "as": name, "event": event });
    crate::peer::extend(&mut said, facts);
    println!("{said}");
}

/// Host, port and transport of a URL; over WebSocket the host is the whole of it.
fn place(url: &str, ca: &str) -> (String, u16, Transport) {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let address = rest.split('/').next().expect("a host");
    let (host, port) = address.split_once(':').expect("a port");
    let tls = || TlsConfiguration::Simple {
        ca: std::fs::read(ca).expect("the authority's certificate"),
        alpn: None,
        client_auth: None,
    };
    let port = port.parse().expect("a port");
    match scheme {
        "mqtt" => (host.to_owned(), port, Transport::Tcp),
        "mqtts" => (host.to_owned(), port, Transport::Tls(tls())),
        "ws" => (url.to_owned(), port, Transport::Ws),
        _ => (url.to_owned(), port, Transport::Wss(tls())),
    }
}

/// What a client hears, in either version.
enum Heard {
    ConnAck(bool),
    SubAck(u8),
    Acknowledged,
    Message(String, Vec<u8>, u8, bool),
    Other,
}

/// A connection of either version: what comes next, or its end.
type Connection = Box<dyn FnMut() -> Option<Heard> + Send>;

/// A client of either version.
type Client = Box<dyn Fn(Ask) + Send>;

fn v4(command: &Value, url: &str, ca: &str) -> (Client, Connection) {
    use ::rumqttc::{Client, Event, LastWill, MqttOptions, Packet, SubscribeReasonCode, qos};
    let level = |number: u8| qos(number).expect("0, 1 or 2");
    let (host, port, transport) = place(url, ca);
    let mut options = MqttOptions::new(text(&command["id"]), host, port);
    options.set_transport(transport).set_keep_alive(KEEP_ALIVE);
    options.set_clean_session(command["clean"].as_bool().expect("a flag"));
    if let Some(user) = command["username"].as_str() {
        options.set_credentials(user, text(&command["password"]));
    }
    if let Some((topic, payload, number, retain)) = will(command) {
        options.set_last_will(LastWill::new(topic, payload, level(number), retain));
    }
    let (client, mut connection) = Client::new(options, 64);
    connection.eventloop.network_options.set_connection_timeout(PATIENCE);
    let next = move || {
        let Event::Incoming(packet) = connection.recv().ok()?.ok()? else { return Some(Heard::Other) };
        Some(match packet {
            Packet::ConnAck(ack) => Heard::ConnAck(ack.session_present),
            Packet::SubAck(ack) => match ack.return_codes[0] {
                SubscribeReasonCode::Success(qos) => Heard::SubAck(qos as u8),
                SubscribeReasonCode::Failure => Heard::SubAck(0x80),
            },
            Packet::PubAck(_) | Packet::PubComp(_) => Heard::Acknowledged,
            Packet::Publish(it) => Heard::Message(it.topic, it.payload.to_vec(), it.qos as u8, it.retain),
            _ => Heard::Other,
        })
    };
    let act = move |ask| match ask {
        Ask::Subscribe(filter, number) => client.subscribe(filter, level(number)).expect("it runs"),
        Ask::Publish(topic, payload, number, retain) => {
            client.publish(topic, level(number), retain, payload).expect("it runs");
        }
        Ask::Disconnect => client.disconnect().expect("it runs"),
    };
    (Box::new(act), Box::new(next))
}

fn v5(command: &Value, url: &str, ca: &str) -> (Client, Connection) {
    use ::rumqttc::v5::mqttbytes::qos;
    use ::rumqttc::v5::mqttbytes::v5::{LastWill, Packet, SubscribeReasonCode};
    use ::rumqttc::v5::{Client, Event, MqttOptions};
    let level = |number: u8| qos(number).expect("0, 1 or 2");
    let (host, port, transport) = place(url, ca);
    let mut options = MqttOptions::new(text(&command["id"]), host, port);
    options.set_transport(transport).set_keep_alive(KEEP_ALIVE).set_connection_timeout(PATIENCE);
    options.set_clean_start(command["clean"].as_bool().expect("a flag"));
    let expiry = command["expiry"].as_u64().and_then(|seconds| u32::try_from(seconds).ok());
    options.set_session_expiry_interval(expiry);
    if let Some(user) = command["username"].as_str() {
        options.set_credentials(user, text(&command["password"]));
    }
    if let Some((topic, payload, number, retain)) = will(command) {
        options.set_last_will(LastWill::new(topic, payload, level(number), retain, None));
    }
    let (client, mut connection) = Client::new(options, 64);
    let next = move || {
        let Event::Incoming(packet) = connection.recv().ok()?.ok()? else { return Some(Heard::Other) };
        Some(match packet {
            Packet::ConnAck(ack) => Heard::ConnAck(ack.session_present),
            Packet::SubAck(ack) => match ack.return_codes[0] {
                SubscribeReasonCode::Success(qos) => Heard::SubAck(qos as u8),
                _ => Heard::SubAck(0x80),
            },
            Packet::PubAck(_) | Packet::PubComp(_) => Heard::Acknowledged,
            Packet::Publish(it) => {
                let topic = String::from_utf8(it.topic.to_vec()).expect("a Topic Name");
                Heard::Message(topic, it.payload.to_vec(), it.qos as u8, it.retain)
            }
            Packet::Disconnect(_) => return None,
            _ => Heard::Other,
        })
    };
    let act = move |ask| match ask {
        Ask::Subscribe(filter, number) => client.subscribe(filter, level(number)).expect("it runs"),
        Ask::Publish(topic, payload, number, retain) => {
            client.publish(topic, level(number), retain, payload).expect("it runs");
        }
        Ask::Disconnect => client.disconnect().expect("it runs"),
    };
    (Box::new(act), Box::new(next))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn number(value: &Value) -> u8 {
    value.as_u64().and_then(|it| u8::try_from(it).ok()).expect("0, 1 or 2")
}

fn will(command: &Value) -> Option<(String, String, u8, bool)> {
    let will = command.get("will")?;
    let retain = will["retain"].as_bool().expect("a flag");
    Some((text(&will["topic"]).to_owned(), text(&will["payload"]).to_owned(), number(&will["qos"]), retain))
}

/// Connects a client, whose thread says what it hears from here on.
fn connect(name: &str, command: &Value, url: &str, clients: &mut HashMap<String, Client>) {
    let variable = |name| std::env::var(name).expect("told by the test");
    let (version, ca) = (variable(VERSION), variable(AUTHORITY));
    let (client, mut next) = if version == "5.0" { v5(command, url, &ca) } else { v4(command, url, &ca) };
    if let Some(filter) = command["filter"].as_str() {
        // It waits for CONNACK by itself.
        client(Ask::Subscribe(filter.to_owned(), number(&command["qos"])));
    }
    clients.insert(name.to_owned(), client);
    let name = name.to_owned();
    std::thread::spawn(move || {
        let mut connected = false;
        while let Some(heard) = next() {
            match heard {
                Heard::ConnAck(session) => {
                    connected = true;
                    say(&name, "connected", json!({ "session": session }));
                }
                Heard::SubAck(qos) => say(&name, "subscribed", json!({ "qos": qos })),
                Heard::Acknowledged => say(&name, "published", Value::Null),
                Heard::Message(topic, payload, qos, retain) => {
                    let payload = String::from_utf8_lossy(&payload);
                    let facts = json!({ "topic": topic, "payload": payload, "qos": qos, "retain": retain });
                    say(&name, "message", facts);
                }
                Heard::Other => {}
            }
        }
        say(&name, if connected { "lost" } else { "refused" }, Value::Null);
    });
}

/// The peer's own main.
pub(crate) fn led(url: &str) {
    let mut clients: HashMap<String, Client> = HashMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let command: Value = serde_json::from_str(&line).expect("a line of JSON");
        let name = text(&command["as"]);
        match text(&command["do"]) {
            "connect" => connect(name, &command, url, &mut clients),
            "publish" => {
                let (topic, payload) =
                    (text(&command["topic"]).to_owned(), text(&command["payload"]).to_owned());
                let (qos, retain) = (number(&command["qos"]), command["retain"].as_bool().expect("a flag"));
                clients[name](Ask::Publish(topic, payload, qos, retain));
                if qos == 0 {
                    say(name, "published", Value::Null);
                }
            }
            "disconnect" => {
                clients[name](Ask::Disconnect);
                say(name, "disconnected", Value::Null);
            }
            other => panic!("{other} is no command"),
        }
    }
}
