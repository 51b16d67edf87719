//! Lanes: sessions by client, made of the timeline's rows.

mod model;
mod picture;
mod scale;
mod steady;

use headcount_page::store::{
    Intent, Millis,
    lanes::{Asked, End, Lane, Scene, Trace, shape::Shape},
};

use crate::stage::{NOON, Stage, at};

/// What stands at this moment, 1,000 pixels wide.
fn scene(stage: &Stage) -> Scene {
    look(stage, &mut Trace::default())
}

fn look(stage: &Stage, trace: &mut Trace) -> Scene {
    Scene::of(&stage.store, trace, &Asked::at(Millis(NOON + stage.now), 1_000))
}

fn lane<'a>(scene: &'a Scene, id: &str) -> &'a Lane {
    scene.lanes.lanes.iter().find(|lane| *lane.id == *id).unwrap_or_else(|| panic!("no lane of {id}"))
}

fn ids(scene: &Scene) -> Vec<&str> {
    scene.lanes.lanes.iter().map(|lane| &*lane.id).collect()
}

/// `0..5 taken-over`: milliseconds since noon; `?` where nobody told, `5?9` for an end that nobody saw.
fn says(lane: &Lane) -> Vec<String> {
    let ms = |at: Millis| (at.0 - NOON).to_string();
    let session = |session: &headcount_page::store::lanes::Session| {
        let start = session.start.map_or("?".to_owned(), ms);
        match session.end {
            End::Open => format!("{start}.."),
            End::Told { at, .. } => format!("{start}..{} {}", ms(at), session.reason().unwrap_or("-")),
            End::Unseen { after, before } => format!("{start}..{}?{}", ms(after), ms(before)),
        }
    };
    lane.sessions.iter().map(session).collect()
}

