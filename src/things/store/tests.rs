use super::{
    device::Right,
    draft::{Ask, Draft},
    request::Stage,
    *,
};
use crate::store::connection::{Protocol, Refusal};

const NOW: Millis = Millis(1_795_262_400_000);
const LIST: &str = r#"{"devices":[{"id":"dev-1","name":"Lamp","channels":[{"id":7,"publish":true,"subscribe":false}],
    "created_at":"2026-11-21T12:00:00Z"}],"channels":[{"id":7,"entries":2,"last":{"channel_id":7,"entry_id":2,
    "created_at":"2026-11-21T12:00:00Z","field1":"21.5"}}],"limits":{"devices":3,"channels":2}}"#;

fn live() -> Things {
    let mut things = Things::new();
    things.begin("v/y", "page-1");
    things.fold(NOW, Told::Connected(Protocol::V5, "page-1"));
    things
}

fn listed() -> Things {
    let mut things = live();
    answer(&mut things, "list", LIST);
    drain(&mut things);
    things
}

fn hear(things: &mut Things, topic: &str, payload: &str) {
    things.fold(NOW, Told::Message { topic, payload: payload.as_bytes(), retain: false, answers: None });
}

/// An answer as it comes in 3.1.1, which names no request.
fn answer(things: &mut Things, verb: &str, payload: &str) {
    hear(things, &format!("$headcount/v%2Fy/devices/{verb}/page-1"), payload);
}

fn drain(things: &mut Things) -> Vec<Outgoing> {
    std::iter::from_fn(|| things.take_outgoing()).collect()
}

fn add(things: &mut Things) -> Outgoing {
    let draft = Draft { name: "Lamp".to_owned(), channels: vec![Right::default()], ..Draft::default() };
    things.apply(NOW, Wish::Ask(Ask::Add(draft)));
    drain(things).pop().unwrap()
}

#[test]
fn a_login_asks_for_the_list_and_the_past() {
    let mut things = live();
    let asked = drain(&mut things);
    let topics: Vec<_> = asked.iter().map(|said| (said.topic.as_str(), said.answer_to.as_deref())).collect();
    assert_eq!(
        topics,
        [
            ("$headcount/v%2Fy/devices/list", Some("$headcount/v%2Fy/devices/list/page-1")),
            ("$headcount/v%2Fy/journal", Some("$headcount/v%2Fy/journal/page-1")),
        ]
    );
    assert!(things.wanted().contains(&"$headcount/v%2Fy/devices/+/page-1".to_owned()));
    assert!(things.wanted().contains(&"v%2Fy/errors".to_owned()));
    answer(&mut things, "list", LIST);
    let device = things.device("dev-1").unwrap();
    assert_eq!((&*device.name, device.publishes_to()), ("Lamp", Some(7)));
    assert_eq!(things.limits(), Limits { devices: 3, channels: 2 });
    assert_eq!(things.last(7).unwrap().words(), "field1 21.5");
    assert_eq!(things.users(7).len(), 1);
}

#[test]
fn a_new_device_brings_its_credentials_once() {
    let mut things = listed();
    let asked = add(&mut things);
    assert_eq!(
        (asked.topic.as_str(), things.stage()),
        ("$headcount/v%2Fy/devices/add", Some(&Stage::Waiting))
    );
    let payload = r#"{"device":{"id":"dev-2","name":"Lamp"},
        "credentials":{"client_id":"dev-2","user_name":"dev-2","password":"s3cret"}}"#;
    let told = |answers| Told::Message {
        topic: "$headcount/v%2Fy/devices/add/page-1",
        payload: payload.as_bytes(),
        retain: false,
        answers,
    };
    things.fold(NOW, told(Some(asked.serial + 1)));
    assert_eq!(things.stage(), Some(&Stage::Waiting), "another request's answer");
    things.fold(NOW, told(Some(asked.serial)));
    assert_eq!(things.stage(), Some(&Stage::Done));
    assert_eq!(things.devices().unwrap().len(), 2, "before the list that is asked for");
    assert_eq!(&*things.credentials().unwrap().password, "s3cret");
    assert_eq!(format!("{:?}", things.credentials()), "Some(Credentials)");
    things.apply(NOW, Wish::Close);
    assert!(things.credentials().is_some(), "until they are saved");
    things.apply(NOW, Wish::Forget);
    assert!(things.credentials().is_none());
}

