//! All items, and what becomes of offers and bids.

use super::item::{Bid, Item, Offer, RECENT, Status};
use crate::duty::{Duty, message, retained, subscription};
use crate::level;
use crate::moment::Moment;
use bytes::Bytes;
use headcount_client::Message;
use headcount_mqtt::{RetainHandling, Subscription, TopicFilter};
use serde::Serialize;
use std::collections::BTreeMap;

/// Items open at one time; a page shows a dozen.
const OPEN_MAX: usize = 200;
/// Items that stay to be looked at after their end; the oldest goes.
const OVER_MAX: usize = 100;
/// Bytes of an item's identifier.
const ID_MAX: usize = 64;

/// The state: what the retained items say.
#[derive(Debug, Default)]
pub(crate) struct Auctions {
    items: BTreeMap<String, Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rejection<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    bid_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<u64>,
    reason: &'a str,
}

impl Duty for Auctions {
    const NAME: &'static str = "auctions";
    // Fewer than an item remembers.
    const WINDOW: u16 = 16;

    fn status(&self, _: &str) -> String {
        "status/auctions".to_owned()
    }

    fn requests(&self) -> Vec<Subscription> {
        // What others write where the worker alone writes: not what is retained, and not its own.
        let items = Subscription {
            no_local: true,
            retain_handling: RetainHandling::DoNotSend,
            ..subscription("auctions/+")
        };
        vec![items, subscription("auctions/+/offer"), subscription("auctions/+/bid")]
    }

    fn memory(&self) -> Option<TopicFilter> {
        Some(subscription("auctions/+").filter)
    }

    fn restore(&mut self, _: Moment, memory: Vec<Message>) {
        self.items.clear();
        for message in memory {
            if let Some(("auctions", id)) = message.topic.as_str().split_once('/')
                && let Ok(item) = serde_json::from_slice(&message.payload)
            {
                self.items.insert(id.to_owned(), item);
            }
        }
        tracing::info!("auctions: {} items", self.items.len());
    }

