use super::*;

/// Written by Debian's `mosquitto_passwd` for the password `pässword : $x`, with `-H sha512` and `-H sha512-pbkdf2`,
/// and by the reference implementation of argon2.
const KNOWN: [(&str, &str); 3] = [
    (
        "pässword : $x",
        "$6$P2w6ASd3jaEStwGV$cjOwRp5nXviWvd0lpJs2IRIFxbUyPHsVoa9gzUulaawQP1141VdOjwveqZuoIUI1X6XhS8G66LTc88V8FUwL1Q==",
    ),
    (
        "pässword : $x",
        "$7$101$yQ8z3J+/g1hL+XlK$Qi55AyHhZuuC0IeR0tuBLHJXqyXAKY2tKdcs5N+rPaR1LZzK0067wIJVlCJDQ9Em4iBCgndtRVNTgtt0G8kl9w==",
    ),
    ("password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
];

#[test]
fn only_the_password_fits() {
    for (password, text) in KNOWN {
        let hash = Hash::parse(text).unwrap();
        assert!(hash.verify(password.as_bytes()), "{text}");
        for other in ["", "passwor", "password ", "PASSWORD"] {
            assert!(!hash.verify(other.as_bytes()), "{text} {other}");
        }
    }
}

#[test]
fn a_hash_is_written_as_it_was_read() {
    for (_, text) in KNOWN {
        assert_eq!(Hash::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn what_we_write_we_read() {
    let hash = Hash::argon2id(b"secret").unwrap();
    let text = hash.to_string();
    assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
    let read = Hash::parse(&text).unwrap();
    assert!(read.verify(b"secret") && !read.verify(b"Secret"));
    assert_ne!(Hash::argon2id(b"secret").unwrap().to_string(), text, "each hash has a salt of its own");
    let cheap = Hash::cheap(b"").unwrap();
    assert!(cheap.verify(b"") && !cheap.verify(b"x"));
}

#[test]
fn a_hash_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", Hash::cheap(b"x").unwrap()), "Sha512");
}

#[test]
fn a_line_cannot_ask_for_gigabytes_or_minutes() {
    let digest = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    for (text, sentence) in [
        (format!("$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ${digest}"), "m is no number from 8 to 262144"),
        (
            format!("$argon2id$v=19$m=262144,t=5,p=1$c29tZXNhbHQ${digest}"),
            "argon2id: m times t is more than 1048576, which would take seconds",
        ),
        (format!("$argon2id$v=19$m=256,t=2,p=99$c29tZXNhbHQ${digest}"), "p is no number from 1 to 16"),
        (
            format!("$argon2id$v=19$m=8,t=2,p=4$c29tZXNhbHQ${digest}"),
            "argon2id: the parameters do not fit each other: memory cost is too small",
        ),
        (
            format!("$argon2id$v=19$m=256,t=2$c29tZXNhbHQ${digest}"),
            "argon2id: one of the parameters m, t and p is missing",
        ),
        (
            format!("$argon2id$v=19$m=256,t=2,p=1,m=9$c29tZXNhbHQ${digest}"),
            "argon2id: the parameters are not m=…,t=…,p=…",
        ),
        (
            format!("$argon2id$v=20$m=256,t=2,p=1$c29tZXNhbHQ${digest}"),
            "argon2id: the version is neither v=16 nor v=19",
        ),
        (
            format!("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ${digest}"),
            "only argon2id is known of argon2's kinds",
        ),
        ("$7$0$AAAA$AAAA".to_owned(), "iterations is no number from 1 to 2000000"),
        ("$7$4000000000$AAAA$AAAA".to_owned(), "iterations is no number from 1 to 2000000"),
        ("$7$101$AAAA$AAAA".to_owned(), "the digest is not 64 bytes in base64"),
        ("$6$$AAAA".to_owned(), "the salt is not 1 to 256 bytes in base64"),
        ("$6$A A$AAAA".to_owned(), "the salt is not 1 to 256 bytes in base64"),
        ("$5$AAAA$AAAA".to_owned(), "no hash of a known form; `$6$`, `$7$` and `$argon2id$` are"),
        ("secret".to_owned(), "the password is not hashed; `headcount passwd -U FILE` does that"),
    ] {
        assert_eq!(Hash::parse(&text).map(drop), Err(sentence.to_owned()), "{text}");
    }
}
