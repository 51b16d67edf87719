//! Items and bids: what the worker says of each, and what was bid here.

use std::sync::Arc;

use super::{Said, cut, money, worker::Worker};
use crate::{
    chat::store::{payload::uuid, write::Writing},
    store::{Millis, json::Json, query},
};

/// Items shown; a worker keeps no more than 300.
const ITEMS_MAX: usize = 300;
/// Own bids and offers remembered.
const OWN_MAX: usize = 50;
const ID_MAX: usize = 64;
const TEXT_MAX: usize = 2_000;
/// Bytes of a bidder's name, which is also a level of a topic.
pub const NAME_MAX: usize = 100;

/// What is known of all items.
#[derive(Debug)]
pub struct Auctions {
    /// Those that end soonest first, those that are over behind them.
    items: Vec<Item>,
    /// Own bids, the newest first.
    bids: Vec<OwnBid>,
    /// Own offers that have not become an item, the newest first.
    offers: Vec<OwnOffer>,
    me: Arc<str>,
    /// Who judges.
    pub worker: Worker,
}

/// What stands on `auctions/<id>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Of its topic.
    pub id: Arc<str>,
    /// What it is.
    pub title: Arc<str>,
    /// More about it.
    pub description: Arc<str>,
    /// Who offers it.
    pub seller: Arc<str>,
    /// Cents to begin with.
    pub starting_price: u64,
    /// The highest bid in cents, and whose it is.
    pub current: Option<(u64, Arc<str>)>,
    /// How many were accepted.
    pub bids: u64,
    /// When it is over, by the worker's clock.
    pub ends: Millis,
    /// `open`, `sold` or `unsold`.
    pub status: Arc<str>,
}

/// A bid made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnBid {
    /// Its own.
    pub id: Arc<str>,
    /// The item's.
    pub item: Arc<str>,
    /// Cents.
    pub amount: u64,
    /// What became of it.
    pub state: Answer,
    /// Under which name.
    by: Arc<str>,
    serial: u64,
}

/// An offer made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnOffer {
    /// The item's identifier.
    pub id: Arc<str>,
    /// What it is.
    pub title: Arc<str>,
    /// What became of it.
    pub state: Answer,
    /// Under which name.
    by: Arc<str>,
    serial: u64,
}

/// What became of a bid or an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// On its way to the broker.
    Sending,
    /// The broker has it; the worker has not judged.
    Pending,
    /// The worker took it.
    Accepted,
    /// The worker or the broker did not, with the reason.
    Refused(Arc<str>),
}

impl Item {
    /// Whether bids are taken, as far as is known.
    pub fn is_open(&self) -> bool {
        &*self.status == "open"
    }

    /// The least that could win, in cents.
    pub fn least(&self) -> u64 {
        self.current.as_ref().map_or(self.starting_price, |(amount, _)| amount + 1)
    }
}

impl Answer {
    /// Whether more may be said.
    fn is_open(&self) -> bool {
        matches!(self, Self::Sending | Self::Pending)
    }

    /// For `data-state`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Sending => "on its way".to_owned(),
            Self::Pending => "the broker has it; the worker has not judged it".to_owned(),
            Self::Accepted => "accepted".to_owned(),
            Self::Refused(why) => format!("refused: {why}"),
        }
    }
}

impl Auctions {
    /// A bidder's view of nothing.
    pub fn new(me: &str) -> Self {
        Self {
            items: Vec::new(),
            bids: Vec::new(),
            offers: Vec::new(),
            me: cut(me, NAME_MAX),
            worker: Worker::new("auctions"),
        }
    }

