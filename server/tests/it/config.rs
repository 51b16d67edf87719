//! Configuration files, and the sentences about mistakes in them.

use crate::support::{Authority, BINARY, Folder, Server, request};
use std::process::Command;

const REALM: &str = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n";

/// Expects the server to refuse `text` with this sentence, after the file's name and `:line:column: `.
fn check(text: &str, place: &str, sentence: &str) {
    let (complaint, file) = complaint(text);
    assert_eq!(complaint, format!("{file}:{place}{sentence}\n"));
}

/// The same with the beginning of the sentence, where its rest names every field.
fn check_unknown(text: &str, place: &str, sentence: &str) {
    let (complaint, file) = complaint(text);
    assert!(complaint.starts_with(&format!("{file}:{place}{sentence}")), "{complaint}");
}

/// What the server says of `text` before it ends, and the name of the file.
fn complaint(text: &str) -> (String, String) {
    let folder = Folder::with(&[("headcount.toml", text)]);
    let file = folder.path("headcount.toml");
    let output = Command::new(BINARY).arg("--config").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}\n{output:?}");
    let complaint = String::from_utf8(output.stderr).unwrap();
    (complaint.strip_prefix("headcount: ").unwrap().to_owned(), file.display().to_string())
}

#[test]
fn a_file_replaces_the_default() {
    let folder = Folder::with(&[
        (
            "headcount.toml",
            &format!("{REALM}acl_file = \"rules.acl\"\n\n[realm.limits]\nmax_keepalive = 90\n"),
        ),
        ("rules.acl", "topic read news/#\n"),
    ]);
    let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
    assert!(server.addresses()["page"].is_null());
    assert_eq!(server.addresses()["listeners"].as_array().unwrap().len(), 1);
    assert_ne!(server.tcp("home").port(), 0);
}

#[test]
fn what_the_default_prints_is_a_file_that_works() {
    let folder = Folder::with(&[("headcount.toml", include_str!("../../default/headcount.toml"))]);
    let file = folder.path("headcount.toml");
    let server = Server::with(["--any-port".as_ref(), "--config".as_ref(), file.as_os_str()]);
    assert_eq!(request(server.http(), "GET", "/", &[]).status, 200);
}

#[test]
fn every_line_that_the_default_keeps_as_a_comment_is_a_setting() {
    let text = include_str!("../../default/headcount.toml")
        .lines()
        .map(|line| {
            let setting = line.strip_prefix("# ").unwrap_or_default();
            let is_setting = setting.starts_with('[') || setting.split_once(" = ").is_some();
            if is_setting { setting } else { line }
        })
        // The folder is only there where a page was built, and the users where somebody made them.
        .filter(|line| !line.starts_with("page_dir") && !line.starts_with("password_file"))
        .fold(String::new(), |text, line| text + line + "\n");
    assert!(text.contains("\nmax_qos = 2\n") && text.contains("\n[realm.limits]\n"), "{text}");
    let folder = Folder::with(&[("headcount.toml", &text)]);
    Authority::new("Test").write(&folder);
    let file = folder.path("headcount.toml");
    Server::with(["--any-port".as_ref(), "--config".as_ref(), file.as_os_str()]);
}

