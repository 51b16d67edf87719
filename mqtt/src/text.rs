//! The UTF-8 Encoded String of the standards.

use bytes::Bytes;

/// A UTF-8 Encoded String: at most 65,535 bytes of strict UTF-8 without U+0000 and without surrogates
/// [MQTT-1.5.4-1] [MQTT-1.5.4-2] [MQTT-1.5.3-1 (3.1.1)] [MQTT-1.5.3-2 (3.1.1)]. A byte order mark is a character
/// like any other and stays [MQTT-1.5.4-3] [MQTT-1.5.3-3 (3.1.1)].
///
/// A slice of the buffer it was read into. Equality, order and hash are those of the bytes.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Bytes);

/// Why bytes are no UTF-8 Encoded String.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidText {
    /// More than 65,535 bytes [MQTT-4.7.3-3].
    TooLong,
    /// Ill-formed UTF-8: overlong forms and surrogates included.
    NotUtf8,
    /// U+0000 inside [MQTT-1.5.4-2] [MQTT-4.7.3-2].
    Nul,
}

impl Text {
    /// Takes bytes that are a UTF-8 Encoded String without its length prefix.
    ///
    /// # Errors
    /// [`InvalidText`] where they are none.
    pub fn new(bytes: Bytes) -> Result<Self, InvalidText> {
        Self::scanned(bytes).map(|(text, _)| text)
    }

    /// Like [`Text::new`]; also whether there is a `+` or `#` inside.
    #[inline]
    pub(crate) fn scanned(bytes: Bytes) -> Result<(Self, bool), InvalidText> {
        if bytes.len() > usize::from(u16::MAX) {
            return Err(InvalidText::TooLong);
        }
        if is_plain(&bytes) {
            return Ok((Self::plain(bytes), false));
        }
        std::str::from_utf8(&bytes).map_err(|_| InvalidText::NotUtf8)?;
        if bytes.contains(&0) {
            return Err(InvalidText::Nul);
        }
        let wildcard = bytes.iter().any(|byte| matches!(byte, b'+' | b'#'));
        Ok((Self(bytes), wildcard))
    }

    /// Bytes of at most 65,535 that [`is_plain`] has seen.
    #[inline]
    pub(crate) fn plain(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The bytes, without a length prefix.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The shared buffer itself.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text. Reads the bytes once more (the crate forbids `unsafe`): prefer [`Text::as_bytes`] on hot paths.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_else(|_| unreachable!("checked by the constructor"))
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no byte at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether all is ASCII without U+0000, `+` and `#`: what nearly every topic is made of, so that one pass of eight
/// bytes at a time stands for three (UTF-8, U+0000, wildcards).
#[inline]
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    let (chunks, tail) = bytes.as_chunks::<8>();
    // Ends at the first odd word: with sums over all words instead, the compiler makes vectors whose set-up costs more
    // than a topic.
    if !chunks.iter().all(|chunk| is_plain_word(*chunk)) {
        return false;
    }
    match bytes.last_chunk() {
        _ if tail.is_empty() => true,
        // Looks at some bytes twice.
        Some(last) => is_plain_word(*last),
        None => tail.iter().all(|byte| byte.is_ascii() && !matches!(byte, 0 | b'+' | b'#')),
    }
}

#[inline]
fn is_plain_word(bytes: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // `+` is 0x2B and `#` 0x23: with bit 3 set they are the same.
    const BIT3: u64 = u64::from_ne_bytes([0x08; 8]);
    const PLUS: u64 = u64::from_ne_bytes([b'+'; 8]);
    let word = u64::from_ne_bytes(bytes);
    // The high bit of some byte is set where a byte is zero; where it is set already, the word is not plain anyway.
    let zero = |word: u64| word.wrapping_sub(ONES);
    (word | zero(word) | zero((word | BIT3) ^ PLUS)) & HIGH == 0
}

impl TryFrom<&str> for Text {
    type Error = InvalidText;
    fn try_from(text: &str) -> Result<Self, InvalidText> {
        Self::new(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl TryFrom<String> for Text {
    type Error = InvalidText;
    fn try_from(text: String) -> Result<Self, InvalidText> {
        Self::new(Bytes::from(text))
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl std::fmt::Display for InvalidText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLong => "longer than 65,535 bytes",
            Self::NotUtf8 => "not well-formed UTF-8",
            Self::Nul => "contains U+0000",
        })
    }
}

impl InvalidText {
    /// The rule that is broken, with its statement number.
    pub fn rule(self) -> &'static str {
        match self {
            Self::TooLong => "a UTF-8 Encoded String is longer than 65,535 bytes (1.5.4)",
            Self::NotUtf8 => {
                "a UTF-8 Encoded String is ill-formed UTF-8 [MQTT-1.5.4-1] [MQTT-1.5.3-1 (3.1.1)]"
            }
            Self::Nul => "a UTF-8 Encoded String contains U+0000 [MQTT-1.5.4-2] [MQTT-1.5.3-2 (3.1.1)]",
        }
    }
}

impl std::error::Error for InvalidText {}

#[cfg(test)]
mod tests {
    use super::is_plain;

    /// One odd byte at each place of each length, against the plain definition.
    #[test]
    fn plain_is_plain_at_every_place() {
        for length in 0..40 {
            let mut bytes = vec![b'x'; length];
            assert!(is_plain(&bytes), "{length}");
            for at in 0..length {
                for byte in 0..=255_u8 {
                    bytes[at] = byte;
                    let expected = byte.is_ascii() && !matches!(byte, 0 | b'+' | b'#');
                    assert_eq!(is_plain(&bytes), expected, "{byte} at {at} of {length}");
                }
                bytes[at] = b'x';
            }
        }
    }
}
