//! Zoom, pan, ticks and columns: arithmetic.

use headcount_page::store::{
    Millis,
    lanes::{
        scale::{SHORTEST, Scale, View, whole},
        span::{Pick, Span},
    },
};

use super::{came, scene};
use crate::stage::{NOON, Stage};

const MINUTE: i64 = 60_000;
const FIRST: Millis = Millis(NOON);
const EDGE: Millis = Millis(NOON + 60 * MINUTE);

fn length(view: View) -> i64 {
    let (from, to) = view.range(FIRST, EDGE);
    to.0 - from.0
}

#[test]
fn all_holds_the_first_and_the_last_with_a_margin() {
    for (first, edge) in [(0, 0), (0, 5), (0, MINUTE), (-MINUTE * 60 * 24 * 400, 0)] {
        let (from, to) = whole(Millis(first), Millis(edge));
        assert!(from.0 < first && to.0 > edge && to.0 - from.0 >= 30_000, "{from:?} {to:?}");
    }
}

#[test]
fn zooming_in_ends_at_a_second_and_zooming_out_at_all() {
    let mut view = View::All;
    let mut before = length(view);
    for _ in 0..40 {
        view = view.zoom(FIRST, EDGE, (1, 2), None);
        assert!(length(view) <= before && view.follows());
        before = length(view);
    }
    assert_eq!(view, View::Newest(SHORTEST));
    for _ in 0..40 {
        view = view.zoom(FIRST, EDGE, (2, 1), None);
    }
    assert_eq!(view, View::All);
}

#[test]
fn what_is_under_the_pointer_stays_there() {
    let view = View::Fixed(Millis(NOON + 10 * MINUTE), 20 * MINUTE);
    for anchor in [0, 250, 500, 1_000] {
        for by in [(1, 2), (4, 5), (5, 4)] {
            let at = |view: View| {
                let (from, to) = view.range(FIRST, EDGE);
                from.0 + (to.0 - from.0) * anchor / 1_000
            };
            let zoomed = view.zoom(FIRST, EDGE, by, Some(anchor));
            assert!((at(zoomed) - at(view)).abs() <= 2, "{anchor} {by:?}");
        }
    }
}

#[test]
fn panning_stays_within_the_record_and_follows_again_at_its_end() {
    let view = View::Newest(10 * MINUTE);
    let back = view.pan(FIRST, EDGE, -5 * MINUTE);
    assert!(!back.follows() && length(back) == 10 * MINUTE);
    assert_eq!(back.pan(FIRST, EDGE, 5 * MINUTE), view);
    assert_eq!(back.newest(), view);
    let oldest = back.oldest(FIRST, EDGE);
    assert_eq!(oldest.range(FIRST, EDGE).0, whole(FIRST, EDGE).0);
    assert_eq!(oldest.pan(FIRST, EDGE, -MINUTE), oldest);
    assert_eq!(View::All.pan(FIRST, EDGE, -MINUTE), View::All, "there is nothing beside all");
}

#[test]
fn a_moment_and_its_pixel_find_each_other() {
    let scale = Scale { from: FIRST, to: EDGE, width: 900 };
    for x in [0, 1, 450, 899, 900] {
        assert_eq!(scale.x(scale.at(x)), x);
    }
    assert_eq!(scale.x(Millis(i64::MIN)), -24);
    assert_eq!(scale.x(Millis(i64::MAX)), 924);
    assert_eq!(Scale { width: 0, ..scale }.x(EDGE), 0);
    let century = Scale { from: Millis(0), to: Millis(i64::MAX), width: 4_000 };
    assert_eq!(century.x(Millis(i64::MAX / 2)), 1_999);
}

#[test]
fn ticks_stand_on_round_moments_of_the_readers_clock_and_apart() {
    for (from, minutes, width, offset, want) in [
        (NOON, 60, 1_000, 0, "12:10"),
        (NOON, 60, 1_000, 330, "17:40"),
        (NOON, 60 * 24 * 3, 1_000, 60, "11-22"),
        (NOON + 90, 1, 1_000, 0, "12:00:10"),
    ] {
        let scale = Scale { from: Millis(from), to: Millis(from + minutes * MINUTE), width };
        let ticks = scale.ticks(|_| offset);
        assert_eq!(ticks[0].label, want);
        assert!(ticks.len() >= 2 && ticks.len() <= 13, "{ticks:?}");
        assert!(ticks.windows(2).all(|pair| pair[1].x - pair[0].x >= 83), "{ticks:?}");
    }
    let night = Scale { from: Millis(NOON), to: Millis(NOON + 1_440 * MINUTE), width: 800 };
    let labels: Vec<String> = night.ticks(|_| 0).into_iter().map(|tick| tick.label).collect();
    assert!(labels.contains(&"11-22".to_owned()), "midnight is told by its day: {labels:?}");
    let blink = Scale { from: Millis(NOON), to: Millis(NOON + 1_000), width: 800 };
    assert_eq!(blink.ticks(|_| 0)[1].label, "12:00:00.4");
}

#[test]
fn every_event_in_sight_is_in_one_column() {
    let mut stage = Stage::live();
    for n in 0..300 {
        stage.advance(137);
        came(&mut stage, &format!("c{}", n % 17));
    }
    let scene = scene(&stage);
    assert_eq!(scene.columns.sum().came, 300);
    assert!(scene.columns.columns.len() <= 1_000 / 7 + 2);
    assert!(scene.columns.from <= scene.scale.from);
    let end = scene.columns.edge(scene.columns.columns.len());
    assert!(end >= scene.scale.to && scene.columns.place(end).is_none());
    assert_eq!(scene.columns.place(Millis(scene.columns.from.0 - 1)), None);
}

#[test]
fn a_span_grows_and_shrinks_column_by_column_and_turns_over_its_fixed_end() {
    let from = Millis(NOON + 3);
    let at = |column: i64| Millis(from.0 + column * 10);
    let mut pick = Pick { anchor: at(5), moving: at(5) };
    let spans: Vec<Span> = [true, true, false, false, false, true]
        .into_iter()
        .map(|later| {
            pick = pick.go(later, from, 10);
            pick.span()
        })
        .collect();
    let between = |one, other| Span { since: at(one), until: at(other) };
    assert_eq!(
        spans,
        [between(5, 6), between(5, 7), between(5, 6), between(4, 5), between(3, 5), between(4, 5)]
    );
    let odd = Pick::of(Span { since: at(1), until: Millis(at(3).0 + 4) });
    assert_eq!(odd.go(false, from, 10).span(), between(1, 3));
    assert_eq!(odd.go(true, from, 10).span(), between(1, 4));
}
