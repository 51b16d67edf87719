//! What must not be in the sources: the absences that the design stands on, each read off the text.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines beyond which a file holds more than one idea.
const LONGEST: usize = 400;
/// Where the project's own sources are, relative to the root.
const SOURCES: [&str; 10] =
    ["mqtt", "broker", "conformance", "server", "client", "worker", "src", "style", "e2e", "xtask"];
const BUILT: [&str; 3] = ["node_modules", "target", "test-results"];

/// A source file: its path relative to the root, and its text.
struct Source {
    path: String,
    text: String,
}

fn sources(below: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace");
    let mut found = Vec::new();
    for folder in below {
        walk(&root.join(folder), &mut |path: PathBuf| {
            let text = fs::read_to_string(&path).expect("a source is readable UTF-8");
            let path = path.strip_prefix(root).expect("below the root").display().to_string();
            found.push(Source { path, text });
        });
    }
    assert!(!found.is_empty(), "{below:?} hold no sources");
    found
}

fn walk(folder: &Path, take: &mut impl FnMut(PathBuf)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder's entry is readable").path();
        if path.is_dir() {
            if !BUILT.iter().any(|built| path.ends_with(built)) {
                walk(&path, take);
            }
        } else if path
            .extension()
            .is_some_and(|end| ["rs", "css", "mjs", "py"].iter().any(|known| end == *known))
        {
            take(path);
        }
    }
}

/// Fails with every line of the sources that has one of the words.
fn check_absent(sources: &[Source], words: &[&str], why: &str) {
    let mut offences = Vec::new();
    for Source { path, text } in sources {
        for (number, line) in (1..).zip(text.lines()) {
            if words.iter().any(|word| line.contains(word)) {
                offences.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(offences.is_empty(), "{why}: {offences:#?}");
}

fn without(sources: Vec<Source>, folder: &str) -> Vec<Source> {
    sources.into_iter().filter(|source| !source.path.starts_with(folder)).collect()
}

#[test]
fn protocol_and_core_have_no_clock_no_socket_and_no_task() {
    let words = [
        "Instant::now",
        "SystemTime",
        "std::net",
        "std::thread",
        "std::fs",
        "std::env",
        "tokio::",
        "async fn",
    ];
    check_absent(&sources(&["mqtt/src", "broker/src"]), &words, "time and bytes are arguments here");
}

#[test]
fn only_the_link_touches_the_socket() {
    let page = without(sources(&["src"]), "src/link/");
    check_absent(
        &page,
        &["WebSocket::new", "web_sys::WebSocket", "BinaryType"],
        "src/link/ alone has the WebSocket",
    );
}

#[test]
fn stores_know_neither_browser_nor_view() {
    let words = ["web_sys", "js_sys", "wasm_bindgen", "gloo", "leptos"];
    check_absent(&sources(&["src/store"]), &words, "a store is plain Rust");
}

#[test]
fn no_test_is_switched_off_and_nothing_is_left_unwritten() {
    // In two halves, or this file would find itself.
    let words =
        [["#[ign", "ore"], ["tod", "o!("], ["unimpl", "emented!("], ["test.sk", "ip("], ["test.on", "ly("]];
    let words = words.map(|halves| halves.concat());
    check_absent(&sources(&SOURCES), &words.each_ref().map(String::as_str), "finish it or leave it out");
}

#[test]
fn no_file_holds_more_than_one_idea() {
    let long: Vec<String> = sources(&SOURCES)
        .iter()
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(source, lines)| format!("{}: {lines} lines", source.path))
        .collect();
    assert!(long.is_empty(), "split by idea what is longer than {LONGEST} lines: {long:#?}");
}
