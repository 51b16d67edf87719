//! What is drawn of a scene: few nodes, whatever happened.

use headcount_page::{
    store::{Intent, Millis, lanes::Scene},
    view::lanes::{draw, words},
};

use super::{came, event, lane, left, scene};
use crate::stage::{NOON, Stage};

fn drawn(scene: &Scene, id: &str) -> String {
    draw::lane(scene, lane(scene, id))
}

#[test]
fn an_end_has_its_reason_and_its_shape() {
    let mut stage = Stage::live();
    for reason in ["client-disconnect", "connection-lost", "moon-phase"] {
        came(&mut stage, reason);
        stage.advance(5_000);
        left(&mut stage, reason, reason, None);
    }
    came(&mut stage, "stands");
    stage.advance(5_000);
    let scene = scene(&stage);
    assert!(
        drawn(&scene, "client-disconnect")
            .contains(r#"data-shape="goodbye" data-reason="client-disconnect""#)
    );
    assert!(drawn(&scene, "connection-lost").contains(r#"data-shape="lost" data-reason="connection-lost""#));
    assert!(drawn(&scene, "moon-phase").contains(r#"data-shape="other" data-reason="other""#));
    assert!(drawn(&scene, "stands").contains(r#"data-shape="open" data-reason="open""#));
}

#[test]
fn a_lane_of_a_thousand_sessions_is_a_handful_of_short_paths() {
    let mut stage = Stage::live();
    for n in 0..1_000_i64 {
        came(&mut stage, "flap");
        stage.advance(7);
        left(&mut stage, "flap", ["connection-lost", "taken-over"][usize::from(n % 2 == 0)], None);
        event(&mut stage, r#""event":"denied","client":{"id":"flap"}"#);
    }
    let picture = drawn(&scene(&stage), "flap");
    assert!(picture.matches("<path").count() <= 5, "{}", picture.matches("<path").count());
    assert!(picture.len() < 120_000, "{} bytes", picture.len());
}

#[test]
fn a_gap_is_hatched_over_histogram_and_lanes() {
    let mut stage = Stage::live();
    stage.journal = None;
    came(&mut stage, "lamp");
    stage.advance(5_000);
    stage.lose("lost");
    stage.advance(5_000);
    let scene = scene(&stage);
    assert_eq!(draw::over(&scene, 500, |_| 0).matches("lanes-gap").count(), 1);
    assert_eq!(draw::histogram(&scene, draw::COLUMN, |_| 0).matches("moments-gap").count(), 1);
}

#[test]
fn a_span_dims_what_it_leaves_out() {
    let mut stage = Stage::live();
    came(&mut stage, "lamp");
    stage.advance(20_000);
    for (text, outside, edges) in [("", 0, 0), ("until:2026-11-21T12:00:05Z", 1, 1)] {
        stage.send(Intent::Search(text.to_owned()));
        let picture = draw::histogram(&scene(&stage), draw::COLUMN, |_| 0);
        assert_eq!(picture.matches("moments-outside").count(), outside, "{text}");
        assert_eq!(picture.matches("moments-edge").count(), edges, "{text}");
    }
}

#[test]
fn what_is_pointed_at_is_told_with_exact_times() {
    let mut stage = Stage::live();
    came(&mut stage, "lamp");
    stage.advance(60_000);
    left(&mut stage, "lamp", "connection-lost", None);
    stage.advance(60_000);
    let scene = scene(&stage);
    let lamp = lane(&scene, "lamp");
    let middle = scene.scale.x(Millis(NOON + 30_000));
    let (said, row) = words::at(&scene, lamp, middle, 0).unwrap();
    assert_eq!(
        said,
        "lamp: 2026-11-21 12:00:00.000 to 2026-11-21 12:01:00.000, 1 min 00 s, connection lost without a goodbye"
    );
    assert_eq!(row, lamp.sessions[0].row);
    assert_eq!(words::at(&scene, lamp, scene.scale.x(Millis(NOON + 100_000)), 0), None);
    assert_eq!(words::counts(scene.columns.sum()), "▲ 1 connected  ▼ 1 disconnected");
}
