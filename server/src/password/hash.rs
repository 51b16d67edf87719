//! One password's hash, in every form that `mosquitto_passwd` writes.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD_NO_PAD;
use pbkdf2::pbkdf2_hmac;
use rustix::rand::{GetRandomFlags, getrandom};
use sha2::{Digest, Sha512};
use subtle::ConstantTimeEq;

/// Iterations of `$7$` that are accepted. Mosquitto writes 101 or 1,000; two million take about a second, and a line
/// of a file must not hold a worker for longer.
const MAX_ITERATIONS: u32 = 2_000_000;
/// KiB of memory that one argon2id hash may ask for: five times what Mosquitto writes, and a few at a time fit into a
/// small machine.
const MAX_MEMORY: u32 = 256 * 1024;
/// Passes times KiB: with the memory alone bounded, passes could still take minutes. About a second.
const MAX_WORK: u64 = 1 << 20;
/// Lanes. Each needs 8 KiB; nobody writes more than a handful.
const MAX_LANES: u32 = 16;
/// Bytes of a salt. Mosquitto writes 12 or 64.
const MAX_SALT: usize = 256;
/// Bytes of an argon2id digest. 32 is usual.
const MAX_DIGEST: usize = 128;

/// What we write: OWASP's recommendation for argon2id, some 20 ms of one core.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Bytes of a salt that we write: the recommendation of RFC 9106.
const SALT: usize = 16;
/// Bytes of a digest that we write.
const DIGEST: usize = 32;

/// Mosquitto pads base64, argon2's form does not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A hash, ready to be compared with.
#[derive(Clone)]
pub(crate) enum Hash {
    /// `$6$salt$digest`: SHA-512 of password and salt.
    Sha512 { salt: Box<[u8]>, digest: Box<[u8]> },
    /// `$7$iterations$salt$digest`: PBKDF2 with HMAC-SHA-512.
    Pbkdf2 { iterations: u32, salt: Box<[u8]>, digest: Box<[u8]> },
    /// `$argon2id$v=19$m=…,t=…,p=…$salt$digest`.
    Argon2id { params: Params, version: Version, salt: Box<[u8]>, digest: Box<[u8]> },
}

impl Hash {
    /// Reads a hash as it stands behind the colon.
    ///
    /// # Errors
    /// A sentence that says what is wrong; it holds nothing of the text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.split('$').collect();
        match parts[..] {
            ["", "6", salt, digest] => {
                Ok(Self::Sha512 { salt: salt_of(salt)?, digest: digest_of(digest, 64..=64)? })
            }
            ["", "7", iterations, salt, digest] => {
                let iterations = number("iterations", iterations, 1..=MAX_ITERATIONS)?;
                Ok(Self::Pbkdf2 { iterations, salt: salt_of(salt)?, digest: digest_of(digest, 64..=64)? })
            }
            ["", "argon2id", version, params, salt, digest] => argon2id(version, params, salt, digest),
            // Argon2's first version was written without its number.
            ["", "argon2id", params, salt, digest] => argon2id("v=16", params, salt, digest),
            ["", "argon2i" | "argon2d", ..] => Err("only argon2id is known of argon2's kinds".to_owned()),
            ["", ..] => Err("no hash of a known form; `$6$`, `$7$` and `$argon2id$` are".to_owned()),
            _ => Err("the password is not hashed; `headcount passwd -U FILE` does that".to_owned()),
        }
    }

    /// A new hash by argon2id, with a salt of its own.
    ///
    /// # Errors
    /// A sentence where the system gives no random bytes.
    pub(crate) fn argon2id(password: &[u8]) -> Result<Self, String> {
        let params = Params::new(MEMORY, PASSES, LANES, Some(DIGEST)).expect("within argon2's bounds");
        let salt = random::<SALT>()?;
        let digest = vec![0; DIGEST].into();
        let mut hash = Self::Argon2id { params, version: Version::V0x13, salt: salt.into(), digest };
        let made = hash.digest(password);
        if let Self::Argon2id { digest, .. } = &mut hash {
            *digest = made.into();
        }
        Ok(hash)
    }

    /// A new hash that costs next to nothing, for passwords that stand in plain text beside it anyway.
    ///
    /// # Errors
    /// A sentence where the system gives no random bytes.
    pub(crate) fn cheap(password: &[u8]) -> Result<Self, String> {
        let salt: Box<[u8]> = random::<SALT>()?.into();
        let digest = Sha512::new().chain_update(password).chain_update(&salt).finalize().as_slice().into();
        Ok(Self::Sha512 { salt, digest })
    }

    /// Whether this is the password. The time it takes depends on the hash's parameters alone.
    pub(crate) fn verify(&self, password: &[u8]) -> bool {
        let expected = match self {
            Self::Sha512 { digest, .. } | Self::Pbkdf2 { digest, .. } | Self::Argon2id { digest, .. } => {
                digest
            }
        };
        self.digest(password).ct_eq(expected).into()
    }

    fn digest(&self, password: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha512 { salt, .. } => {
                Sha512::new().chain_update(password).chain_update(salt).finalize().to_vec()
            }
            Self::Pbkdf2 { iterations, salt, digest } => {
                let mut made = vec![0; digest.len()];
                pbkdf2_hmac::<Sha512>(password, salt, *iterations, &mut made);
                made
            }
            Self::Argon2id { params, version, salt, digest } => {
                let mut made = vec![0; digest.len()];
                let argon2 = Argon2::new(Algorithm::Argon2id, *version, params.clone());
                match argon2.hash_password_into(password, salt, &mut made) {
                    Ok(()) => made,
                    // The parameters were checked, so it is the password: longer than 4 GiB.
                    Err(_) => Vec::new(),
                }
            }
        }
    }
}

