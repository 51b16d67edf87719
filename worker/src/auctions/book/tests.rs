use super::*;
use serde_json::{Value, json};

const NOW: Moment = Moment(1_000_000);

fn request(topic: &str, payload: &Value) -> Message {
    message(topic, payload.to_string()).unwrap()
}

fn ask(auctions: &mut Auctions, now: Moment, topic: &str, payload: &Value) -> Vec<(String, Value)> {
    told(auctions.handle(now, &request(topic, payload)))
}

/// Topics and payloads; what lies on an item's own topic is retained, and nothing else.
fn told(messages: Vec<Message>) -> Vec<(String, Value)> {
    let tell = |message: Message| {
        let topic = message.topic.as_str().to_owned();
        assert_eq!(message.retain, topic.matches('/').count() == 1, "{topic}");
        (topic, serde_json::from_slice(&message.payload).unwrap_or(Value::Null))
    };
    messages.into_iter().map(tell).collect()
}

fn offer(seconds: u64) -> Value {
    json!({"title": "Lamp", "description": "brass", "seller": "vy", "startingPrice": 1000, "seconds": seconds})
}

fn bid(number: u64, bidder: &str, amount: u64) -> Value {
    json!({"bidId": format!("b{number}"), "bidder": bidder, "amount": amount})
}

fn with_lamp() -> Auctions {
    let mut auctions = Auctions::default();
    let told = ask(&mut auctions, NOW, "auctions/1/offer", &offer(60));
    assert_eq!(
        told,
        [(
            "auctions/1".to_owned(),
            json!({
                "title": "Lamp", "description": "brass", "seller": "vy", "startingPrice": 1000,
                "currentBid": null, "bidder": null, "bids": 0, "endsAt": "1970-01-01T00:17:40.000Z",
                "status": "open", "recent": []
            })
        )]
    );
    auctions
}

fn check_bid(auctions: &mut Auctions, bid: &Value, reason: Option<&str>) {
    let told = ask(auctions, NOW, "auctions/1/bid", bid);
    let [(topic, told)] = &told[..] else { panic!("{told:?}") };
    match reason {
        None => {
            assert_eq!(
                (topic.as_str(), &told["currentBid"], &told["bidder"]),
                ("auctions/1", &bid["amount"], &bid["bidder"])
            );
            assert_eq!(&told["recent"][0], bid);
        }
        Some(reason) => {
            assert!(topic.starts_with("auctions/1/rejected/"), "{topic}");
            assert_eq!(told["bidId"], bid["bidId"]);
            assert!(told["reason"].as_str().unwrap().contains(reason), "{told}");
        }
    }
}

#[test]
fn a_price_only_rises() {
    let mut auctions = with_lamp();
    check_bid(&mut auctions, &bid(1, "minh", 999), Some("9.99 is below the starting price of 10.00"));
    check_bid(&mut auctions, &bid(2, "minh", 1000), None);
    check_bid(&mut auctions, &bid(3, "jenny", 1000), Some("10.00 is not above the current bid of 10.00"));
    check_bid(&mut auctions, &bid(4, "jenny", 1001), None);
    check_bid(&mut auctions, &bid(5, "vy", 2000), Some("sellers"));
    check_bid(&mut auctions, &bid(6, "minh", 0), Some("amount is 0 cents"));
    check_bid(&mut auctions, &bid(7, "minh", u64::MAX), Some("cents; from 1 to"));
    check_bid(
        &mut auctions,
        &json!({"bidId": "b8", "bidder": "minh", "amount": 10.5}),
        Some("not what it should be"),
    );
    check_bid(
        &mut auctions,
        &json!({"bidId": "b9", "bidder": "minh", "amount": -3}),
        Some("not what it should be"),
    );
    assert_eq!(auctions.items["1"].bids, 2);
}

#[test]
fn nobodys_bids_change_nothing_and_have_nobody_to_tell() {
    let mut auctions = with_lamp();
    for payload in
        [json!(null), json!([1]), json!({"bidId": "b", "amount": 5000}), json!({"bidder": "", "amount": "x"})]
    {
        assert_eq!(ask(&mut auctions, NOW, "auctions/1/bid", &payload), []);
    }
    let told = ask(&mut auctions, NOW, "auctions/2/bid", &bid(1, "a/b", 5000));
    assert_eq!(told[0].0, "auctions/2/rejected/a%2Fb");
    assert_eq!(told[0].1, json!({"bidId": "b1", "amount": 5000, "reason": "there is no such item"}));
}

