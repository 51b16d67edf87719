//! Each test that `docs/behaviours.md` names is there.

use headcount_conformance::scripts::chapters;
use std::path::Path;

/// Lines of the checklist.
const BEHAVIOURS: usize = 33;

#[test]
fn each_behaviour_is_held_by_tests_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap_or_default();
    let scripts: Vec<&str> =
        chapters().iter().flat_map(|chapter| chapter.scripts).map(|script| script.name).collect();
    let table = read("docs/behaviours.md");
    let rows = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| |") && !line.starts_with("| -"));
    let mut missing = Vec::new();
    let mut numbers = Vec::new();
    for row in rows {
        let mut cells = row.trim_matches('|').split(" | ");
        numbers.push(cells.next().and_then(|cell| cell.trim().parse::<usize>().ok()));
        let tests: Vec<&str> = cells.nth(1).expect("three cells").split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "held by nothing: {row}");
        for test in tests {
            let is_there = match (test.strip_prefix("script "), test.split_once(": ")) {
                (Some(script), _) => scripts.contains(&script),
                (None, Some((file, name))) => read(file).contains(&format!("fn {name}(")),
                (None, None) => false,
            };
            if !is_there {
                missing.push(test.to_owned());
            }
        }
    }
    assert_eq!(numbers, (1..=BEHAVIOURS).map(Some).collect::<Vec<_>>());
    assert!(missing.is_empty(), "docs/behaviours.md names tests that are not there:\n{}", missing.join("\n"));
}
