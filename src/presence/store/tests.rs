use super::{Seat, channel::Channel, name_mistake};
use crate::{
    link::{
        courier::{Addressee, Told},
        party::Scene,
    },
    store::{
        Connection, Millis,
        connection::{Protocol, Step},
    },
};

const NOW: Millis = Millis(1_795_262_400_000);

fn channel() -> Channel {
    Channel::of("?channel=8758f6d3", 0)
}

fn hear(seat: &mut Seat, payload: &str) {
    let (topic, payload) = ("emitter/presence/", payload.as_bytes());
    seat.fold(NOW, Told::Message { topic, payload, retain: false, answers: None });
}

fn connected(mut seat: Seat) -> Seat {
    seat.fold(NOW, Told::Connected(Protocol::V5, "presence-1"));
    seat
}

fn status(occupancy: u32, who: &str) -> String {
    format!(
        r#"{{"event":"status","channel":"presence-demo/8758f6d3/","occupancy":{occupancy},"time":1,"who":{who}}}"#
    )
}

fn change(event: &str, occupancy: u32, who: &str) -> String {
    format!(
        r#"{{"event":"{event}","channel":"presence-demo/8758f6d3/","occupancy":{occupancy},"time":1,"who":"{who}"}}"#
    )
}

/// Occupancy and names, as the page shows them.
fn present(seat: &Seat) -> Option<(u64, String)> {
    let present = seat.heard().unwrap().present()?;
    Some((present.occupancy, present.who.join(" ")))
}

#[test]
fn the_list_is_made_of_messages_alone() {
    let mut seat = connected(Seat::watcher(channel()));
    let asked = seat.take_outgoing().unwrap();
    assert_eq!(asked.topic, "emitter/presence/");
    assert_eq!(
        asked.payload,
        r#"{"key":"demo","channel":"presence-demo/8758f6d3/","status":true,"changes":true}"#
    );
    assert_eq!(seat.take_outgoing(), None);
    // What comes before the status says nothing of the others.
    hear(&mut seat, &change("subscribe", 3, "Ada"));
    assert_eq!(present(&seat), None);
    hear(&mut seat, &status(1, r#"["Alan"]"#));
    hear(&mut seat, &change("subscribe", 2, "Margaret"));
    hear(&mut seat, &change("subscribe", 2, "Margaret"));
    assert_eq!(present(&seat), Some((2, "Alan Margaret".to_owned())));
    hear(&mut seat, &change("unsubscribe", 1, "Alan"));
    assert_eq!(present(&seat), Some((1, "Margaret".to_owned())));
    // Other channels, and what is none of this.
    hear(&mut seat, r#"{"event":"status","channel":"other/","occupancy":9,"time":1,"who":[]}"#);
    hear(&mut seat, "no JSON");
    hear(&mut seat, "[]");
    assert_eq!(present(&seat), Some((1, "Margaret".to_owned())));
    let heard = seat.heard().unwrap();
    assert_eq!((heard.messages().len(), heard.count()), (8, 8));
    assert_eq!(&*heard.messages()[1].text, "no JSON");
    assert_eq!(&*heard.messages()[3].event, "unsubscribe");
}

#[test]
fn nothing_is_known_while_nobody_tells() {
    let mut seat = connected(Seat::watcher(channel()));
    hear(&mut seat, &status(1, r#"["Alan"]"#));
    seat.fold(NOW, Told::Lost("the network", 1, NOW));
    assert_eq!(present(&seat), None);
    seat.fold(NOW, Told::Step(Step::OpeningSocket, 1));
    let mut seat = connected(seat);
    assert!(seat.take_outgoing().is_some(), "it asks again");
    hear(&mut seat, &status(0, "[]"));
    assert_eq!(present(&seat), Some((0, String::new())));
}

#[test]
fn a_broker_that_does_not_speak_of_presence_is_named() {
    let mut seat = connected(Seat::watcher(channel()));
    let due = seat.next_tick().unwrap();
    seat.tick(Millis(due.0 - 1));
    assert_eq!(seat.heard().unwrap().complaint(), None);
    let before = seat.version();
    seat.tick(due);
    assert!(seat.version() > before);
    assert!(seat.heard().unwrap().complaint().unwrap().starts_with("The broker does not answer"));
    assert_eq!(seat.next_tick(), None);
    hear(&mut seat, &status(0, "[]"));
    assert_eq!(seat.heard().unwrap().complaint(), None);
    hear(&mut seat, r#"{"status":401,"message":"there is no such key"}"#);
    assert_eq!(seat.heard().unwrap().complaint().as_deref(), Some("there is no such key"));
}

#[test]
fn messages_are_bounded() {
    let mut seat = connected(Seat::watcher(channel()));
    for _ in 0..150 {
        hear(&mut seat, &"ö".repeat(5_000));
    }
    let heard = seat.heard().unwrap();
    assert_eq!((heard.messages().len(), heard.count()), (100, 150));
    assert_eq!(heard.messages()[0].text.len(), 4_000);
    assert_eq!(heard.messages()[0].number, 149);
}

#[test]
fn a_client_says_how_it_stands() {
    let mut seat = Seat::client(channel());
    assert_eq!(seat.wanted(), ["demo/presence-demo/8758f6d3/"]);
    assert_eq!(seat.standing(NOW), ("offline", "not connected".to_owned()));
    seat = connected(seat);
    assert_eq!(seat.standing(NOW), ("connecting", "connected, subscribing".to_owned()));
    seat.fold(NOW, Told::Subscribed("demo/presence-demo/8758f6d3/", None));
    assert_eq!(seat.standing(NOW).0, "live");
    seat.fold(NOW, Told::Subscribed("demo/presence-demo/8758f6d3/", Some("Not authorized")));
    let refused = "connected, but the channel is refused: Not authorized".to_owned();
    assert_eq!(seat.standing(NOW), ("refused", refused));
    seat.fold(NOW, Told::TakenOver);
    assert_eq!(seat.connection(), &Connection::TakenOver);
    assert_eq!(seat.standing(NOW).0, "taken-over");
    assert_eq!(seat.take_outgoing(), None);
}

#[test]
fn names_are_client_identifiers() {
    let others = ["Alan", "Grace"];
    for (name, fits) in [("Ada", true), ("", false), ("Alan", false), ("a\u{7}", false), ("größe/+#", true)]
    {
        assert_eq!(name_mistake(name, others).is_none(), fits, "{name:?}");
    }
    assert!(name_mistake(&"x".repeat(65), others).is_some());
}
