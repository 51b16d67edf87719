//! One file of the page.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use sha2::{Digest, Sha256};

/// A file and its compressed forms.
#[derive(Debug)]
pub(super) struct Asset {
    /// `text/css; charset=utf-8`
    pub(super) content_type: &'static str,
    /// Whether the name changes with the content, so that a browser need never ask again.
    pub(super) immutable: bool,
    pub(super) plain: Form,
    pub(super) brotli: Option<Form>,
    pub(super) gzip: Option<Form>,
}

/// What is sent for a file in one encoding.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) bytes: Bytes,
    /// A strong entity tag, in its quotes: each encoding has its own (RFC 9110, 8.8.3.3).
    pub(super) etag: String,
}

impl Form {
    pub(super) fn new(bytes: Bytes) -> Self {
        let digest = Sha256::digest(&bytes);
        // 96 bits tell the handful of versions that a browser meets apart.
        let etag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&digest[..12]));
        Self { bytes, etag }
    }
}

/// The media type of a file, by the end of its name.
pub(super) fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether the name carries a hash of its content, as Trunk writes it: `app-0123456789abcdef.js`,
/// `app-0123456789abcdef_bg.wasm`.
pub(super) fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        // Trunk writes 64 bits without leading zeros.
        (12..=16).contains(&hash.len()) && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_names_that_carry_a_hash() {
        for hashed in [
            "monitor-3a1b2c4d5e6f7089.js",
            "monitor-3a1b2c4d5e6f7089_bg.wasm",
            "base-a1b2c3d4e5f60718.css",
            "snippets/worker-a1b2c3d4e5f607.js",
        ] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in
            ["index.html", "keep-alive.js", "favicon.svg", "a-deadbeef.css", "a-3A1B2C4D5E6F7089.js", "-"]
        {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn names_media_types() {
        assert_eq!(content_type("a/b-1.wasm"), "application/wasm");
        assert_eq!(content_type("index.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("LICENSE"), "application/octet-stream");
    }
}
