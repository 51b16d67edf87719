//! Auctions: one price, whoever bids at the same time.

use crate::process::{Worker, open};
use crate::rumqttc::Peer;
use serde_json::json;
use std::collections::HashSet;

const BIDDERS: u64 = 50;
const BIDS: u64 = 20;

fn worker(url: &str) -> Worker {
    let worker = Worker::start(&["auctions", "--broker", url]);
    worker.until_logged("items");
    worker
}

/// Fifty bidders at once, with twenty bids each, and a worker that is killed in the middle.
#[test]
fn the_highest_bid_wins_and_each_is_answered_though_the_worker_is_killed() {
    let (server, url) = open();
    let port = server.port("open");
    let watcher = Peer::new(port, "watcher", None, &["auctions/+", "auctions/+/rejected/+"]);
    let mut running = worker(&url);
    let lamp = json!({"title": "Lamp", "seller": "vy", "startingPrice": 1_000, "seconds": 3_600});
    watcher.publish("auctions/lamp/offer", lamp);
    assert_eq!(watcher.next().json["status"], "open");
    let bidders: Vec<_> = (0..BIDDERS)
        .map(|bidder| {
            std::thread::spawn(move || {
                let name = format!("bidder-{bidder}");
                let peer = Peer::new(port, &name, None, &[]);
                for number in 0..BIDS {
                    // They rise, but not all above all others, and the first are too low.
                    let amount = 900 + number * 100 + (bidder * 37 + number * 11) % 150;
                    let bid =
                        json!({"bidId": format!("{bidder}-{number}"), "bidder": name, "amount": amount});
                    peer.publish("auctions/lamp/bid", bid);
                    peer.acknowledged();
                }
            })
        })
        .collect();
    let (mut accepted, mut rejected) = (HashSet::new(), HashSet::new());
    let (mut price, mut kills) = (0, 0);
    let mut last = json!(null);
    while accepted.len() + rejected.len() < usize::try_from(BIDDERS * BIDS).unwrap() {
        let heard = watcher.next();
        if heard.topic == "auctions/lamp" {
            let current = heard.json["currentBid"].as_u64().unwrap();
            assert!(current >= price, "the price falls from {price} to {current}");
            price = current;
            accepted.extend(
                heard.json["recent"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|bid| bid["bidId"].as_str().unwrap().to_owned()),
            );
            last = heard.json;
        } else {
            rejected.insert(heard.json["bidId"].as_str().unwrap().to_owned());
        }
        if kills < 2 && accepted.len() + rejected.len() > 300 * (kills + 1) {
            kills += 1;
            running.kill();
            running = worker(&url);
        }
    }
    for bidder in bidders {
        bidder.join().unwrap();
    }
    assert_eq!(kills, 2);
    assert!(accepted.is_disjoint(&rejected));
    let highest = (0..BIDDERS)
        .flat_map(|bidder| {
            (0..BIDS).map(move |number| 900 + number * 100 + (bidder * 37 + number * 11) % 150)
        })
        .max();
    assert_eq!(last["currentBid"].as_u64(), highest);
    assert_eq!(last["bids"].as_u64().unwrap(), accepted.len() as u64);
    assert_eq!(last["recent"][0]["amount"].as_u64(), highest);
    drop(running);
}

#[test]
fn items_live_in_the_broker_and_end_in_time() {
    let (server, url) = open();
    let port = server.port("open");
    let vy = Peer::new(port, "vy", None, &["auctions/+", "auctions/+/rejected/vy"]);
    let first = worker(&url);
    let offer = |seconds: u32| json!({"title": "Lamp", "description": "brass", "seller": "vy", "startingPrice": 500, "seconds": seconds});
    vy.publish("auctions/a/offer", offer(2));
    vy.publish("auctions/b/offer", offer(3_600));
    vy.publish(
        "auctions/b/offer",
        json!({"title": "Chair", "seller": "vy", "startingPrice": 1, "seconds": 60}),
    );
    assert_eq!(vy.next().json["status"], "open");
    assert_eq!(vy.next().json["title"], "Lamp");
    assert_eq!(vy.next().json["reason"], "there is an item `b` already; take another identifier");
    vy.publish("auctions/a/bid", json!({"bidId": "1", "bidder": "minh", "amount": 501}));
    assert_eq!(vy.next().json["bidder"], "minh");
    // While nobody is there an auction ends as well, and its bids wait.
    first.kill();
    vy.publish("auctions/b/bid", json!({"bidId": "2", "bidder": "minh", "amount": 700}));
    let late = Peer::new(port, "late", None, &["auctions/#"]);
    let mut prices = [late.next(), late.next()].map(|heard| {
        assert!(heard.retain);
        heard.json["currentBid"].as_u64()
    });
    prices.sort();
    assert_eq!(prices, [None, Some(501)]);
    let _second = worker(&url);
    let raised = vy.until("the bid on b", |heard| heard.topic == "auctions/b");
    assert_eq!(raised.json["currentBid"], 700);
    let sold = late.until("the end of a", |heard| heard.json["status"] == "sold");
    assert_eq!((sold.topic.as_str(), &sold.json["bidder"]), ("auctions/a", &json!("minh")));
    // Who writes over an item is put right.
    late.publish("auctions/b", json!({"title": "Lamp", "currentBid": 1}));
    late.until("the forgery", |heard| heard.topic == "auctions/b" && heard.json["currentBid"] == 1);
    late.until("what is right", |heard| heard.topic == "auctions/b" && heard.json["currentBid"] == 700);
}
