//! The fuzz targets' corpus as a plain test, and the vector table as its seed.

use crate::vector::{self, From, Vector};
use headcount_mqtt::{Packet, ProtocolVersion, fuzz};
use std::fs;
use std::path::{Path, PathBuf};

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target)
}

/// Every file of a target's corpus, by name.
fn files(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = corpus(target);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .map(|path| {
            (path.clone(), fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        })
        .collect();
    files.sort();
    assert!(files.len() > 10, "{} is nearly empty", folder.display());
    files
}

#[test]
fn decode() {
    for (path, input) in files("decode") {
        eprintln!("{}", path.display());
        for choice in 0..=255 {
            let mut input = input.clone();
            input[0] = choice;
            fuzz::decode(&input);
        }
    }
}

#[test]
fn topics() {
    for (path, input) in files("topics") {
        eprintln!("{}", path.display());
        fuzz::topics(&input);
    }
}

/// The vector as fuzz input: the choice of receiver, a CONNECT where one must come first, and the packet.
fn seed(vector: &Vector) -> Vec<u8> {
    let (choice, connect) = match (vector.from, vector.version) {
        (From::Server, ProtocolVersion::V311) => (1, Vec::new()),
        (From::Server, ProtocolVersion::V5) => (2, Vec::new()),
        _ if matches!(vector.packet, Packet::Connect(_)) => (0, Vec::new()),
        (_, version) => (0, vector::connect(version)),
    };
    [vec![choice], connect, vector.bytes.clone()].concat()
}

/// A vector of more than 1 kB is left out: a corpus of small inputs mutates faster. `HEADCOUNT_WRITE_CORPUS=1` adds
/// what is missing.
#[test]
fn the_vector_table_is_in_it() {
    let known: Vec<_> = files("decode").into_iter().map(|(_, input)| input).collect();
    for (at, vector) in vector::all().iter().enumerate() {
        let seed = seed(vector);
        if seed.len() > 1_024 || known.contains(&seed) {
            continue;
        }
        let path = corpus("decode").join(format!("vector-{at:03}"));
        assert!(
            std::env::var_os("HEADCOUNT_WRITE_CORPUS").is_some(),
            "{} is not in the corpus: run this test with HEADCOUNT_WRITE_CORPUS=1 and commit {}",
            vector.name,
            path.display()
        );
        fs::write(&path, seed).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