    fn handle(&mut self, now: Moment, message: &Message) -> Vec<Message> {
        let mut levels = message.topic.as_str().split('/').skip(1);
        match (levels.next(), levels.next()) {
            (Some(id), Some("offer")) => self.offer(now, id, &message.payload),
            (Some(id), Some("bid")) => self.bid(now, id, &message.payload),
            // Somebody else wrote on an item.
            (Some(id), None) => self.say(id).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn due(&self) -> Option<Moment> {
        self.items.values().filter(|item| item.status == Status::Open).map(|item| item.ends_at).min()
    }

    fn tick(&mut self, now: Moment) -> Vec<Message> {
        let mut ended = Vec::new();
        for (id, item) in &mut self.items {
            if item.status == Status::Open && item.ends_at <= now {
                item.status = if item.bidder.is_some() { Status::Sold } else { Status::Unsold };
                ended.push(id.clone());
            }
        }
        let mut told: Vec<_> = ended.iter().filter_map(|id| self.say(id)).collect();
        told.extend(self.forget());
        told
    }

    fn recall(&self) -> Vec<Message> {
        self.items.keys().filter_map(|id| self.say(id)).collect()
    }
}

impl Auctions {
    fn offer(&mut self, now: Moment, id: &str, payload: &[u8]) -> Vec<Message> {
        let offer: Offer = match serde_json::from_slice(payload) {
            Ok(offer) => offer,
            Err(error) => {
                tracing::debug!("auctions: an offer of nobody: {error}");
                return Vec::new();
            }
        };
        let seller = offer.seller().to_owned();
        let open = self.items.values().filter(|item| item.status == Status::Open).count();
        let item = match self.items.get(id) {
            // It came twice.
            Some(item) if offer.made(item) => return Vec::new(),
            Some(_) => Err(format!("there is an item `{id}` already; take another identifier")),
            None if id.is_empty() || id.len() > ID_MAX => {
                Err(format!("an identifier has 1 to {ID_MAX} bytes"))
            }
            None if open >= OPEN_MAX => Err(format!("{OPEN_MAX} items are open; wait until one is over")),
            None => offer.item(now),
        };
        match item {
            Ok(item) => {
                self.items.insert(id.to_owned(), item);
                self.say(id).into_iter().collect()
            }
            Err(reason) => reject(id, &seller, &Rejection { bid_id: None, amount: None, reason: &reason }),
        }
    }

    fn bid(&mut self, now: Moment, id: &str, payload: &[u8]) -> Vec<Message> {
        let bid: Bid = match serde_json::from_slice(payload) {
            Ok(bid) => bid,
            Err(error) => {
                // Whoever can be told what was wrong is told.
                let reason = format!("the bid is not what it should be: {error}");
                return rejected_in_parts(id, payload, &reason);
            }
        };
        match self.objection(now, id, &bid) {
            Ok(true) => Vec::new(),
            Ok(false) => {
                if let Some(item) = self.items.get_mut(id) {
                    item.current_bid = Some(bid.amount);
                    item.bidder = Some(bid.bidder.clone());
                    item.bids += 1;
                    item.recent.insert(0, bid);
                    item.recent.truncate(RECENT);
                }
                self.say(id).into_iter().collect()
            }
            Err(reason) => {
                let told = Rejection { bid_id: Some(&bid.id), amount: Some(bid.amount), reason: &reason };
                reject(id, &bid.bidder, &told)
            }
        }
    }

    /// Whether the bid was accepted before, or why it cannot be.
    fn objection(&self, now: Moment, id: &str, bid: &Bid) -> Result<bool, String> {
        bid.check()?;
        let item = self.items.get(id).ok_or_else(|| "there is no such item".to_owned())?;
        if item.recent.contains(bid) {
            return Ok(true);
        }
        if item.status != Status::Open || item.ends_at <= now {
            return Err("the auction is over".to_owned());
        }
        if bid.bidder == item.seller {
            return Err("sellers do not bid on their own items".to_owned());
        }
        match item.current_bid {
            Some(current) if bid.amount <= current => {
                Err(format!("{} is not above the current bid of {}", money(bid.amount), money(current)))
            }
            None if bid.amount < item.starting_price => Err(format!(
                "{} is below the starting price of {}",
                money(bid.amount),
                money(item.starting_price)
            )),
            _ => Ok(false),
        }
    }

    /// The item as it is, retained.
    fn say(&self, id: &str) -> Option<Message> {
        let item = serde_json::to_vec(self.items.get(id)?).ok()?;
        retained(&format!("auctions/{id}"), item)
    }

    /// Takes the oldest items away that are over.
    fn forget(&mut self) -> Vec<Message> {
        let mut over: Vec<_> = self.items.iter().filter(|(_, item)| item.status != Status::Open).collect();
        over.sort_by_key(|(_, item)| item.ends_at);
        let surplus = over.len().saturating_sub(OVER_MAX);
        let old: Vec<String> = over[..surplus].iter().map(|(id, _)| (*id).clone()).collect();
        for id in &old {
            self.items.remove(id);
        }
        // An empty retained message takes the retained one away.
        old.iter().filter_map(|id| retained(&format!("auctions/{id}"), Bytes::new())).collect()
    }
}

fn reject(id: &str, who: &str, told: &Rejection<'_>) -> Vec<Message> {
    let topic = format!("auctions/{id}/rejected/{}", level::encoded(who));
    let told = serde_json::to_vec(told).expect("texts and numbers are JSON");
    message(&topic, told).into_iter().collect()
}

/// Answers a bid that is no bid, as far as it says whose it is.
fn rejected_in_parts(id: &str, payload: &[u8], reason: &str) -> Vec<Message> {
    let Ok(parts) = serde_json::from_slice::<serde_json::Value>(payload) else { return Vec::new() };
    let Some(bidder) = parts["bidder"].as_str().filter(|bidder| !bidder.is_empty()) else {
        return Vec::new();
    };
    let bid_id = parts["bidId"].as_str().filter(|bid_id| bid_id.len() <= ID_MAX);
    reject(id, bidder, &Rejection { bid_id, amount: parts["amount"].as_u64(), reason })
}

/// `12.34`
fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests;
