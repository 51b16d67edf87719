//! Regular expressions: what they find, beside the crate `regex`, and that none of them takes long.

use std::{fmt::Write, time::Instant};

use headcount_page::pattern::{Pattern, TEXT_MAX};
use proptest::prelude::*;
use regex::RegexBuilder;

fn finds(source: &str, text: &str) -> bool {
    Pattern::new(source, false).unwrap_or_else(|why| panic!("{source}: {why}")).is_in(text)
}

#[test]
fn finds_what_it_says() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("^lamp-\\d+$", &["lamp-7", "LAMP-42"], &["lamp-", "a lamp-7", "lamp-7 "]),
        ("lamp|door", &["the door", "Lamp"], &["doo", ""]),
        ("^(?:lamp|door)?$", &["", "lamp", "door"], &["lampdoor"]),
        ("^(a|b){2,3}$", &["ab", "bab"], &["a", "abab"]),
        ("^a{2}$", &["aa"], &["a", "aaa"]),
        ("^a{2,}b{0}c{1,1}$", &["aac", "aaaaac"], &["ac", "aabc", "aacc"]),
        ("^(a?b?){3}$", &["", "ababab", "bbb", "aaa"], &["bababab"]),
        ("[^a-c]", &["abcd", "é"], &["abC"]),
        ("^[\\w.-]+@[a-z]+$", &["a.b-c@host"], &["a b@host", "a@ho5t"]),
        ("[]", &[], &["", "a", "]"]),
        ("^[^]$", &["\n", "é"], &["", "ab"]),
        ("[\\]\\-a]", &["]", "-", "A"], &["b", "\\"]),
        ("[-a][a-][\\d-x]", &["-a7", "a--", "--x"], &["ab7"]),
        ("a.c", &["abc", "aéc", "a\nc"], &["ac"]),
        ("\\bon\\b", &["on", "it is on.", "on-off"], &["one", "upon", "o n"]),
        ("\\Bon", &["upon"], &["on", "an on"]),
        ("^^a$$", &["a"], &["ba", "a\n"]),
        ("x*^a", &["a"], &["xa", "x\na"]),
        ("(?:a\\b|\\b-)+x", &["a-x"], &["ax", "--x"]),
        ("ä\\/\\.", &["Ä/."], &["a/x"]),
        ("GRÖSSE|[à-é]", &["größe größe grösse", "É"], &["größe", "ô"]),
        ("straße", &["STRAßE"], &["strasse"]),
        ("日本|🪔", &["日本-lamp", "a 🪔"], &["日", "本日"]),
        ("{\"a\":{1,", &["{\"a\":{1,"], &["\"a\""]),
        ("a{x}|b{,2}", &["a{x}", "b{,2}"], &["aa", "bb"]),
        ("a\\s+\\S", &["a \u{a0}b", "a\t\u{3000}b"], &["ab", "a  "]),
        ("\\D\\W[\\W\\d]", &["a-7", "a--"], &["7-7", "a-a"]),
        ("", &["", "x"], &[]),
        ("()|(?:){9}()*", &["", "x"], &[]),
        ("^.*?b+?$", &["aab", "b"], &["ba"]),
        ("[\\b]", &[], &["b", "a b"]),
    ];
    for (source, found, missed) in cases {
        for text in *found {
            assert!(finds(source, text), "{source} in {text:?}");
        }
        for text in *missed {
            assert!(!finds(source, text), "{source} in {text:?}");
        }
    }
    let tells = |source, text| Pattern::new(source, true).unwrap().is_in(text);
    assert!(!tells("lamp", "Lamp") && tells("L[A-C]mp", "LAmp") && !tells("[a-c]", "B") && !tells("é", "É"));
}

#[test]
fn what_is_wrong_is_said() {
    let partner = "a bracket has no partner";
    let repeat = "a repeat stands behind something";
    let long = "more than 64 characters or 8 boundaries";
    let cases = [
        ("(", partner),
        ("a)", partner),
        ("[a", partner),
        ("[\\]", partner),
        ("*a", repeat),
        ("a**", repeat),
        ("a|+", repeat),
        ("({2})", repeat),
        ("a{3,2}", repeat),
        ("[b-a]", "a range goes from"),
        ("[a-\\d]", "a range goes from"),
        ("a\\", "unknown here"),
        ("(a)\\1", "unknown here"),
        ("\\p{L}", "unknown here"),
        ("\\x41", "unknown here"),
        ("(?=a)", "unknown here"),
        ("(?<name>a)", "unknown here"),
        ("a{65}", long),
        ("(?:ab){33}", long),
        ("a{99999999999999999999}", long),
        ("((a{9}){9}){9}", long),
        (&"x".repeat(65), long),
        (&"\\b".repeat(9), long),
        (&"()".repeat(126), long),
        (&"(".repeat(100_000), long),
    ];
    for (source, want) in cases {
        let why = Pattern::new(source, false).unwrap_err();
        assert!(why.contains(want), "{source}: {why}");
    }
    assert_eq!(Pattern::new(&"(".repeat(250), false).unwrap_err(), partner);
    assert!(finds(&format!("{}{}", "(".repeat(125), ")".repeat(125)), ""));
    assert!(finds("a{64}", &"a".repeat(64)) && !finds("a{64}", &"a".repeat(63)), "a word is full");
}