#[test]
fn time_ends_an_auction() {
    let mut auctions = with_lamp();
    ask(&mut auctions, NOW, "auctions/2/offer", &offer(30));
    check_bid(&mut auctions, &bid(1, "minh", 1500), None);
    assert_eq!(auctions.due(), Some(NOW.after(30_000)));
    let told_at = |auctions: &mut Auctions, milliseconds| {
        told(auctions.tick(NOW.after(milliseconds)))
            .into_iter()
            .map(|(topic, item)| (topic, item["status"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told_at(&mut auctions, 29_999), []);
    assert_eq!(told_at(&mut auctions, 30_000), [("auctions/2".to_owned(), json!("unsold"))]);
    assert_eq!(auctions.due(), Some(NOW.after(60_000)));
    // A bid in the very moment comes too late, though nobody has told so.
    let late = ask(&mut auctions, NOW.after(60_000), "auctions/1/bid", &bid(2, "jenny", 9000));
    assert_eq!(late[0].1["reason"], "the auction is over");
    assert_eq!(told_at(&mut auctions, 60_000), [("auctions/1".to_owned(), json!("sold"))]);
    assert_eq!(auctions.due(), None);
}

#[test]
fn what_comes_twice_is_known_after_a_restart() {
    let mut auctions = with_lamp();
    let bids: Vec<_> = (0..RECENT as u64).map(|number| bid(number, "minh", 1000 + number)).collect();
    for bid in &bids {
        check_bid(&mut auctions, bid, None);
    }
    let mut restarted = Auctions::default();
    restarted.restore(NOW, auctions.recall());
    assert_eq!(restarted.items, auctions.items);
    for bid in &bids {
        assert_eq!(ask(&mut restarted, NOW, "auctions/1/bid", bid), []);
    }
    assert_eq!(ask(&mut restarted, NOW, "auctions/1/offer", &offer(60)), []);
    assert!(RECENT > usize::from(Auctions::WINDOW));
}

#[test]
fn offers_are_checked() {
    let mut auctions = with_lamp();
    let mut check = |id: &str, field: &str, value: Value, reason: &str| {
        let mut offer = offer(60);
        offer[field] = value;
        let told = ask(&mut auctions, NOW, &format!("auctions/{id}/offer"), &offer);
        assert_eq!(told[0].0, format!("auctions/{id}/rejected/vy"));
        assert!(told[0].1["reason"].as_str().unwrap().contains(reason), "{told:?}");
    };
    check("1", "title", json!("Another"), "there is an item `1` already");
    check("2", "title", json!("  "), "title is empty");
    check("2", "title", json!("x".repeat(201)), "title has 201 bytes");
    check("2", "startingPrice", json!(0), "startingPrice is 0 cents");
    check("2", "seconds", json!(0), "seconds is 0");
    check("2", "seconds", json!(604_801), "seconds is 604801");
    check(&"x".repeat(65), "title", json!("Lamp"), "1 to 64 bytes");
    let told = ask(&mut auctions, NOW, "auctions/2/offer", &json!({"title": "Lamp"}));
    assert_eq!(told, []);
}

#[test]
fn only_so_many_are_open_and_only_so_many_stay() {
    let mut auctions = Auctions::default();
    for number in 0..OPEN_MAX {
        let told = ask(
            &mut auctions,
            NOW.after(i64::try_from(number).unwrap()),
            &format!("auctions/i{number:03}/offer"),
            &offer(60),
        );
        assert_eq!(told[0].0, format!("auctions/i{number:03}"));
    }
    let told = ask(&mut auctions, NOW, "auctions/more/offer", &offer(60));
    assert!(told[0].1["reason"].as_str().unwrap().contains("200 items are open"), "{told:?}");
    let told = told_and_taken_away(auctions.tick(NOW.after(3_600_000)));
    assert_eq!(
        told,
        (OPEN_MAX, (0..OPEN_MAX - OVER_MAX).map(|number| format!("auctions/i{number:03}")).collect())
    );
    assert_eq!(auctions.items.len(), OVER_MAX);
}

fn told_and_taken_away(messages: Vec<Message>) -> (usize, Vec<String>) {
    let (told, taken): (Vec<_>, Vec<_>) =
        messages.into_iter().partition(|message| !message.payload.is_empty());
    assert!(taken.iter().all(|message| message.retain));
    (told.len(), taken.iter().map(|message| message.topic.as_str().to_owned()).collect())
}

#[test]
fn what_others_write_on_an_item_is_put_right() {
    let mut auctions = with_lamp();
    let forged = ask(&mut auctions, NOW, "auctions/1", &json!({"title": "Lamp", "currentBid": 1}));
    assert_eq!(forged, told(auctions.recall()));
    assert_eq!(ask(&mut auctions, NOW, "auctions/unknown", &json!({"title": "Lamp"})), []);
}
