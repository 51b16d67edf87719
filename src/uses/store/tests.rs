use super::*;
use crate::{
    store::connection::Protocol,
    uses::store::{
        auctions::Answer,
        filter::{explain, matches},
        news::{ARTICLES_MAX, FILTERS_MAX, Granted},
        tasks::Status,
        worker::State,
    },
};

const NOW: Millis = Millis(1_700_000_000_000);

fn news(filters: &[&str]) -> Room {
    Room::new(Subject::News(News::new(filters, 7)))
}

fn tasks() -> Room {
    Room::new(Subject::Tasks(Tasks::default()))
}

fn auctions() -> Room {
    Room::new(Subject::Auctions(Auctions::new("minh")))
}

fn hear(room: &mut Room, topic: &str, payload: &str) {
    room.fold(NOW, Told::Message { topic, payload: payload.as_bytes(), retain: false, answers: None });
}

fn connect(room: &mut Room) {
    room.fold(NOW, Told::Connected(Protocol::V5, "page"));
    for filter in room.wanted() {
        room.fold(NOW, Told::Subscribed(&filter, None));
    }
}

#[test]
fn the_examples_are_explained_as_the_standard_has_it() {
    let check = |text: &str, is_valid: bool, words: &str, hits: bool| {
        let explained = explain(text);
        assert_eq!((explained.is_valid, explained.words.as_str()), (is_valid, words), "{text}");
        assert_eq!(matches(text, examples::TOPIC), hits, "{text}");
    };
    check("room/hallway/temperature", true, "This one topic.", true);
    check("room/hallway/+", true, "Topics of exactly 3 levels, with any level in the place of +.", true);
    check("room/+/+", true, "Topics of exactly 3 levels, with any level in the place of each +.", true);
    check("+/+/+", true, "Every topic of exactly 3 levels.", true);
    check("room/#", true, "room and everything below.", true);
    check("+/hallway/#", true, "+/hallway and everything below, with any level in the place of +.", true);
    check("#", true, "Every topic, but for those that begin with $.", true);
    check("room/kitchen/#", true, "room/kitchen and everything below.", false);
    check("room/#/temperature", false, "# has to be the last level.", false);
    check("room/#/#", false, "# stands once, as the last level.", false);
    check("room/hall#", false, "# stands for whole levels: nothing may share its level.", false);
    check("room/hall+/temperature", false, "+ stands for a whole level: nothing may share its level.", false);
    check("", false, "Write at least one character.", false);
    assert!(!explain(&"x".repeat(201)).is_valid);
    assert!(!explain("a\0b").is_valid);
    // Those that a person can try are these, and both kinds are among them.
    let valid = examples::FILTERS.iter().filter(|text| explain(text).is_valid).count();
    assert_eq!((valid, examples::FILTERS.len()), (7, 10));
    assert!(examples::SECTIONS.iter().all(|(filter, _)| explain(filter).is_valid));
}

#[test]
fn an_article_shows_which_filters_matched_and_stands_once() {
    let mut room = news(&["news/sport/#", "news/+/football", "news/politics/#"]);
    connect(&mut room);
    let goal = r#"{"articleId":"1","headline":"Goal!"}"#;
    // As brokers do that send a copy for each filter.
    hear(&mut room, "news/sport/football", goal);
    hear(&mut room, "news/sport/football", goal);
    hear(&mut room, "news/politics/us/utah", "plain text from mosquitto_pub");
    let news = room.news().unwrap();
    let [first, second] = [&news.articles()[1], &news.articles()[0]];
    assert_eq!((&*first.headline, first.copies), ("Goal!", 2));
    assert_eq!(
        first.matched.iter().map(|filter| &**filter).collect::<Vec<_>>(),
        ["news/sport/#", "news/+/football"]
    );
    assert_eq!((&*second.headline, second.copies), ("plain text from mosquitto_pub", 1));
    let counts: Vec<_> = news.filters().iter().map(|filter| filter.count).collect();
    assert_eq!(counts, [1, 1, 1]);
}

