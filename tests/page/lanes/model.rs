//! Random streams against the plainest reconstruction there is.

use std::collections::BTreeMap;

use headcount_page::store::{LinkEvent, Millis, lanes::End};

use super::{came, here, lane, left, says, scene};
use crate::stage::{NOON, Stage};

const REASONS: [&str; 4] = ["client-disconnect", "connection-lost", "taken-over", "keep-alive-timeout"];

/// What really happened: of each client its sessions, `(begin, end, reason)`.
type Truth = BTreeMap<String, Vec<(i64, Option<(i64, &'static str)>)>>;

/// `SplitMix64`: the same numbers on every run.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// A client comes, leaves, or is taken over; the page hears of it where `hears` says so.
fn step(chance: &mut Chance, stage: &mut Stage, truth: &mut Truth, hears: bool) {
    let id = format!("c{}", chance.below(6));
    let sessions = truth.entry(id.clone()).or_default();
    let now = stage.now;
    let Some((begin, end)) = sessions.last_mut().filter(|(_, end)| end.is_none()) else {
        sessions.push((now, None));
        if hears {
            came(stage, &id);
        }
        return;
    };
    let taken_over = chance.below(4) == 0;
    let reason = if taken_over { "taken-over" } else { REASONS[usize::try_from(chance.below(4)).unwrap()] };
    *end = Some((now, reason));
    let tells = (chance.below(3) > 0).then_some(*begin);
    if hears {
        left(stage, &id, reason, tells);
    }
    if taken_over {
        sessions.push((now, None));
        if hears {
            came(stage, &id);
        }
    }
}

fn written(sessions: &[(i64, Option<(i64, &'static str)>)]) -> Vec<String> {
    sessions
        .iter()
        .map(|(begin, end)| match end {
            Some((end, reason)) => format!("{begin}..{end} {reason}"),
            None => format!("{begin}.."),
        })
        .collect()
}

#[test]
fn without_gaps_the_lanes_are_what_happened() {
    for seed in 0..40 {
        let (mut chance, mut stage, mut truth) = (Chance(seed), Stage::live(), Truth::new());
        for _ in 0..120 {
            stage.advance(i64::try_from(chance.below(3_000)).unwrap());
            step(&mut chance, &mut stage, &mut truth, true);
        }
        let scene = scene(&stage);
        assert_eq!(scene.lanes.lanes.len(), truth.len());
        for (id, sessions) in &truth {
            assert_eq!(says(lane(&scene, id)), written(sessions), "{id}, seed {seed}");
        }
        let order: Vec<u64> = scene.lanes.lanes.iter().map(|lane| lane.last).collect();
        assert!(order.is_sorted_by(|one, next| one > next), "{order:?}");
        let sum = scene.columns.sum();
        let ends = truth.values().flatten().filter(|(_, end)| end.is_some()).count();
        let begins = truth.values().flatten().count();
        assert_eq!((sum.came as usize, sum.left as usize), (begins, ends), "seed {seed}");
    }
}

/// With the oldest rows trimmed, and with absences, nothing is made up: each session that is shown is one that happened,
/// and those whose end was not seen ended within the time that is said.
#[test]
fn with_gaps_and_trimmed_rows_nothing_is_made_up() {
    for seed in 0..60 {
        let (mut chance, mut stage, mut truth) = (Chance(seed), Stage::with_cap(70), Truth::new());
        stage.journal = None;
        stage.want("anonymous");
        stage.connect(|_| 0);
        stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
        for _ in 0..6 {
            for _ in 0..20 {
                stage.advance(2_000 + i64::try_from(chance.below(3_000)).unwrap());
                step(&mut chance, &mut stage, &mut truth, true);
            }
            stage.fold(LinkEvent::Heard);
            stage.lose("lost");
            for _ in 0..chance.below(8) {
                stage.advance(2_000 + i64::try_from(chance.below(3_000)).unwrap());
                step(&mut chance, &mut stage, &mut truth, false);
            }
            stage.advance(1);
            stage.connect(|_| 0);
            for (id, sessions) in &truth {
                if let Some((begin, None)) = sessions.last() {
                    here(&mut stage, id, *begin);
                }
            }
            honest(&stage, &truth, seed);
        }
    }
}

fn honest(stage: &Stage, truth: &Truth, seed: u64) {
    let scene = scene(stage);
    for lane in &scene.lanes.lanes {
        let happened = &truth[&*lane.id];
        let said = says(lane);
        let mut open = 0;
        for session in &lane.sessions {
            let start = session.start.map(|start| start.0 - NOON);
            let one = happened.iter().find(|(begin, _)| Some(*begin) == start);
            let is_true = match (&session.end, one) {
                (End::Open, one) => {
                    open += 1;
                    one.is_some_and(|(_, end)| end.is_none())
                }
                (End::Told { at, .. }, _) => {
                    // One whose beginning nobody told may begin too early or too late, but it ended then.
                    let reason = session.reason().unwrap();
                    happened.iter().any(|(_, end)| *end == Some((at.0 - NOON, reason)))
                }
                (End::Unseen { after, before }, one) => one.is_some_and(|(_, end)| {
                    end.is_some_and(|(end, _)| (after.0..=before.0).contains(&(end + NOON)))
                }),
            };
            assert!(is_true, "{} in {said:?}, but {happened:?}, seed {seed}", lane.id);
        }
        let stands = happened.last().is_some_and(|(_, end)| end.is_none());
        assert_eq!(open, usize::from(stands), "{said:?}, but {happened:?}, seed {seed}");
        let ends = lane.sessions.iter().map(|session| session.end.latest().unwrap_or(Millis(i64::MAX)));
        let starts = lane.sessions.iter().skip(1).filter_map(|session| session.start);
        assert!(ends.zip(starts).all(|(end, start)| end <= start), "{said:?} overlap, seed {seed}");
    }
    let here =
        truth.values().filter(|sessions| sessions.last().is_some_and(|(_, end)| end.is_none())).count();
    let open = scene
        .lanes
        .lanes
        .iter()
        .filter(|lane| lane.sessions.last().is_some_and(|last| last.end == End::Open));
    assert_eq!(open.count(), here, "who is here has a lane, seed {seed}");
    assert!(scene.lanes.lanes.iter().map(|lane| lane.sessions.len()).sum::<usize>() <= 70 + 12);
}
