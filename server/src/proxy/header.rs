//! The header of the PROXY protocol, versions 1 (a line of text) and 2 (binary), as its authors
//! describe them in `proxy-protocol.txt`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What the first bytes of a version 2 header are.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// Signature, version and command, family, length.
const HEAD: usize = 16;
/// The shortest line: `PROXY UNKNOWN`.
const SHORTEST_LINE: usize = 15;
/// The longest, its end included: two IPv6 addresses of full length.
const LONGEST_LINE: usize = 107;

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Read so many more bytes: they all belong to the header.
    Need(usize),
    /// Everything is known. So many bytes of the header follow, which say nothing about the address.
    Done { told: Told, skip: u64 },
}

/// Whose connection it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    Client(SocketAddr),
    /// The proxy's own, or one that has no IP address.
    Nothing,
}

/// Looks at what has come of the header.
///
/// # Errors
/// A sentence, as soon as it cannot become a header.
pub(super) fn step(header: &[u8]) -> Result<Step, &'static str> {
    match header.first() {
        None => Ok(Step::Need(1)),
        Some(b'P') => line(header),
        Some(b'\r') => binary(header),
        Some(_) => Err(NONE),
    }
}

const NONE: &str = "it does not begin with a header of the PROXY protocol";

fn binary(header: &[u8]) -> Result<Step, &'static str> {
    let Some((head, addresses)) = header.split_first_chunk::<HEAD>() else {
        return Ok(Step::Need(HEAD - header.len()));
    };
    let [.., command, family, high, low] = *head;
    if !head.starts_with(SIGNATURE) {
        return Err(NONE);
    }
    let length = usize::from(u16::from_be_bytes([high, low]));
    let is_local = match command {
        0x20 => true,
        0x21 => false,
        _ => return Err("the PROXY header is neither version 1 nor 2, or of no known command"),
    };
    // TCP over IPv4 and IPv6. A UNIX socket, UDP or nothing at all says nothing to us; the length is skipped.
    let wanted = match family {
        _ if is_local => 0,
        0x11 => 12,
        0x21 => 36,
        0x00 | 0x12 | 0x22 | 0x31 | 0x32 => 0,
        _ => return Err("the PROXY header is of no known address family"),
    };
    if length < wanted {
        return Err("the PROXY header is too short for its addresses");
    }
    if addresses.len() < wanted {
        return Ok(Step::Need(wanted - addresses.len()));
    }
    let skip = u64::try_from(length - wanted).unwrap_or(u64::MAX);
    let told = match *addresses {
        [a, b, c, d, _, _, _, _, high, low, _, _] => {
            Told::Client(SocketAddr::new(Ipv4Addr::new(a, b, c, d).into(), u16::from_be_bytes([high, low])))
        }
        _ => addresses.first_chunk::<16>().map_or(Told::Nothing, |ip| {
            let port = u16::from_be_bytes([addresses[32], addresses[33]]);
            Told::Client(SocketAddr::new(Ipv6Addr::from(*ip).to_canonical(), port))
        }),
    };
    Ok(Step::Done { told, skip })
}

fn line(header: &[u8]) -> Result<Step, &'static str> {
    let begins_well = header.iter().zip(b"PROXY ").all(|(byte, wanted)| byte == wanted);
    if !begins_well {
        return Err(NONE);
    }
    if header.len() < SHORTEST_LINE {
        return Ok(Step::Need(SHORTEST_LINE - header.len()));
    }
    let Some(line) = header.strip_suffix(b"\r\n") else {
        let longest =
            if header.len() < LONGEST_LINE { Ok(Step::Need(1)) } else { Err("the PROXY line is too long") };
        return longest;
    };
    let told = str::from_utf8(line).ok().and_then(told);
    let told =
        told.ok_or("the PROXY line is not `PROXY TCP4|TCP6 FROM TO PORT PORT`, nor `PROXY UNKNOWN`")?;
    Ok(Step::Done { told, skip: 0 })
}

fn told(line: &str) -> Option<Told> {
    let mut words = line.split(' ').skip(1);
    let is_family: fn(&IpAddr) -> bool = match words.next()? {
        "UNKNOWN" => return Some(Told::Nothing),
        "TCP4" => IpAddr::is_ipv4,
        "TCP6" => IpAddr::is_ipv6,
        _ => return None,
    };
    let mut ip = || words.next()?.parse::<IpAddr>().ok().filter(is_family);
    let (from, _to) = (ip()?, ip()?);
    let mut port = || words.next().and_then(port);
    let (from_port, _to_port) = (port()?, port()?);
    words.next().is_none().then(|| Told::Client(SocketAddr::new(from.to_canonical(), from_port)))
}

