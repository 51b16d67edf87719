//! The accounts of a realm: user names and the hashes of their passwords.

use crate::password::{Entry, Hash};
use headcount_broker::Comparison;
use headcount_mqtt::ReasonCode;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};

/// Users with their hashes; no password is kept.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    /// With their lines in the password file; `None` in the configuration itself.
    hashes: Vec<(Hash, Option<usize>)>,
    /// By user name, the place of the hash.
    users: HashMap<String, usize>,
    /// The password file's name.
    file: String,
    /// Chooses the hash that an unknown user is compared with.
    secret: RandomState,
}

impl Accounts {
    /// Later entries stand above earlier ones of the same name.
    pub(crate) fn new(file: String, entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut accounts = Self { file, ..Self::default() };
        for Entry { user_name, hash, line } in entries {
            accounts.users.insert(user_name, accounts.hashes.len());
            accounts.hashes.push((hash, line));
        }
        accounts
    }

    pub(crate) fn len(&self) -> usize {
        self.users.len()
    }

    /// Every user with where it stands.
    pub(crate) fn places(&self) -> BTreeMap<String, String> {
        let place = |at: usize| match self.hashes.get(at) {
            Some((_, Some(line))) => format!("{}:{line}", self.file),
            _ => "[realm.accounts]".to_owned(),
        };
        self.users.iter().map(|(user_name, at)| (user_name.clone(), place(*at))).collect()
    }

    pub(crate) fn has(&self, user_name: &str) -> bool {
        self.users.contains_key(user_name)
    }

    /// Whether this user may come in with this password. The time it takes tells nothing about which of the two was
    /// wrong, nor how much of it was right: an unknown user costs what some known one costs, always the same one, so
    /// that neither one try nor many show the difference.
    ///
    /// # Errors
    /// `BadUserNameOrPassword`.
    pub(crate) fn check(&self, user_name: &str, password: &[u8]) -> Result<(), ReasonCode> {
        let known = self.users.get(user_name).copied();
        let decoy = self.secret.hash_one(user_name) % self.hashes.len().max(1) as u64;
        let hash = self.hashes.get(known.unwrap_or(usize::try_from(decoy).unwrap_or(0)));
        let fits = hash.is_some_and(|(hash, _)| hash.verify(password));
        if fits && known.is_some() { Ok(()) } else { Err(ReasonCode::BadUserNameOrPassword) }
    }
}

/// The same for a client that dynamic security created.
///
/// # Errors
/// `BadUserNameOrPassword`.
pub(crate) fn compare(comparison: &Comparison, password: &[u8]) -> Result<(), ReasonCode> {
    let fits = Hash::parse(&comparison.hash).is_ok_and(|hash| hash.verify(password));
    if fits && comparison.counts { Ok(()) } else { Err(ReasonCode::BadUserNameOrPassword) }
}

impl Accounts {
    /// Why a login of this user was refused, for the people who may know it.
    pub(crate) fn explain(&self, user_name: &str) -> String {
        let place = self.users.get(user_name).and_then(|at| self.hashes.get(*at)).map(|(_, line)| *line);
        match place {
            Some(Some(line)) => format!("the password is not the one of {}:{line}", self.file),
            Some(None) => "the password is not the one of [realm.accounts]".to_owned(),
            None if self.file.is_empty() => "[realm.accounts] has no such user".to_owned(),
            None => format!("{} has no such user", self.file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(users: &[(&str, &str)]) -> Accounts {
        let entries = users.iter().map(|(user_name, password)| Entry {
            user_name: (*user_name).to_owned(),
            hash: Hash::cheap(password.as_bytes()).unwrap(),
            line: None,
        });
        Accounts::new(String::new(), entries)
    }

    #[test]
    fn only_the_right_pair_comes_in() {
        let accounts = accounts(&[("peter", "test"), ("admin", "admin")]);
        let refused = Err(ReasonCode::BadUserNameOrPassword);
        assert_eq!(accounts.check("peter", b"test"), Ok(()));
        assert_eq!(accounts.check("admin", b"admin"), Ok(()));
        assert_eq!(accounts.check("peter", b"admin"), refused);
        assert_eq!(accounts.check("peter", b"test "), refused);
        assert_eq!(accounts.check("peter", b""), refused);
        assert_eq!(accounts.check("", b""), refused);
        // Whatever hash an unknown user is compared with, the right password for it opens nothing.
        for name in 0..20 {
            assert_eq!(accounts.check(&format!("paul{name}"), b"test"), refused);
            assert_eq!(accounts.check(&format!("paul{name}"), b"admin"), refused);
        }
        assert_eq!(Accounts::default().check("peter", b"test"), refused);
    }

    #[test]
    fn the_last_of_one_name_stands() {
        let accounts = accounts(&[("peter", "old"), ("peter", "new")]);
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts.check("peter", b"new"), Ok(()));
        assert!(accounts.check("peter", b"old").is_err());
    }

    /// Who is unknown costs a hash, too: counted by the clock of this process, with a hash that takes long enough to
    /// be told from a look into a table.
    #[test]
    fn an_unknown_user_costs_what_a_known_one_costs() {
        let slow = format!("$7$20000$AAAA${}==", "A".repeat(86));
        let hash = Hash::parse(&slow).unwrap();
        let accounts =
            Accounts::new(String::new(), [Entry { user_name: "peter".to_owned(), hash, line: None }]);
        let cost = |user_name: &str| {
            let quickest = (0..3).map(|_| {
                let begun = std::time::Instant::now();
                assert!(accounts.check(user_name, b"wrong").is_err());
                begun.elapsed()
            });
            quickest.min().unwrap()
        };
        let (known, unknown) = (cost("peter"), cost("paul"));
        assert!(unknown * 4 > known && known * 4 > unknown, "{known:?} {unknown:?}");
    }
}
