//! The client against the real broker, over connections that end.

mod server;

use bytes::Bytes;
use headcount_client::{Broker, Client, Event, Events, Failed, Limits, Message, Options, Reconnect, start};
use headcount_mqtt::client::Cause;
use headcount_mqtt::{
    ProtocolVersion, QoS, ReasonCode, Subscription, Text, TopicFilter, TopicName, Will, WillProperties,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use server::Server;
use std::time::Duration;

/// Whatever is waited for comes within this, or never.
const PATIENCE: Duration = Duration::from_secs(40);

fn options(client_id: &str) -> Options {
    Options {
        clean_start: false,
        session_expiry_interval: 3_600,
        reconnect: Some(Reconnect { base: Duration::from_millis(50), ..Reconnect::default() }),
        ..Options::new(ProtocolVersion::V5, Text::try_from(client_id).unwrap())
    }
}

fn open(port: u16, options: Options) -> (Client, Events) {
    let broker = Broker::parse(&format!("mqtt://127.0.0.1:{port}"), None).unwrap();
    start(broker, options, None).unwrap()
}

fn message(topic: &str, payload: impl Into<Bytes>) -> Message {
    Message { qos: QoS::AtLeastOnce, ..Message::new(TopicName::try_from(topic).unwrap(), payload.into()) }
}

async fn subscribe(client: &Client, filter: &str) {
    let filter = TopicFilter::try_from(filter).unwrap();
    let granted = client.subscribe(vec![Subscription::new(filter, QoS::AtLeastOnce)]).await;
    assert_eq!(granted, Ok(vec![ReasonCode::GrantedQoS1]));
}

async fn next(events: &mut Events) -> Event {
    tokio::time::timeout(PATIENCE, events.next()).await.expect("in time").expect("an event")
}

async fn connected(events: &mut Events) -> bool {
    loop {
        match next(events).await {
            Event::Connected { session_present } => return session_present,
            Event::Disconnected { terminal: false, .. } => {}
            other => panic!("{other:?} instead of Connected"),
        }
    }
}

/// The next message's payload, and its receipt.
async fn received(events: &mut Events) -> (String, Option<headcount_client::Receipt>) {
    loop {
        if let Event::Message { message, receipt } = next(events).await {
            return (String::from_utf8(message.payload.to_vec()).unwrap(), receipt);
        }
    }
}

#[tokio::test]
async fn messages_come_in_order_and_each_is_acknowledged() {
    let server = Server::start([] as [&str; 0]);
    let (reader, mut events) = open(server.port("open"), options("reader"));
    assert!(!connected(&mut events).await);
    subscribe(&reader, "t").await;
    let (writer, _events) = open(server.port("open"), options("writer"));
    let writing = tokio::spawn(async move {
        // Fewer than the broker queues for one session.
        let mut answers = Vec::new();
        for number in 0..900 {
            answers.push(writer.publish(message("t", number.to_string())).await.unwrap());
        }
        for answer in answers {
            assert_eq!(answer.await, Ok(ReasonCode::Success));
        }
    });
    for number in 0..900 {
        assert_eq!(received(&mut events).await.0, number.to_string());
    }
    writing.await.unwrap();
}

#[tokio::test]
async fn what_is_published_without_a_broker_waits_for_it() {
    let server = Server::start([] as [&str; 0]);
    let port = server.port("open");
    let (client, mut events) = open(port, options("client"));
    connected(&mut events).await;
    subscribe(&client, "t").await;
    drop(server);
    let Event::Disconnected { cause: Cause::ConnectionLost, terminal: false, .. } = next(&mut events).await
    else {
        panic!("the connection stands");
    };
    let answer = client.publish(message("t", "kept")).await.unwrap();
    // At most once is not kept.
    let at_most_once = Message { qos: QoS::AtMostOnce, ..message("t", "lost") };
    assert!(matches!(client.publish(at_most_once).await.unwrap().await, Err(Failed::Refused(_))));
    let _server = Server::start(["--listen-tcp", &format!("open=127.0.0.1:{port}")]);
    assert_eq!(answer.await, Ok(ReasonCode::Success));
    // The broker has lost the session: it was subscribed anew, and first.
    assert_eq!(received(&mut events).await.0, "kept");
}

#[tokio::test]
async fn what_was_not_acknowledged_comes_again() {
    let server = Server::start([] as [&str; 0]);
    let by_hand = || Options { manual_acks: true, ..options("worker") };
    let (client, mut events) = open(server.port("open"), by_hand());
    connected(&mut events).await;
    subscribe(&client, "t").await;
    for payload in ["a", "b", "c"] {
        assert_eq!(client.publish(message("t", payload)).await.unwrap().await, Ok(ReasonCode::Success));
    }
    let (payload, receipt) = received(&mut events).await;
    assert_eq!(payload, "a");
    client.acknowledge(receipt.unwrap()).await.unwrap();
    // `b` is in hand, `c` not even looked at.
    assert_eq!(received(&mut events).await.0, "b");
    client.disconnect().await;
    let (client, mut events) = open(server.port("open"), by_hand());
    assert!(connected(&mut events).await);
    for expected in ["b", "c"] {
        let (payload, receipt) = received(&mut events).await;
        assert_eq!(payload, expected);
        client.acknowledge(receipt.unwrap()).await.unwrap();
    }
    client.publish(message("t", "d")).await.unwrap().await.unwrap();
    assert_eq!(received(&mut events).await.0, "d");
}

/// The broker holds what is not taken, and the connection outlives the wait.
#[tokio::test]
async fn a_program_that_takes_no_events_keeps_its_connection() {
    let server = Server::start([] as [&str; 0]);
    let slow = Options {
        keep_alive: 1,
        limits: Limits { ping_timeout: Duration::from_secs(1), ..Limits::default() },
        ..options("slow")
    };
    let (reader, mut events) = open(server.port("open"), slow);
    connected(&mut events).await;
    subscribe(&reader, "t").await;
    let (writer, _events) = open(server.port("open"), options("writer"));
    for number in 0..1_000 {
        // Wide enough to fill the sockets' buffers as well.
        let payload = format!("{number:04}{}", "x".repeat(4_000));
        assert_eq!(writer.publish(message("t", payload)).await.unwrap().await, Ok(ReasonCode::Success));
    }
    // Longer than Keep Alive, half of it again, and the patience for PINGRESP.
    tokio::time::sleep(Duration::from_secs(4)).await;
    for number in 0..1_000 {
        match next(&mut events).await {
            Event::Message { message, .. } => {
                assert_eq!(message.payload[..4], *format!("{number:04}").as_bytes());
            }
            other => panic!("{other:?} after {number} messages"),
        }
    }
}

#[tokio::test]
async fn a_will_is_made_anew_for_each_connection_and_dropped_by_disconnect() {
    let server = Server::start([] as [&str; 0]);
    let (watcher, mut seen) = open(server.port("open"), options("watcher"));
    subscribe(&watcher, "will").await;
    let broker = Broker::parse(&format!("mqtt://127.0.0.1:{}", server.port("open")), None).unwrap();
    let mut made = 0;
    let make_will = Box::new(move || {
        made += 1;
        Will {
            topic: TopicName::try_from("will").unwrap(),
            payload: Bytes::from(made.to_string()),
            qos: QoS::AtLeastOnce,
            retain: false,
            properties: WillProperties::default(),
        }
    });
    let (client, mut events) = start(broker.clone(), options("mortal"), Some(make_will)).unwrap();
    connected(&mut events).await;
    // A take-over ends the first connection without a DISCONNECT of its client: the first Will speaks.
    let (other, mut others) = start(broker, options("mortal"), None).unwrap();
    connected(&mut others).await;
    assert_eq!(received(&mut seen).await.0, "1");
    let Event::Disconnected { terminal: true, .. } = next(&mut events).await else { panic!("it fights") };
    assert!(client.publish(message("t", "")).await.is_err());
    other.disconnect().await;
    assert!(matches!(next(&mut others).await, Event::Disconnected { cause: Cause::Requested, .. }));
    // Behind a Will of `other` this would not be the next.
    watcher.publish(message("will", "none")).await.unwrap().await.unwrap();
    assert_eq!(received(&mut seen).await.0, "none");
}

#[tokio::test]
async fn tls_trusts_the_authority_that_it_is_told_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let authority = || {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    };
    let (ours, theirs) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    file("server.pem", params.signed_by(&key, &ours).unwrap().pem());
    file("server.key", key.serialize_pem());
    let config = "[[realm]]\nname = \"open\"\nallow_anonymous = true\n[[realm.listener]]\nlisten = \"127.0.0.1:0\"\n\
                  tls = { certfile = \"server.pem\", keyfile = \"server.key\" }\n";
    let config = file("headcount.toml", config.to_owned());
    let server = Server::start(["--config".as_ref(), config.as_os_str()]);
    let url = format!("mqtts://localhost:{}", server.port("open"));
    let trusted = Broker::parse(&url, Some(&file("ours.pem", ours.pem()))).unwrap();
    let (client, mut events) = start(trusted, options("trusting"), None).unwrap();
    connected(&mut events).await;
    subscribe(&client, "t").await;
    client.publish(message("t", "x".repeat(100_000))).await.unwrap().await.unwrap();
    assert_eq!(received(&mut events).await.0.len(), 100_000);
    let other = Broker::parse(&url, Some(&file("theirs.pem", theirs.pem()))).unwrap();
    let (_client, mut events) = start(other, options("wary"), None).unwrap();
    match next(&mut events).await {
        Event::Disconnected { cause: Cause::OpenFailed, detail: Some(detail), .. } => {
            assert!(detail.contains("certificate"), "{detail}");
        }
        other => panic!("{other:?}"),
    }
}