#[test]
fn filters_are_asked_for_granted_refused_and_given_up() {
    let mut room = news(&["news/#"]);
    room.apply(NOW, Wish::Follow("news/sport/#".into()));
    room.apply(NOW, Wish::Follow("news/sport/#".into()));
    room.apply(NOW, Wish::Follow("news/#/sport".into()));
    assert_eq!(room.wanted(), ["news/#", "news/sport/#"]);
    connect(&mut room);
    room.fold(NOW, Told::Subscribed("news/sport/#", Some("not authorized")));
    let states = |room: &Room| {
        room.news().unwrap().filters().iter().map(|filter| filter.state.clone()).collect::<Vec<_>>()
    };
    assert_eq!(states(&room), [Granted::Yes, Granted::No("not authorized".into())]);
    room.fold(NOW, Told::Lost("gone", 1, NOW));
    assert_eq!(states(&room), [Granted::Asked, Granted::No("not authorized".into())]);
    room.apply(NOW, Wish::Unfollow("news/#".into()));
    assert_eq!(room.wanted(), ["news/sport/#"]);
    for number in 0..50 {
        room.apply(NOW, Wish::Follow(format!("news/{number}")));
    }
    assert_eq!(room.wanted().len(), FILTERS_MAX);
}

#[test]
fn articles_are_bounded_and_the_wire_service_keeps_its_pace() {
    let mut room = news(&["news/#"]);
    connect(&mut room);
    room.apply(NOW, Wish::Publish("news/sport/football".into(), " Goal! ".into(), 1));
    let said = room.take_outgoing().unwrap();
    assert_eq!(said.topic, "news/sport/football");
    assert!(said.payload.contains(r#""headline":"Goal!""#), "{}", said.payload);
    room.apply(NOW, Wish::WireService(true));
    let mut ids = std::collections::HashSet::new();
    for _ in 0..20 {
        let at = room.next_tick().unwrap();
        room.tick(at.plus(-1));
        assert_eq!(room.take_outgoing().map(|said| said.topic), None);
        room.tick(at);
        let said = room.take_outgoing().unwrap();
        assert!(matches("news/#", &said.topic) && ids.insert(said.payload.clone()));
        hear(&mut room, &said.topic, &said.payload);
    }
    room.apply(NOW, Wish::WireService(false));
    assert_eq!(room.next_tick(), None);
    for number in 0..300 {
        hear(&mut room, "news/x", &format!("{number}"));
    }
    assert_eq!((room.news().unwrap().articles().len(), room.news().unwrap().count()), (ARTICLES_MAX, 320));
}

fn progress(status: &str, percent: u32, requested: &str) -> String {
    format!(
        r#"{{"title":"Primes","status":"{status}","percent":{percent},"step":"counts","found":4,"requestedAt":"2026-11-21T20:00:0{requested}.000Z","updatedAt":"2026-11-21T20:00:09.000Z","reason":null}}"#
    )
}

#[test]
fn a_task_is_what_its_retained_message_says() {
    let mut room = tasks();
    connect(&mut room);
    room.apply(NOW, Wish::Start("Primes".into(), 1_000, 10, 5));
    let said = room.take_outgoing().unwrap();
    let id = said.topic.strip_prefix("tasks/").unwrap().strip_suffix("/request").unwrap().to_owned();
    assert_eq!(said.payload, r#"{"title":"Primes","below":1000,"seconds":10}"#);
    assert!(!room.tasks().unwrap().asked()[0].is_sent);
    room.fold(NOW, Told::Published(said.serial, None));
    assert!(room.tasks().unwrap().asked()[0].is_sent);
    let topic = format!("tasks/{id}/progress");
    hear(&mut room, &topic, &progress("running", 40, "1"));
    hear(&mut room, "tasks/other/progress", &progress("queued", 0, "2"));
    let tasks = room.tasks().unwrap();
    assert!(tasks.asked().is_empty());
    assert_eq!(
        tasks.tasks().iter().map(|task| task.status).collect::<Vec<_>>(),
        [Status::Queued, Status::Running]
    );
    assert_eq!((tasks.tasks()[1].percent, &*tasks.tasks()[1].id), (40, id.as_str()));
    // Junk and what is taken away.
    hear(&mut room, "tasks/junk/progress", r#"{"status":"dancing"}"#);
    hear(&mut room, "tasks/other/progress", "");
    assert_eq!(room.tasks().unwrap().tasks().len(), 1);
    room.apply(NOW, Wish::Cancel(id.as_str().into()));
    assert_eq!(room.take_outgoing().unwrap().topic, format!("tasks/{id}/cancel"));
}

#[test]
fn what_runs_is_interrupted_while_its_worker_is_away() {
    let mut room = tasks();
    connect(&mut room);
    let status = |word: &str, session: &str| {
        format!(
            r#"{{"status":"{word}","lastOnlineTimestamp":"2026-11-21T20:00:00.000Z","session":"{session}"}}"#
        )
    };
    hear(&mut room, "tasks/a/progress", &progress("running", 40, "1"));
    let word = |room: &Room| room.tasks().unwrap().word(&room.tasks().unwrap().tasks()[0]);
    hear(&mut room, "status/tasks", &status("online", "1"));
    assert_eq!(word(&room), "running");
    // A Will of another connection comes late.
    hear(&mut room, "status/tasks", &status("offline", "0"));
    assert_eq!(word(&room), "running");
    hear(&mut room, "status/tasks", &status("offline", "1"));
    assert_eq!(word(&room), "interrupted");
    hear(&mut room, "status/tasks", &status("online", "2"));
    assert_eq!(word(&room), "running");
    // What is retained stands, whosever it is.
    let offline = status("offline", "3");
    room.fold(
        NOW,
        Told::Message { topic: "status/tasks", payload: offline.as_bytes(), retain: true, answers: None },
    );
    assert_eq!(word(&room), "interrupted");
    room.fold(NOW, Told::Lost("gone", 1, NOW));
    assert_eq!(room.worker().unwrap().state(), State::Unknown);
}

#[test]
fn no_status_some_time_after_suback_means_no_worker() {
    let mut room = auctions();
    connect(&mut room);
    let until = room.next_tick().unwrap();
    room.tick(until.plus(-1));
    assert!(!room.worker().unwrap().is_away());
    room.tick(until);
    assert_eq!(room.worker().unwrap().state(), State::Absent);
    assert_eq!(room.next_tick(), None);
}

fn item(current: &str, bidder: &str, recent: &str, status: &str) -> String {
    format!(
        r#"{{"title":"Lamp","description":"brass","seller":"vy","startingPrice":1000,"currentBid":{current},"bidder":{bidder},"bids":1,"endsAt":"2026-11-21T20:00:00.000Z","status":"{status}","recent":[{recent}]}}"#
    )
}

#[test]
fn a_bid_is_pending_until_the_item_or_a_rejection_names_it() {
    let mut room = auctions();
    connect(&mut room);
    hear(&mut room, "auctions/1", &item("null", "null", "", "open"));
    assert_eq!(room.auctions().unwrap().items()[0].least(), 1_000);
    let bid = |room: &mut Room, amount: u64, random: u128| {
        room.apply(NOW, Wish::Bid("1".into(), amount, random));
        let said = room.take_outgoing().unwrap();
        assert_eq!(said.topic, "auctions/1/bid");
        let id = room.auctions().unwrap().bids_for("1").next().unwrap().id.to_string();
        assert_eq!(said.payload, format!(r#"{{"bidId":"{id}","bidder":"minh","amount":{amount}}}"#));
        room.fold(NOW, Told::Published(said.serial, None));
        id
    };
    let states =
        |room: &Room| room.auctions().unwrap().bids_for("1").map(|bid| bid.state.clone()).collect::<Vec<_>>();
    let first = bid(&mut room, 1_100, 1);
    assert_eq!(states(&room), [Answer::Pending]);
    let recent = format!(r#"{{"bidId":"{first}","bidder":"minh","amount":1100}}"#);
    hear(&mut room, "auctions/1", &item("1100", "\"minh\"", &recent, "open"));
    let second = bid(&mut room, 1_050, 2);
    hear(&mut room, "auctions/1/rejected/minh", &format!(r#"{{"bidId":"{second}","reason":"too low"}}"#));
    // A refusal of what was accepted before comes from a worker that was killed, and is nothing.
    hear(&mut room, "auctions/1/rejected/minh", &format!(r#"{{"bidId":"{first}","reason":"too low"}}"#));
    assert_eq!(states(&room), [Answer::Refused("too low".into()), Answer::Accepted]);
    let lamp = room.auctions().unwrap().item("1").unwrap().clone();
    assert_eq!((lamp.current, lamp.bids), (Some((1_100, "minh".into())), 1));
}

#[test]
fn an_offer_becomes_an_item_or_comes_back() {
    let mut room = auctions();
    connect(&mut room);
    let offer = |room: &mut Room, random: u128| {
        room.apply(NOW, Wish::Offer("Lamp".into(), "brass".into(), 1_000, 60, random));
        let said = room.take_outgoing().unwrap();
        said.topic.strip_prefix("auctions/").unwrap().strip_suffix("/offer").unwrap().to_owned()
    };
    let (first, second) = (offer(&mut room, 1), offer(&mut room, 2));
    hear(&mut room, &format!("auctions/{first}"), &item("null", "null", "", "open"));
    hear(&mut room, &format!("auctions/{second}/rejected/minh"), r#"{"reason":"200 items are open"}"#);
    let auctions = room.auctions().unwrap();
    assert_eq!(auctions.items().len(), 1);
    assert_eq!(auctions.offers()[0].state, Answer::Refused("200 items are open".into()));
}

#[test]
fn a_name_is_one_level_of_the_topic_that_answers_it() {
    let mut room = auctions();
    assert_eq!(room.wanted()[2], "auctions/+/rejected/minh");
    room.apply(NOW, Wish::Name(" a/b+ü ".into()));
    assert_eq!(room.wanted()[2], "auctions/+/rejected/a%2Fb%2B%C3%BC");
    room.apply(NOW, Wish::Name(" ".into()));
    room.apply(NOW, Wish::Name("x".repeat(101)));
    assert_eq!(&**room.auctions().unwrap().me(), "a/b+ü");
}

#[test]
fn open_items_stand_first_by_their_end() {
    let mut room = auctions();
    connect(&mut room);
    let ending = |minute: u32, status: &str| {
        item("null", "null", "", status).replace("20:00:00", &format!("20:{minute:02}:00"))
    };
    for (id, minute, status) in [("a", 5, "open"), ("b", 1, "sold"), ("c", 2, "open"), ("d", 3, "unsold")] {
        hear(&mut room, &format!("auctions/{id}"), &ending(minute, status));
    }
    let ids: Vec<_> = room.auctions().unwrap().items().iter().map(|item| &*item.id).collect();
    assert_eq!(ids, ["c", "a", "d", "b"]);
}

#[test]
fn amounts_are_whole_cents() {
    for (text, cents) in [("12", 1_200), ("12.5", 1_250), ("12,50", 1_250), ("1 200.05", 120_005), (".5", 50)]
    {
        assert_eq!(money::read(text), Ok(cents), "{text}");
    }
    for text in ["", "x", "0", "0.00", "-3", "1.234", "1.2.3", "1e9", "9999999999999", "1000000001"] {
        assert!(money::read(text).is_err(), "{text}");
    }
    assert_eq!(money::shown(123_456_789), "1,234,567.89");
    assert_eq!(money::shown(5), "0.05");
}

#[test]
fn what_waits_to_be_sent_is_bounded() {
    let mut room = auctions();
    for number in 0..=OUTBOX_MAX as u128 {
        room.apply(NOW, Wish::Bid("1".into(), 1_000, number));
    }
    let newest = room.auctions().unwrap().bids_for("1").next().unwrap();
    assert_eq!(newest.state, Answer::Refused("too much waits to be sent".into()));
    assert_eq!(std::iter::from_fn(|| room.take_outgoing()).count(), OUTBOX_MAX);
}
