//! Every normative statement that speaks of bytes stands at a line that obeys it and at a test that proves it.

use std::fs;
use std::path::Path;

/// MQTT 5.0, by chapter. Many are 3.1.1's too, with the same number.
const V5: &[(&str, &[u8])] = &[
    ("1.5.4", &[1, 2, 3]),
    ("1.5.5", &[1]),
    ("1.5.7", &[1]),
    ("2.1.3", &[1]),
    ("2.2.1", &[2, 3, 4]),
    ("2.2.2", &[1]),
    ("3.1.0", &[1, 2]),
    ("3.1.2", &[1, 2, 3, 9, 11, 12, 13, 16, 17, 18, 19]),
    ("3.1.3", &[1, 3, 4, 11, 12]),
    ("3.1.4", &[1]),
    ("3.2.2", &[1, 6, 8]),
    ("3.3.1", &[2, 4]),
    ("3.3.2", &[1, 2, 8, 13, 14, 18, 19]),
    ("3.3.4", &[6]),
    ("3.4.2", &[1]),
    ("3.5.2", &[1]),
    ("3.6.1", &[1]),
    ("3.6.2", &[1]),
    ("3.7.2", &[1]),
    ("3.8.1", &[1]),
    ("3.8.3", &[1, 2, 4, 5]),
    ("3.8.4", &[6]),
    ("3.9.3", &[1, 2]),
    ("3.10.1", &[1]),
    ("3.10.3", &[1, 2]),
    ("3.11.3", &[1, 2]),
    ("3.14.1", &[1]),
    ("3.14.2", &[1, 2]),
    ("3.15.1", &[1]),
    ("3.15.2", &[1]),
    ("4.7.0", &[1]),
    ("4.7.1", &[1, 2]),
    ("4.7.2", &[1]),
    ("4.7.3", &[1, 2, 3, 4]),
    ("4.8.2", &[1, 2]),
];

/// Those of 3.1.1 that 5.0 does not have, or has under another number. `3-8.3` is how the standard prints it.
const V311: &[(&str, &[u8])] = &[
    ("1.5.3", &[1, 2, 3]),
    ("2.2.2", &[1, 2]),
    ("2.3.1", &[1, 5]),
    ("3.1.2", &[11, 13, 14, 15, 18, 19, 20, 21, 22]),
    ("3.1.3", &[10, 11]),
    ("3.2.2", &[4, 6]),
    ("3.8.3", &[3]),
    ("3-8.3", &[4]),
    ("3.8.4", &[5]),
    ("3.9.3", &[2]),
    ("4.7.1", &[1, 2, 3]),
];

#[test]
fn each_is_cited_in_the_code_and_in_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = text_below(&folder.join("src"));
    let tests = text_below(&folder.join("tests/it"));
    let mut missing = Vec::new();
    for (statements, suffix) in [(V5, ""), (V311, " (3.1.1)")] {
        for (chapter, numbers) in statements {
            for number in *numbers {
                let statement = format!("[MQTT-{chapter}-{number}{suffix}]");
                if !code.contains(&statement) {
                    missing.push(format!("{statement} in src"));
                }
                if !tests.contains(&statement) {
                    missing.push(format!("{statement} in tests/it"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "not cited: {}", missing.join(", "));
}

/// All Rust files below a folder, in one text.
fn text_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let texts = entries.map(|entry| {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            return text_below(&path);
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            return String::new();
        }
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    });
    texts.collect()
}
