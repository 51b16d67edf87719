//! The page's own connection, attempt by attempt.

use headcount_mqtt::{
    ConnAck, ConnAckProperties, Delivery, Disconnect, Packet, ProtocolVersion, Publish, ReasonCode, TopicName,
};
use headcount_page::{
    link::{party::Party, session::Session},
    store::{
        Connection, Settings,
        connection::{Protocol, Step},
        row::Body,
        settings::VersionChoice,
    },
};
use std::time::Duration;

use crate::wire::{Asked, Wire, settings};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn connect_version(wire: &mut Wire) -> ProtocolVersion {
    wire.opened();
    let Asked::Packet(Packet::Connect(connect)) = wire.asked() else { panic!("no CONNECT") };
    assert!(connect.clean_start);
    connect.version
}

fn connack(reason: ReasonCode) -> Packet {
    Packet::ConnAck(Box::new(ConnAck { reason, ..ConnAck::default() }))
}

fn reconnecting(wire: &Wire) -> (u32, i64, String) {
    let Connection::Reconnecting { attempt, retry_at, error } = wire.store.connection() else {
        panic!("{:?}", wire.store.connection())
    };
    let now = crate::wire::moment(wire.now).unix;
    (*attempt, retry_at.0 - now.0, error.to_string())
}

#[test]
fn step_by_step_to_live_with_the_plan_in_one_subscribe() {
    let mut wire = Wire::new(&settings());
    let step = |wire: &Wire| match wire.store.connection() {
        Connection::Connecting { step, .. } => *step,
        other => panic!("{other:?}"),
    };
    assert_eq!(step(&wire), Step::OpeningSocket);
    wire.opened();
    assert_eq!(step(&wire), Step::WaitingForConnack);
    let Asked::Packet(Packet::Connect(connect)) = wire.asked() else { panic!() };
    assert_eq!((connect.client_id.as_str(), connect.user_name, connect.password), ("page", None, None));
    wire.send(&Packet::ConnAck(Box::default()));
    assert_eq!(step(&wire), Step::Subscribing);
    assert_eq!(
        wire.grant(),
        [
            "$headcount/server",
            "$headcount/+/clients/+",
            "$headcount/+/events",
            "$headcount/journal/page",
            "+/clients",
            "+/errors",
            "+/throttle"
        ]
    );
    wire.quiet();
    let Connection::Live(live) = wire.store.connection() else { panic!("{:?}", wire.store.connection()) };
    assert_eq!((&*live.client_id, live.protocol, live.assigned), ("page", Protocol::V5, false));
}

#[test]
fn credentials_go_out_and_an_assigned_id_comes_back() {
    let form = Settings {
        client_id: String::new(),
        user_name: "alice".to_owned(),
        password: "p\u{e4}ss".to_owned(),
        ..settings()
    };
    let mut wire = Wire::new(&form);
    wire.opened();
    let Asked::Packet(Packet::Connect(connect)) = wire.asked() else { panic!() };
    assert_eq!(connect.user_name.unwrap().as_str(), "alice");
    assert_eq!(connect.password.unwrap(), "p\u{e4}ss".as_bytes());
    let properties = ConnAckProperties {
        assigned_client_identifier: Some("auto-1".try_into().unwrap()),
        ..ConnAckProperties::default()
    };
    wire.send(&Packet::ConnAck(Box::new(ConnAck { properties, ..ConnAck::default() })));
    wire.grant();
    let Connection::Live(live) = wire.store.connection() else { panic!() };
    assert_eq!((&*live.client_id, live.assigned), ("auto-1", true));
}

