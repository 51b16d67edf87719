//! What a build was made from, as one number: contents count, times do not, since a clone sets them all anew.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A hash over texts and files, in the order they are given. Equal within one toolchain, which is enough: a new
/// toolchain means a new build.
#[derive(Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub(crate) fn text(&mut self, text: &str) {
        text.hash(&mut self.0);
    }

    /// Takes in a file, or every file below a folder, by its path relative to `root` and its content. What does
    /// not exist counts as such, so that its coming changes the fingerprint.
    pub(crate) fn path(&mut self, root: &Path, path: &Path) -> Result<()> {
        let mut files = BTreeSet::new();
        collect(&root.join(path), &mut files)?;
        files.len().hash(&mut self.0);
        for file in files {
            let content = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            file.strip_prefix(root).unwrap_or(&file).hash(&mut self.0);
            content.hash(&mut self.0);
        }
        Ok(())
    }

    /// Sixteen hexadecimal digits.
    pub(crate) fn digits(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// Every file at or below `path`, in a fixed order; none where there is nothing.
pub(crate) fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("reading {}", path.display()))? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.insert(path.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, content: &str) {
        let file = root.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    fn of(root: &Path) -> String {
        let mut fingerprint = Fingerprint::default();
        fingerprint.path(root, Path::new("src")).unwrap();
        fingerprint.digits()
    }

    #[test]
    fn contents_names_and_number_of_files_count() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let mut seen = BTreeSet::from([of(root)]);
        for (file, content) in
            [("src/view/row.rs", "one"), ("src/view/row.rs", "two"), ("src/view/list.rs", "")]
        {
            write(root, file, content);
            seen.insert(of(root));
        }
        fs::rename(root.join("src/view/list.rs"), root.join("src/list.rs")).unwrap();
        seen.insert(of(root));
        assert_eq!(seen.len(), 5);
    }

    #[test]
    fn the_same_contents_in_another_place_are_equal() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        for folder in &folders {
            write(folder.path(), "src/main.rs", "fn main() {}");
            write(folder.path(), "src/app.rs", "");
        }
        assert_eq!(of(folders[0].path()), of(folders[1].path()));
    }
}
