//! What a person does, and what the broker makes of it.

use crate::place::Place;
use headcount_page::{
    link::courier::Addressee as _,
    store::Connection,
    uses::store::{
        Room, Subject, Wish,
        auctions::{Answer, Auctions},
        news::{Granted, News},
        tasks::Tasks,
        worker::State,
    },
};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);

fn headlines(place: &Place<Room>, window: usize) -> Vec<String> {
    let news = place.room(window).news().unwrap();
    news.articles().iter().rev().map(|article| article.headline.to_string()).collect()
}

#[test]
fn filters_that_are_added_and_taken_away_change_what_comes() {
    let mut place = Place::new();
    let reader = place.enter(Subject::News(News::new(&["news/sport/#"], 1)));
    let writer = place.enter(Subject::News(News::new(&[], 2)));
    let write = |place: &mut Place<Room>, topic: &str, headline: &str| {
        place.wish(writer, Wish::Publish(topic.to_owned(), headline.to_owned(), headline.len() as u128));
    };
    write(&mut place, "news/sport/football", "one");
    write(&mut place, "news/politics/europe", "three");
    place.wish(reader, Wish::Follow("news/+/europe".to_owned()));
    // Both filters match what this broker sends in one copy.
    place.wish(reader, Wish::Follow("news/#".to_owned()));
    write(&mut place, "news/culture/europe", "fourth");
    place.wish(reader, Wish::Unfollow("news/#".to_owned()));
    write(&mut place, "news/other", "number six");
    assert_eq!(headlines(&place, reader), ["one", "fourth"]);
    let news = place.room(reader).news().unwrap();
    let fourth = &news.articles()[0];
    assert_eq!((fourth.copies, fourth.matched.len()), (1, 2));
    assert!(news.filters().iter().all(|filter| filter.state == Granted::Yes));
    assert!(headlines(&place, writer).is_empty());
}

#[test]
fn a_lost_connection_comes_back_with_everything_it_had() {
    let mut place = Place::new();
    let reader = place.enter(Subject::News(News::new(&["news/sport/#"], 1)));
    place.wish(reader, Wish::Follow("news/culture/#".to_owned()));
    place.cut(reader);
    assert!(matches!(place.room(reader).connection(), Connection::Reconnecting { .. }));
    // Written while away: it leaves as soon as there is a connection.
    place.wish(reader, Wish::Publish("news/culture/europe".to_owned(), "sketchbook".to_owned(), 5));
    place.advance(MINUTE);
    assert!(matches!(place.room(reader).connection(), Connection::Live(_)));
    place.publish("news/sport/football", "plain", false);
    assert_eq!(headlines(&place, reader), ["sketchbook", "plain"]);
}

#[test]
fn the_wire_service_is_read_by_whoever_follows_it() {
    let mut place = Place::new();
    let writer = place.enter(Subject::News(News::new(&["news/#"], 1)));
    let reader = place.enter(Subject::News(News::new(&["news/sport/#"], 2)));
    place.wish(writer, Wish::WireService(true));
    place.advance(MINUTE);
    place.wish(writer, Wish::WireService(false));
    let (all, sport) = (headlines(&place, writer).len(), headlines(&place, reader).len());
    assert_eq!((all, sport), (25, 8));
    place.advance(MINUTE);
    assert_eq!(headlines(&place, writer).len(), all);
}

#[test]
fn who_comes_late_is_told_the_newest_at_once() {
    let mut place = Place::new();
    let progress = |percent: u32| {
        format!(
            r#"{{"title":"Primes","status":"running","percent":{percent},"requestedAt":"2026-11-21T11:59:00.000Z"}}"#
        )
    };
    for percent in 0..40 {
        place.publish("tasks/a/progress", &progress(percent), true);
    }
    place.publish("status/tasks", r#"{"status":"online","session":"1"}"#, true);
    let late = place.enter(Subject::Tasks(Tasks::default()));
    let tasks = place.room(late).tasks().unwrap();
    assert_eq!((tasks.tasks()[0].percent, tasks.told_at_once()), (39, Some(1)));
    assert_eq!(tasks.worker.state(), State::Online);
    // What was taken away while the page was not there is not there when it is back.
    place.cut(late);
    place.publish("tasks/a/progress", "", true);
    place.advance(MINUTE);
    assert!(place.room(late).tasks().unwrap().tasks().is_empty());
}

#[test]
fn without_a_worker_the_page_says_so_and_a_bid_stays_pending() {
    let mut place = Place::new();
    let bidder = place.enter(Subject::Auctions(Auctions::new("minh")));
    place.advance(Duration::from_secs(2));
    assert_eq!(place.room(bidder).worker().unwrap().state(), State::Absent);
    place.wish(bidder, Wish::Bid("lamp".into(), 1_000, 1));
    let state = |place: &Place<Room>| {
        place.room(bidder).auctions().unwrap().bids_for("lamp").next().unwrap().state.clone()
    };
    assert_eq!(state(&place), Answer::Pending);
    place.publish("auctions/lamp/rejected/vy", r#"{"bidId":"x","reason":"not yours"}"#, false);
    let id = place.room(bidder).auctions().unwrap().bids_for("lamp").next().unwrap().id.to_string();
    // Whoever takes another name still hears what was said to the old one, as long as something may be.
    place.wish(bidder, Wish::Name("v/y".to_owned()));
    assert_eq!(place.room(bidder).wanted().len(), 4);
    let reject = |place: &mut Place<Room>, who: &str, id: &str, reason: &str| {
        let payload = format!(r#"{{"bidId":"{id}","reason":"{reason}"}}"#);
        place.publish(&format!("auctions/lamp/rejected/{who}"), &payload, false);
    };
    reject(&mut place, "minh", &id, "too low");
    assert_eq!(state(&place), Answer::Refused("too low".into()));
    assert_eq!(place.room(bidder).wanted()[2..], ["auctions/+/rejected/v%2Fy"]);
    place.wish(bidder, Wish::Bid("lamp".into(), 2_000, 2));
    let id = place.room(bidder).auctions().unwrap().bids_for("lamp").next().unwrap().id.to_string();
    reject(&mut place, "v%2Fy", &id, "again");
    assert_eq!(state(&place), Answer::Refused("again".into()));
}
