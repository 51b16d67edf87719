//! `headcount check`.

use crate::support::{BINARY, Folder};
use std::process::{Command, Output};

fn check(folder: &Folder) -> Output {
    Command::new(BINARY).args(["check", "--config"]).arg(folder.path("headcount.toml")).output().unwrap()
}

#[test]
fn says_what_it_found() {
    let folder = Folder::with(&[
        (
            "headcount.toml",
            "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:1\"]\nacl_file = \"rules\"\n[realm.accounts]\npeter = \"x\"\n",
        ),
        ("rules", "topic a\nuser peter\ntopic read b\npattern write c/%u\n"),
    ]);
    let output = check(&folder);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "realm home: listens on 127.0.0.1:1; lets in 1 account; 3 rules of rules\n"
    );
}

#[test]
fn the_embedded_default_is_fine() {
    let output = Command::new(BINARY).arg("check").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("realm secure: ")
            && text.contains("8 accounts; 16 rules of chat.acl; dynamic security; devices"),
        "{text}"
    );
}

#[test]
fn every_problem_of_every_file_is_printed_with_its_place() {
    let folder = Folder::with(&[
        (
            "headcount.toml",
            "[[realm]]\nname = \"a\"\nlisten = [\"127.0.0.1:1\"]\nacl_file = \"rules\"\npassword_file = \"users\"\n\
             [[realm]]\nname = \"b\"\nlimits.max_qos = 9\nlimits.connect_timeout = \"soon\"\n\
             [[realm]]\nname = \"c\"\npassword_file = \"nowhere\"\n",
        ),
        ("rules", "topic reed a\n  tropic b\n"),
        ("users", "peter:secret\nvy\n"),
    ]);
    let output = check(&folder);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let at = |file: &str| folder.path(file).display().to_string();
    let (config, rules, users) = (at("headcount.toml"), at("rules"), at("users"));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "headcount: 7 problems\n\
             {rules}:1:1: `reed` is no access; use `read`, `write`, `readwrite` or `deny`\n\
             {rules}:2:3: `tropic` is no rule; a line begins with `user`, `topic`, `pattern` or `#`\n\
             {users}:1:7: `peter`: the password is not hashed; `headcount passwd -U FILE` does that\n\
             {users}:2:1: no user; write user:hash, or `#` in front of a comment\n\
             {config}:8:18: max_qos: 9 is out of range; write 0 to 2\n\
             {config}:9:26: connect_timeout: not a time; write seconds (90), or a number with s, m, h or d (\"1h\")\n\
             {config}:12:17: password_file: {} cannot be read: No such file or directory (os error 2); write the \
             file or take the line away\n",
            at("nowhere")
        )
    );
}

#[test]
fn the_guides_example_is_a_file_that_works() {
    let guide = include_str!("../../../docs/access.md");
    let example = guide.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0;
    let folder =
        Folder::with(&[("headcount.toml", example), ("users", ""), ("rules", "user bridge\ntopic #\n")]);
    let output = check(&folder);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "realm home: listens on [::]:1883; lets in 0 accounts; 1 rule of rules\n"
    );
}
