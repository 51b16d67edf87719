//! Mistakes in a configuration, and where they stand.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

/// A configuration's text and where it is from.
pub(super) struct Source<'a> {
    /// As people know it.
    pub(super) name: &'a str,
    /// What the paths in it start from.
    pub(super) folder: &'a Path,
    pub(super) text: &'a str,
    /// Mistakes that keep nobody from reading on, so that all of them are told at once.
    pub(super) noted: RefCell<Vec<ConfigError>>,
}

/// Sentences for the person who wrote the file: `file:line:column: what is wrong; what to do`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ConfigError(Vec<String>);

impl ConfigError {
    pub(super) fn whole(name: &str, sentence: &str) -> Self {
        Self(vec![format!("{name}: {sentence}")])
    }

    /// A sentence that names its place itself.
    pub(super) fn elsewhere(sentence: String) -> Self {
        Self(vec![sentence])
    }

    /// All of these as one; `None` where there are none.
    pub(super) fn all(errors: Vec<Self>) -> Option<Self> {
        let sentences: Vec<_> = errors.into_iter().flat_map(|error| error.0).collect();
        (!sentences.is_empty()).then_some(Self(sentences))
    }

    pub(crate) fn sentences(&self) -> &[String] {
        &self.0
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

impl<'a> Source<'a> {
    pub(super) fn new(name: &'a str, folder: &'a Path, text: &'a str) -> Self {
        Self { name, folder, text, noted: RefCell::default() }
    }

    /// A mistake to be told at the end.
    pub(super) fn note(&self, error: ConfigError) {
        self.noted.borrow_mut().push(error);
    }

    /// A mistake at `span`, in bytes of the text.
    pub(super) fn error(&self, span: &Range<usize>, sentence: &str) -> ConfigError {
        let before = &self.text[..span.start.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        ConfigError(vec![format!("{}:{line}:{column}: {sentence}", self.name)])
    }
}
