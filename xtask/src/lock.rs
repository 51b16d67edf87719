//! Which version of a package `Cargo.lock` holds.

use anyhow::{Result, bail};

/// The one locked version of `package`.
///
/// # Errors
/// Where the package is not locked, or is locked in several versions: a tool can match only one.
pub(crate) fn locked_version<'a>(lock: &'a str, package: &str) -> Result<&'a str> {
    let versions: Vec<&str> = lock
        .split("[[package]]")
        .skip(1)
        .filter(|entry| field(entry, "name") == Some(package))
        .filter_map(|entry| field(entry, "version"))
        .collect();
    match versions[..] {
        [version] => Ok(version),
        [] => {
            bail!("Cargo.lock holds no package `{package}`; add it to the page's dependencies in Cargo.toml")
        }
        _ => bail!("Cargo.lock holds `{package}` in several versions ({}); keep one", versions.join(", ")),
    }
}

fn field<'a>(entry: &'a str, key: &str) -> Option<&'a str> {
    entry.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"# generated
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"

[[package]]
name = "syn"
version = "1.0.109"

[[package]]
name = "syn"
version = "2.0.119"
"#;

    #[test]
    fn a_package_is_found_by_its_whole_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").unwrap(), "0.2.130");
        assert_eq!(locked_version(LOCK, "wasm-bindgen-macro").unwrap(), "0.2.131");
    }

    #[test]
    fn missing_and_ambiguous_packages_are_told_apart() {
        assert!(locked_version(LOCK, "wasm").unwrap_err().to_string().contains("holds no package `wasm`"));
        assert!(locked_version(LOCK, "syn").unwrap_err().to_string().contains("1.0.109, 2.0.119"));
    }
}
