//! What stands in a certificate (X.509, RFC 5280, 4.1): its subject's common name, and when it ends.
//!
//! A client's certificate was verified before, the server's own is trusted; this walks to the places. What it does not
//! expect gives nothing.

use headcount_mqtt::Text;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTF8_STRING: u8 = 0x0C;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `[0]`, which holds the version.
const VERSION: u8 = 0xA0;
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// Days from the calendar's first March to 1970-01-01.
const EPOCH: u64 = 719_468;
/// Bytes of a name (RFC 5280, A.1: 64 characters), generously.
const GREATEST_NAME: usize = 256;

/// The only common name of the subject. None where there are several: it would be anybody's guess which of them an
/// authority has looked at.
pub(super) fn common_name(certificate: &[u8]) -> Option<Text> {
    let mut names = subject(certificate)?;
    let mut found = None;
    while !names.0.is_empty() {
        let mut attributes = names.take(SET)?;
        while !attributes.0.is_empty() {
            let mut attribute = attributes.take(SEQUENCE)?;
            if attribute.take(OBJECT_IDENTIFIER)?.0 != COMMON_NAME {
                continue;
            }
            let (tag, value) = attribute.next()?;
            let is_text = matches!(tag, UTF8_STRING | PRINTABLE_STRING | IA5_STRING);
            let name = str::from_utf8(value.0).ok().filter(|_| is_text)?;
            let is_name = !name.is_empty() && name.len() <= GREATEST_NAME;
            if found.is_some() || !is_name || name.chars().any(char::is_control) {
                return None;
            }
            found = Some(Text::try_from(name).ok()?);
        }
    }
    found
}

fn subject(certificate: &[u8]) -> Option<Der<'_>> {
    let mut signed = validity_and_behind(certificate)?;
    signed.next()?;
    signed.take(SEQUENCE)
}

fn validity_and_behind(certificate: &[u8]) -> Option<Der<'_>> {
    let mut signed = Der(certificate).take(SEQUENCE)?.take(SEQUENCE)?;
    if signed.0.first() == Some(&VERSION) {
        signed.next()?;
    }
    // Serial number, signature algorithm, issuer.
    for _ in 0..3 {
        signed.next()?;
    }
    Some(signed)
}

/// The last second of its validity, since 1970.
pub(super) fn not_after(certificate: &[u8]) -> Option<u64> {
    let mut validity = validity_and_behind(certificate)?.take(SEQUENCE)?;
    validity.next()?;
    let (tag, text) = validity.next()?;
    let digits = str::from_utf8(text.0).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        // (4.1.2.5.1) two digits: from 1950 to 2049.
        UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let year: u64 = year.parse().ok()?;
            (year + if year < 50 { 2000 } else { 1900 }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let is_time = rest.len() == 10 && rest.bytes().all(|byte| byte.is_ascii_digit());
    let part = |at: usize| rest.get(at..at + 2)?.parse::<u64>().ok().filter(|_| is_time);
    let (month, day) = (part(0)?, part(2)?);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days of the Gregorian calendar, in years that begin with March, so that a leap day is a year's last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some((days.checked_sub(EPOCH)? * 24 + part(4)?) * 3600 + part(6)? * 60 + part(8)?)
}

/// Values in the Distinguished Encoding Rules (X.690), one behind the other.
struct Der<'a>(&'a [u8]);

impl Der<'_> {
    /// The content of the next value, which has this tag.
    fn take(&mut self, tag: u8) -> Option<Self> {
        self.next().and_then(|(found, content)| (found == tag).then_some(content))
    }

    /// Tag and content of the next value.
    fn next(&mut self) -> Option<(u8, Self)> {
        let (&[tag, length], mut rest) = self.0.split_first_chunk()?;
        let length = match length {
            0..=0x7F => usize::from(length),
            // So many bytes of length follow; a certificate has less than 16 MiB.
            0x81..=0x83 => {
                let (bytes, behind) = rest.split_at_checked(usize::from(length & 0x7F))?;
                rest = behind;
                bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, Self(content)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DistinguishedName, DnType, DnValue, KeyPair};

    fn certificate(names: impl FnOnce(&mut DistinguishedName)) -> Vec<u8> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        names(&mut params.distinguished_name);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    fn check(names: impl FnOnce(&mut DistinguishedName), expected: Option<&str>) {
        let name = common_name(&certificate(names));
        assert_eq!(name.as_ref().map(Text::as_str), expected);
    }

    #[test]
    fn is_found_among_other_names() {
        check(|names| names.push(DnType::CommonName, "lamp"), Some("lamp"));
        check(
            |names| names.push(DnType::CommonName, DnValue::PrintableString("lamp".try_into().unwrap())),
            Some("lamp"),
        );
        check(
            |names| {
                names.push(DnType::OrganizationName, "Lamps");
                names.push(DnType::CommonName, "Küche 1");
                names.push(DnType::CountryName, "DE");
            },
            Some("Küche 1"),
        );
        let long = "n".repeat(200);
        check(|names| names.push(DnType::CommonName, long.as_str()), Some(&long));
    }

    #[test]
    fn is_none_where_it_is_no_name() {
        check(|_| {}, None);
        check(|names| names.push(DnType::OrganizationName, "Lamps"), None);
        check(|names| names.push(DnType::CommonName, ""), None);
        check(|names| names.push(DnType::CommonName, "n".repeat(257)), None);
        check(|names| names.push(DnType::CommonName, "admin\0.example"), None);
        check(|names| names.push(DnType::CommonName, "two\nlines"), None);
        check(|names| names.push(DnType::CommonName, DnValue::BmpString("lamp".try_into().unwrap())), None);
    }

    #[test]
    fn a_certificate_cut_anywhere_has_none_and_does_no_harm() {
        let whole = certificate(|names| names.push(DnType::CommonName, "lamp"));
        for length in 0..whole.len() {
            assert_eq!(common_name(&whole[..length]), None);
        }
    }

    #[test]
    fn ends_are_read() {
        let end = |year, month, day| {
            let mut params = CertificateParams::default();
            params.not_after = rcgen::date_time_ymd(year, month, day);
            not_after(params.self_signed(&KeyPair::generate().unwrap()).unwrap().der())
        };
        for (date, expected) in [
            ((1970, 1, 1), 0),
            ((2000, 2, 29), 951_782_400),
            ((2026, 11, 21), 1_795_219_200),
            ((2049, 12, 31), 2_524_521_600),
            // As GeneralizedTime from here on.
            ((2050, 1, 1), 2_524_608_000),
            ((4096, 1, 1), 67_090_118_400),
        ] {
            assert_eq!(end(date.0, date.1, date.2), Some(expected), "{date:?}");
        }
        assert_eq!(not_after(b"nonsense"), None);
    }

    #[test]
    fn any_byte_may_be_wrong() {
        let whole = certificate(|names| names.push(DnType::CommonName, "lamp"));
        for at in 0..whole.len() {
            for wrong in [0, 1, 0x7F, 0x80, 0x83, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = wrong;
                common_name(&bytes);
                not_after(&bytes);
            }
        }
    }
}
