//! Headers that are lists (RFC 9110, 5.6.1).

use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// The items of such a header, over all its lines.
pub(crate) fn items<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line: &HeaderValue| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}
