//! What a channel's page asks of the past, and what the broker core gives it.

use std::{sync::Arc, time::Duration};

use headcount_page::things::store::{Past, Wish, channel::ENTRIES_MAX};

use super::scripts::{VERSIONS, add, open, secure, secure_with, wish};
use crate::place::{PASSWORD, Place};
use headcount_page::{
    store::settings::VersionChoice,
    things::store::{Things, draft::Ask},
};

fn publish(place: &mut Place<Things>, device: &str, values: std::ops::RangeInclusive<u64>) {
    for value in values {
        place.publish_as(device, Some(PASSWORD), "channels/1/publish", &format!("field1={value}"), false);
    }
}

/// The numbers of the entries that a page has, each of which says its own number.
fn numbers(place: &Place<Things>, page: usize) -> Vec<u64> {
    let channel = place.store(page).channel(1).unwrap();
    let number = |entry: &Arc<headcount_page::things::store::channel::Entry>| {
        assert_eq!(entry.fields[0].as_deref(), Some(&*entry.id.to_string()));
        entry.id
    };
    channel.entries().iter().map(number).collect()
}

#[test]
fn a_page_that_opens_has_what_was_before() {
    for version in VERSIONS {
        let mut place = secure();
        let page = open(&mut place, "vy", version);
        let device = add(&mut place, page);
        publish(&mut place, &device, 1..=30);
        let late = open(&mut place, "vy", version);
        assert_eq!(numbers(&place, late), [30], "what nobody looks at is not asked for");
        wish(&mut place, late, Wish::Show(1));
        assert_eq!((numbers(&place, late), place.store(late).past(1)), ((1..=30).collect(), Past::Known));
        publish(&mut place, &device, 31..=33);
        for page in [page, late] {
            wish(&mut place, page, Wish::Show(1));
            assert_eq!(numbers(&place, page), (1..=33).collect::<Vec<_>>(), "{version:?}");
        }
        assert_eq!(place.store(late).errors().count(), 0);
    }
}

#[test]
fn the_page_holds_the_newest_and_says_what_is_older() {
    let mut place = secure();
    let page = open(&mut place, "vy", VersionChoice::V5);
    let device = add(&mut place, page);
    let most = ENTRIES_MAX as u64;
    publish(&mut place, &device, 1..=most + 20);
    let late = open(&mut place, "vy", VersionChoice::V311);
    wish(&mut place, late, Wish::Show(1));
    assert_eq!(numbers(&place, late), (21..=most + 20).collect::<Vec<_>>());
    assert_eq!(place.store(late).channel(1).unwrap().missing_before(0), (0, 20), "at the broker");
}

#[test]
fn what_the_broker_keeps_no_longer_is_told_from_what_it_may() {
    let mut place = secure_with(|limits| limits.devices.max_channel_entries = 5);
    let page = open(&mut place, "vy", VersionChoice::V5);
    let device = add(&mut place, page);
    wish(&mut place, page, Wish::Show(1));
    publish(&mut place, &device, 1..=2);
    place.cut(page);
    publish(&mut place, &device, 3..=12);
    place.advance(Duration::from_mins(1));
    assert_eq!(numbers(&place, page), [1, 2, 8, 9, 10, 11, 12]);
    let channel = place.store(page).channel(1).unwrap();
    assert_eq!((channel.missing_before(2), place.store(page).past(1)), ((5, 0), Past::Known));
}

#[test]
fn a_gap_is_filled_after_a_lost_connection() {
    for version in VERSIONS {
        let mut place = secure();
        let page = open(&mut place, "vy", version);
        let device = add(&mut place, page);
        wish(&mut place, page, Wish::Show(1));
        for from in [1, 11, 21] {
            publish(&mut place, &device, from..=from + 4);
            place.cut(page);
            publish(&mut place, &device, from + 5..=from + 9);
            place.advance(Duration::from_mins(1));
            assert_eq!(numbers(&place, page), (1..=from + 9).collect::<Vec<_>>(), "{version:?}");
        }
    }
}

/// A channel that was removed and made anew while the page was away has entries of the same numbers, which are others.
#[test]
fn a_channel_that_was_made_anew_is_not_mixed_with_the_old() {
    let mut place = secure();
    let [page, other] = [(); 2].map(|()| open(&mut place, "vy", VersionChoice::V5));
    let device = add(&mut place, page);
    wish(&mut place, page, Wish::Show(1));
    for value in ["a", "b", "c"] {
        place.publish_as(&device, Some(PASSWORD), "channels/1/publish", &format!("field1={value}"), false);
    }
    assert_eq!(place.store(page).channel(1).unwrap().entries().len(), 3);
    place.cut(page);
    wish(&mut place, other, Wish::Ask(Ask::Remove(Arc::clone(&device))));
    wish(&mut place, other, Wish::Ask(Ask::RemoveChannel(1)));
    let device = add(&mut place, other);
    publish(&mut place, &device, 1..=7);
    place.advance(Duration::from_mins(1));
    assert_eq!(numbers(&place, page), (1..=7).collect::<Vec<_>>());
}

/// Answers that hold less than was asked for: long values, and a broker whose packets are small.
#[test]
fn a_past_that_is_larger_than_a_packet_comes_in_pieces() {
    let mut place = secure_with(|limits| limits.max_packet_size = 4_000);
    let page = open(&mut place, "vy", VersionChoice::V5);
    let device = add(&mut place, page);
    publish(&mut place, &device, 1..=100);
    wish(&mut place, page, Wish::Show(1));
    assert_eq!(numbers(&place, page), (1..=100).collect::<Vec<_>>());
}
