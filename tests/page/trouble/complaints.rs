//! Lines of errors and throttle.

use headcount_page::store::trouble::{
    Topic, advice,
    complaints::{Item, LINES, Line},
};

use super::{Chance, event};
use crate::stage::Stage;

fn lines(stage: &Stage) -> Vec<Line> {
    let items = stage.store.trouble().complaints().list();
    items.filter_map(|item| if let Item::Line(line) = item { Some(line.clone()) } else { None }).collect()
}

/// `lamp| lamp may not …| 3`, newest first; the client in front where it is known.
fn says(stage: &Stage) -> Vec<(Option<String>, String, u64)> {
    let all = lines(stage).into_iter();
    all.map(|line| (line.client.map(|id| id.to_string()), line.text.to_string(), line.times)).collect()
}

fn client_of(stage: &Stage) -> Option<String> {
    says(stage)[0].0.clone()
}

#[test]
fn newest_first_and_equal_ones_are_one() {
    let mut stage = Stage::live();
    let before = stage.store.versions().trouble;
    stage.message("alice/errors", "lamp may not publish to a: denied by rules:3");
    stage.advance(1_000);
    stage.message("alice/throttle", "lamp: more than 5 messages a second");
    stage.advance(1_000);
    stage.message("alice/errors", "lamp may not publish to a: denied by rules:3");
    stage.message("bob/errors", "lamp may not publish to a: denied by rules:3");
    let lines = lines(&stage);
    let shown: Vec<_> = lines.iter().map(|line| (&*line.account, line.topic, line.times)).collect();
    assert_eq!(
        shown,
        [("bob", Topic::Errors, 1), ("alice", Topic::Errors, 2), ("alice", Topic::Throttle, 1)]
    );
    assert_eq!(lines[1].at.0 - lines[1].first.0, 2_000);
    assert_eq!(stage.store.trouble().complaints().counts(), [3, 1]);
    assert!(stage.store.versions().trouble > before);
    assert_eq!(stage.rows().len(), 1, "they are no events: {:?}", stage.rows());
    assert_eq!(stage.store.unreadable(), 0);
}

#[test]
fn what_the_broker_left_out_is_counted_and_folds_all_the_same() {
    let mut stage = Stage::live();
    for tail in [
        "",
        " (and 7 more limits were hit)",
        " (and 1 more limits were hit)",
        " (and x more limits were hit)",
    ] {
        stage.message("alice/throttle", format!("lamp: more than 5 messages a second{tail}"));
    }
    let lines = lines(&stage);
    assert_eq!((lines.len(), lines[1].times, lines[1].unsaid), (2, 3, 8));
    assert_eq!(&*lines[1].text, "lamp: more than 5 messages a second");
    assert!(lines[0].text.ends_with("(and x more limits were hit)"));
}

#[test]
fn a_line_belongs_to_the_client_that_is_here_under_that_name() {
    let mut stage = Stage::live();
    for id in ["lamp", "lamp: x", "a may not b", "空 lamp", ""] {
        event(&mut stage, "connected", id, "");
    }
    let cases = [
        ("lamp may not publish to a/b: denied by default", Some("lamp")),
        ("lamp: more than 5 messages a second", Some("lamp")),
        ("lamp: x: more than 5 messages a second", Some("lamp: x")),
        ("a may not b may not subscribe to c may not d: denied by default", Some("a may not b")),
        ("空 lamp is refused: more than 2 connections at one time", Some("空 lamp")),
        ("lamps may not publish to a/b: denied by default", None),
        ("door: more than 5 messages a second", None),
        ("10.0.0.9 comes too often", None),
        ("", None),
    ];
    for (line, expected) in cases {
        stage.message("alice/errors", line);
        assert_eq!(client_of(&stage).as_deref(), expected, "{line}");
    }
    stage.message("bob/errors", "lamp: too fast");
    assert_eq!(client_of(&stage), None, "another account's lamp is not here");
}