#[test]
fn auto_tries_3_1_1_where_5_is_refused_in_either_tongue_hung_up_on_or_left_waiting() {
    let refusals: [fn(&mut Wire); 4] = [
        |wire| wire.send(&connack(ReasonCode::UnsupportedProtocolVersion)),
        // [MQTT-3.1.2-2], as a server of 3.1.1 words it.
        |wire| wire.send_bytes(&[0x20, 2, 0, 1]),
        Wire::closed,
        |wire| wire.advance(secs(20)),
    ];
    for (case, refuse) in refusals.into_iter().enumerate() {
        let mut wire = Wire::new(&settings());
        assert_eq!(connect_version(&mut wire), ProtocolVersion::V5);
        refuse(&mut wire);
        wire.skip_to_open();
        assert_eq!(wire.party.accepted(), None);
        assert_eq!(connect_version(&mut wire), ProtocolVersion::V311, "case {case}, at once");
        wire.send(&Packet::ConnAck(Box::default()));
        wire.grant();
        assert_eq!(wire.party.accepted(), Some(Protocol::V311));
        assert_eq!(wire.store.connection().name(), "live");
        wire.closed();
        wire.advance(secs(1));
        assert_eq!(connect_version(&mut wire), ProtocolVersion::V311, "a reconnect remembers");
    }
}

#[test]
fn auto_stays_with_5_where_3_1_1_could_not_say_it() {
    let mut wire = Wire::new(&Settings { password: "p".to_owned(), ..settings() });
    wire.refuse(ReasonCode::UnsupportedProtocolVersion);
    assert_eq!(wire.store.connection().name(), "refused");
}

#[test]
fn what_is_known_or_chosen_is_tried_alone() {
    let chosen = Settings { version: VersionChoice::V5, ..settings() };
    let mut wire = Wire::new(&chosen);
    wire.refuse(ReasonCode::UnsupportedProtocolVersion);
    let Connection::Refused(refusal) = wire.store.connection() else { panic!() };
    assert_eq!(&*refusal.advice, "Choose another MQTT version, or Auto.");

    let known = Session::new(&settings(), Some(Protocol::V311), 1).unwrap();
    let mut wire = Wire::with(known, <_>::default());
    wire.act(Session::connect);
    assert_eq!(connect_version(&mut wire), ProtocolVersion::V311);
}

#[test]
fn an_unreachable_broker_is_tried_again_and_keeps_its_version() {
    let mut wire = Wire::new(&settings());
    for attempt in 1..=8 {
        assert_eq!(wire.asked(), Asked::Open);
        wire.closed();
        let (number, wait, error) = reconnecting(&wire);
        assert_eq!((number, error.as_str()), (attempt, "the server could not be reached"));
        assert!((0..=60_000).contains(&wait), "{wait}");
        wire.advance(Duration::from_millis(u64::try_from(wait).unwrap() + 1));
    }
    assert_eq!(connect_version(&mut wire), ProtocolVersion::V5);
    assert!(wire.store.timeline().is_empty(), "nothing was missed that was ever watched");
}

#[test]
fn bad_credentials_are_terminal_until_the_user_tries_again() {
    for reason in [ReasonCode::BadUserNameOrPassword, ReasonCode::NotAuthorized, ReasonCode::Banned] {
        let mut wire = Wire::new(&settings());
        wire.refuse(reason);
        assert_eq!(wire.asked(), Asked::Close);
        let Connection::Refused(refusal) = wire.store.connection() else { panic!("{reason:?}") };
        assert_eq!(refusal.code, Some(reason as u8));
        assert_eq!(wire.party.poll_timeout(), None);
        wire.advance(secs(3_600));
        wire.quiet();
        wire.act(Session::connect);
        wire.accept();
        wire.grant();
        assert_eq!(wire.store.connection().name(), "live");
    }
}

#[test]
fn a_busy_broker_is_tried_again_and_says_so() {
    let mut wire = Wire::new(&settings());
    wire.refuse(ReasonCode::ServerBusy);
    assert_eq!(wire.asked(), Asked::Close);
    assert_eq!(reconnecting(&wire).2, "the broker is busy");
    wire.advance(secs(1));
    assert_eq!(wire.asked(), Asked::Open);
}

