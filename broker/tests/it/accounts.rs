//! Whose a client is: sessions belong to accounts, and attempts that fail are explained to them.

use crate::support::*;
use headcount_broker::{Broker, Config};
use headcount_mqtt::{Connect, ReasonCode};

/// Another account neither takes a session over nor ends it.
#[test]
fn a_client_identifier_belongs_to_its_account() {
    let mut net = Net::open();
    let (alice, _) = net.connect_with(named(connect("lamp", V5), "alice"));
    for version in [V311, V5] {
        let (_, ack) = net.connect_with(named(connect("lamp", version), "bob"));
        assert_eq!(ack.reason, ReasonCode::ClientIdentifierNotValid);
    }
    assert!(!net.is_closed(alice));
    net.disconnect(alice, ReasonCode::Success);
    let (_, ack) = net.connect_with(named(connect("lamp", V5), "bob"));
    assert_eq!(ack.reason, ReasonCode::Success, "its session ended");
}

/// With or without a connection, and over a restart.
#[test]
fn a_session_that_waits_belongs_to_its_account_too() {
    let mut net = Net::with(|config| config.durable = true);
    let alice = |version| named(Connect { version, ..lasting("lamp", 1_000) }, "alice");
    let (first, _) = net.connect_with(alice(V5));
    net.lose(first);
    let records: Vec<_> = std::mem::take(&mut net.records).into_iter().map(|(_, record)| record).collect();
    for restarted in [false, true] {
        if restarted {
            let now = net.now();
            let mut config = Config::open("open");
            config.durable = true;
            net.records.clear();
            net.broker = Broker::restore(config, now, records.clone()).unwrap();
            net.settle();
        }
        let others =
            [named(connect("lamp", V5), "bob"), named(connect("lamp", V311), "bob"), connect("lamp", V5)];
        for other in others {
            let (_, ack) = net.connect_with(other);
            assert_eq!(ack.reason, ReasonCode::ClientIdentifierNotValid, "restarted: {restarted}");
        }
        let (id, ack) = net.connect_with(alice(V5));
        assert!(ack.session_present, "restarted: {restarted}");
        net.lose(id);
    }
}

/// Whoever has no name is no user, even where the name is `anonymous`.
#[test]
fn the_user_anonymous_is_somebody() {
    let mut net = Net::open();
    let (user, _) = net.connect_with(named(connect("lamp", V5), "anonymous"));
    let (_, ack) = net.connect_with(connect("lamp", V5));
    assert_eq!(ack.reason, ReasonCode::ClientIdentifierNotValid);
    assert!(!net.is_closed(user));
}

/// What becomes of an attempt is a line of plain text for the account that it named.
#[test]
fn refused_attempts_are_explained() {
    let mut net = Net::with(|config| {
        config.access.trust_user_names = false;
        config.access.allow_anonymous = false;
    });
    let observer = net.attach_as("observer");
    net.send(observer, connect("o", V5).into_packet());
    net.take(observer);
    net.subscribe(observer, "+/errors", AtMostOnce);
    let refuse = |net: &mut Net, connect: Connect, why: Option<&str>| {
        let id = net.attach(V5);
        net.send(id, connect.into_packet());
        if let Some(why) = why {
            let verdict = Err((ReasonCode::BadUserNameOrPassword, Some(why.to_owned())));
            net.act(|broker, now| broker.handle_login(now, id, verdict));
        }
        assert!(net.is_closed(id));
        net.messages(observer).remove(0)
    };
    for (connect, why, topic, end) in [
        (
            connect("c", V5),
            None,
            "anonymous/errors",
            "as anonymous: a user name is wanted here (allow_anonymous)",
        ),
        (named(connect("c", V5), "a/b"), Some("users:3"), "a%2Fb/errors", "as a/b: users:3"),
        (named(connect("o", V5), "bob"), Some("the password"), "bob/errors", "as bob: the password"),
    ] {
        let (heard, line) = refuse(&mut net, connect, why);
        assert_eq!(heard, topic);
        assert!(line.contains(" from 127.0.0.1:") && line.ends_with(end), "{line}");
    }
    let thief = net.attach_as("thief");
    net.send(thief, connect("o", V5).into_packet());
    let (heard, line) = net.messages(observer).remove(0);
    assert_eq!(heard, "thief/errors");
    assert!(line.ends_with("this Client Identifier has a session of another account"), "{line}");
}
