//! A record that was opened: it is shown in the place of the live timeline, which records on behind it.

use super::{Store, Timeline, record};

/// Row numbers of two records never meet, nor do they meet those of the live timeline.
const NUMBERS: u64 = 1 << 40;

/// A record from a file.
#[derive(Debug)]
pub(super) struct Recorded {
    name: String,
    timeline: Timeline,
}

/// What came of files.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The record that is shown.
    shown: Option<Recorded>,
    /// How many were.
    opened: u64,
    complaint: String,
}

impl Store {
    /// The rows that are shown: those of the record that was opened, else the live ones.
    pub fn timeline(&self) -> &Timeline {
        self.files.shown.as_ref().map_or(&self.timeline, |recorded| &recorded.timeline)
    }

    /// The name of the record that is shown, in the place of the live timeline.
    pub fn record_name(&self) -> Option<&str> {
        self.files.shown.as_ref().map(|recorded| recorded.name.as_str())
    }

    /// Why a file was not read or written, as a sentence; empty where there is nothing to say.
    pub fn complaint(&self) -> &str {
        &self.files.complaint
    }

    /// What is shown as a record, oldest first; see [`record::write`].
    pub fn export(&self) -> String {
        record::write(&self.timeline().shown_rows())
    }

    /// What is shown as a table, oldest first; see [`record::csv`].
    pub fn export_csv(&self) -> String {
        record::csv(&self.timeline().shown_rows())
    }

    pub(super) fn shown_timeline(&mut self) -> &mut Timeline {
        self.files.shown.as_mut().map_or(&mut self.timeline, |recorded| &mut recorded.timeline)
    }

    /// Shows the record of a file, or says why it is none; then what was shown stays.
    pub(super) fn open_record(&mut self, name: &str, file: &[u8]) {
        match self.read_record(file) {
            Ok(timeline) => {
                self.files.complaint.clear();
                self.files.shown = Some(Recorded { name: name.to_owned(), timeline });
            }
            Err(why) => self.complain(&format!("{name} was not opened: {why}.")),
        }
    }

    fn read_record(&mut self, file: &[u8]) -> Result<Timeline, String> {
        let rows = record::read(file)?;
        let before = self.timeline();
        let mut timeline = Timeline::beside(before, (self.files.opened + 1) * NUMBERS);
        for body in rows {
            timeline.push(body);
        }
        if timeline.trimmed() > 0 {
            return Err("its rows take more memory than the timeline has".to_owned());
        }
        self.files.opened += 1;
        Ok(timeline)
    }

    /// Shows the live timeline again, from its top.
    pub(super) fn back_to_live(&mut self) {
        if let Some(recorded) = self.files.shown.take() {
            self.timeline.jump_beyond(&recorded.timeline);
        }
    }

    /// Says what is wrong with a file, or that nothing is any more.
    pub(super) fn complain(&mut self, complaint: &str) {
        complaint.clone_into(&mut self.files.complaint);
    }
}
