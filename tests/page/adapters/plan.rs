//! When the page asks for what adapters read, and what it does about a broker that will not have it.

use headcount_page::store::{LinkEvent, Trust, adapters::Adapter, plan::Outcome, plan::Purpose};

use super::{choose, on_foreign};
use crate::stage::Stage;

fn asks(stage: &mut Stage) -> Vec<String> {
    stage.store.take_asks()
}

#[test]
fn a_headcount_broker_is_asked_for_nothing_more() {
    let mut stage = Stage::live();
    stage.advance(10_000);
    assert_eq!(asks(&mut stage), [""; 0]);
    assert_eq!(stage.store.plan().adapters(), []);
}

#[test]
fn another_broker_is_asked_once_it_is_known_for_one() {
    let mut stage = Stage::on_another_broker();
    assert_eq!(asks(&mut stage), [""; 0]);
    let before = stage.store.versions().status;
    stage.advance(3_000);
    let wanted = asks(&mut stage);
    assert_eq!(
        wanted,
        [
            "$SYS/brokers/+/clients/+/connected",
            "$SYS/brokers/+/clients/+/disconnected",
            "$SYS/brokers/client_status/+",
            "$SYS/brokers/connected",
            "$SYS/brokers/disconnected",
            "$SYS/broker/log/N",
            "$SYS/broker/log/E",
            "$SYS/broker/connection/+/state",
            "$SYS/+/new/clients",
            "$SYS/+/disconnect/clients",
        ]
    );
    assert!(stage.store.versions().status > before);
    assert_eq!(asks(&mut stage), [""; 0], "once");
}

#[test]
fn off_means_off() {
    let mut stage = Stage::new();
    choose(&mut stage, "off");
    stage.want("anonymous");
    stage.connect(|_| 0);
    stage.advance(3_000);
    assert_eq!((asks(&mut stage), stage.store.trust()), (vec![], Trust::FeedAlone));
}

#[test]
fn no_filter_is_within_another() {
    let stage = on_foreign("homeassistant,zigbee2mqtt,esphome");
    let filters: Vec<&str> = stage.store.plan().wants().iter().map(|want| want.filter.as_str()).collect();
    let ours = |filter: &&str| filters.contains(filter);
    assert!(ours(&"+/status") && ours(&"+/+/availability") && ours(&"+/bridge/state"));
    assert!(!ours(&"homeassistant/status") && !ours(&"zigbee2mqtt/+/availability"));
}

#[test]
fn refusals_are_kept_and_asked_for_no_more() {
    let mut stage = Stage::on_another_broker();
    stage.advance(3_000);
    stage.answer(|filter| if filter.starts_with("$SYS") { 0x87 } else { 0 });
    let outcome = stage.store.plan().outcome(Purpose::Other(Adapter::MosquittoLog));
    assert_eq!(outcome, Outcome::Refused(0x87));
    assert!(stage.store.missing().unwrap().what.contains(&"reasons"));
    assert_eq!(asks(&mut stage), [""; 0]);
}

#[test]
fn what_is_told_is_not_missing() {
    let mut stage = on_foreign("");
    assert_eq!(stage.store.missing().unwrap().what.len(), 4);
    stage.message("$SYS/broker/log/N", "mosquitto version 2.0.11 starting");
    let missing = stage.store.missing().unwrap();
    assert_eq!(missing.what, ["transports", "who was here before this page"]);
    assert!(missing.why.contains("feeds below"));
    assert_eq!(stage.store.plan().heard(), [Adapter::MosquittoLog]);
}

#[test]
fn a_connection_that_comes_again_asks_again_by_itself() {
    let mut stage = on_foreign("");
    stage.message("$SYS/c0ffee/new/clients", "lamp");
    stage.lose("the connection broke");
    stage.fold(LinkEvent::Connected {
        protocol: headcount_page::store::connection::Protocol::V5,
        client_id: "page",
        assigned: false,
        again: true,
    });
    let filters: Vec<String> = stage.store.plan().wants().iter().map(|want| want.filter.clone()).collect();
    assert_eq!(asks(&mut stage), [""; 0], "the client session repeats what it had");
    for filter in &filters {
        stage.fold(LinkEvent::Subscribed { filter, code: 0 });
    }
    assert_eq!(stage.here(), [""; 0], "who left meanwhile is not known");
    stage.message("$SYS/c0ffee/new/clients", "lamp");
    assert_eq!(stage.here(), ["lamp"]);
    stage.advance(3_000);
    assert_eq!(asks(&mut stage), [""; 0]);
}

#[test]
fn a_broker_that_hangs_up_over_it_twice_is_left_alone() {
    let mut stage = Stage::new();
    stage.want("anonymous");
    for round in 0..2 {
        assert_eq!(stage.store.caution(), round);
        stage.connect(|_| 0);
        stage.advance(3_000);
        assert_eq!(asks(&mut stage).len(), 10);
        stage.lose("the broker closed the connection");
    }
    assert_eq!((stage.store.caution(), stage.store.is_narrow()), (2, false));
    stage.connect(|_| 0);
    stage.advance(3_000);
    assert_eq!(asks(&mut stage), [""; 0]);
    assert!(stage.store.missing().unwrap().why.contains("closed the connection"));
    stage.want("anonymous");
    assert_eq!(stage.store.caution(), 0, "a new wish begins anew");
}

#[test]
fn one_that_hangs_up_once_is_asked_again() {
    let mut stage = Stage::new();
    stage.want("anonymous");
    stage.connect(|_| 0);
    stage.advance(3_000);
    asks(&mut stage);
    stage.lose("chance");
    stage.connect(|_| 0);
    stage.advance(3_000);
    stage.answer(|_| 0);
    stage.lose("chance");
    stage.connect(|_| 0);
    stage.advance(3_000);
    asks(&mut stage);
    stage.lose("chance");
    assert_eq!(stage.store.caution(), 1, "it counts from one again");
}
