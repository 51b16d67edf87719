//! A password file: lines of `user:hash`, empty lines, and comments with `#` in front, as Mosquitto reads them.

use super::Hash;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Bytes of a password or rule file. A hundred thousand users take a fifth of it; a device or a disk image named by
/// mistake ends here.
const MAX_SIZE: u64 = 64 << 20;

/// A user of a file.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) user_name: String,
    pub(crate) hash: Hash,
    /// Its line; `None` for one that stands in no password file.
    pub(crate) line: Option<usize>,
}

/// What is wrong at a place of a file; lines and columns from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) sentence: String,
}

/// The users of a file, and everything that is wrong with it.
pub(crate) fn parse(text: &str) -> (Vec<Entry>, Vec<Mistake>) {
    let (mut entries, mut mistakes) = (Vec::new(), Vec::new());
    let mut lines = HashMap::new();
    for (line, text) in (1..).zip(text.lines()) {
        if is_no_entry(text) {
            continue;
        }
        let mut mistake = |column, sentence: String| mistakes.push(Mistake { line, column, sentence });
        let Some((user_name, hash)) = text.split_once(':') else {
            mistake(1, "no user; write user:hash, or `#` in front of a comment".to_owned());
            continue;
        };
        let name = user_name.trim();
        if name.is_empty() {
            mistake(1, "the user name is empty; write one before the colon".to_owned());
        } else if let Some(first) = lines.insert(name, line) {
            mistake(1, format!("`{name}` stands in line {first} already; take one of the two away"));
        }
        match Hash::parse(hash.trim()) {
            Ok(hash) => entries.push(Entry { user_name: name.to_owned(), hash, line: Some(line) }),
            Err(sentence) => mistake(user_name.chars().count() + 2, format!("`{name}`: {sentence}")),
        }
    }
    (entries, mistakes)
}

/// Whether a line speaks of no user.
pub(crate) fn is_no_entry(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

/// The text of a file that people write.
///
/// # Errors
/// A sentence without the file's name.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(format!("is larger than {MAX_SIZE} bytes"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        format!("line {line} is not UTF-8")
    })
}

/// Puts a new file in the place of an old one at once: who reads it sees the one or the other. The old one's owner and
/// mode are kept; a new one is for its owner alone.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // The file behind a link is replaced, not the link.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = write_beside(&beside, &path, text).and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    // The rename lasts once its folder is on disk; a system that cannot sync one still has it.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn write_beside(beside: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(beside)?;
    if let Ok(old) = std::fs::metadata(path) {
        let new = file.metadata()?;
        if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
            std::os::unix::fs::fchown(&file, Some(old.uid()), Some(old.gid()))?;
        }
        file.set_permissions(std::fs::Permissions::from_mode(old.mode() & 0o777))?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_mosquitto_reads() {
        let text = "# users\r\n\r\n alice : $6$P2w6ASd3jaEStwGV$cjOwRp5nXviWvd0lpJs2IRIFxbUyPHsVoa9gzUulaawQP1141VdOjwveqZuoIUI1X6XhS8G66LTc88V8FUwL1Q== \r\nbob smith:$7$101$yQ8z3J+/g1hL+XlK$Qi55AyHhZuuC0IeR0tuBLHJXqyXAKY2tKdcs5N+rPaR1LZzK0067wIJVlCJDQ9Em4iBCgndtRVNTgtt0G8kl9w==";
        let (entries, mistakes) = parse(text);
        assert_eq!(mistakes, []);
        let names: Vec<_> = entries.iter().map(|entry| entry.user_name.as_str()).collect();
        assert_eq!(names, ["alice", "bob smith"]);
        assert!(entries.iter().all(|entry| entry.hash.verify("pässword : $x".as_bytes())));
    }

    #[test]
    fn every_mistake_has_its_place() {
        let (entries, mistakes) = parse("alice\n:x\nbob:secret\nbob:$9$\n");
        assert!(entries.is_empty());
        let places: Vec<_> = mistakes.iter().map(|it| (it.line, it.column, it.sentence.as_str())).collect();
        assert_eq!(
            places,
            [
                (1, 1, "no user; write user:hash, or `#` in front of a comment"),
                (2, 1, "the user name is empty; write one before the colon"),
                (2, 2, "``: the password is not hashed; `headcount passwd -U FILE` does that"),
                (3, 5, "`bob`: the password is not hashed; `headcount passwd -U FILE` does that"),
                (4, 1, "`bob` stands in line 3 already; take one of the two away"),
                (4, 5, "`bob`: no hash of a known form; `$6$`, `$7$` and `$argon2id$` are"),
            ]
        );
    }
}
