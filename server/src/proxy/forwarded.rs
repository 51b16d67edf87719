//! `X-Forwarded-For` and `X-Forwarded-Proto`, as proxies of HTTP write them.

use crate::list::items;
use crate::network::Networks;
use hyper::header::{HeaderMap, HeaderName};
use std::net::{IpAddr, SocketAddr};

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Whose request it is, as far as trusted proxies say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Forwarded {
    /// With its port where that is known.
    pub(crate) address: String,
    pub(crate) ip: IpAddr,
    /// Whether it is: not where the peer says that it stands for somebody else, and is no trusted proxy.
    pub(crate) is_believed: bool,
    /// Whether the address is this machine's own, and no proxy stands between.
    pub(crate) is_here: bool,
    /// Whether the client came to the proxy inside TLS.
    pub(crate) is_secure: bool,
}

/// Reads the headers of a request from `peer`. Each proxy appends whom it was asked by, so the list is believed from
/// its right end up to the first that is no trusted proxy: what stands left of it anybody can have written.
pub(crate) fn client(headers: &HeaderMap, peer: SocketAddr, trusted: &Networks) -> Forwarded {
    let is_forwarded = headers.contains_key(FOR) || headers.contains_key("forwarded");
    let mut found = Forwarded {
        address: peer.to_string(),
        ip: peer.ip(),
        is_believed: !is_forwarded || trusted.contains(peer.ip()),
        is_here: peer.ip().is_loopback() && !is_forwarded,
        is_secure: false,
    };
    if !trusted.contains(peer.ip()) {
        return found;
    }
    found.is_secure = items(headers, &PROTO).last().is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
    let hops: Vec<_> = items(headers, &FOR).collect();
    for hop in hops.into_iter().rev() {
        let Some((ip, address)) = hop_address(hop) else { break };
        found.address = address;
        found.ip = ip;
        found.is_here = false;
        if !trusted.contains(ip) {
            break;
        }
    }
    found
}

/// An address, some with a port, IPv6 then in brackets.
fn hop_address(text: &str) -> Option<(IpAddr, String)> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        return Some((address.ip(), address.to_string()));
    }
    let ip: IpAddr = text.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    let ip = ip.to_canonical();
    Some((ip, ip.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, lines: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FOR, line.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8", "127.0.0.1", "fd00::/8"].map(|network| network.parse().unwrap());
        let found = client(&headers, peer.parse().unwrap(), &Networks::new(trusted.to_vec()));
        assert_eq!(found.address, expected, "{peer} {lines:?}");
    }

    #[test]
    fn the_rightmost_that_is_no_proxy_is_the_client() {
        check("10.0.0.1:5000", &["203.0.113.9"], "203.0.113.9");
        check("10.0.0.1:5000", &["6.6.6.6, 203.0.113.9"], "203.0.113.9");
        check("10.0.0.1:5000", &["6.6.6.6, 203.0.113.9, 10.0.0.2"], "203.0.113.9");
        check("10.0.0.1:5000", &["6.6.6.6", "203.0.113.9,10.0.0.2", "10.0.0.3"], "203.0.113.9");
        check("10.0.0.1:5000", &["203.0.113.9:4711"], "203.0.113.9:4711");
        check("10.0.0.1:5000", &["[2001:db8::9]:4711"], "[2001:db8::9]:4711");
        check("10.0.0.1:5000", &["2001:db8::9"], "2001:db8::9");
        check("[fd00::1]:5000", &["[2001:db8::9]"], "2001:db8::9");
    }

    #[test]
    fn where_all_are_proxies_the_leftmost_is_it() {
        check("10.0.0.1:5000", &["10.0.0.3, 10.0.0.2"], "10.0.0.3");
    }

    #[test]
    fn what_cannot_be_read_ends_the_list() {
        check("10.0.0.1:5000", &["203.0.113.9, unknown"], "10.0.0.1:5000");
        check("10.0.0.1:5000", &["203.0.113.9, nonsense, 10.0.0.2"], "10.0.0.2");
        check("10.0.0.1:5000", &[], "10.0.0.1:5000");
        check("10.0.0.1:5000", &["203.0.113.9,"], "10.0.0.1:5000");
    }

    #[test]
    fn nobody_else_is_believed() {
        check("203.0.113.7:5000", &["10.0.0.1"], "203.0.113.7:5000");
        check("[2001:db8::7]:5000", &["10.0.0.1"], "[2001:db8::7]:5000");
    }

    #[test]
    fn a_proxy_on_this_machine_does_not_make_its_clients_local() {
        let here = |peer: &str, line: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.extend(line.map(|line| (FOR, line.parse().unwrap())));
            client(&headers, peer.parse().unwrap(), &Networks::default()).is_here
        };
        assert!(here("127.0.0.1:5000", None));
        assert!(here("[::1]:5000", None));
        assert!(!here("127.0.0.1:5000", Some("127.0.0.1")));
        assert!(!here("192.0.2.1:5000", None));
    }
}
