//! Password files: `headcount passwd`, what `mosquitto_passwd` wrote, and logins by both.

use crate::support::{BINARY, Client, Folder, Server, Stream, Transport, connect};
use headcount_mqtt::{Connect, ReasonCode};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const CONFIG: &str = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\npassword_file = \"users\"\n";

fn account(user_name: &str, password: &str) -> Connect {
    Connect {
        user_name: Some(user_name.try_into().unwrap()),
        password: Some(password.as_bytes().to_vec().into()),
        ..connect(user_name)
    }
}

fn login(server: &Server, user_name: &str, password: &str) -> ReasonCode {
    let mut client = Client::over(Transport::Tcp(Stream::open(server.tcp("home")).0));
    client.connect(account(user_name, password)).reason
}

fn passwd(options: &[&str], file: &Path, rest: &[&str]) -> Output {
    Command::new(BINARY).arg("passwd").args(options).arg(file).args(rest).output().unwrap()
}

fn start(folder: &Folder) -> Server {
    Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()])
}

#[test]
fn users_of_every_kind_of_hash_come_in_with_their_own_password() {
    let folder = Folder::with(&[("headcount.toml", CONFIG), ("users", "")]);
    let file = folder.path("users");
    for (hash, user_name) in [("sha512", "old"), ("sha512-pbkdf2", "new")] {
        let made = Command::new("mosquitto_passwd")
            .args(["-H", hash, "-b"])
            .arg(&file)
            .args([user_name, "pässword : $x"])
            .status()
            .unwrap();
        assert!(made.success());
    }
    assert!(passwd(&["-b"], &file, &["our own", "pässword : $x"]).status.success());
    let text = std::fs::read_to_string(&file).unwrap();
    for form in ["old:$6$", "\nnew:$7$101$", "\nour own:$argon2id$v=19$m=19456,t=2,p=1$"] {
        assert!(text.contains(form), "{form} in {text}");
    }
    let server = start(&folder);
    for user_name in ["old", "new", "our own"] {
        assert_eq!(login(&server, user_name, "pässword : $x"), ReasonCode::Success, "{user_name}");
        assert_eq!(login(&server, user_name, "pässword : $"), ReasonCode::BadUserNameOrPassword);
    }
    assert_eq!(login(&server, "nobody", "pässword : $x"), ReasonCode::BadUserNameOrPassword);
}

#[test]
fn a_wrong_password_is_refused_where_anonymous_clients_are_welcome() {
    let config = format!("{CONFIG}allow_anonymous = true\n");
    let folder = Folder::with(&[("headcount.toml", &config)]);
    assert!(passwd(&["-c", "-b"], &folder.path("users"), &["peter", "right"]).status.success());
    let server = start(&folder);
    assert_eq!(login(&server, "peter", "right"), ReasonCode::Success);
    assert_eq!(login(&server, "peter", "wrong"), ReasonCode::BadUserNameOrPassword);
    Client::tcp(server.tcp("home"), "nameless");
}

#[test]
fn a_user_is_added_changed_and_deleted_and_all_else_stays() {
    let folder = Folder::with(&[("users", "# first\nzoe:$6$x$y\n\nadam:$6$x$y")]);
    let file = folder.path("users");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(passwd(&["-b"], &file, &["zoe", "secret"]).status.success());
    assert!(passwd(&["-b"], &file, &["new", "secret"]).status.success());
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines[0], lines[2], lines[3]), ("# first", "", "adam:$6$x$y"));
    assert!(lines[1].starts_with("zoe:$argon2id$") && lines[4].starts_with("new:$argon2id$"), "{text}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(passwd(&["-D"], &file, &["zoe"]).status.success());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# first\n\nadam:$6$x$y\nnew:"), "{text}");
    let again = passwd(&["-D"], &file, &["zoe"]);
    assert_eq!(again.status.code(), Some(1));
    let complaint = String::from_utf8(again.stderr).unwrap();
    assert_eq!(complaint, format!("headcount: {}: there is no user `zoe`\n", file.display()));
    let left: Vec<_> = std::fs::read_dir(file.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "no file is left beside it");
}

#[test]
fn a_new_file_is_for_its_owner_alone_and_only_made_on_demand() {
    let folder = Folder::with(&[("other", "")]);
    let file = folder.path("users");
    let refused = passwd(&["-b"], &file, &["peter", "x"]);
    let complaint = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(complaint, format!("headcount: {}: there is no such file; -c creates it\n", file.display()));
    assert!(passwd(&["-c", "-b"], &file, &["peter", "x"]).status.success());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_password_comes_from_standard_input() {
    let folder = Folder::with(&[("headcount.toml", CONFIG), ("users", "")]);
    let mut child = Command::new(BINARY)
        .args(["passwd".as_ref(), folder.path("users").as_os_str(), "peter".as_ref()])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"from a pipe\nnot this\n").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(login(&start(&folder), "peter", "from a pipe"), ReasonCode::Success);
}

#[test]
fn plain_passwords_are_hashed_on_demand() {
    let folder = Folder::with(&[("headcount.toml", CONFIG), ("users", "# plain\npeter: with space\nvy:x\n")]);
    let file = folder.path("users");
    assert!(passwd(&["-b"], &file, &["vy", "secret"]).status.success());
    let before = std::fs::read_to_string(&file).unwrap();
    assert!(passwd(&["-U"], &file, &[]).status.success());
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.starts_with("# plain\npeter:$argon2id$"), "{after}");
    assert_eq!(before.lines().last(), after.lines().last(), "what is hashed stays");
    let server = start(&folder);
    assert_eq!(login(&server, "peter", " with space"), ReasonCode::Success);
    assert_eq!(login(&server, "vy", "secret"), ReasonCode::Success);
}

#[test]
fn names_that_a_file_cannot_hold_are_refused() {
    let folder = Folder::with(&[("users", "")]);
    for name in ["", "a:b", " a", "#a", "a\nb"] {
        let output = passwd(&["-b"], &folder.path("users"), &[name, "x"]);
        assert_eq!(output.status.code(), Some(1), "{name:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("cannot be a user name"), "{name:?}");
    }
    assert_eq!(std::fs::read_to_string(folder.path("users")).unwrap(), "");
}

/// The account's own people read where it stands; the client hears nothing of it.
#[test]
fn a_refused_login_is_explained_with_file_and_line() {
    let config = format!("{CONFIG}observers = [\"watcher\"]\n[realm.accounts]\nwatcher = \"w\"\n");
    let folder = Folder::with(&[("headcount.toml", &config), ("users", "# nobody\n")]);
    assert!(passwd(&["-b"], &folder.path("users"), &["peter", "right"]).status.success());
    let server = start(&folder);
    let mut watcher = Client::over(Transport::Tcp(Stream::open(server.tcp("home")).0));
    assert_eq!(watcher.connect(account("watcher", "w")).reason, ReasonCode::Success);
    watcher.subscribe("+/errors");
    for (user_name, why) in [
        ("peter", "the password is not the one of users:2"),
        ("paul", "users has no such user"),
        ("watcher", "the password is not the one of [realm.accounts]"),
    ] {
        assert_eq!(login(&server, user_name, "wrong"), ReasonCode::BadUserNameOrPassword);
        let (topic, line) = watcher.receive_publish();
        assert_eq!(topic, format!("{user_name}/errors"));
        assert!(str::from_utf8(&line).unwrap().ends_with(why), "{line:?}");
    }
}
