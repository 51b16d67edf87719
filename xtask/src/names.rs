//! The names by which the page's script and its WebAssembly know each other, made easy to compress.
//!
//! wasm-bindgen ends each with 16 hexadecimal digits of chance. Counting within each name tells as much; since a name
//! keeps its length, nothing else in the module moves. It is 3 kB of the page after brotli.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Digits at the end of a name.
const DIGITS: usize = 16;
/// What such names begin with.
const OURS: [&str; 2] = ["__wbg_", "wasm_bindgen__"];

/// Renames in both files, in place.
pub(crate) fn simplify(script: &Path, module: &Path) -> Result<()> {
    let text = fs::read_to_string(script).with_context(|| format!("reading {}", script.display()))?;
    let names = plain(&text);
    ensure!(!names.is_empty(), "{} has no names of wasm-bindgen's", script.display());
    for file in [script, module] {
        let mut content = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        rename(&mut content, &names);
        fs::write(file, content).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

/// For each name with digits of chance the one that counts.
fn plain(script: &str) -> BTreeMap<&str, String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for name in script.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let Some((stem, digits)) = name.split_at_checked(name.len().saturating_sub(DIGITS)) else { continue };
        let is_hash = digits.len() == DIGITS
            && digits.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit));
        if is_hash && OURS.iter().any(|start| stem.starts_with(start)) && !names.contains_key(name) {
            let number = seen.entry(stem).or_default();
            names.insert(name, format!("{stem}{number:0DIGITS$}"));
            *number += 1;
        }
    }
    names
}

/// Writes each name's other form over it; both are equally long.
fn rename(content: &mut [u8], names: &BTreeMap<&str, String>) {
    for start in 0..content.len() {
        if !OURS.iter().any(|ours| content[start..].starts_with(ours.as_bytes())) {
            continue;
        }
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let rest = &mut content[start..];
        // A name may run into what follows it in the module: the longest that is known counts.
        let length = rest.iter().take_while(|byte| is_name(byte)).count();
        let known = (0..=length).rev().find_map(|length| {
            let name = std::str::from_utf8(&rest[..length]).ok()?;
            names.get(name)
        });
        if let Some(name) = known {
            rest[..name.len()].copy_from_slice(name.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "__wbg_is_2248ff2b575d60c7: f, __wbg_is_0123456789abcdef(x), __wbg_get_imports(), \
                          wasm.wasm_bindgen__convert__invoke__h3f503dbf64986167, other_2248ff2b575d60c7";

    #[test]
    fn names_count_instead_of_hashing() {
        let names = plain(SCRIPT);
        assert_eq!(names["__wbg_is_2248ff2b575d60c7"], "__wbg_is_0000000000000000");
        assert_eq!(names["__wbg_is_0123456789abcdef"], "__wbg_is_0000000000000001");
        let invoke = "wasm_bindgen__convert__invoke__h3f503dbf64986167";
        assert_eq!(names[invoke], "wasm_bindgen__convert__invoke__h0000000000000000");
        assert_eq!(names.len(), 3);
        assert!(names.iter().all(|(old, new)| old.len() == new.len()));
    }

    #[test]
    fn all_else_stays_where_it_is() {
        let names = plain(SCRIPT);
        let mut module =
            b"\x19__wbg_is_2248ff2b575d60c7\x00\x01__wbg_is_0123456789abcdefx\xff__wbg_x".to_vec();
        rename(&mut module, &names);
        assert_eq!(module, b"\x19__wbg_is_0000000000000000\x00\x01__wbg_is_0000000000000001x\xff__wbg_x");
    }
}
