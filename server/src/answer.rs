//! Short answers: a status and a sentence that says what to do.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, UPGRADE, X_CONTENT_TYPE_OPTIONS};
use hyper::{Response, StatusCode};

/// Everything that is sent is in memory.
pub(crate) type Body = Full<Bytes>;

/// An answer in plain text.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    sentence: String,
}

/// An answer of a program to a program: it is of this moment.
pub(crate) fn text(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

impl Answer {
    pub(crate) fn bad_request(sentence: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, sentence: sentence.to_owned() }
    }

    pub(crate) fn forbidden(sentence: &str) -> Self {
        Self { status: StatusCode::FORBIDDEN, sentence: sentence.to_owned() }
    }

    pub(crate) fn not_found(sentence: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, sentence: sentence.to_owned() }
    }

    pub(crate) fn upgrade_required(sentence: &str) -> Self {
        Self { status: StatusCode::UPGRADE_REQUIRED, sentence: sentence.to_owned() }
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Full::from(self.sentence + "\n"));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.status == StatusCode::UPGRADE_REQUIRED {
            // RFC 9110, 15.5.22 and RFC 6455, 4.4.
            headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert("sec-websocket-version", HeaderValue::from_static("13"));
        }
        response
    }
}
