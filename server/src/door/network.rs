//! What counts as one address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// An IPv4 address, or the /64 of an IPv6 address: whoever has one address of a /64 has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Network {
    V4(Ipv4Addr),
    V6([u8; 8]),
    /// No IP address; all of these count as one.
    Other,
}

impl Network {
    /// Of a peer as events show it: `127.0.0.1:53122`.
    pub(crate) fn of(peer: &str) -> Self {
        let address = peer.parse().map(|peer: SocketAddr| peer.ip()).or_else(|_| peer.parse());
        match address.map(|address: IpAddr| address.to_canonical()) {
            Ok(IpAddr::V4(address)) => Self::V4(address),
            Ok(IpAddr::V6(address)) => {
                let mut prefix = [0; 8];
                prefix.copy_from_slice(&address.octets()[..8]);
                Self::V6(prefix)
            }
            Err(_) => Self::Other,
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(prefix) => {
                let mut octets = [0; 16];
                octets[..8].copy_from_slice(prefix);
                write!(f, "{}/64", std::net::Ipv6Addr::from(octets))
            }
            Self::Other => f.write_str("an address of no known form"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn addresses_of_one_subscriber_are_one() {
        for (peer, network) in [
            ("127.0.0.1:53122", "127.0.0.1"),
            ("[::ffff:192.0.2.1]:1", "192.0.2.1"),
            ("192.0.2.7", "192.0.2.7"),
            ("[2001:db8:1:2:3:4:5:6]:1", "2001:db8:1:2::/64"),
            ("[2001:db8:1:2::9]:7", "2001:db8:1:2::/64"),
            ("@/run/mqtt.sock", "an address of no known form"),
        ] {
            assert_eq!(Network::of(peer).to_string(), network, "{peer}");
        }
    }
}