    /// Those that end soonest first, those that are over behind them.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// One of them.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| *item.id == *id)
    }

    /// Own bids for an item, the newest first.
    pub fn bids_for<'a>(&'a self, item: &'a str) -> impl Iterator<Item = &'a OwnBid> {
        self.bids.iter().filter(move |bid| *bid.item == *item)
    }

    /// Own offers that have not become an item.
    pub fn offers(&self) -> &[OwnOffer] {
        &self.offers
    }

    /// Who bids here.
    pub fn me(&self) -> &Arc<str> {
        &self.me
    }

    pub(super) fn wanted(&self) -> Vec<String> {
        let mut wanted = vec![Worker::topic("auctions"), "auctions/+".to_owned()];
        let bids = self.bids.iter().filter(|bid| bid.state.is_open()).map(|bid| &bid.by);
        let offers = self.offers.iter().filter(|offer| offer.state.is_open()).map(|offer| &offer.by);
        for name in [&self.me].into_iter().chain(bids).chain(offers) {
            let own = format!("auctions/+/rejected/{}", query::encode(name));
            if !wanted.contains(&own) {
                wanted.push(own);
            }
        }
        wanted
    }

    pub(super) fn connected(&mut self) {
        // What the broker still retains comes again.
        self.items.clear();
    }

    pub(super) fn rename(&mut self, name: &str) {
        let name = name.trim();
        if !name.is_empty() && name.len() <= NAME_MAX && !name.contains('\0') {
            self.me = name.into();
        }
    }

    pub(super) fn bid(&mut self, serial: u64, item: &Arc<str>, amount: u64, random: u128) -> Said {
        let id = uuid(random);
        self.bids.truncate(OWN_MAX - 1);
        let state = Answer::Sending;
        self.bids.insert(
            0,
            OwnBid {
                id: id.as_str().into(),
                item: Arc::clone(item),
                amount,
                state,
                by: Arc::clone(&self.me),
                serial,
            },
        );
        let bid =
            Writing::object().text("bidId", &id).text("bidder", &self.me).json("amount", &amount.to_string());
        (format!("auctions/{item}/bid"), bid.end())
    }

    pub(super) fn offer(
        &mut self,
        serial: u64,
        title: &str,
        description: &str,
        price: u64,
        seconds: u32,
        random: u128,
    ) -> Said {
        let id = uuid(random);
        self.offers.truncate(OWN_MAX - 1);
        let (title, state) = (cut(title.trim(), TEXT_MAX), Answer::Sending);
        self.offers.insert(
            0,
            OwnOffer {
                id: id.as_str().into(),
                title: Arc::clone(&title),
                state,
                by: Arc::clone(&self.me),
                serial,
            },
        );
        let offer = Writing::object()
            .text("title", &title)
            .text("description", description.trim())
            .text("seller", &self.me)
            .json("startingPrice", &price.to_string())
            .number("seconds", seconds.into());
        (format!("auctions/{id}/offer"), offer.end())
    }

    pub(super) fn published(&mut self, serial: u64, refused: Option<&str>) {
        let answer = |state: &mut Answer| match refused {
            Some(why) => *state = Answer::Refused(why.into()),
            // The worker may have been quicker.
            None if *state == Answer::Sending => *state = Answer::Pending,
            None => {}
        };
        if let Some(bid) = self.bids.iter_mut().find(|bid| bid.serial == serial) {
            answer(&mut bid.state);
        } else if let Some(offer) = self.offers.iter_mut().find(|offer| offer.serial == serial) {
            answer(&mut offer.state);
        }
    }

    pub(super) fn take(&mut self, now: Millis, topic: &str, payload: &[u8], retain: bool) {
        if self.worker.take(topic, payload, retain) {
            return;
        }
        let mut levels = topic.split('/').skip(1);
        match (levels.next(), levels.next()) {
            (Some(id), None) if id.len() <= ID_MAX => self.take_item(now, id, payload),
            (Some(id), Some("rejected")) => self.take_rejection(id, payload),
            _ => {}
        }
    }

    fn take_item(&mut self, now: Millis, id: &str, payload: &[u8]) {
        self.items.retain(|item| *item.id != *id);
        let Some((item, recent)) = read(id, now, payload) else { return };
        for bid in self.bids.iter_mut().filter(|bid| *bid.item == *id) {
            if recent.iter().any(|known| **known == *bid.id) {
                bid.state = Answer::Accepted;
            }
        }
        self.offers.retain(|offer| *offer.id != *id);
        let key = |item: &Item| (!item.is_open(), if item.is_open() { item.ends.0 } else { -item.ends.0 });
        let at = self.items.partition_point(|known| key(known) <= key(&item));
        self.items.insert(at, item);
        self.items.truncate(ITEMS_MAX);
    }

    fn take_rejection(&mut self, id: &str, payload: &[u8]) {
        let Ok(json) = Json::read(payload) else { return };
        let text = |name: &str| json.text(name).ok().flatten().unwrap_or_default();
        let refused = Answer::Refused(cut(text("reason"), TEXT_MAX));
        let bid_id = text("bidId");
        if bid_id.is_empty() {
            if let Some(offer) = self.offers.iter_mut().find(|offer| *offer.id == *id) {
                offer.state = refused;
            }
        } else if let Some(bid) = self.bids.iter_mut().find(|bid| *bid.id == *bid_id)
            && bid.state != Answer::Accepted
        {
            bid.state = refused;
        }
    }
}

/// The item, and the identifiers of the bids that it knows.
fn read(id: &str, now: Millis, payload: &[u8]) -> Option<(Item, Vec<String>)> {
    let json = Json::read(payload).ok()?;
    let text = |name: &str| json.text(name).ok().flatten().map(|text| cut(text, TEXT_MAX));
    let amount = |name: &str| json.number::<u64>(name).ok().flatten();
    let item = Item {
        id: id.into(),
        title: text("title")?,
        description: text("description").unwrap_or_default(),
        seller: text("seller")?,
        starting_price: amount("startingPrice")?,
        current: amount("currentBid").zip(text("bidder")),
        bids: amount("bids").unwrap_or_default(),
        ends: text("endsAt").and_then(|at| Millis::from_rfc3339(&at)).unwrap_or(now),
        status: text("status")?,
    };
    let recent = json.list("recent").unwrap_or_default();
    let ids = recent.iter().filter_map(|bid| Some(bid.text("bidId").ok()??.to_owned())).collect();
    Some((item, ids))
}

/// What a bid has to be above, or at least be, in words.
pub fn hint(item: &Item) -> String {
    match &item.current {
        Some((amount, _)) => format!("more than {}", money::shown(*amount)),
        None => format!("{} or more", money::shown(item.starting_price)),
    }
}
