//! The server's side of the WebSocket opening handshake (RFC 6455, 4.2).

use crate::answer::{Answer, Body};
use crate::list::items;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::header::{
    CONNECTION, HOST, HeaderMap, HeaderValue, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::{Method, Request, Response, StatusCode, Version};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Subprotocols that mean MQTT, by preference: the standard's, and the one that older clients offer.
const SUBPROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];

/// 101 Switching Protocols for a request that may become a WebSocket connection. Extensions are declined by not being
/// named.
///
/// # Errors
/// The answer to send instead.
pub(super) fn accept<T>(
    request: &Request<T>,
    is_secure: bool,
    allowed_origins: &[String],
) -> Result<Response<Body>, Answer> {
    let headers = request.headers();
    if request.method() != Method::GET || request.version() < Version::HTTP_11 {
        return Err(Answer::bad_request("A WebSocket handshake is a GET request of HTTP/1.1."));
    }
    if !items(headers, &UPGRADE).any(|token| token.eq_ignore_ascii_case("websocket")) {
        return Err(Answer::bad_request("The only Upgrade here is to websocket."));
    }
    if !items(headers, &CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade")) {
        return Err(Answer::bad_request("A WebSocket handshake has the header `Connection: Upgrade`."));
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(Answer::upgrade_required("Only version 13 of the WebSocket protocol is spoken here."));
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
    if BASE64_STANDARD.decode(key).map_or(0, |key| key.len()) != 16 {
        return Err(Answer::bad_request("Sec-WebSocket-Key must be 16 bytes in base64."));
    }
    check_origin(headers, is_secure, allowed_origins)?;
    let subprotocol = subprotocol(headers)?;
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let accept = HeaderValue::try_from(derive_accept_key(key)).expect("base64 is a header's value");
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol));
    Ok(response)
}

/// The first subprotocol of the client's list that we speak [MQTT-6.0.0-3] [MQTT-6.0.0-4].
fn subprotocol(headers: &HeaderMap) -> Result<&'static str, Answer> {
    items(headers, &SEC_WEBSOCKET_PROTOCOL)
        .find_map(|offered| SUBPROTOCOLS.into_iter().find(|known| *known == offered))
        .ok_or_else(|| {
            Answer::bad_request(
                "Offer the WebSocket subprotocol `mqtt` (or `mqttv3.1`): nothing else is spoken here [MQTT-6.0.0-3].",
            )
        })
}

/// A browser names the page's origin; a page from elsewhere must not use the visitor's place in the network. Programs
/// that are no browsers send none.
fn check_origin(headers: &HeaderMap, is_secure: bool, allowed: &[String]) -> Result<(), Answer> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let host = headers.get(HOST).map(HeaderValue::as_bytes).unwrap_or_default();
    let scheme: &[u8] = if is_secure { b"https://" } else { b"http://" };
    let same = origin.as_bytes().strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && rest == host);
    if same || allowed.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
        return Ok(());
    }
    Err(Answer::forbidden(
        "Pages of this origin may not connect. Name it in allowed_origins of the [http] table, or with --allow-origin.",
    ))
}
