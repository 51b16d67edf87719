//! Where a statement is named: `[MQTT-3.1.4-3]`, or `[MQTT-3.1.3-8 (3.1.1)]` in the numbering of 3.1.1.

use headcount_conformance::scripts::chapters;
use std::fs;
use std::path::Path;

/// Folders with what obeys.
const CODE: [&str; 4] = ["mqtt/src", "broker/src", "server/src", "src"];

/// Folders with what proves; the scripts are asked themselves.
const TESTS: [&str; 4] = ["broker/tests", "mqtt/tests", "server/tests", "tests"];

/// The number of a statement, as a citation gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number {
    /// `3.1.4-3`.
    pub(crate) text: String,
    /// Whether it is 3.1.1's numbering.
    pub(crate) v311: bool,
}

/// A place that names a statement.
#[derive(Debug, Clone)]
pub(crate) struct Citation {
    pub(crate) number: Number,
    /// `broker/src/connect.rs: connect`, or a script by chapter and name.
    pub(crate) place: String,
    /// Whether it is a test that speaks.
    pub(crate) proves: bool,
}

/// All of them, scripts first, then by file.
pub(crate) fn all(root: &Path) -> Vec<Citation> {
    let mut citations = Vec::new();
    for chapter in chapters() {
        for script in chapter.scripts {
            let place = format!("script {}", script.name);
            for number in script.statements.iter().flat_map(|text| numbers(text)) {
                citations.push(Citation { number, place: place.clone(), proves: true });
            }
        }
    }
    for (folders, proves) in [(CODE, false), (TESTS, true)] {
        for folder in folders {
            for path in rust_files(&root.join(folder)) {
                let text =
                    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                of_file(&name, &text, proves, &mut citations);
            }
        }
    }
    citations
}

fn of_file(name: &str, text: &str, proves: bool, citations: &mut Vec<Citation>) {
    let lines: Vec<&str> = text.lines().collect();
    // Tests of a module stand at its end.
    let tests_from = lines.iter().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(lines.len());
    for (at, line) in lines.iter().enumerate() {
        for number in numbers(line) {
            let place = match symbol(&lines, at) {
                Some(symbol) => format!("{name}: {symbol}"),
                None => name.to_owned(),
            };
            citations.push(Citation { number, place, proves: proves || at >= tests_from });
        }
    }
}

/// The statements that a text names.
pub(crate) fn numbers(text: &str) -> Vec<Number> {
    let after = text.match_indices("MQTT-").map(|(at, mark)| &text[at + mark.len()..]);
    after
        .filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(rest.len());
            let number = rest[..end].trim_end_matches(['.', '-']);
            let v311 = rest[end..].starts_with(" (3.1.1)");
            (number.contains('-') && number.starts_with(|c: char| c.is_ascii_digit()))
                .then(|| Number { text: number.to_owned(), v311 })
        })
        .collect()
}

/// The item that a line stands in, or documents.
fn symbol<'a>(lines: &[&'a str], at: usize) -> Option<&'a str> {
    let line = lines[at].trim_start();
    if line.starts_with("//!") {
        return None;
    }
    if line.starts_with("///") {
        let next = lines[at..].iter().find(|line| {
            let line = line.trim_start();
            !line.starts_with("//") && !line.starts_with("#[")
        });
        if let Some(name) = next.and_then(|line| item(line)) {
            return Some(name);
        }
    }
    if let Some(name) = item(lines[at]) {
        return Some(name);
    }
    let mut indent = indentation(lines[at]);
    for line in lines[..at].iter().rev().filter(|line| !line.trim().is_empty()) {
        // The end of a signature of many lines stands where it begins.
        if indentation(line) < indent && !line.trim_start().starts_with(')') {
            indent = indentation(line);
            if let Some(name) = item(line) {
                return Some(name);
            }
        }
    }
    None
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The name of the item that begins in this line.
fn item(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| {
        matches!(*word, "async" | "pub" | "pub(crate)" | "pub(super)")
            || (*word == "const" && line.contains(" fn "))
    });
    let (kind, name) = (words.next()?, words.next()?);
    if !matches!(kind, "fn" | "struct" | "enum" | "trait" | "const" | "static" | "mod" | "macro_rules!") {
        return None;
    }
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    (end > 0).then(|| &name[..end])
}

/// All Rust files below a folder, in order.
fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

#[test]
fn citations_are_read_with_the_item_they_stand_in() {
    let text = "/// Ends it [MQTT-4.3.3-4].\n#[must_use]\npub(crate) fn pubrec() {\n    let x = 1;\n    if x {\n        // \
                (x) [MQTT-3.1.3-8 (3.1.1)] [MQTT-3-8.3-4 (3.1.1)].\n    }\n}\n";
    let mut citations = Vec::new();
    of_file("a.rs", text, false, &mut citations);
    let found: Vec<_> =
        citations.iter().map(|it| (it.number.text.as_str(), it.number.v311, it.place.as_str())).collect();
    let place = "a.rs: pubrec";
    assert_eq!(found, [("4.3.3-4", false, place), ("3.1.3-8", true, place), ("3-8.3-4", true, place)]);
}
