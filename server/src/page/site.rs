//! All files of the page, and the answer to each request for one.

use super::asset::{Asset, Form, content_type, is_hashed};
use super::policy::content_security_policy;
use super::precondition::{accepts, has};
use crate::answer::Body;
use bytes::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderName, HeaderValue, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Response, StatusCode};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// What Trunk built and `cargo xtask` compressed, when the server was compiled.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
/// Bytes of a folder that is served in the embedded page's place: a slip (`/`, a home folder) ends with a sentence
/// and not with full memory.
const GREATEST_FOLDER: usize = 64 * 1024 * 1024;
/// What stands in the page's place in a server that was compiled without it.
const ABSENT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Headcount</title>\
    <h1>Headcount</h1><p>The broker is running. This server was built without its page: \
    <code>cargo xtask serve</code> builds both.</p></html>\n";

/// The files by their paths without the leading slash. Whatever is not in this map does not exist: no request reaches
/// the file system.
#[derive(Debug)]
pub(crate) struct Site {
    assets: BTreeMap<String, Asset>,
    policy: HeaderValue,
}

impl Site {
    /// The page inside the program, or a sentence that says how to build it.
    pub(crate) fn embedded() -> Self {
        let files = Dist::iter().filter_map(|path| {
            let bytes = match Dist::get(&path)?.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Some((path.into_owned(), bytes))
        });
        Self::new(files.collect())
    }

    /// The files of a folder, read once.
    ///
    /// # Errors
    /// A sentence that names the folder and what to do.
    pub(crate) fn folder(folder: &Path) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        let mut budget = GREATEST_FOLDER;
        collect(folder, "", &mut budget, &mut files).map_err(|error| {
            format!("page_dir: {}: {error}; name the folder that Trunk built", folder.display())
        })?;
        if !files.contains_key(INDEX) {
            return Err(format!(
                "page_dir: {} has no {INDEX}; name the folder that Trunk built",
                folder.display()
            ));
        }
        Ok(Self::new(files))
    }

    fn new(mut files: BTreeMap<String, Bytes>) -> Self {
        files.entry(INDEX.to_owned()).or_insert(Bytes::from_static(ABSENT.as_bytes()));
        let policy = content_security_policy(&String::from_utf8_lossy(&files[INDEX]));
        let policy = HeaderValue::try_from(policy).expect("base64 and ASCII words are a header's value");
        let form = |path: &str| files.get(path).map(|bytes| Form::new(bytes.clone()));
        let is_form = |path: &str| {
            let plain = path.strip_suffix(".br").or(path.strip_suffix(".gz"));
            plain.is_some_and(|plain| files.contains_key(plain))
        };
        let assets = files
            .iter()
            .filter(|(path, _)| !is_form(path))
            .map(|(path, bytes)| {
                let asset = Asset {
                    content_type: content_type(path),
                    immutable: is_hashed(path),
                    plain: Form::new(bytes.clone()),
                    brotli: form(&format!("{path}.br")),
                    gzip: form(&format!("{path}.gz")),
                };
                (path.clone(), asset)
            })
            .collect();
        Self { assets, policy }
    }

    /// The answer to a request that is not for WebSocket. A path without an extension is a view of the page, which
    /// its own script tells apart; a file that is missing is missing.
    pub(crate) fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        if method != Method::GET && method != Method::HEAD {
            let mut response =
                plain(StatusCode::METHOD_NOT_ALLOWED, "The page is only read: use GET or HEAD.\n");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let name = path.trim_start_matches('/');
        if let Some(asset) = self.assets.get(name) {
            return self.file(asset, headers);
        }
        let is_view = !name.rsplit('/').next().unwrap_or_default().contains('.');
        match self.assets.get(INDEX) {
            Some(index) if is_view => self.file(index, headers),
            _ => plain(StatusCode::NOT_FOUND, "The page has no such file.\n"),
        }
    }

    fn file(&self, asset: &Asset, request: &HeaderMap) -> Response<Body> {
        let (form, encoding) = match (&asset.brotli, &asset.gzip) {
            (Some(form), _) if accepts(request, "br") => (form, Some("br")),
            (_, Some(form)) if accepts(request, "gzip") => (form, Some("gzip")),
            _ => (&asset.plain, None),
        };
        let known = has(request, &form.etag);
        let mut response = Response::new(if known { Body::default() } else { Body::new(form.bytes.clone()) });
        let headers = response.headers_mut();
        let etag = HeaderValue::try_from(form.etag.as_str()).expect("base64 in quotes is a header's value");
        headers.insert(ETAG, etag);
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static(if asset.immutable {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            }),
        );
        if !known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
            if let Some(encoding) = encoding {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        headers.insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        protect(headers);
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}

fn plain(status: StatusCode, sentence: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(sentence));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    protect(headers);
    response
}

/// Headers that every answer bears.
fn protect(headers: &mut HeaderMap) {
    let fixed: [(HeaderName, &'static str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The address of the page may hold a view's state, and is nobody else's business.
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Reads a folder's files into `files`, by their paths from the top. Symbolic links are left out.
fn collect(
    folder: &Path,
    prefix: &str,
    budget: &mut usize,
    files: &mut BTreeMap<String, Bytes>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), budget, files)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path())?;
            *budget = budget.checked_sub(bytes.len()).ok_or_else(|| {
                std::io::Error::other(format!("more than {GREATEST_FOLDER} bytes are no page"))
            })?;
            files.insert(name, Bytes::from(bytes));
        }
    }
    Ok(())
}
