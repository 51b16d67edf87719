//! The Content-Security-Policy: nothing runs and nothing is styled but what the page was built with.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The policy for a document. Scripts and styles written into it are allowed by their hashes; the page may connect to
/// any broker that its user names.
pub(super) fn content_security_policy(html: &str) -> String {
    let scripts = hashes(html, "script");
    let styles = hashes(html, "style");
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; \
         connect-src 'self' ws: wss:; img-src 'self' data:; font-src 'self'; worker-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// ` 'sha256-…'` for the content of each such element, without those that are empty (a `src` instead).
fn hashes(html: &str, element: &str) -> String {
    let mut sources = String::new();
    for content in contents(html, element) {
        let _ = write!(sources, " 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(content)));
    }
    sources
}

/// The text between `<element …>` and `</element`, for each of them.
fn contents<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let lower = html.to_ascii_lowercase();
    let (open, close) = (format!("<{element}"), format!("</{element}"));
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = lower[at..].find(&open).map(|start| at + start) {
        at = start + open.len();
        // `<scripted>` is another element.
        if !lower[at..].starts_with(['>', ' ', '\t', '\n', '\r', '/']) {
            continue;
        }
        let Some(begin) = end_of_tag(&lower[at..]).map(|length| at + length) else { break };
        let end = lower[begin..].find(&close).map_or(html.len(), |length| begin + length);
        if end > begin {
            found.push(&html[begin..end]);
        }
        at = end;
    }
    found
}

/// Bytes up to and including the `>` of a tag; one within an attribute's quotes does not end it.
fn end_of_tag(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_written_into_the_document() {
        let html = "<head><style media='a>b'>p{}</style><scripted>no</scripted>\n\
                    <SCRIPT type=module>\nimport 'x';\n</SCRIPT><script src=a.js></script><script>2</script>";
        assert_eq!(contents(html, "script"), ["\nimport 'x';\n", "2"]);
        assert_eq!(contents(html, "style"), ["p{}"]);
    }

    #[test]
    fn hashes_as_browsers_do() {
        // `printf 'doSomething();' | openssl dgst -sha256 -binary | base64`
        assert_eq!(
            hashes("<script>doSomething();</script>", "script"),
            " 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"
        );
    }

    #[test]
    fn a_document_without_scripts_allows_none_inline() {
        let policy = content_security_policy("<p>Hello");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        assert!(!policy.contains("sha256") && !policy.contains("unsafe-inline"), "{policy}");
    }
}
