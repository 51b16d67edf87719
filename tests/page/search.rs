//! The grammar of the search: what is found, what is left out and why, and that clicks leave the rest of a text alone.

use headcount_page::store::{
    LinkEvent, Millis,
    intent::Intent,
    search::{Key, Search, Term, Value},
};
use proptest::prelude::*;

use crate::stage::{NOON, Stage, at};

/// Six events, a second apart, the first at noon; each case names those that it finds by their numbers.
fn stage() -> Stage {
    let mut stage = Stage::live();
    let events = [
        r#""event":"connected","client":{"id":"lamp","account":"alice","address":"127.0.0.1:5","transport":"tcp","protocol":"5.0"}"#,
        r#""event":"connected","client":{"id":"Lamp-2","account":"bob","address":"[::1]:6","transport":"secure-websocket","protocol":"3.1.1"}"#,
        r#""event":"disconnected","reason":"keep-alive-timeout","client":{"id":"lamp","account":"alice","address":"127.0.0.1:5","transport":"tcp"}"#,
        r#""event":"refused","reason":"bad-user-name-or-password","client":{"id":"say \"hi\"","account":"eve","address":"10.0.0.7:5","transport":"websocket"}"#,
        r#""event":"denied","action":"publish","topic":"chat/messages/bob","rule":"acl:12","client":{"id":"door\n1","account":"alice","transport":"quic"}"#,
        r#""event":"denied","action":"subscribe","topic":"chat/#","rule":"default","client":{"id":"","account":"alice","transport":"tls"}"#,
    ];
    for (second, event) in events.iter().enumerate() {
        let now = i64::try_from(second).unwrap() * 1_000;
        let account = if second == 3 { "eve" } else { "alice" };
        let message = format!(r#"{{"seq":{second},"at":"{}",{event}}}"#, at(now));
        stage.message(&format!("$headcount/{account}/events"), message);
    }
    stage
}

fn found(stage: &mut Stage, text: &str) -> Vec<u64> {
    stage.send(Intent::Search(text.to_owned()));
    let mut numbers: Vec<u64> = stage.events().iter().filter_map(|event| event.seq).collect();
    numbers.reverse();
    numbers
}

#[test]
fn each_term_finds_what_it_names() {
    let mut stage = stage();
    let all = [0, 1, 2, 3, 4, 5];
    let cases: &[(&str, &[u64])] = &[
        ("", &all),
        ("   ", &all),
        // Free text: words, phrases, everything that a row says.
        ("lamp", &[0, 1, 2]),
        ("lamp alice", &[0, 2]),
        ("\"publish chat\"", &[4]),
        ("\"say \\\"hi\"", &[3]),
        ("acl:12", &[4]),
        ("3.1.1", &[1]),
        ("timed lamp", &[2]),
        // Keys: a part, case ignored.
        ("client:LAMP", &[0, 1, 2]),
        ("Client:lamp", &[0, 1, 2]),
        ("account:ali", &[0, 2, 4, 5]),
        ("status:connected", &[0, 1]),
        ("status:Conn status:de", &[0, 1, 4, 5]),
        ("reason:timeout", &[2]),
        ("reason:password", &[3]),
        ("transport:websocket", &[1, 3]),
        ("transport:wss", &[1]),
        ("transport:ws", &[3]),
        ("transport:qui", &[4]),
        ("address:0.0.", &[0, 2, 3]),
        // The whole: by quotes or by =.
        ("client:\"lamp\"", &[0, 2]),
        ("client:=lamp", &[0, 2]),
        ("client:=Lamp", &[]),
        ("client:\"\"", &[5]),
        ("client:=", &[5]),
        ("client:\"door\\n1\"", &[4]),
        ("client:\"\\u0064oor\\u000a1\"", &[4]),
        ("client:\"say \\\"hi\\\"\"", &[3]),
        ("status:=Connected", &[0, 1]),
        ("reason:=keep-alive-timeout", &[2]),
        ("reason:\"keep alive timed out\"", &[2]),
        ("transport:\"WebSocket\"", &[3]),
        ("transport:=wss", &[1]),
        ("transport:\"Secure WebSocket\"", &[1]),
        ("address:\"127.0.0.1\"", &[0, 2]),
        ("address:=::1", &[1]),
        ("address:=127.0.0.1:5", &[0, 2]),
        ("address:=127.0.0", &[]),
        // Topics: of the message, and the one that was refused.
        ("topic:chat", &[4, 5]),
        ("topic:chat/+/bob", &[4]),
        ("topic:chat/#", &[4, 5]),
        ("topic:=chat/messages/bob", &[4]),
        ("topic:\"chat/messages\"", &[]),
        ("topic:$headcount/eve/#", &[3]),
        ("topic:$headcount/+/events", &all),
        ("topic:#", &[4, 5]),
        // Several of one key: any. Of different keys: all.
        ("client:door client:=lamp", &[0, 2, 4]),
        ("client:door status:refused client:=lamp", &[]),
        ("status:refused account:eve status:denied account:bob", &[3]),
        // Exclusion: each.
        ("-lamp", &[3, 4, 5]),
        ("-status:denied -client:=lamp", &[1, 3]),
        ("-transport:ws -transport:tcp", &[1, 4, 5]),
        ("-\"publish chat\" status:denied", &[5]),
        ("-/^lamp/", &[3, 4, 5]),
        ("- \"-2\"", &[1]),
        // Regular expressions: on each thing by itself, case ignored unless it counts.
        ("/^lamp$/", &[0, 2]),
        ("/^LAMP-\\d/", &[1]),
        ("/^lamp-\\d/c", &[]),
        ("/lamp bob/", &[]),
        ("client:/^(lamp|door)/", &[0, 1, 2, 4]),
        ("status:/^(?:refused|denied)$/", &[3, 4, 5]),
        ("/chat\\/[/m]/", &[4]),
        ("/^door.1$/i", &[4]),
        // Spans: from, and before.
        (&format!("since:{}", at(3_000)), &[3, 4, 5]),
        (&format!("until:{}", at(3_000)), &[0, 1, 2]),
        (&format!("since:{} until:{}", at(1_000), at(2_000)), &[1]),
        (&format!("since:{} since:\"{}\" alice", at(1_000), at(4_000)), &[4, 5]),
        ("since:2026-11-22", &[]),
        ("until:2026-11-22 bob", &[1, 4]),
        ("since:2026-11-21T12:00:05", &[5]),
        // Unknown keys are text, and so is what only looks like a term.
        ("http://x", &[]),
        ("say:hi", &[]),
        ("chat/messages/bob", &[4]),
        ("5\"", &[]),
    ];
    for (text, want) in cases {
        assert_eq!(found(&mut stage, text), *want, "{text}");
        assert_eq!(stage.store.timeline().search().faults().count(), 0, "{text}");
    }
}

#[test]
fn what_means_nothing_is_left_out_and_says_why() {
    let cases = [
        ("client:", "client:", "nothing stands behind the colon"),
        ("lamp since:yesterday", "since:yesterday", "no moment of ISO 8601"),
        ("until:/x/ lamp", "until:/x/", "no moment of ISO 8601"),
        ("-since:2026-11-21", "-since:2026-11-21", "cannot be excluded"),
        ("lamp \"open end", "\"open end", "no closing quote"),
        ("client:\"lamp", "client:\"lamp", "no closing quote"),
        ("/home lamp ", "/home lamp", "ends with a slash"),
        ("/home/lamp", "/home/lamp", "“l” is no flag"),
        ("// lamp", "//", "nothing stands between"),
        ("client:/(/", "client:/(/", "a bracket has no partner"),
        ("/x/m", "/x/m", "“m” is no flag (c, i)"),
        ("topic:a+/b", "topic:a+/b", "a whole level"),
        ("topic:a/#/b", "topic:a/#/b", "a whole level"),
    ];
    for (text, term, why) in cases {
        let search = Search::new(text);
        let faults: Vec<_> = search.faults().collect();
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert_eq!(faults[0].term, term);
        assert!(faults[0].why.contains(why), "{text}: {}", faults[0].why);
        assert_eq!(search.text(), text);
    }
    let mut stage = stage();
    assert_eq!(found(&mut stage, "lamp /(/ status:disc"), [2], "the others hold");
    assert_eq!(found(&mut stage, "since:soon").len(), 6, "without another there is no search");
}

#[test]
fn a_link_with_too_many_terms_is_tried_in_part() {
    let search = Search::new(&"x ".repeat(100));
    assert_eq!((search.terms().count(), search.faults().count()), (64, 36));
    let search = Search::new(&"/x/ client:/y/ z ".repeat(6));
    assert_eq!((search.terms().count(), search.faults().count()), (8 + 6, 4));
    assert!(search.faults().all(|fault| fault.why.contains("too many regular expressions")));
}

/// What another engine would not be done with in a lifetime: over a full timeline of texts that nearly match.
#[test]
fn a_hostile_link_keeps_nobody_busy() {
    let mut stage = Stage::live();
    for row in 0..5_000 {
        stage.event(
            if row % 2 == 0 { "connected" } else { "disconnected" },
            &format!("{}{row}!", "a".repeat(60)),
        );
    }
    let begun = std::time::Instant::now();
    for text in ["/(a+)+$/", "client:/^(a|a)*$/ -/(.*)*x/", "/((a*)*)*b/ /(a?){30}a{30}x/", "/(.*a){12}\\d$/"]
    {
        stage.send(Intent::Search(text.to_owned()));
        assert_eq!(stage.store.timeline().search().faults().count(), 0, "{text}");
        assert_eq!(stage.store.timeline().len(), 0, "{text}");
    }
    stage.send(Intent::Search("client:/^(a+)+\\d+!$/ status:connected".to_owned()));
    assert_eq!(stage.store.timeline().len(), 2_500);
    // Unoptimised, on a busy machine.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn a_gap_is_shown_where_it_touches_the_span() {
    let mut stage = Stage::live();
    stage.advance(1_000);
    stage.fold(LinkEvent::Heard);
    stage.advance(1_000);
    stage.lose("the network went away");
    let gaps = |stage: &mut Stage, text: &str| {
        stage.send(Intent::Search(text.to_owned()));
        stage.rows().iter().filter(|row| row.event().is_none()).count()
    };
    assert_eq!(gaps(&mut stage, "nobody"), 1, "what is searched may have happened in it");
    assert_eq!(gaps(&mut stage, &format!("until:{}", at(1_000))), 0);
    assert_eq!(gaps(&mut stage, &format!("until:{}", at(1_001))), 1);
    assert_eq!(gaps(&mut stage, &format!("since:{}", at(90_000))), 1, "it is still open");
    stage.advance(4_000);
    stage.connect(|_| 0);
    assert_eq!(gaps(&mut stage, &format!("since:{}", at(6_001))), 0);
    assert_eq!(gaps(&mut stage, &format!("since:{}", at(6_000))), 1);
}

#[test]
fn a_click_adds_takes_away_and_turns_round() {
    let lamp = Term::exact(Key::Client, "lamp");
    let search = Search::new("  -status:=connected   Lampe ");
    assert_eq!(search.with(&lamp), "-status:=connected Lampe client:\"lamp\"");
    let search = Search::new(&search.with(&lamp));
    assert!(search.has(&lamp));
    assert_eq!(search.toggled(&lamp), "-status:=connected Lampe");
    assert_eq!(search.toggled(&lamp.opposite()), "-status:=connected Lampe -client:\"lamp\"");
    let connected = Term::exact(Key::Status, "connected");
    assert_eq!(search.with(&connected), "Lampe client:\"lamp\" status:\"connected\"");
    // What has no end stays last, or it would swallow what is added.
    assert_eq!(Search::new("a /b c").with(&lamp), "a client:\"lamp\" /b c");
    assert_eq!(Search::new("a since:soon").toggled(&lamp), "a since:soon client:\"lamp\"");
}

#[test]
fn a_span_takes_the_place_of_another() {
    let [from, to] = [Some(Millis(NOON)), Some(Millis(NOON + 500))];
    let text = Search::new("since:2020-01-01 lamp since:2020-01-02").spanning(from, to);
    assert_eq!(text, "lamp since:2026-11-21T12:00:00.000Z until:2026-11-21T12:00:00.500Z");
    let search = Search::new(&text);
    assert_eq!(search.span(), (from, to));
    assert_eq!(search.spanning(None, None), "lamp");
}

fn term() -> impl Strategy<Value = Term> {
    let key = prop::option::of(prop::sample::select(Key::ALL.to_vec()));
    let text = "[a\"\\\\/=:+# \n\r\u{e9}\u{1fa94}-]{0,8}|since:x|client:";
    let value = prop_oneof![
        text.prop_map(Value::Part),
        text.prop_map(Value::Whole),
        ("[a(\\[\\]é. ]{1,5}", "[ims]{0,2}").prop_map(|(source, flags)| Value::Pattern(source, flags)),
    ];
    (any::<bool>(), key, value).prop_map(|(excluded, key, value)| Term { excluded, key, value })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// What is written is what was read: of the terms that a text can have.
    #[test]
    fn terms_survive_being_written(text in "[acu0\"\\\\/=:+# \n\u{1}\u{e9}-]{0,20}", known in term()) {
        for one in [Search::new(&text), Search::new(&known.write())] {
            for term in one.terms() {
                let again = Search::new(&term.write());
                prop_assert_eq!(again.terms().collect::<Vec<_>>(), [term], "{}", term.write());
            }
        }
    }

    /// Any text, any click: the term comes, goes, and all others stay.
    #[test]
    fn clicks_leave_the_rest_alone(text in "[ac\"\\\\/=: -]{0,20}|client:\"a\"|-client:\"a\" b", id in any::<String>()) {
        let term = Term::exact(Key::Client, &id);
        let before = Search::new(&text);
        let added = Search::new(&before.with(&term));
        prop_assert!(added.has(&term) && !added.has(&term.opposite()));
        let rest = |search: &Search| -> Vec<Term> {
            search.terms().filter(|it| **it != term && **it != term.opposite()).cloned().collect()
        };
        prop_assert_eq!(rest(&added), rest(&before));
        let removed = Search::new(&added.toggled(&term));
        prop_assert!(!removed.has(&term));
        prop_assert_eq!(rest(&removed), rest(&before));
        prop_assert_eq!(removed.faults().count(), before.faults().count());
    }
}
