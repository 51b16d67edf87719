//! Every normative statement of MQTT 3.1.1 and 5.0 stands at what obeys it and at a test that proves it, or is left
//! out with a reason. The tables of `docs/` are made of these citations.

mod citation;
mod list;
mod table;

use citation::{Citation, all};
use list::both;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const UPDATE: &str = "run: UPDATE=1 cargo test -p headcount-conformance --test statements";

/// Where the client session and the page stand with their tests.
const OF_CLIENTS: [&str; 4] = ["mqtt/src/client/", "mqtt/tests/client/", "src/", "tests/"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn citations() -> Vec<Citation> {
    all(&root())
}

#[test]
fn each_statement_is_obeyed_and_proved() {
    let citations = citations();
    let mut missing = Vec::new();
    for list in both() {
        for it in list.statements.iter().filter(|it| it.left_out.is_none()) {
            for (proved, what) in [(false, "code"), (true, "test")] {
                let places = it.places(&citations, proved);
                let counts =
                    |place: &&str| !(it.is_of_servers() && OF_CLIENTS.iter().any(|of| place.starts_with(of)));
                if !places.iter().any(counts) {
                    missing.push(format!(
                        "{} [MQTT-{}] ({}) in no {what}: {}",
                        list.version, it.number.text, it.binds, it.asks
                    ));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{} are not cited:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn each_citation_names_a_statement() {
    let known: BTreeSet<_> =
        both().into_iter().flat_map(|list| list.statements).map(|it| it.number).collect();
    let unknown: BTreeSet<_> = citations()
        .into_iter()
        .filter(|it| !known.contains(&it.number))
        .map(|it| format!("{:?} in {}", it.number, it.place))
        .collect();
    assert!(unknown.is_empty(), "no such statements:\n{}", Vec::from_iter(unknown).join("\n"));
}

/// A table may lag behind a new citation, so that a new test asks nothing of anybody; what it says has to hold.
#[test]
fn the_tables_hold() {
    let citations = citations();
    for list in both() {
        let path = root().join(format!("docs/statements-{}.md", list.version));
        let made = table::text(&list, &citations);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &made).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let (kept, made): (Vec<_>, Vec<_>) = (kept.lines().collect(), made.lines().collect());
        assert_eq!(kept.len(), made.len(), "{}: other rows; {UPDATE}", path.display());
        let (head, rows) = made.split_at(made.len() - list.statements.len());
        assert_eq!(&kept[..head.len()], head, "{}: another head; {UPDATE}", path.display());
        for ((kept, made), it) in kept[head.len()..].iter().zip(rows).zip(&list.statements) {
            let (obeyed, proved) = (it.places(&citations, false), it.places(&citations, true));
            let words = |row: &str| row.split(" | ").take(3).collect::<Vec<_>>().join(" | ");
            assert_eq!(words(kept), words(made), "{}; {UPDATE}", path.display());
            for name in table::row_names(kept).into_iter().filter(|_| it.left_out.is_none()) {
                let there = obeyed.contains(&name) || proved.contains(&name);
                assert!(there, "{}: {name} does not cite {}; {UPDATE}", path.display(), it.number.text);
            }
        }
    }
}
