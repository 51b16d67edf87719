//! What is kept between two looks: never more than what is there, and never another picture.

use headcount_page::store::{
    Connection, Intent, LinkEvent, Millis,
    lanes::{Asked, Scene, Trace, scale::View},
};

use super::{came, event, here, left, look, model::Chance, scene};
use crate::stage::{NOON, Stage};

/// One that was always looked at, one that is looked at now and then, one whose lanes are opened and closed, and one that
/// is made anew each time: they see the same.
#[test]
fn opening_later_shows_what_having_been_open_all_along_shows() {
    for seed in 0..30 {
        let (mut chance, mut stage) = (Chance(seed), Stage::with_cap(40));
        live(&mut stage);
        let [mut always, mut rarely, mut opened] = [(); 3].map(|()| Trace::default());
        let mut is_away = false;
        for step in 0..300 {
            stage.advance(i64::try_from(chance.below(3_000)).unwrap());
            let id = format!("c{}", chance.below(9));
            match chance.below(40) {
                0 if is_away => stage.connect(|_| 0),
                0 => {
                    stage.journal = [None, Some("[]")][usize::try_from(chance.below(2)).unwrap()];
                    stage.fold(LinkEvent::Heard);
                    stage.lose("lost");
                }
                1 => stage.send(Intent::Pause),
                2 => stage.send(Intent::Resume),
                3 => stage.send(Intent::Scrolled { at_top: chance.below(2) == 0 }),
                4 => stage.send(Intent::Search(
                    ["reason:kicked", "client:c1", "status:denied", ""][step % 4].to_owned(),
                )),
                5 if chance.below(4) == 0 => stage.send(Intent::Clear),
                6 => open_record(&mut stage),
                7 | 8 => stage.send(Intent::BackToLive),
                9 | 10 if !is_away => {
                    event(&mut stage, &format!(r#""event":"denied","client":{{"id":"{id}"}}"#));
                }
                11 | 12 if !is_away => {
                    let since = stage.now - 500;
                    here(&mut stage, &id, since);
                }
                13..26 if !is_away => came(&mut stage, &id),
                _ if !is_away => {
                    let since = (chance.below(3) == 0).then_some(stage.now - 1_500);
                    left(&mut stage, &id, ["kicked", "taken-over"][step % 2], since);
                }
                _ => {}
            }
            is_away = !matches!(stage.store.connection(), Connection::Live(_));
            let fresh = scene(&stage);
            assert_eq!(look(&stage, &mut always), fresh, "step {step}, seed {seed}");
            if chance.below(4) == 0 {
                assert_eq!(look(&stage, &mut rarely), fresh, "step {step}, seed {seed}");
            }
            let asked = Asked { lanes: chance.below(2) == 0, ..Asked::at(Millis(NOON + stage.now), 1_000) };
            let seen = Scene::of(&stage.store, &mut opened, &asked);
            assert_eq!((seen.columns, seen.scale), (fresh.columns, fresh.scale), "step {step}, seed {seed}");
            if asked.lanes {
                assert_eq!(seen.lanes, fresh.lanes, "step {step}, seed {seed}");
            } else {
                assert!(seen.lanes.lanes.is_empty() && opened.folded() == 0, "nobody looks at them");
            }
        }
    }
}

fn live(stage: &mut Stage) {
    stage.want("anonymous");
    stage.connect(|_| 0);
    stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
}

/// Opens what is shown as a record of its own.
fn open_record(stage: &mut Stage) {
    let file = stage.store.export().into_bytes();
    stage.send(Intent::OpenRecord { name: "kept.ndjson".to_owned(), file });
}

#[test]
fn an_event_costs_its_own_lane_however_many_others_there_are() {
    const EVENTS: u64 = 10_000;
    const CAP: u64 = 2_000;
    for (clients, looks_at) in [(500, 10), (2_000, 50)] {
        let (mut stage, mut trace) = (Stage::with_cap(2_000), Trace::default());
        live(&mut stage);
        for n in 0..EVENTS {
            stage.advance(10);
            let id = format!("c{}", n % clients);
            if n / clients % 2 == 0 {
                came(&mut stage, &id);
            } else {
                left(&mut stage, &id, "kicked", None);
            }
            if n % looks_at == 0 {
                look(&stage, &mut trace);
            }
        }
        // Of each row that is trimmed, the others of its lane are folded again.
        let of_a_lane = CAP / clients;
        let most = EVENTS + (EVENTS - CAP) * of_a_lane;
        assert!(trace.folded() <= most, "{} rows folded, {clients} clients", trace.folded());
    }
}

#[test]
fn what_is_in_sight_moves_with_the_clock_and_not_with_each_row() {
    let (mut stage, mut trace) = (Stage::with_cap(200), Trace::default());
    live(&mut stage);
    for view in [View::All, View::Newest(60_000)] {
        let mut scales = Vec::new();
        for n in 0..2_000_u64 {
            stage.advance(50);
            came(&mut stage, &format!("c{}", n % 40));
            // The page's clock goes by seconds; rows are up to a second ahead of it.
            let asked = Asked { view, ..Asked::at(Millis(NOON + stage.now / 1_000 * 1_000), 1_000) };
            scales.push(Scene::of(&stage.store, &mut trace, &asked).scale);
        }
        scales.dedup();
        assert!(scales.len() <= 101, "{} scales within 100 seconds", scales.len());
    }
}

#[test]
fn a_broker_whose_clock_is_ahead_stays_in_sight() {
    let (mut stage, mut trace) = (Stage::live(), Trace::default());
    for view in [View::All, View::Newest(60_000), View::Newest(1_000)] {
        for _ in 0..50 {
            stage.advance(900);
            came(&mut stage, "lamp");
            let asked = Asked { view, ..Asked::at(Millis(NOON + stage.now - 20_000), 1_000) };
            let scene = Scene::of(&stage.store, &mut trace, &asked);
            assert!(scene.scale.to > Millis(NOON + stage.now), "{view:?}");
            assert!(scene.scale.from < Millis(NOON + stage.now), "{view:?}");
        }
    }
}
