//! The page's own connection: states, gaps, refusals.

use headcount_mqtt::ReasonCode;
use headcount_page::store::{
    Connection, LinkEvent, Millis,
    connection::Step,
    intent::Intent,
    link_event::Demo,
    row::{Body, Gap},
};

use crate::stage::{NOON, Stage};

fn gaps(stage: &Stage) -> Vec<Gap> {
    let rows = stage.rows();
    rows.iter()
        .filter_map(|row| if let Body::Gap(gap) = &row.body { Some(gap.clone()) } else { None })
        .collect()
}

#[test]
fn step_by_step_to_live() {
    let mut stage = Stage::new();
    let label = |stage: &Stage| stage.store.connection().label(Millis(NOON + stage.now));
    assert_eq!(label(&stage), "Offline");
    stage.want("anonymous");
    for (step, words) in
        [(Step::OpeningSocket, "Opening the WebSocket…"), (Step::WaitingForConnack, "Waiting for CONNACK…")]
    {
        stage.fold(LinkEvent::Step { step, attempt: 0 });
        assert_eq!(label(&stage), words);
        assert!(stage.store.connection().is_wanted());
    }
    stage.connect(|_| 0);
    assert_eq!(label(&stage), "Live, MQTT 5.0");
    assert!(matches!(stage.rows()[..], [ref row] if matches!(row.body, Body::Started(_))));
}

#[test]
fn a_gap_opens_where_the_broker_was_heard_last_and_closes_when_live_again() {
    let mut stage = Stage::live();
    stage.event("connected", "lamp");
    stage.advance(20_000);
    stage.fold(LinkEvent::Heard);
    stage.advance(45_000);
    stage.lose("no answer to the ping");
    let open = Gap { from: Millis(NOON + 20_000), to: None, why: "no answer to the ping".into() };
    assert_eq!(gaps(&stage), std::slice::from_ref(&open));
    let key = stage.rows()[0].key();
    let label = stage.store.connection().label(Millis(NOON + stage.now));
    assert_eq!(label, "Reconnecting in 1 s");

    stage.advance(1_000);
    stage.lose("could not reach the broker");
    assert_eq!(gaps(&stage), std::slice::from_ref(&open), "a failed attempt is no second gap");
    stage.advance(4_000);
    stage.connect(|_| 0);
    stage.event("connected", "door");
    assert_eq!(gaps(&stage), [Gap { to: Some(Millis(NOON + 70_000)), ..open }]);
    assert!(stage.rows()[0].event().is_some(), "what came after stands above the gap");
    let closed = stage.rows()[1].key();
    assert_eq!((closed.0, closed.1), (key.0, key.1 + 1), "a changed row has a new key");
}

#[test]
fn a_gap_closes_also_in_what_is_held() {
    let mut stage = Stage::live();
    stage.lose("away");
    stage.send(Intent::Search("lamp".to_owned()));
    stage.send(Intent::Pause);
    stage.connect(|_| 0);
    assert!(gaps(&stage)[0].to.is_some());
}

#[test]
fn no_gap_without_a_live_connection_before() {
    let mut stage = Stage::new();
    stage.want("anonymous");
    stage.lose("could not reach the broker");
    stage.connect(|_| 0);
    assert_eq!(gaps(&stage), []);
}

#[test]
fn refusals_are_terminal_and_say_what_to_do() {
    let mut stage = Stage::live();
    stage.lose("the broker closed the connection");
    stage.fold(LinkEvent::Refused { code: ReasonCode::BadUserNameOrPassword, said: "" });
    let Connection::Refused(refusal) = stage.store.connection() else {
        panic!("{:?}", stage.store.connection())
    };
    assert_eq!((refusal.code, &*refusal.words), (Some(0x86), "bad user name or password"));
    assert_eq!(&*refusal.advice, "Check the user name and the password.");
    assert!(!stage.store.connection().is_wanted());
    assert_eq!(gaps(&stage).len(), 1);

    stage.fold(LinkEvent::Refused { code: ReasonCode::Banned, said: "see you in spring" });
    let label = stage.store.connection().label(Millis(0));
    assert_eq!(label, "Refused: this client is banned (\u{201c}see you in spring\u{201d})");
}