#[test]
fn a_take_over_is_not_fought() {
    let mut wire = Wire::live(&settings());
    wire.send(&Packet::Disconnect(Disconnect::with(ReasonCode::SessionTakenOver)));
    assert_eq!(*wire.store.connection(), Connection::TakenOver);
    assert_eq!(wire.asked(), Asked::Close);
    wire.advance(secs(3_600));
    wire.quiet();
}

#[test]
fn kicked_for_good_is_a_refusal_and_shut_down_is_not() {
    let mut wire = Wire::live(&settings());
    wire.send(&Packet::Disconnect(Disconnect::with(ReasonCode::NotAuthorized)));
    assert_eq!(wire.store.connection().name(), "refused");

    let mut wire = Wire::live(&settings());
    wire.send(&Packet::Disconnect(Disconnect::with(ReasonCode::ServerShuttingDown)));
    assert_eq!(reconnecting(&wire).2, "the broker is shutting down");
}

/// The filters of an account that may see no other's.
const OWN: [&str; 6] = [
    "$headcount/anonymous/clients/+",
    "$headcount/anonymous/events",
    "$headcount/anonymous/journal/page",
    "anonymous/clients",
    "anonymous/errors",
    "anonymous/throttle",
];

fn is_wide(filter: &str) -> bool {
    filter.contains("+/") || filter.starts_with("$headcount/journal/")
}

#[test]
fn a_reconnect_asks_for_what_was_granted_once_and_closes_the_gap() {
    let mut wire = Wire::new(&settings());
    wire.accept();
    let own_only =
        |filter: &str| if is_wide(filter) { ReasonCode::NotAuthorized } else { ReasonCode::Success };
    assert_eq!(wire.answer_subscribe(own_only).len(), 7);
    let own = OWN;
    assert_eq!(wire.answer_subscribe(|_| ReasonCode::Success), own);
    wire.quiet();

    wire.advance(secs(20));
    wire.closed();
    wire.advance(secs(1));
    wire.accept();
    assert_eq!(wire.store.connection().name(), "connecting", "live only when events flow again");
    assert_eq!(wire.grant(), [&["$headcount/server"], &own[..]].concat());
    wire.quiet();
    assert_eq!(wire.store.connection().name(), "live");
    let rows = wire.store.timeline().window(0..9);
    let Body::Gap(gap) = &rows[0].body else { panic!("{rows:?}") };
    assert_eq!((gap.to.unwrap().0 - gap.from.0, &*gap.why), (21_000, "the connection was lost"));
}

#[test]
fn a_broker_that_hangs_up_over_wildcards_is_asked_for_the_own_account() {
    let mut wire = Wire::new(&settings());
    for _ in 0..2 {
        wire.accept();
        let Asked::Packet(Packet::Subscribe(subscribe)) = wire.asked() else { panic!() };
        assert_eq!(subscribe.subscriptions.len(), 7);
        wire.closed();
        wire.advance(secs(2));
    }
    wire.accept();
    assert_eq!(wire.grant()[1..], OWN);
    assert_eq!(wire.store.connection().name(), "live");
}

#[test]
fn a_broker_that_hangs_up_over_other_brokers_topics_keeps_its_own() {
    let mut wire = Wire::new(&settings());
    let no_events = |filter: &str| {
        if filter.ends_with("/events") { ReasonCode::NotAuthorized } else { ReasonCode::Success }
    };
    for _ in 0..2 {
        wire.accept();
        assert_eq!(wire.answer_subscribe(no_events).len(), 7);
        wire.answer_subscribe(no_events);
        let Asked::Packet(Packet::Subscribe(others)) = wire.asked() else { panic!() };
        assert!(others.subscriptions.iter().all(|other| other.filter.as_str().starts_with("$SYS/")));
        wire.closed();
        wire.advance(secs(4));
    }
    wire.accept();
    assert_eq!(wire.answer_subscribe(no_events).len(), 7);
    wire.answer_subscribe(no_events);
    wire.quiet();
    assert_eq!(wire.store.connection().name(), "live");
}

