//! User names and passwords of a realm.

use headcount_mqtt::ReasonCode;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// A fixed list of accounts. It holds hashes, so that no log and no dump shows a password.
#[derive(Clone, Default)]
pub(crate) struct Accounts(Vec<Account>);

#[derive(Clone)]
struct Account {
    user_name: [u8; 32],
    password: [u8; 32],
}

impl Accounts {
    pub(crate) fn new<'a>(accounts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(
            accounts
                .into_iter()
                .map(|(user_name, password)| Account {
                    user_name: Sha256::digest(user_name).into(),
                    password: Sha256::digest(password).into(),
                })
                .collect(),
        )
    }

    /// Whether this user may come in with this password. The time it takes tells nothing about which of the two was
    /// wrong, nor how much of it was right.
    ///
    /// # Errors
    /// `BadUserNameOrPassword`.
    pub(crate) fn check(&self, user_name: &str, password: Option<&[u8]>) -> Result<(), ReasonCode> {
        let user_name: [u8; 32] = Sha256::digest(user_name).into();
        let digest: [u8; 32] = Sha256::digest(password.unwrap_or_default()).into();
        let mut known = Choice::from(0);
        for account in &self.0 {
            known |= account.user_name.ct_eq(&user_name) & account.password.ct_eq(&digest);
        }
        if bool::from(known) && password.is_some() { Ok(()) } else { Err(ReasonCode::BadUserNameOrPassword) }
    }
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Accounts({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_pair_comes_in() {
        let accounts = Accounts::new([("peter", "test"), ("admin", "admin"), ("empty", "")]);
        let refused = Err(ReasonCode::BadUserNameOrPassword);
        assert_eq!(accounts.check("peter", Some(b"test")), Ok(()));
        assert_eq!(accounts.check("admin", Some(b"admin")), Ok(()));
        assert_eq!(accounts.check("peter", Some(b"admin")), refused);
        assert_eq!(accounts.check("peter", Some(b"test ")), refused);
        assert_eq!(accounts.check("peter", None), refused);
        assert_eq!(accounts.check("empty", None), refused);
        assert_eq!(accounts.check("paul", Some(b"test")), refused);
        assert_eq!(accounts.check("", Some(b"")), refused);
    }

    #[test]
    fn says_nothing_of_its_secrets() {
        assert_eq!(format!("{:?}", Accounts::new([("peter", "test")])), "Accounts(1)");
    }
}