#[test]
fn every_reason_code_has_words() {
    for code in ReasonCode::ALL.into_iter().filter(|code| code.is_error()) {
        let mut stage = Stage::new();
        stage.fold(LinkEvent::Refused { code, said: "" });
        let Connection::Refused(refusal) = stage.store.connection() else { panic!() };
        assert!(!refusal.words.is_empty() && refusal.advice.ends_with('.'), "{code:?}");
    }
}

#[test]
fn taken_over_and_ended_by_the_user() {
    let mut stage = Stage::live();
    stage.fold(LinkEvent::TakenOver);
    assert_eq!(*stage.store.connection(), Connection::TakenOver);
    assert_eq!(&*gaps(&stage)[0].why, "another connection took over this page's client id");

    let mut stage = Stage::live();
    stage.fold(LinkEvent::Ended);
    assert_eq!(*stage.store.connection(), Connection::Offline);
    stage.advance(10_000);
    stage.want("anonymous");
    stage.connect(|_| 0);
    assert_eq!(gaps(&stage)[0].to, Some(Millis(NOON + 10_000)));
    assert_eq!(&*gaps(&stage)[0].why, "you disconnected");
}

#[test]
fn nothing_of_the_last_broker_is_told_of_the_next() {
    let mut stage = Stage::on_another_broker();
    stage.advance(3_000);
    stage.feed("connected", "lamp");
    assert!(stage.store.missing().is_some());
    stage.want("alice");
    assert_eq!((stage.here().len(), stage.store.missing(), stage.store.server()), (0, None, None));
    assert_eq!(stage.store.next_tick(), None);
    assert_eq!(&*gaps(&stage)[0].why, "you connected anew");
}

#[test]
fn an_observer_is_told_how_many_events_were_lost_on_the_way() {
    let numbered = |stage: &mut Stage, seq: u64, account: &str| {
        let payload = format!(
            r#"{{"seq":{seq},"event":"connected","client":{{"id":"c{seq}","account":"{account}"}}}}"#
        );
        stage.message(&format!("$headcount/{account}/events"), payload);
        stage.advance(1_000);
    };
    let mut stage = Stage::live();
    numbered(&mut stage, 7, "anonymous");
    numbered(&mut stage, 9, "anonymous");
    assert_eq!(gaps(&stage), [], "number 8 may be another account's");
    numbered(&mut stage, 10, "alice");
    numbered(&mut stage, 11, "anonymous");
    assert_eq!(gaps(&stage), []);
    numbered(&mut stage, 24, "anonymous");
    let lost = &gaps(&stage)[0];
    assert_eq!((lost.to.unwrap().since(lost.from), &*lost.why), (1_000, "12 events did not reach this page"));
    assert!(stage.rows()[0].event().is_some(), "the gap lies before the event that revealed it");
    numbered(&mut stage, 3, "alice");
    numbered(&mut stage, 4, "alice");
    assert_eq!(gaps(&stage).len(), 1, "a broker that counts anew has lost nothing");
    stage.lose("away");
    stage.connect(|_| 0);
    numbered(&mut stage, 90, "alice");
    assert_eq!(gaps(&stage).len(), 2, "what happened while the page was away is that gap's");
}

#[test]
fn the_demo_is_a_connection_of_its_own() {
    use headcount_page::store::DemoState;
    let mut stage = Stage::live();
    stage.fold(LinkEvent::Demo(Demo::Connecting { client_id: "demo-1" }));
    assert_eq!(*stage.store.demo(), DemoState::Connecting("demo-1".into()));
    stage.fold(LinkEvent::Demo(Demo::Connected { client_id: "demo-1" }));
    stage.fold(LinkEvent::Demo(Demo::Off { why: "the broker refused" }));
    assert_eq!(*stage.store.demo(), DemoState::Failed("the broker refused".into()));
    stage.fold(LinkEvent::Demo(Demo::Off { why: "" }));
    assert_eq!(*stage.store.demo(), DemoState::Off);
    assert!(matches!(stage.store.connection(), Connection::Live(_)));
}