#[test]
fn wildcards_that_connack_rules_out_count_as_refused() {
    let mut wire = Wire::new(&settings());
    wire.opened();
    wire.asked();
    let properties = ConnAckProperties { wildcard_subscription_available: Some(false), ..<_>::default() };
    wire.send(&Packet::ConnAck(Box::new(ConnAck { properties, ..ConnAck::default() })));
    assert_eq!(wire.grant(), ["$headcount/server"]);
    let own: Vec<String> = (0..5).flat_map(|_| wire.grant()).collect();
    let (journal, rest) = ("$headcount/journal/page", &OWN[3..]);
    assert_eq!(own, [&[journal, "$headcount/anonymous/events"], rest].concat());
    assert_eq!(wire.store.connection().name(), "live");
    assert_eq!(wire.store.missing().unwrap().what, ["who was here before this page"]);
}

#[test]
fn a_silent_broker_is_left_and_the_gap_begins_where_it_was_heard_last() {
    let mut wire = Wire::live(&settings());
    wire.advance(secs(30));
    assert_eq!(wire.asked(), Asked::Packet(Packet::PingReq));
    wire.send(&Packet::PingResp);
    wire.advance(secs(45));
    assert_eq!(wire.asked(), Asked::Packet(Packet::PingReq));
    assert_eq!(wire.asked(), Asked::Close);
    let rows = wire.store.timeline().window(0..1);
    let Body::Gap(gap) = &rows[0].body else { panic!("{rows:?}") };
    assert_eq!(gap.from.0 - crate::stage::NOON, 30_000);
    assert_eq!(&*gap.why, "the server fell silent");
}

#[test]
fn waking_up_asks_a_connection_and_ends_a_wait() {
    let mut wire = Wire::live(&settings());
    wire.act(Session::wake);
    assert_eq!(wire.asked(), Asked::Packet(Packet::PingReq));
    wire.advance(secs(10));
    assert_eq!(wire.asked(), Asked::Close);
    assert_eq!(wire.store.connection().name(), "reconnecting");
    wire.act(Session::wake);
    assert_eq!(wire.asked(), Asked::Open);
}

#[test]
fn the_users_disconnect_is_graceful_and_final() {
    let mut wire = Wire::live(&settings());
    wire.act(Session::disconnect);
    assert_eq!(wire.asked(), Asked::Packet(Packet::Disconnect(Disconnect::default())));
    assert_eq!(wire.asked(), Asked::Close);
    assert_eq!(*wire.store.connection(), Connection::Offline);
    wire.advance(secs(3_600));
    wire.quiet();
    wire.act(Session::wake);
    wire.quiet();
}

#[test]
fn messages_reach_the_store_however_the_bytes_are_cut() {
    let publish = |topic: &str, payload: &str| {
        Packet::Publish(Publish {
            dup: false,
            delivery: Delivery::AtMostOnce,
            retain: false,
            topic: Some(TopicName::try_from(topic).unwrap()),
            payload: payload.to_owned().into(),
            properties: None,
        })
    };
    let mut bytes = bytes::BytesMut::new();
    for n in 0..20 {
        let payload = crate::stage::event_json("connected", &format!("c{n}"), n);
        headcount_mqtt::encode(
            &publish("$headcount/alice/events", &payload),
            ProtocolVersion::V5,
            &mut bytes,
        )
        .unwrap();
    }
    for piece in [1, 7, 1_000, usize::MAX] {
        let mut wire = Wire::live(&settings());
        for part in bytes.chunks(piece.min(bytes.len())) {
            wire.send_bytes(part);
        }
        assert_eq!(wire.store.present().count(), 20, "in pieces of {piece}");
    }
}

#[test]
fn settings_that_make_no_connect_say_why() {
    let unusable = Settings { client_id: "a\0b".to_owned(), ..settings() };
    assert!(Session::new(&unusable, None, 1).unwrap_err().starts_with("the client id"));
    let unusable = Settings { password: "p".to_owned(), version: VersionChoice::V311, ..settings() };
    assert!(!Session::new(&unusable, None, 1).unwrap_err().is_empty());
}
