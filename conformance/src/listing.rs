//! The suite as texts for people.

use crate::scripts::chapters;
use crate::{Deviant, Versions};
use headcount_mqtt::ProtocolVersion;
use std::fmt::Write as _;

/// `DIFFERENCES.md`: what brokers are known to do otherwise, by chapter and script.
///
/// # Panics
/// Where a difference names a script that is not there.
pub fn differences() -> String {
    let mut text = String::from(
        "# Known differences\n\n\
         Written by `cargo run -p headcount-conformance -- differences > conformance/DIFFERENCES.md`; a test compares.\n\
         Each script listed here has to fail against the broker named, and every other has to pass.\n",
    );
    for broker in Deviant::ALL {
        let _ = write!(text, "\n# {}\n", broker.name());
        let mut known = 0;
        for chapter in chapters() {
            let mut heading = Some(chapter.name);
            for script in chapter.scripts {
                let listed = broker.differences().iter();
                for it in listed.filter(|it| it.chapter == chapter.name && it.script == script.name) {
                    if let Some(name) = heading.take() {
                        let _ = write!(text, "\n## {name}\n\n");
                    }
                    let statements = script.statements.join(", ");
                    let _ = writeln!(text, "- `{}` [{statements}]: {it}", script.name);
                    known += 1;
                }
            }
        }
        assert_eq!(known, broker.differences().len(), "a difference names a script that is not there");
    }
    text
}

/// Every script: chapter, name, versions, statements, and seconds it waits.
pub fn list() -> String {
    let mut text = String::new();
    for chapter in chapters() {
        let _ = writeln!(text, "{}", chapter.name);
        for script in chapter.scripts {
            let versions = match script.versions {
                Versions::Both => "3.1.1 5.0",
                Versions::Only(ProtocolVersion::V311) => "3.1.1",
                Versions::Only(ProtocolVersion::V5) => "5.0",
            };
            let statements = script.statements.join(" ");
            let _ = write!(text, "  {} ({versions}) {statements}", script.name);
            if script.waits > 0 {
                let _ = write!(text, " waits {} s", script.waits);
            }
            if script.configuration.is_some() {
                text.push_str(" core only");
            }
            if let Some(transport) = script.transport {
                let _ = write!(text, " {} only", transport.name());
            }
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_differences_is_current() {
        let text = include_str!("../DIFFERENCES.md");
        assert!(
            text == differences(),
            "run: cargo run -p headcount-conformance -- differences > conformance/DIFFERENCES.md"
        );
    }

    #[test]
    fn scripts_have_names_of_their_own_and_name_what_they_prove() {
        for chapter in chapters() {
            for (at, script) in chapter.scripts.iter().enumerate() {
                let earlier = &chapter.scripts[..at];
                assert!(earlier.iter().all(|it| it.name != script.name), "{} stands twice", script.name);
                assert!(!script.statements.is_empty(), "{} proves nothing", script.name);
            }
        }
    }
}
