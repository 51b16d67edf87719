//! Who may enter a realm and what they may do there, as far as it can change while clients are connected: read at the
//! start, and again whenever a file changes.

use super::CHAT_ACL;
use crate::accounts::Accounts;
use crate::password::{self, Entry, read_text};
use headcount_broker::{Access, EmitterKeys};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of the chat demo's rules, which are part of the program.
const CHAT_NAME: &str = ":chat.acl";

/// Where it all stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// `acl_file` as written.
    pub(super) acl_name: Option<String>,
    pub(super) acl_path: Option<PathBuf>,
    pub(super) password_path: Option<PathBuf>,
    /// Accounts of the configuration itself.
    pub(super) accounts: Vec<Entry>,
    pub(super) allow_anonymous: bool,
    pub(super) trust_user_names: bool,
    pub(super) observers: Option<Vec<String>>,
    pub(super) administrators: Vec<String>,
    pub(super) dynamic_security: bool,
    pub(super) emitter_keys: Option<EmitterKeys>,
    pub(super) devices: bool,
}

/// What it says.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) access: Access,
    pub(crate) accounts: Accounts,
}

/// What keeps it from being read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The file of this option cannot be read at all; a sentence with its name.
    File(&'static str, String),
    /// A sentence with file, line and column.
    Line(String),
}

impl Sources {
    /// Reads every file anew.
    ///
    /// # Errors
    /// All problems of all files.
    pub(crate) fn read(&self) -> Result<Guard, Vec<Problem>> {
        let mut problems = Vec::new();
        let acl = self.acl(&mut problems);
        let mut entries = self.accounts.clone();
        let name = self.password_path.as_deref().and_then(Path::file_name);
        let file = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some((text, name)) = read("password_file", self.password_path.as_deref(), &mut problems) {
            let (read, mistakes) = password::parse(&text);
            entries.extend(read);
            let line = |it: password::Mistake| format!("{name}:{}:{}: {}", it.line, it.column, it.sentence);
            problems.extend(mistakes.into_iter().map(|mistake| Problem::Line(line(mistake))));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let accounts = Accounts::new(file, entries);
        let access = Access {
            allow_anonymous: self.allow_anonymous,
            trust_user_names: self.trust_user_names,
            observers: self.observers.clone(),
            administrators: self.administrators.clone(),
            acl,
            acl_name: self.acl_name.as_deref().unwrap_or_default().trim_start_matches(':').to_owned(),
            dynamic_security: self.dynamic_security,
            emitter_keys: self.emitter_keys.clone(),
            devices: self.devices,
            accounts: Arc::new(if self.dynamic_security || self.devices {
                accounts.places()
            } else {
                BTreeMap::new()
            }),
        };
        Ok(Guard { access, accounts })
    }

    /// A number that differs where the files differ. One that cannot be read is a file of its own.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for file in self.files() {
            read_text(file).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The files that are read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        [&self.acl_path, &self.password_path].into_iter().filter_map(|path| path.as_deref())
    }

    fn acl(&self, problems: &mut Vec<Problem>) -> Option<String> {
        if self.acl_name.as_deref() == Some(CHAT_NAME) {
            return Some(CHAT_ACL.to_owned());
        }
        let (text, name) = read("acl_file", self.acl_path.as_deref(), problems)?;
        let mistakes = headcount_broker::rule_mistakes(&text).into_iter();
        problems.extend(mistakes.map(|mistake| Problem::Line(format!("{name}:{mistake}"))));
        Some(text)
    }
}

impl Problem {
    pub(crate) fn sentence(&self) -> &str {
        match self {
            Self::File(_, sentence) | Self::Line(sentence) => sentence,
        }
    }
}

/// The rules' path of a name in the configuration: none where they are part of the program.
pub(super) fn acl_path(folder: &Path, name: &str) -> Option<PathBuf> {
    (name != CHAT_NAME).then(|| folder.join(name))
}

/// A file's text and its name.
fn read(option: &'static str, path: Option<&Path>, problems: &mut Vec<Problem>) -> Option<(String, String)> {
    let path = path?;
    let name = path.display().to_string();
    match read_text(path) {
        Ok(text) => Some((text, name)),
        Err(error) => {
            problems.push(Problem::File(option, format!("{name} {error}")));
            None
        }
    }
}
