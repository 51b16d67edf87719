//! Auctions: the worker alone raises a price.
//!
//! | Topic | Who publishes | What |
//! | --- | --- | --- |
//! | `auctions/<id>/offer` | an auctioneer | `{"title","description","seller","startingPrice","seconds"}`: a new item, open for so long |
//! | `auctions/<id>` | the worker | retained: the item, with the highest bid |
//! | `auctions/<id>/bid` | a bidder | `{"bidId","bidder","amount"}` |
//! | `auctions/<id>/rejected/<who>` | the worker | `{"bidId","amount","reason"}`, for an offer `{"reason"}` |
//! | `status/auctions` | the worker | retained, with a Will: whether it is there |
//!
//! Amounts are whole cents. `<who>` is the bidder or the seller, percent-encoded. A bid is accepted when its `bidId`
//! shows up in the item; what happens at the same time is judged in the order of arrival, and time is the worker's when
//! it judges. The retained items are all of the memory: a worker that starts anew takes them up, and a bid that it had
//! accepted before it was killed is known by its `bidId`.

mod book;
mod item;

pub(crate) use book::Auctions;