/// A port as the line writes it: no sign, no zero in front.
fn port(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads as a connection does. What was told, and how many bytes were taken for the header.
    fn read(bytes: &[u8]) -> Result<(Option<String>, usize), &'static str> {
        let mut header = Vec::new();
        loop {
            match step(&header)? {
                Step::Need(more) => {
                    assert!(more > 0, "nothing is asked for, for ever");
                    let piece = bytes.get(header.len()..header.len() + more).ok_or("the end")?;
                    header.extend_from_slice(piece);
                }
                Step::Done { told, skip } => {
                    let taken = header.len() + usize::try_from(skip).unwrap();
                    if taken > bytes.len() {
                        return Err("the end");
                    }
                    let client = match told {
                        Told::Client(address) => Some(address.to_string()),
                        Told::Nothing => None,
                    };
                    return Ok((client, taken));
                }
            }
        }
    }

    fn check(header: &[u8], client: Option<&str>) {
        // MQTT behind it stays where it is.
        let bytes = [header, b"\x10\x0D"].concat();
        assert_eq!(read(&bytes), Ok((client.map(str::to_owned), header.len())), "{header:?}");
        for cut in 0..header.len() {
            assert!(read(&header[..cut]).is_err(), "{:?}", &header[..cut]);
        }
    }

    fn v2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [SIGNATURE.as_slice(), &[command, family], &length, rest].concat()
    }

    const V4: [u8; 12] = [203, 0, 113, 9, 10, 0, 0, 1, 0xC0, 0x01, 0x07, 0x5B];

    fn v6() -> Vec<u8> {
        let ip = |text: &str| text.parse::<Ipv6Addr>().unwrap().octets();
        [&ip("2001:db8::9")[..], &ip("fd00::1"), &[0xC0, 0x01, 0x22, 0xB3]].concat()
    }

    #[test]
    fn lines() {
        check(b"PROXY TCP4 203.0.113.9 10.0.0.1 49153 1883\r\n", Some("203.0.113.9:49153"));
        check(b"PROXY TCP6 2001:db8::9 fd00::1 49153 8883\r\n", Some("[2001:db8::9]:49153"));
        check(b"PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2\r\n", Some("203.0.113.9:1"));
        check(b"PROXY UNKNOWN\r\n", None);
        check(b"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", None);
        let longest =
            format!("PROXY TCP6 {0} {0} 65535 65535\r\n", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        check(longest.as_bytes(), Some("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"));
    }

    #[test]
    fn lines_that_are_wrong() {
        for line in [
            "PROXY TCP4 203.0.113.9 10.0.0.1 49153\r\n",
            "PROXY TCP4 203.0.113.9 10.0.0.1 49153 1883 1\r\n",
            "PROXY TCP4  203.0.113.9 10.0.0.1 49153 1883\r\n",
            "PROXY TCP4 2001:db8::9 fd00::1 49153 1883\r\n",
            "PROXY TCP6 203.0.113.9 10.0.0.1 49153 1883\r\n",
            "PROXY TCP4 203.0.113.9 10.0.0.1 65536 1883\r\n",
            "PROXY TCP4 203.0.113.9 10.0.0.1 049 1883\r\n",
            "PROXY TCP4 203.0.113.9 10.0.0.1 +49 1883\r\n",
            "PROXY TCP4 203.0.113.999 10.0.0.1 49 1883\r\n",
            "PROXY UDP4 203.0.113.9 10.0.0.1 49 1883\r\n",
            "PROXY tcp4 203.0.113.9 10.0.0.1 49 1883\r\n",
            "PROXY TCP4 203.0.113.9 10.0.0.1 49153 1883\n\r\n",
        ] {
            assert!(read(line.as_bytes()).unwrap_err().starts_with("the PROXY line is not"), "{line}");
        }
        assert_eq!(read(b"POST / HTTP/1.1\r\n\r\n"), Err(NONE));
        assert_eq!(read(b"\x10\x0D\x00\x04MQTT"), Err(NONE));
        let long = format!("PROXY UNKNOWN {}\r\n", "x".repeat(200));
        assert_eq!(read(long.as_bytes()), Err("the PROXY line is too long"));
    }

    #[test]
    fn binary_headers() {
        check(&v2(0x21, 0x11, &V4), Some("203.0.113.9:49153"));
        check(&v2(0x21, 0x21, &v6()), Some("[2001:db8::9]:49153"));
        // Type, length and value of a TLV behind the addresses, and 60 kB of them.
        check(&v2(0x21, 0x11, &[&V4[..], &[4, 0, 1, 0]].concat()), Some("203.0.113.9:49153"));
        check(&v2(0x21, 0x21, &[v6(), vec![0; 60_000]].concat()), Some("[2001:db8::9]:49153"));
        // LOCAL, whatever its addresses; UNSPEC; a UNIX socket; UDP.
        check(&v2(0x20, 0x11, &V4), None);
        check(&v2(0x20, 0x00, &[]), None);
        check(&v2(0x21, 0x00, &[1, 2, 3]), None);
        check(&v2(0x21, 0x31, &[0; 216]), None);
        check(&v2(0x21, 0x12, &V4), None);
    }

    #[test]
    fn binary_headers_that_are_wrong() {
        assert!(read(&v2(0x22, 0x11, &V4)).unwrap_err().contains("no known command"));
        assert!(read(&v2(0x11, 0x11, &V4)).unwrap_err().contains("neither version"));
        assert!(read(&v2(0x21, 0x41, &V4)).unwrap_err().contains("no known address family"));
        assert!(read(&v2(0x21, 0x11, &V4[..11])).unwrap_err().contains("too short"));
        assert!(read(&v2(0x21, 0x21, &V4)).unwrap_err().contains("too short"));
        assert_eq!(read(b"\r\n\r\n\0\r\nQUIX\n\x21\x11\0\x0C"), Err(NONE));
    }
}