#[test]
fn a_file_that_is_not_there() {
    let output = Command::new(BINARY).args(["--config", "/nowhere/headcount.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "headcount: /nowhere/headcount.toml: cannot be read: No such file or directory (os error 2); --config names \
         the file\n"
    );
}

#[test]
fn a_field_that_does_not_exist() {
    let text = format!("{REALM}allow_anonimous = true\n");
    check_unknown(&text, "5:1: ", "unknown field `allow_anonimous`, expected one of `name`, ");
}

#[test]
fn a_limit_that_does_not_exist() {
    let text = format!("{REALM}[realm.limits]\nmax_inflight = 3\n");
    check_unknown(&text, "6:1: ", "unknown field `max_inflight`, expected one of `max_packet_size`, ");
}

#[test]
fn a_field_of_the_wrong_type() {
    check(
        "[[realm]]\nname = \"home\"\nallow_anonymous = \"yes\"\n",
        "3:19: ",
        "invalid type: string \"yes\", expected a boolean",
    );
}

#[test]
fn observers_that_are_no_list() {
    check(
        &format!("{REALM}observers = \"nobody\"\n"),
        "5:13: ",
        "observers: write \"everybody\", or a list of user names: [\"admin\"]",
    );
}

#[test]
fn a_file_that_is_no_toml() {
    check("[[realm]\n", "1:9: ", "unclosed array table, expected `]`");
}

#[test]
fn an_address_that_is_none() {
    check(
        "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:1\", \"localhost\"]\n",
        "3:26: ",
        "listen: `localhost` is not an address and a port; write 127.0.0.1:1883, or [::]:1883 for every interface",
    );
}

#[test]
fn two_realms_of_one_name() {
    check(&format!("{REALM}{REALM}"), "6:8: ", "name: there is already a realm `home`; rename one");
}

#[test]
fn a_path_that_leads_to_two_realms() {
    let http = "[http]\nlisten = \"127.0.0.1:0\"\n";
    check(
        &format!(
            "{http}[[realm]]\nname = \"a\"\nwebsocket_paths = [\"/mqtt\"]\n[[realm]]\nname = \"b\"\nwebsocket_paths = [\"/\", \"/mqtt\"]\n"
        ),
        "8:25: ",
        "websocket_paths: `/mqtt` already leads to a realm; a path leads to one",
    );
    check(
        &format!("{http}[[realm]]\nname = \"a\"\nwebsocket_paths = [\"mqtt\"]\n"),
        "5:20: ",
        "websocket_paths: `mqtt` is not a path; write it with a slash in front: /mqtt",
    );
    check(
        &format!("{REALM}websocket_paths = [\"/mqtt\"]\n"),
        "5:20: ",
        "websocket_paths: needs the HTTP listener; add an [http] table, or take the path away",
    );
}

#[test]
fn a_limit_out_of_its_range() {
    check(
        &format!("{REALM}[realm.limits]\nmax_qos = 3\n"),
        "6:11: ",
        "max_qos: 3 is out of range; write 0 to 2",
    );
    check(
        &format!("{REALM}limits.max_inflight_messages = 0\n"),
        "5:32: ",
        "max_inflight_messages: 0 is out of range; write 1 to 65535",
    );
}

#[test]
fn times_are_written_with_their_unit() {
    check(
        &format!("{REALM}limits.idle_timeout = \"1 hour\"\n"),
        "5:23: ",
        "idle_timeout: not a time; write seconds (90), or a number with s, m, h or d (\"1h\")",
    );
    check(
        &format!("{REALM}limits.connect_timeout = \"2h\"\n"),
        "5:26: ",
        "connect_timeout: 7200 seconds are out of range; write 1 to 3600",
    );
    let folder = Folder::with(&[(
        "headcount.toml",
        &format!("{REALM}limits.idle_timeout = \"1h\"\nlimits.connect_timeout = 5\n"),
    )]);
    Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
}

#[test]
fn an_origin_with_a_path() {
    check(
        &format!("[http]\nlisten = \"127.0.0.1:0\"\nallowed_origins = [\"https://example.org/\"]\n{REALM}"),
        "3:20: ",
        "allowed_origins: `https://example.org/` is not an origin; write scheme, host and port as browsers do, \
         without a path: https://example.org",
    );
}

#[test]
fn rules_that_are_not_there() {
    let folder = Folder::with(&[("headcount.toml", &format!("{REALM}acl_file = \"rules.acl\"\n"))]);
    let file = folder.path("headcount.toml");
    let output = Command::new(BINARY).arg("--config").arg(&file).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "headcount: {}:5:12: acl_file: {} cannot be read: No such file or directory (os error 2); write the file \
             or take the line away\n",
            file.display(),
            folder.path("rules.acl").display()
        )
    );
}

#[test]
fn nothing_that_would_listen() {
    check(
        "[[realm]]\nname = \"home\"\n",
        " ",
        "nothing would listen; add an [http] table, or `listen` to a realm",
    );
    check("realm = []\n", " ", "there is no realm; add a [[realm]] table");
}

#[test]
fn tls_options() {
    let listener = |lines: &str| {
        format!("{REALM}\n[[realm.listener]]\nlisten = \"127.0.0.1:0\"\n[realm.listener.tls]\n{lines}")
    };
    check(&listener("certfile = \"server.pem\"\n"), "8:1: ", "missing field `keyfile`");
    let pair = "certfile = \"/nowhere/server.pem\"\nkeyfile = \"/nowhere/server.key\"\n";
    check(
        &listener(pair),
        "8:1: ",
        "certfile: /nowhere/server.pem cannot be read: No such file or directory (os error 2)",
    );
    check(
        &listener(&format!("{pair}tls_version = \"tlsv1.1\"\n")),
        "11:15: ",
        "tls_version: `tlsv1.1` is not spoken here; write the oldest that is welcome, \"tlsv1.2\" or \"tlsv1.3\"",
    );
    check(
        &listener(&format!("{pair}require_certificate = true\n")),
        "8:1: ",
        "require_certificate: needs cafile, the authorities whose client certificates are accepted",
    );
}

