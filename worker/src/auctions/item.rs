//! An item, an offer and a bid, as JSON tells them.

use crate::moment::Moment;
use serde::{Deserialize, Serialize};

/// Cents: a thousand million of any currency, and exact in every reader's numbers.
pub(super) const AMOUNT_MAX: u64 = 100_000_000_000;
/// Accepted bids that an item remembers: more than the worker has in hand at one time, so that each that comes twice
/// is known.
pub(super) const RECENT: usize = 20;
/// Seconds that an item is open: a week.
const SECONDS_MAX: u64 = 604_800;
const TITLE_MAX: usize = 200;
const DESCRIPTION_MAX: usize = 2_000;
const NAME_MAX: usize = 200;
const ID_MAX: usize = 64;

/// What stands on `auctions/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) seller: String,
    pub(super) starting_price: u64,
    pub(super) current_bid: Option<u64>,
    pub(super) bidder: Option<String>,
    pub(super) bids: u64,
    pub(super) ends_at: Moment,
    pub(super) status: Status,
    /// The newest first.
    pub(super) recent: Vec<Bid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Open,
    Sold,
    Unsold,
}

/// What stands on `auctions/<id>/offer`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Offer {
    title: String,
    #[serde(default)]
    description: String,
    seller: String,
    starting_price: u64,
    seconds: u64,
}

/// What stands on `auctions/<id>/bid`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bid {
    #[serde(rename = "bidId")]
    pub(super) id: String,
    pub(super) bidder: String,
    pub(super) amount: u64,
}

impl Offer {
    /// The item, or what is wrong.
    pub(super) fn item(self, now: Moment) -> Result<Item, String> {
        text("title", &self.title, TITLE_MAX, false)?;
        text("description", &self.description, DESCRIPTION_MAX, true)?;
        text("seller", &self.seller, NAME_MAX, false)?;
        amount("startingPrice", self.starting_price)?;
        if !(1..=SECONDS_MAX).contains(&self.seconds) {
            return Err(format!("seconds is {}; an item is open from 1 to {SECONDS_MAX}", self.seconds));
        }
        let milliseconds = i64::try_from(self.seconds * 1_000).unwrap_or(i64::MAX);
        Ok(Item {
            title: self.title,
            description: self.description,
            seller: self.seller,
            starting_price: self.starting_price,
            current_bid: None,
            bidder: None,
            bids: 0,
            ends_at: now.after(milliseconds),
            status: Status::Open,
            recent: Vec::new(),
        })
    }

    /// Who is told about a refusal.
    pub(super) fn seller(&self) -> &str {
        &self.seller
    }

    /// Whether this is what the item was offered by.
    pub(super) fn made(&self, item: &Item) -> bool {
        self.title == item.title && self.seller == item.seller && self.starting_price == item.starting_price
    }
}

impl Bid {
    /// What is wrong with it, whatever it is for.
    pub(super) fn check(&self) -> Result<(), String> {
        text("bidId", &self.id, ID_MAX, false)?;
        text("bidder", &self.bidder, NAME_MAX, false)?;
        amount("amount", self.amount)
    }
}

fn text(name: &str, text: &str, most: usize, may_be_empty: bool) -> Result<(), String> {
    if text.trim().is_empty() && !may_be_empty {
        return Err(format!("{name} is empty"));
    }
    if text.len() > most {
        return Err(format!("{name} has {} bytes; at most {most} are taken", text.len()));
    }
    Ok(())
}

fn amount(name: &str, cents: u64) -> Result<(), String> {
    if (1..=AMOUNT_MAX).contains(&cents) {
        return Ok(());
    }
    Err(format!("{name} is {cents} cents; from 1 to {AMOUNT_MAX} are taken"))
}
