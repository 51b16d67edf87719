//! Networks of IP addresses: whom to believe what they say about others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Addresses with the same first bits: `10.0.0.0/8`, `fd00::/8`, or one address alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    /// IPv4 addresses as IPv6 writes them, so that both compare alike.
    prefix: u128,
    mask: u128,
}

/// Proxies that are believed when they name their client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Networks(Vec<Network>);

impl Networks {
    pub(crate) fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        self.0.iter().any(|network| bits(ip) & network.mask == network.prefix)
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mistake = || format!("`{text}` is no network; write 10.0.0.0/8, fd00::/8, or one address");
        let (ip, length) = text.split_once('/').map_or((text, None), |(ip, length)| (ip, Some(length)));
        let ip: IpAddr = ip.parse().map_err(|_| mistake())?;
        let width = if ip.is_ipv4() { 32 } else { 128 };
        let length: u32 = match length {
            None => width,
            // `+8` and `008` are numbers to the parser alone.
            Some(length) => Some(length)
                .filter(|length| length.bytes().all(|b| b.is_ascii_digit()) && length.len() <= 3)
                .and_then(|length| length.parse().ok())
                .filter(|length| *length <= width)
                .ok_or_else(mistake)?,
        };
        let mask = u128::MAX.checked_shl(width - length).unwrap_or(0);
        let mask = if ip.is_ipv4() { mask | (u128::MAX << 32) } else { mask };
        let prefix = bits(ip);
        if prefix & !mask != 0 {
            return Err(format!(
                "`{text}` has bits behind its first {length}; clear them, or write /{width}"
            ));
        }
        Ok(Self { prefix, mask })
    }
}

/// IPv4 as `::ffff:a.b.c.d`.
fn bits(ip: IpAddr) -> u128 {
    let wide = match ip {
        IpAddr::V4(ip) => Ipv4Addr::to_ipv6_mapped(&ip),
        IpAddr::V6(ip) => ip,
    };
    Ipv6Addr::to_bits(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, ip: &str) -> bool {
        Networks::new(vec![network.parse().unwrap()]).contains(ip.parse().unwrap())
    }

    #[test]
    fn holds_what_begins_alike() {
        for (network, ip, expected) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.6", false),
            ("0.0.0.0/0", "203.0.113.1", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "203.0.113.1", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::1", "::1", true),
            ("172.16.0.0/12", "172.31.255.255", true),
            ("172.16.0.0/12", "172.32.0.0", false),
        ] {
            assert_eq!(contains(network, ip), expected, "{ip} in {network}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for text in ["", "10", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/+8", "10.0.0.0/0008", "::/129", "host"] {
            assert!(text.parse::<Network>().unwrap_err().contains("is no network"), "{text}");
        }
        assert_eq!(
            "10.0.0.1/8".parse::<Network>().unwrap_err(),
            "`10.0.0.1/8` has bits behind its first 8; clear them, or write /32"
        );
    }
}
