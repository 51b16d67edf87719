//! The UTF-8 Encoded String of the standards.

use bytes::Bytes;

/// A UTF-8 Encoded String: at most 65,535 bytes of strict UTF-8 without U+0000 and without surrogates
/// [MQTT-1.5.3-1] [MQTT-1.5.3-2] [MQTT-1.5.4-1] [MQTT-1.5.4-2].
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
        if bytes.len() > usize::from(u16::MAX) {
            return Err(InvalidText::TooLong);
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| InvalidText::NotUtf8)?;
        if text.as_bytes().contains(&0) {
            return Err(InvalidText::Nul);
        }
        Ok(Self(bytes))
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

impl std::error::Error for InvalidText {}