#[test]
fn who_was_refused_is_told_by_the_event_behind_the_line() {
    let mut stage = Stage::live();
    stage.message(
        "alice/errors",
        "burglar from 10.0.0.9:4 may not connect as alice: bad user name or password",
    );
    stage.message("alice/throttle", "burglar is refused: more than 2 connections at one time");
    stage.message(
        "alice/errors",
        "burglars from 10.0.0.9:5 may not connect as alice: bad user name or password",
    );
    event(&mut stage, "refused", "burglar", r#","reason":"bad-user-name-or-password""#);
    let clients: Vec<_> = says(&stage).into_iter().map(|(client, ..)| client).collect();
    assert_eq!(clients, [None, Some("burglar".to_owned()), Some("burglar".to_owned())]);
    let record = stage.store.trouble().conduct().of("alice", "burglar").unwrap();
    assert_eq!(record.words(), "1 refused · 1 throttled", "the line and its event are one refusal");
}

#[test]
fn an_absence_is_a_gap_for_nobody_keeps_these_lines() {
    let mut stage = Stage::live();
    let complaints = |stage: &Stage| {
        let list = stage.store.trouble().complaints();
        let gaps = list.list().filter_map(|item| match item {
            Item::Gap { from, to, .. } => Some(to.map(|to| to.0 - from.0)),
            Item::Line(_) => None,
        });
        (gaps.collect::<Vec<_>>(), list.since().map(|at| at.0 - crate::stage::NOON))
    };
    stage.lose("the network");
    assert_eq!(complaints(&stage), (vec![], None), "nothing came, so nothing is cut in two");
    stage.advance(5_000);
    stage.connect(|_| 0);
    assert_eq!(complaints(&stage), (vec![], Some(5_000)));
    stage.message("alice/errors", "lamp: mistaken");
    stage.lose("the network");
    assert_eq!(complaints(&stage).0, [None]);
    stage.advance(5_000);
    stage.connect(|_| 0);
    assert_eq!(complaints(&stage).0, [Some(5_000)]);
    stage.lose("the network");
    stage.advance(2_000);
    stage.connect(|_| 0);
    assert_eq!(complaints(&stage).0, [Some(7_000)], "two absences with nothing between them");
    stage.want("bob");
    assert_eq!(complaints(&stage), (vec![], None), "another wish begins anew");
}

/// Whatever comes, each message is in the counts, the list stays short, and what is in it adds up.
#[test]
fn a_random_stream_is_counted_and_bounded() {
    let mut chance = Chance(1);
    let mut stage = Stage::live();
    let (mut errors, mut throttles) = (0, 0);
    for round in 0..4_000_u64 {
        let id = chance.below(40);
        let long = ["", "x", &"x".repeat(3_000)][usize::try_from(chance.below(3)).unwrap()].to_owned();
        let (topic, count) =
            if chance.below(2) == 0 { ("errors", &mut errors) } else { ("throttle", &mut throttles) };
        *count += 1;
        let line = if chance.below(10) == 0 { round } else { chance.below(8) };
        stage.message(&format!("a{}/{topic}", chance.below(3)), format!("c{id}: line {line} ü{long}"));
        if chance.below(100) == 0 {
            stage.lose("the network");
            stage.connect(|_| 0);
        }
    }
    let list = stage.store.trouble().complaints();
    assert_eq!(list.counts(), [errors, throttles]);
    assert_eq!(list.list().count(), LINES);
    assert!(lines(&stage).iter().all(|line| line.text.len() <= 1_024 + '…'.len_utf8()));
    let mut numbers: Vec<_> = list.list().map(Item::number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), LINES, "each has a number of its own");
    assert!(lines(&stage).windows(2).all(|pair| pair[0].at >= pair[1].at));
}

#[test]
fn bytes_that_are_no_text_are_shown_as_well_as_they_can() {
    let mut stage = Stage::live();
    stage.message("alice/errors", b"lamp\xff: \0 \xf0\x9f");
    stage.message("alice/errors", "");
    assert_eq!(lines(&stage).len(), 2);
    assert!(lines(&stage)[1].text.contains('\u{fffd}'));
}

#[test]
fn what_cannot_be_heard_is_said() {
    let hearing = |refused: &[&str]| {
        let mut stage = Stage::new();
        stage.want("alice");
        stage.connect(|filter| if refused.contains(&filter) { 0x87 } else { 0 });
        advice::hearing(stage.store.plan(), stage.store.trust())
    };
    assert_eq!(hearing(&[]), "");
    assert_eq!(hearing(&["+/errors"]), "", "the own account's are heard");
    assert!(hearing(&["+/errors", "alice/errors"]).ends_with("subscription to …/errors."));
    assert!(hearing(&["+/throttle", "alice/throttle"]).ends_with("subscription to …/throttle."));
    let all = ["+/errors", "alice/errors", "+/throttle", "alice/throttle"];
    assert!(hearing(&all).contains("…/errors and …/throttle"));
    let mut stage = Stage::on_another_broker();
    stage.advance(3_000);
    assert!(advice::hearing(stage.store.plan(), stage.store.trust()).starts_with("Other brokers"));
}