#[test]
fn the_end_of_a_long_text_is_not_looked_at() {
    let text = "x".repeat(TEXT_MAX) + "lamp";
    assert!(!finds("lamp", &text));
    assert!(finds("x$", &text));
}

/// An expression in both dialects: ours, and that of the crate, in which a class of letters is all of Unicode's.
#[derive(Clone, Debug)]
struct Both {
    ours: String,
    theirs: String,
}

fn both(text: &str) -> Both {
    Both { ours: text.to_owned(), theirs: text.to_owned() }
}

fn expression() -> impl Strategy<Value = Both> {
    let named = |ours: &str, theirs: &str| Both { ours: ours.to_owned(), theirs: theirs.to_owned() };
    let leaf = prop_oneof![
        4 => "[a-cé0 -]".prop_map(|c| both(&c)),
        1 => prop::sample::select(vec![
            both("[a-b]"), both("[^a]"), both("[^bé0-9]"), both("[A-B]"), both("[a\\-c]"), both("\\."), both("É"),
            named("\\d", "[0-9]"), named("\\D", "[^0-9]"),
            named("\\w", "[0-9A-Za-z_]"), named("\\W", "[^0-9A-Za-z_]"), named("[\\W0]", "(?:[^0-9A-Za-z_]|0)"),
            both("."), both("^"), both("$"), named("\\b", "(?-u:\\b)"),
        ]),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let group = |parts: Vec<Both>, between: &str| Both {
            ours: format!("(?:{})", parts.iter().map(|part| &*part.ours).collect::<Vec<_>>().join(between)),
            theirs: format!(
                "(?:{})",
                parts.iter().map(|part| &*part.theirs).collect::<Vec<_>>().join(between)
            ),
        };
        let repeats = vec!["*", "+", "?", "*?", "{2}", "{0,2}", "{1,}", "{0}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(move |parts| group(parts, "")),
            prop::collection::vec(inner.clone(), 1..4).prop_map(move |parts| group(parts, "|")),
            (inner, prop::sample::select(repeats)).prop_map(|(part, repeat)| Both {
                ours: format!("(?:{}){repeat}", part.ours),
                theirs: format!("(?:{}){repeat}", part.theirs),
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn finds_what_others_find(
        pattern in expression(),
        tells_case in any::<bool>(),
        texts in prop::collection::vec("[a-cA-CéÉ0 \n.-]{0,12}", 8),
    ) {
        let ours = match Pattern::new(&pattern.ours, tells_case) {
            Ok(ours) => ours,
            Err(why) => {
                prop_assert!(why.contains("more than"), "{}: {}", pattern.ours, why);
                return Ok(());
            }
        };
        let theirs = RegexBuilder::new(&pattern.theirs)
            .case_insensitive(!tells_case)
            .dot_matches_new_line(true)
            .build()
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        for text in texts {
            prop_assert_eq!(ours.is_in(&text), theirs.is_match(&text), "/{}/ in {:?}", pattern.ours, text);
        }
    }

    /// Whatever anybody types: an answer or a sentence.
    #[test]
    fn any_text_is_read(source in "[a-c()\\[\\]{}|*+?^$.\\\\bdwxu0-9,-]{0,30}", text in "[a-c0-9]{0,20}") {
        if let Ok(pattern) = Pattern::new(&source, false) {
            pattern.is_in(&text);
        }
    }
}

/// Expressions that keep an engine busy that tries one way after the other, beside texts that nearly match. What this
/// one does for a character depends on neither.
#[test]
fn no_expression_takes_long() {
    let mut hostile: Vec<String> = [
        "(a+)+$",
        "(a*)*b",
        "((a*)*)*$",
        "(a|a)*$",
        "(a|aa)+$",
        "(.*)*x",
        "(.*a){12}",
        "(a?){30}a{30}",
        "^(\\w+\\s?)*$",
        "(?:\\b|a)*\\b$",
        "([a-z]+)*\\d",
        ".*.*.*.*.*.*=.*",
        "(^|$|\\b|a)*(^|$|\\b|.)*x",
    ]
    .map(str::to_owned)
    .into();
    let mut nested = "a".to_owned();
    for _ in 0..20 {
        write!(nested, "*").unwrap();
        nested = format!("(?:{nested})");
        hostile.push(format!("{nested}b"));
    }
    let texts: Vec<String> =
        ["a", "ab", "a ", "é", "aé\n"].map(|text| text.repeat(2 * TEXT_MAX) + "!").into();
    let begun = Instant::now();
    let mut looks = 0_u32;
    for source in &hostile {
        let pattern = Pattern::new(source, false).unwrap();
        for text in texts.iter().cycle().take(50) {
            pattern.is_in(text);
            looks += 1;
        }
    }
    // Unoptimised and on a busy machine: what another engine would take has more digits than the clock.
    let each = begun.elapsed() / looks;
    assert!(each.as_millis() < 20, "{each:?} for {TEXT_MAX} characters");
}