/// The form that stands in a file.
impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let padded = |bytes: &[u8]| base64::prelude::BASE64_STANDARD.encode(bytes);
        match self {
            Self::Sha512 { salt, digest } => write!(f, "$6${}${}", padded(salt), padded(digest)),
            Self::Pbkdf2 { iterations, salt, digest } => {
                write!(f, "$7${iterations}${}${}", padded(salt), padded(digest))
            }
            Self::Argon2id { params, version, salt, digest } => write!(
                f,
                "$argon2id$v={}$m={},t={},p={}${}${}",
                u32::from(*version),
                params.m_cost(),
                params.t_cost(),
                params.p_cost(),
                BASE64_STANDARD_NO_PAD.encode(salt),
                BASE64_STANDARD_NO_PAD.encode(digest)
            ),
        }
    }
}

/// Nothing of the secret reaches a log or a dump.
impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sha512 { .. } => "Sha512",
            Self::Pbkdf2 { .. } => "Pbkdf2",
            Self::Argon2id { .. } => "Argon2id",
        })
    }
}

fn argon2id(version: &str, params: &str, salt: &str, digest: &str) -> Result<Hash, String> {
    let version = match version {
        "v=16" => Version::V0x10,
        "v=19" => Version::V0x13,
        _ => return Err("argon2id: the version is neither v=16 nor v=19".to_owned()),
    };
    let (mut memory, mut passes, mut lanes) = (None, None, None);
    for part in params.split(',') {
        match part.split_once('=') {
            Some(("m", value)) if memory.is_none() => memory = Some(number("m", value, 8..=MAX_MEMORY)?),
            Some(("t", value)) if passes.is_none() => passes = Some(number("t", value, 1..=u32::MAX)?),
            Some(("p", value)) if lanes.is_none() => lanes = Some(number("p", value, 1..=MAX_LANES)?),
            _ => return Err("argon2id: the parameters are not m=…,t=…,p=…".to_owned()),
        }
    }
    let (Some(memory), Some(passes), Some(lanes)) = (memory, passes, lanes) else {
        return Err("argon2id: one of the parameters m, t and p is missing".to_owned());
    };
    if u64::from(memory) * u64::from(passes) > MAX_WORK {
        return Err(format!("argon2id: m times t is more than {MAX_WORK}, which would take seconds"));
    }
    let digest = digest_of(digest, 16..=MAX_DIGEST)?;
    let params = Params::new(memory, passes, lanes, Some(digest.len()))
        .map_err(|error| format!("argon2id: the parameters do not fit each other: {error}"))?;
    let salt = salt_of(salt)?;
    if salt.len() < argon2::MIN_SALT_LEN {
        return Err(format!("argon2id: the salt is shorter than {} bytes", argon2::MIN_SALT_LEN));
    }
    Ok(Hash::Argon2id { params, version, salt, digest })
}

fn number(name: &str, text: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, String> {
    let value = text.parse().ok().filter(|value| range.contains(value));
    value.ok_or_else(|| format!("{name} is no number from {} to {}", range.start(), range.end()))
}

fn salt_of(text: &str) -> Result<Box<[u8]>, String> {
    bytes(text, 1..=MAX_SALT).ok_or_else(|| format!("the salt is not 1 to {MAX_SALT} bytes in base64"))
}

fn digest_of(text: &str, range: std::ops::RangeInclusive<usize>) -> Result<Box<[u8]>, String> {
    let (least, most) = (*range.start(), *range.end());
    bytes(text, range).ok_or_else(|| {
        if least == most {
            format!("the digest is not {least} bytes in base64")
        } else {
            format!("the digest is not {least} to {most} bytes in base64")
        }
    })
}

fn bytes(text: &str, range: std::ops::RangeInclusive<usize>) -> Option<Box<[u8]>> {
    let bytes = BASE64.decode(text).ok()?;
    range.contains(&bytes.len()).then(|| bytes.into())
}

/// Bytes of the system's randomness.
pub(super) fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

fn fill(bytes: &mut [u8]) -> Result<(), String> {
    let mut filled = 0;
    while filled < bytes.len() {
        filled += getrandom(&mut bytes[filled..], GetRandomFlags::empty())
            .map_err(|error| format!("the system gives no random bytes: {error}"))?;
    }
    Ok(())
}

/// Fills a buffer with random bytes of the system; whether it gave them.
pub(crate) fn fill_random(bytes: &mut [u8]) -> bool {
    fill(bytes).is_ok()
}

#[cfg(test)]
mod tests;