fn came(stage: &mut Stage, id: &str) {
    let at = at(stage.now);
    event(stage, &format!(r#""event":"connected","at":"{at}","client":{{"id":"{id}"}}"#));
}

fn left(stage: &mut Stage, id: &str, reason: &str, since: Option<i64>) {
    let at_now = at(stage.now);
    let session =
        since.map_or_else(String::new, |since| format!(r#","session":{{"connected_at":"{}"}}"#, at(since)));
    event(
        stage,
        &format!(
            r#""event":"disconnected","reason":"{reason}","at":"{at_now}","client":{{"id":"{id}"}}{session}"#
        ),
    );
}

fn event(stage: &mut Stage, members: &str) {
    stage.message("$headcount/alice/events", format!("{{{members}}}"));
}

fn here(stage: &mut Stage, id: &str, since: i64) {
    let payload = format!(
        r#"{{"status":"connected","at":"{}","client":{{"id":"{id}","account":"alice"}}}}"#,
        at(since)
    );
    stage.message(&format!("$headcount/alice/clients/{id}"), payload);
}

#[test]
fn a_session_is_a_bar_from_connect_to_disconnect() {
    let mut stage = Stage::live();
    came(&mut stage, "lamp");
    stage.advance(5_000);
    left(&mut stage, "lamp", "client-disconnect", Some(0));
    stage.advance(1_000);
    came(&mut stage, "lamp");
    stage.advance(1_000);
    let scene = scene(&stage);
    assert_eq!(says(lane(&scene, "lamp")), ["0..5000 client-disconnect", "6000.."]);
    assert_eq!(lane(&scene, "lamp").sessions[1].length(scene.edge), Some(1_000));
}

#[test]
fn a_take_over_ends_and_begins_at_one_moment() {
    let mut stage = Stage::live();
    came(&mut stage, "twin");
    stage.advance(3_000);
    left(&mut stage, "twin", "taken-over", Some(0));
    came(&mut stage, "twin");
    assert_eq!(says(lane(&scene(&stage), "twin")), ["0..3000 taken-over", "3000.."]);
}

#[test]
fn who_came_before_the_record_is_open_to_the_left_or_has_the_beginning_that_its_end_tells() {
    let mut stage = Stage::live();
    left(&mut stage, "told", "kicked", Some(-60_000));
    left(&mut stage, "untold", "kicked", None);
    let scene = scene(&stage);
    assert_eq!(says(lane(&scene, "told")), ["-60000..0 kicked"]);
    assert_eq!(says(lane(&scene, "untold")), ["?..0 kicked"]);
    assert!(scene.first >= Millis(NOON), "a session of long ago does not stretch the axis");
}

#[test]
fn accounts_of_one_client_id_have_a_lane_each() {
    let mut stage = Stage::live();
    stage.message("$headcount/alice/events", r#"{"event":"connected","client":{"id":"lamp"}}"#);
    stage.message("$headcount/bob/events", r#"{"event":"connected","client":{"id":"lamp"}}"#);
    assert_eq!(ids(&scene(&stage)), ["lamp", "lamp"]);
    assert_eq!(&*scene(&stage).lanes.lanes[0].account, "bob");
}

#[test]
fn the_newest_event_comes_first_and_pins_before_it() {
    let mut stage = Stage::live();
    for id in ["a", "b", "c", "d"] {
        stage.advance(10);
        came(&mut stage, id);
    }
    left(&mut stage, "a", "kicked", None);
    let plain = scene(&stage);
    assert_eq!(ids(&plain), ["a", "d", "c", "b"]);
    let keys: Vec<u64> = ["b", "d"].iter().map(|id| lane(&plain, id).key).collect();
    let held: Vec<u64> = ["c", "a"].iter().map(|id| lane(&plain, id).key).collect();
    let asked = Asked { pins: &keys, order: &held, ..Asked::at(Millis(NOON), 1_000) };
    let pinned = Scene::of(&stage.store, &mut Trace::default(), &asked);
    assert_eq!((ids(&pinned), pinned.pinned), (vec!["b", "d", "c", "a"], 2));
}

#[test]
fn a_session_across_a_gap_stands_where_the_client_is_here_and_ended_unseen_where_not() {
    let mut stage = Stage::live();
    stage.journal = None;
    came(&mut stage, "stayed");
    came(&mut stage, "went");
    came(&mut stage, "came-anew");
    stage.advance(10_000);
    stage.fold(headcount_page::store::LinkEvent::Heard);
    stage.advance(2_000);
    stage.lose("the cable was cut");
    let away = scene(&stage);
    assert_eq!(away.gaps().collect::<Vec<_>>(), [(Millis(NOON + 10_000), Millis(NOON + 12_000))]);
    assert_eq!(says(lane(&away, "went")), ["0.."], "nobody knows better while the page is away");

    stage.advance(8_000);
    stage.connect(|_| 0);
    here(&mut stage, "stayed", 0);
    here(&mut stage, "came-anew", 15_000);
    let scene = scene(&stage);
    assert_eq!(says(lane(&scene, "stayed")), ["0.."]);
    assert_eq!(says(lane(&scene, "went")), ["0..10000?20000"]);
    assert_eq!(says(lane(&scene, "came-anew")), ["0..10000?15000", "15000.."]);
    assert_eq!(scene.gaps().count(), 1);
}

#[test]
fn a_connect_after_a_gap_tells_that_the_one_before_had_ended() {
    let mut stage = Stage::live();
    stage.journal = None;
    came(&mut stage, "lamp");
    came(&mut stage, "fridge");
    stage.fold(headcount_page::store::LinkEvent::Heard);
    stage.lose("lost");
    stage.advance(9_000);
    stage.connect(|_| 0);
    came(&mut stage, "lamp");
    left(&mut stage, "fridge", "connection-lost", Some(4_000));
    let scene = scene(&stage);
    assert_eq!(says(lane(&scene, "lamp")), ["0..0?9000", "9000.."]);
    assert_eq!(says(lane(&scene, "fridge")), ["0..0?4000", "4000..9000 connection-lost"]);
}

#[test]
fn the_later_part_of_a_gap_that_the_journal_tells_is_no_gap() {
    let mut stage = Stage::live();
    came(&mut stage, "lamp");
    stage.fold(headcount_page::store::LinkEvent::Heard);
    stage.journal = None;
    stage.lose("lost");
    stage.advance(20_000);
    stage.connect(|_| 0);
    stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
    let (topic, _) = stage.store.take_request().expect("the page asks the journal");
    let answer: Vec<String> = (0..1_000)
        .map(|n| {
            let at = at(12_000 + n);
            format!(
                r#"{{"seq":{},"event":"connected","at":"{at}","client":{{"id":"c{n}","account":"alice"}}}}"#,
                5_000 + n
            )
        })
        .collect();
    stage.message(&format!("{topic}/page"), format!("[{}]", answer.join(",")));
    let gaps: Vec<_> = scene(&stage)
        .lanes
        .gaps
        .iter()
        .map(|gap| (gap.from.0 - NOON, gap.to.map(|to| to.0 - NOON)))
        .collect();
    assert_eq!(gaps, [(0, Some(12_000))]);
}

#[test]
fn clients_without_a_row_have_a_lane_while_nothing_is_searched() {
    let mut stage = Stage::live();
    here(&mut stage, "old", -90_000);
    came(&mut stage, "lamp");
    assert_eq!(says(lane(&scene(&stage), "old")), ["-90000.."]);
    assert_eq!(ids(&scene(&stage)), ["lamp", "old"]);
    stage.send(Intent::Search("status:connected".to_owned()));
    assert_eq!(ids(&scene(&stage)), ["lamp"]);
}

#[test]
fn a_search_finds_lanes_by_any_of_their_rows_and_keeps_them_whole() {
    let mut stage = Stage::live();
    let mut trace = Trace::default();
    came(&mut stage, "lamp");
    came(&mut stage, "fridge");
    stage.advance(100);
    left(&mut stage, "fridge", "kicked", None);
    for (text, want) in [
        ("reason:kicked", vec!["fridge"]),
        ("client:lamp", vec!["lamp"]),
        ("", vec!["fridge", "lamp"]),
        ("-reason:kicked status:disconnected", vec![]),
    ] {
        stage.send(Intent::Search(text.to_owned()));
        let scene = look(&stage, &mut trace);
        assert_eq!(ids(&scene), want, "{text}");
        if want.contains(&"fridge") {
            assert_eq!(says(lane(&scene, "fridge")), ["0..100 kicked"], "{text}");
        }
    }
}

#[test]
fn a_span_takes_away_lanes_that_do_not_touch_it_and_leaves_the_histogram_its_surroundings() {
    let mut stage = Stage::live();
    for id in ["early", "late"] {
        came(&mut stage, id);
        stage.advance(10_000);
        left(&mut stage, id, "kicked", None);
        stage.advance(10_000);
    }
    came(&mut stage, "long");
    stage.advance(20_000);
    let span = format!("since:{} until:{}", at(21_000), at(25_000));
    for (more, want) in [("", vec!["late"]), (" client:late", vec!["late"]), (" client:early", vec![])] {
        stage.send(Intent::Search(format!("{span}{more}")));
        assert_eq!(ids(&scene(&stage)), want, "{more}");
    }
    stage.send(Intent::Search(format!("since:{} until:{}", at(50_000), at(51_000))));
    let scene = scene(&stage);
    assert_eq!(ids(&scene), ["long"], "a session touches the span that lies within it");
    assert_eq!(scene.columns.sum().came, 3);
    assert_eq!((scene.since, scene.until), (Some(Millis(NOON + 50_000)), Some(Millis(NOON + 51_000))));
}

#[test]
fn a_paused_timeline_holds_its_lanes() {
    let mut stage = Stage::live();
    came(&mut stage, "lamp");
    stage.advance(1_000);
    came(&mut stage, "fridge");
    stage.send(Intent::Pause);
    let before = scene(&stage);
    stage.advance(5_000);
    left(&mut stage, "lamp", "kicked", None);
    came(&mut stage, "new");
    let held = scene(&stage);
    assert_eq!(held.lanes, before.lanes);
    assert_eq!(held.edge, Millis(NOON + 1_000), "the clock stands as well");
}

#[test]
fn refusals_denials_and_conflicts_are_marks() {
    let mut stage = Stage::live();
    for kind in ["refused", "denied", "conflict", "a-kind-of-tomorrow"] {
        event(&mut stage, &format!(r#""event":"{kind}","client":{{"id":"lamp"}}"#));
    }
    let scene = scene(&stage);
    let marks: Vec<_> =
        lane(&scene, "lamp").marks.iter().map(headcount_page::store::lanes::Mark::kind).collect();
    assert_eq!(marks, ["refused", "denied", "conflict"]);
    assert!(lane(&scene, "lamp").sessions.is_empty());
}

#[test]
fn every_reason_of_the_list_has_a_shape_and_no_word_of_the_wire_is_markup() {
    let reasons = [
        "client-disconnect",
        "client-disconnect-with-will",
        "keep-alive-timeout",
        "connection-lost",
        "taken-over",
        "kicked",
        "malformed-packet",
        "protocol-error",
        "packet-too-large",
        "quota-exceeded",
        "not-authorized",
        "idle-timeout",
        "connect-timeout",
        "session-expired",
        "server-shutdown",
        "server-restart",
    ];
    for reason in reasons {
        assert!(!matches!(Shape::of(Some(reason)), Shape::Other | Shape::Plain), "{reason}");
        assert_eq!(Shape::reason(Some(reason)), reason);
    }
    assert_eq!(Shape::of(Some("moon-phase")), Shape::Other);
    assert_eq!(Shape::reason(Some("\"><script>")), "other");
    assert_eq!((Shape::of(None), Shape::reason(None)), (Shape::Plain, "none"));
    let names: std::collections::BTreeSet<_> = Shape::ALL.iter().map(|shape| shape.name()).collect();
    assert_eq!(names.len(), Shape::ALL.len());
}
