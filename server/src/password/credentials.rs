//! Names and passwords for devices, out of the system's randomness.

use super::Hash;
use super::hash::random;
use headcount_broker::Credentials;

/// Letters and digits that nobody mistakes for one another, and that no shell, URL or sketch has to quote: five bits
/// each.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Letters of a name: 65 bits, so that none comes twice.
const NAME: usize = 13;
/// Letters of a password: 130 bits, which nobody guesses.
const PASSWORD: usize = 26;

/// New credentials for a device.
///
/// # Errors
/// A sentence where the system gives no random bytes.
pub(crate) fn credentials() -> Result<Credentials, String> {
    let (name, password) = (letters::<NAME>()?, letters::<PASSWORD>()?);
    let hash = Hash::argon2id(password.as_bytes())?.to_string();
    Ok(Credentials { client_id: format!("dev-{name}"), password, hash })
}

fn letters<const N: usize>() -> Result<String, String> {
    Ok(random::<N>()?.map(|byte| char::from(LETTERS[usize::from(byte % 32)])).iter().collect())
}

#[cfg(test)]
mod tests {
    use super::{Hash, LETTERS, credentials};
    use std::collections::BTreeSet;

    #[test]
    fn credentials_are_long_and_fit_their_hash() {
        let made = credentials().unwrap();
        assert_eq!((made.client_id.len(), made.password.len()), (17, 26));
        assert!(made.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", made.hash);
        assert!(Hash::parse(&made.hash).unwrap().verify(made.password.as_bytes()));
        let shown = format!("{made:?}");
        assert!(!shown.contains(&made.password) && !shown.contains("argon2"), "{shown}");
    }

    /// Five bits of each letter are by chance: every letter comes, at every place.
    #[test]
    fn every_letter_comes_at_every_place() {
        let letters: BTreeSet<_> = LETTERS.iter().collect();
        assert_eq!(letters.len(), 32);
        let mut seen = vec![BTreeSet::new(); 26];
        for _ in 0..1_000 {
            let password = super::letters::<26>().unwrap();
            for (at, letter) in password.bytes().enumerate() {
                seen[at].insert(letter);
            }
        }
        assert!(seen.iter().all(|letters| letters.len() == 32), "{seen:?}");
    }
}
