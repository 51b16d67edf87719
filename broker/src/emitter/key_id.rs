//! The hash of a key: all that the broker keeps of one that was made.

use headcount_mqtt::Text;
use sha2::{Digest, Sha256};
use std::fmt;

/// SHA-256 of a key. Without salt and at the cost of one block: a key is 192 random bits, so there is no list of likely
/// ones to try, and it is looked up for each message that bears one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyId(pub(crate) [u8; 32]);

/// Bytes of it in two digits each. A key that a client can send as one level is shorter (`MAX_KEY_BYTES`).
const DIGITS: usize = 64;

impl KeyId {
    pub(super) fn of(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// As it stands in records: in small hexadecimal digits.
    pub(crate) fn text(self) -> Text {
        let digit = |half: u8| char::from_digit(half.into(), 16).expect("four bits");
        let digits: String = self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        Text::try_from(digits.as_str()).expect("digits")
    }

    /// What [`KeyId::text`] wrote; `None` for anything else, such as a key itself.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        if text.len() != DIGITS {
            return None;
        }
        let mut bytes = [0; DIGITS / 2];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }
}

/// Its first digits are enough to tell keys apart.
impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({}…)", &self.text().as_str()[..8])
    }
}

#[cfg(test)]
mod tests {
    use super::KeyId;

    #[test]
    fn it_is_sha_256_in_digits() {
        let abc = KeyId::of("abc");
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(abc.text().as_str(), digits);
        assert_eq!(KeyId::read(digits), Some(abc));
        assert_eq!(format!("{abc:?}"), "KeyId(ba7816bf…)");
        for other in ["", "abc", &digits[1..], &digits.to_uppercase(), &format!("g{}", &digits[1..])] {
            assert_eq!(KeyId::read(other), None, "{other}");
        }
    }
}
