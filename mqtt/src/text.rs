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
    /// More than 65,535 bytes.
    TooLong,
    /// Ill-formed UTF-8: overlong forms and surrogates included.
    NotUtf8,
    /// U+0000 inside.
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
    pub(crate) fn scanned(bytes: Bytes) -> Result<(Self, bool), InvalidText> {
        if bytes.len() > usize::from(u16::MAX) {
            return Err(InvalidText::TooLong);
        }
        let found = scan(&bytes);
        if !found.ascii {
            std::str::from_utf8(&bytes).map_err(|_| InvalidText::NotUtf8)?;
        }
        if found.nul {
            return Err(InvalidText::Nul);
        }
        Ok((Self(bytes), found.wildcard))
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
        std::str::from_utf8(&self.0).expect("checked by the constructor")
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

/// What one pass over bytes finds.
struct Found {
    ascii: bool,
    nul: bool,
    wildcard: bool,
}

/// Looks at eight bytes at a time: most topics are ASCII, and the standard library's check of UTF-8 would be a second
/// and a search for U+0000 a third pass.
fn scan(bytes: &[u8]) -> Found {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // `+` is 0x2B and `#` 0x23: with bit 3 set they are the same.
    const BIT3: u64 = u64::from_ne_bytes([0x08; 8]);
    const PLUS: u64 = u64::from_ne_bytes([b'+'; 8]);
    // The high bit of some byte is set exactly where some byte of `word` is zero.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let (mut high, mut nul, mut wildcard) = (0, 0, 0);
    let mut look = |eight: [u8; 8]| {
        let word = u64::from_ne_bytes(eight);
        high |= word;
        nul |= zero(word);
        wildcard |= zero((word | BIT3) ^ PLUS);
    };
    let (chunks, tail) = bytes.as_chunks::<8>();
    for chunk in chunks {
        look(*chunk);
    }
    if let (false, Some(last)) = (tail.is_empty(), bytes.last_chunk()) {
        // Looks at some bytes twice, which finds nothing else.
        look(*last);
    } else if !tail.is_empty() {
        let mut padded = [b' '; 8];
        padded[..tail.len()].copy_from_slice(tail);
        look(padded);
    }
    Found { ascii: high & HIGH == 0, nul: nul & HIGH != 0, wildcard: wildcard & HIGH != 0 }
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