/// Each of the files in turn, in a configuration that is else in order.
#[test]
fn tls_files_that_are_not_what_they_have_to_be() {
    let folder = Folder::with(&[]);
    let authority = Authority::new("Test");
    let complaint = |file: &str, content: &str| {
        authority.write(&folder);
        std::fs::write(folder.path(file), content).unwrap();
        let text = "[http]\nlisten = \"127.0.0.1:0\"\ntls = { certfile = \"server.pem\", keyfile = \
                    \"server.key\", cafile = \"ca.pem\" }\n";
        std::fs::write(folder.path("headcount.toml"), format!("{text}{REALM}")).unwrap();
        let output =
            Command::new(BINARY).arg("--config").arg(folder.path("headcount.toml")).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{file} {output:?}");
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert!(sentence.contains("/headcount.toml:3:7: "), "{sentence}");
        sentence
            .trim_end()
            .rsplit("/headcount.toml:3:7: ")
            .next()
            .unwrap()
            .replace(folder.path("").to_str().unwrap(), "")
    };
    assert_eq!(
        complaint("server.pem", "nonsense"),
        "certfile: server.pem is not what it has to be, a PEM file with at least one CERTIFICATE: no items found"
    );
    assert_eq!(
        complaint("server.key", &authority.pem()),
        "keyfile: server.key is not what it has to be, a PEM file with a PRIVATE KEY without a pass phrase: no items \
         found"
    );
    assert_eq!(
        complaint("ca.pem", ""),
        "cafile: ca.pem is not what it has to be, a PEM file with at least one CERTIFICATE: no items found"
    );
    let other = authority.client("other");
    assert_eq!(
        complaint("server.pem", &other.certificate),
        "certfile, keyfile: server.pem and server.key do not belong together, or cannot be used: keys may not be \
         consistent: KeyMismatch"
    );
}

#[test]
fn proxies() {
    check(
        &format!("trusted_proxies = [\"10.0.0.0/8\", \"10.0.0.1/8\"]\n{REALM}"),
        "1:34: ",
        "trusted_proxies: `10.0.0.1/8` has bits behind its first 8; clear them, or write /32",
    );
    check(
        &format!("{REALM}\n[[realm.listener]]\nlisten = \"127.0.0.1:0\"\nproxy_protocol = true\n"),
        "8:18: ",
        "proxy_protocol: needs trusted_proxies at the top of the file: the networks that may say whose connection it is",
    );
}

#[test]
fn dynamic_security_where_names_prove_nothing() {
    check(
        &format!("{REALM}trust_user_names = true\ndynamic_security = true\n"),
        "6:20: ",
        "dynamic_security: anybody could use any name; take trust_user_names away",
    );
}

#[test]
fn devices_where_names_prove_nothing() {
    check(
        &format!("{REALM}trust_user_names = true\ndevices = true\n"),
        "6:11: ",
        "devices: anybody could use any device's name; take trust_user_names away",
    );
    check(
        &format!("{REALM}devices = \"yes\"\n"),
        "5:11: ",
        "invalid type: string \"yes\", expected a boolean",
    );
    check(
        &format!("{REALM}[realm.limits]\nmax_device_channels = 1001\n"),
        "6:23: ",
        "max_device_channels: 1001 is out of range; write 0 to 1000",
    );
}

#[test]
fn dynamic_security_that_nobody_could_use() {
    check(
        &format!("{REALM}dynamic_security = true\n"),
        "5:20: ",
        "dynamic_security: nobody could use it; name administrators, or an acl_file that lets somebody write \
         $CONTROL/dynamic-security/#",
    );
}

#[test]
fn keys_that_no_topic_can_begin_with() {
    for (key, sentence) in [
        ("", "a key has 1 to 63 bytes"),
        ("a/b", "`a/b` cannot be the first level of a topic; take letters and digits"),
        ("$x", "`$x` cannot be the first level of a topic; take letters and digits"),
        ("emitter", "`emitter` is where requests go; take another word"),
    ] {
        let text = format!("{REALM}emitter_keys = [\"demo\", \"{key}\"]\n");
        check(&text, "5:25: ", &format!("emitter_keys: {sentence}"));
    }
}

#[test]
fn administrators_where_names_prove_nothing() {
    check(
        &format!("{REALM}trust_user_names = true\nadministrators = [\"admin\"]\n"),
        "6:18: ",
        "administrators: anybody could use such a name; take trust_user_names away",
    );
}
