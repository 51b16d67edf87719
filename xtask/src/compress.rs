//! Each file of `dist/` beside its brotli and gzip forms, which the server embeds and sends as they are.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fingerprint::collect;

/// A file of the page and its sizes in bytes. A form that is not smaller than the file is not kept: its size is the
/// file's own, since that is what travels.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(crate) plain: usize,
    pub(crate) brotli: usize,
    pub(crate) gzip: usize,
}

/// Writes `<file>.br` and `<file>.gz` beside every file of the folder that they make smaller.
pub(crate) fn assets(folder: &Path) -> Result<Vec<Asset>> {
    let mut files = BTreeSet::new();
    collect(folder, &mut files)?;
    let mut assets = Vec::new();
    for file in files {
        if file.extension().is_some_and(|extension| extension == "br" || extension == "gz") {
            fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))?;
            continue;
        }
        let content = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        assets.push(Asset {
            name: file.strip_prefix(folder).unwrap_or(&file).display().to_string(),
            plain: content.len(),
            brotli: keep(&file, "br", &content, &brotli(&content)?)?,
            gzip: keep(&file, "gz", &content, &gzip(&content)?)?,
        });
    }
    ensure!(!assets.is_empty(), "{} is empty", folder.display());
    Ok(assets)
}

fn keep(file: &Path, extension: &str, content: &[u8], compressed: &[u8]) -> Result<usize> {
    if compressed.len() >= content.len() {
        return Ok(content.len());
    }
    let path = file.with_added_extension(extension);
    File::create(&path)
        .and_then(|mut file| file.write_all(compressed))
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(compressed.len())
}

fn brotli(mut content: &[u8]) -> Result<Vec<u8>> {
    // Quality 11 is the format's best; a window of 4 MiB (2 to the 22nd) holds the whole page.
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content, &mut compressed, &parameters).context("compressing with brotli")?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).context("compressing with gzip")?;
    encoder.finish().context("compressing with gzip")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_forms_hold_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let content = "the broker that explains itself ".repeat(100);
        fs::write(folder.path().join("page.js"), &content).unwrap();
        let sizes = assets(folder.path()).unwrap();
        assert_eq!((sizes.len(), sizes[0].name.as_str(), sizes[0].plain), (1, "page.js", content.len()));

        let mut from_brotli = Vec::new();
        let compressed = fs::read(folder.path().join("page.js.br")).unwrap();
        assert_eq!(sizes[0].brotli, compressed.len());
        brotli::BrotliDecompress(&mut compressed.as_slice(), &mut from_brotli).unwrap();
        assert_eq!(from_brotli, content.as_bytes());

        let mut from_gzip = String::new();
        let compressed = fs::read(folder.path().join("page.js.gz")).unwrap();
        assert_eq!(sizes[0].gzip, compressed.len());
        flate2::read::GzDecoder::new(compressed.as_slice()).read_to_string(&mut from_gzip).unwrap();
        assert_eq!(from_gzip, content);
    }

    #[test]
    fn what_does_not_shrink_stays_alone_and_old_forms_go() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("dot.txt"), ".").unwrap();
        fs::write(folder.path().join("gone.css.br"), "old").unwrap();
        let expect = Asset { name: "dot.txt".to_owned(), plain: 1, brotli: 1, gzip: 1 };
        assert_eq!(assets(folder.path()).unwrap(), [expect]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
