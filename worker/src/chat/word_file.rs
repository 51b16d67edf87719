//! The file of the list, read again when it changes.

use super::words::Words;
use crate::moment::Moment;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// How often it is looked at, in milliseconds. One system call; a watch on the folder would notice no sooner than a
/// person switches windows.
const PERIOD: i64 = 500;
/// Bytes of a file that are read.
const FILE_MAX: u64 = 4 << 20;

/// A list, and where it comes from.
#[derive(Debug)]
pub(crate) struct WordFile {
    list: Words,
    /// `None`: the list inside the program.
    path: Option<PathBuf>,
    /// What stood at the path when it was read last.
    mark: Option<Mark>,
    next: Moment,
}

/// What tells one state of a file from another, without reading it.
type Mark = (u64, u64, u64, i64, i64);

impl WordFile {
    /// # Errors
    /// A sentence with file, line and what to do.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, String> {
        let mark = path.as_deref().and_then(mark);
        let list = match &path {
            Some(path) => read(path)?,
            None => Words::parse(include_str!("../../default/words.txt"))
                .map_err(|(line, why)| format!("the list inside the program: {line}: {why}"))?,
        };
        Ok(Self { list, path, mark, next: Moment::now() })
    }

    pub(super) fn list(&self) -> &Words {
        &self.list
    }

    /// When to look again.
    pub(super) fn due(&self) -> Option<Moment> {
        self.path.is_some().then_some(self.next)
    }

    /// Reads it again if it has changed. What cannot be used leaves the old list at work.
    pub(super) fn look(&mut self, now: Moment) {
        self.next = now.after(PERIOD);
        let Some(path) = &self.path else { return };
        let mark = mark(path);
        if mark == self.mark {
            return;
        }
        self.mark = mark;
        match read(path) {
            Ok(list) => {
                tracing::info!("{}: read again, {} words", path.display(), list.len());
                self.list = list;
            }
            Err(sentence) => tracing::error!("not read again, the old list stays: {sentence}"),
        }
    }
}

fn read(path: &Path) -> Result<Words, String> {
    let here = path.display();
    let length = std::fs::metadata(path).map_err(|error| format!("{here}: {error}"))?.len();
    if length > FILE_MAX {
        return Err(format!("{here}: longer than {FILE_MAX} bytes; shorten the list"));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("{here}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|byte| *byte == b'\n').count();
        format!("{here}:{line}: not UTF-8; save the file as UTF-8")
    })?;
    Words::parse(&text).map_err(|(line, why)| format!("{here}:{line}: {why}"))
}

fn mark(path: &Path) -> Option<Mark> {
    let mark = |found: Metadata| (found.dev(), found.ino(), found.len(), found.mtime(), found.mtime_nsec());
    std::fs::metadata(path).ok().map(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_inside_the_program_is_good() {
        let words = WordFile::open(None).unwrap();
        assert!(words.list().find("Darn it").is_some());
        assert_eq!(words.due(), None);
    }

    #[test]
    fn mistakes_name_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.txt");
        let check = |bytes: &[u8], part: &str| {
            std::fs::write(&path, bytes).unwrap();
            let error = WordFile::open(Some(path.clone())).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        check(b"darn\n\xFF\n", "words.txt:2: not UTF-8");
        check(b"\n\n!!!\n", "words.txt:3: `!!!`");
        std::fs::remove_file(&path).unwrap();
        let error = WordFile::open(Some(path)).unwrap_err();
        assert!(error.contains("words.txt: No such file"), "{error}");
    }

    #[test]
    fn a_bad_file_keeps_the_old_list_and_a_good_one_replaces_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.txt");
        std::fs::write(&path, "darn").unwrap();
        let mut words = WordFile::open(Some(path.clone())).unwrap();
        let mut now = words.due().unwrap();
        for (text, finds_darn, finds_heck) in [("***!", true, false), ("heck # and more", false, true)] {
            std::fs::write(&path, text).unwrap();
            words.look(now);
            assert_eq!(words.list().find("darn").is_some(), finds_darn, "{text}");
            assert_eq!(words.list().find("heck").is_some(), finds_heck, "{text}");
            assert_eq!(words.due(), Some(now.after(PERIOD)));
            now = now.after(PERIOD);
        }
        std::fs::remove_file(&path).unwrap();
        words.look(now);
        assert!(words.list().find("heck").is_some());
    }
}