#[test]
fn a_refusal_names_its_field_and_changes_nothing() {
    let mut things = listed();
    add(&mut things);
    answer(&mut things, "add", r#"{"error":"The name is taken.","field":"name"}"#);
    assert_eq!(things.stage(), Some(&Stage::Refused("The name is taken.".into(), "name".into())));
    assert_eq!(things.devices().unwrap().len(), 1);
    answer(&mut things, "add", r#"{"device":{"id":"dev-9"}}"#);
    assert_eq!(things.devices().unwrap().len(), 1, "an answer that nobody waits for");
}

#[test]
fn what_is_not_answered_is_said_to_be_so() {
    let mut things = listed();
    add(&mut things);
    let late = NOW.plus(10_000);
    assert_eq!(things.next_tick(), Some(late));
    things.tick(NOW.plus(9_999));
    assert_eq!(things.stage(), Some(&Stage::Waiting));
    things.tick(late);
    let Some(Stage::Unanswered(why)) = things.stage() else { panic!("{:?}", things.stage()) };
    assert!(why.starts_with("No answer came within 10 seconds.") && why.contains("rotation"), "{why}");
    assert!(drain(&mut things)[0].topic.ends_with("devices/list"), "where one can look");
    // It can be repeated.
    add(&mut things);
    assert_eq!(things.stage(), Some(&Stage::Waiting));
    things.fold(NOW, Told::Lost("gone", 1, NOW));
    assert!(
        matches!(things.stage(), Some(Stage::Unanswered(why)) if why.starts_with("The connection was lost"))
    );
    assert_eq!(things.next_tick(), None);
    things.apply(NOW, Wish::Ask(Ask::Rotate("dev-1".into())));
    assert!(matches!(things.stage(), Some(Stage::Unanswered(why)) if why.contains("nothing was sent")));
    assert_eq!(drain(&mut things), []);
    assert_eq!(things.devices().unwrap().len(), 1, "what was known stays in sight");
}

#[test]
fn a_list_that_does_not_come_is_said_to_be_missing() {
    let mut things = live();
    things.tick(NOW.plus(10_000));
    assert!(things.list_error().contains("not answer"), "{}", things.list_error());
    things.apply(NOW, Wish::List);
    assert_eq!(things.list_error(), "");
    answer(&mut things, "list", r#"{"error":"No devices here."}"#);
    assert_eq!((things.list_error(), things.devices()), ("No devices here.", None));
}

#[test]
fn a_change_elsewhere_asks_for_the_list_and_two_for_one_more() {
    let mut things = listed();
    for _ in 0..3 {
        hear(&mut things, "$headcount/v%2Fy/devices", r#"{"changed":true}"#);
    }
    assert_eq!(drain(&mut things).len(), 1);
    answer(&mut things, "list", r#"{"devices":[],"channels":[]}"#);
    assert_eq!(things.devices(), Some(&[][..]));
    assert_eq!(drain(&mut things).len(), 1, "what changed since");
    assert!(things.channel(7).is_none());
}

#[test]
fn a_device_that_is_removed_is_gone_at_once() {
    let mut things = listed();
    things.apply(NOW, Wish::Ask(Ask::Remove("dev-1".into())));
    answer(&mut things, "remove", r#"{"removed":"dev-1"}"#);
    assert_eq!((things.stage(), things.devices()), (Some(&Stage::Done), Some(&[][..])));
}

#[test]
fn states_and_events_of_a_device() {
    let mut things = listed();
    assert_eq!(things.state("dev-1"), State::Unseen);
    let at = |seconds| Millis::from_rfc3339(&format!("2026-11-21T12:00:{seconds:02}Z"));
    let event = |seq: u64, what: &str| {
        format!(
            r#"{{"seq":{seq},"at":"2026-11-21T12:00:{seq:02}Z","event":"{what}","reason":"kicked","client":{{"id":"dev-1"}}}}"#
        )
    };
    let past: Vec<_> = (1..=6).map(|seq| event(seq, "connected")).collect();
    hear(&mut things, "$headcount/v%2Fy/events", &event(6, "connected"));
    hear(&mut things, "$headcount/v%2Fy/journal/page-1", &format!("[{}]", past.join(",")));
    let numbers: Vec<_> = things.events("dev-1").iter().map(|event| event.seq.unwrap()).collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2], "each once, the newest of them, newest first");
    hear(
        &mut things,
        "$headcount/v%2Fy/clients/dev-1",
        r#"{"status":"connected","at":"2026-11-21T12:00:06Z","client":{"id":"dev-1","address":"127.0.0.1:5","transport":"tcp"}}"#,
    );
    assert_eq!(things.state("dev-1"), State::Online(at(6), Some("TCP, 127.0.0.1:5".into())));
    hear(&mut things, "$headcount/v%2Fy/events", &event(7, "disconnected"));
    hear(&mut things, "$headcount/v%2Fy/clients/dev-1", "");
    assert_eq!(things.state("dev-1"), State::Offline(at(7), Some("kicked".into())));
    hear(&mut things, "v%2Fy/errors", "dev-1 may not publish to x");
    assert_eq!(things.errors().count(), 1);
}

#[test]
fn a_paused_channel_stands_still_and_counts_what_comes() {
    let mut things = listed();
    let entry = |id| format!(r#"{{"entry_id":{id},"field1":"{id}"}}"#);
    hear(&mut things, "channels/7/subscribe", &entry(3));
    things.apply(NOW, Wish::Pause(7));
    hear(&mut things, "channels/7/subscribe", &entry(4));
    assert_eq!((things.channel(7).unwrap().last().unwrap().id, things.held(7)), (3, Some(1)));
    assert_eq!(things.last(7).unwrap().id, 4);
    things.apply(NOW, Wish::Resume);
    assert_eq!((things.channel(7).unwrap().last().unwrap().id, things.held(7)), (4, None));
}

#[test]
fn a_paused_channel_that_is_removed_or_made_anew_stands_still_no_longer() {
    for other in [
        LIST.replace("\"id\":7,\"entries\":2", "\"id\":8,\"entries\":2"),
        LIST.replace("entries\":2", "entries\":1").replace("entry_id\":2", "entry_id\":1"),
    ] {
        let mut things = listed();
        things.apply(NOW, Wish::Pause(7));
        assert_eq!(things.held(7), Some(0));
        hear(&mut things, "$headcount/v%2Fy/devices", r#"{"changed":true}"#);
        answer(&mut things, "list", &other);
        assert_eq!(things.held(7), None, "{other}");
    }
}

#[test]
fn an_entry_is_published_as_a_form_says_it() {
    let mut things = listed();
    let fields = ["21.5".to_owned(), String::new(), "a+b&c".to_owned()];
    things.apply(NOW, Wish::Publish(7, fields.to_vec(), "über".to_owned()));
    let said = drain(&mut things).pop().unwrap();
    assert_eq!((said.topic.as_str(), said.answer_to), ("channels/7/publish", None));
    assert_eq!(said.payload, "field1=21.5&field3=a%2Bb%26c&status=%C3%BCber");
    things.fold(NOW, Told::Published(said.serial, Some("not authorized")));
    assert!(things.said().unwrap().is_refused);
    assert_eq!(things.said().unwrap().answer, "The broker refused it: not authorized.");
}

#[test]
fn whoever_logs_in_next_sees_nothing_of_the_one_before() {
    let mut things = listed();
    things.begin("jo", "page-2");
    assert_eq!((things.devices(), things.channels().count()), (None, 0));
    things.fold(NOW, Told::Refused(Refusal::of_settings("no")));
    assert_eq!(things.connection().name(), "refused");
}
