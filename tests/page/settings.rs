//! The connect form, the page's address, and the command of the empty state.

use headcount_page::store::{
    Settings,
    settings::{Field, Realm, VersionChoice},
};

use crate::stage::Stage;

fn preset() -> Settings {
    Settings::preset("http://127.0.0.1:8080", 0x39dc_5a71, "")
}

#[test]
fn preset_from_where_the_page_came() {
    let settings = preset();
    assert_eq!(settings.address, "ws://127.0.0.1:8080/mqtt");
    assert_eq!(settings.client_id, "headcount-page-39dc5a71");
    assert_eq!(settings.realm(), Some(Realm::Open));
    assert_eq!(Settings::preset("https://mqtt.example", 1, "").address, "wss://mqtt.example/mqtt");
    assert_eq!(preset().errors(false), []);
}

#[test]
fn the_pages_address_beats_where_it_came_from() {
    let query = "?client=kept&version=3.1.1&address=ws%3A%2F%2Fold%2Fmqtt&stage=20&realm=secure&version=what";
    let settings = Settings::preset("http://h:1", 1, query);
    assert_eq!((settings.address.as_str(), settings.client_id.as_str()), ("ws://old/secure/mqtt", "kept"));
    assert_eq!(settings.version, VersionChoice::V311);
}

#[test]
fn round_trip_without_credentials() {
    let settings = Settings {
        address: "wss://b\u{fc}hne.example:443/a b?x=1&y=2".to_owned(),
        client_id: "\u{1fa94} 100% & more".to_owned(),
        user_name: "alice".to_owned(),
        password: "geheim".to_owned(),
        version: VersionChoice::V5,
        feeds: "tasmota,off".to_owned(),
    };
    let query = settings.to_query("");
    assert!(!query.contains("alice") && !query.contains("geheim"));
    let back = Settings::preset("http://elsewhere", 1, &query);
    assert_eq!(back, Settings { user_name: String::new(), password: String::new(), ..settings });
    let hostile = Settings::preset("http://h", 1, "?user_name=a&password=b&user=c");
    assert_eq!((hostile.user_name.as_str(), hostile.password.as_str()), ("", ""));
}

#[test]
fn what_else_the_address_says_is_kept_and_a_made_up_id_is_not() {
    let query = preset().to_query("?stage=20&realm=secure&client=x&q=a%20b");
    assert_eq!(query, "?address=ws%3A%2F%2F127.0.0.1%3A8080%2Fmqtt&version=auto&stage=20&q=a%20b");
}

#[test]
fn realms_change_the_path_only() {
    let mut settings = preset();
    settings.set_realm(Realm::Secure);
    assert_eq!(
        (settings.address.as_str(), settings.realm()),
        ("ws://127.0.0.1:8080/secure/mqtt", Some(Realm::Secure))
    );
    settings.set_realm(Realm::Open);
    assert_eq!(settings.address, "ws://127.0.0.1:8080/mqtt");
    settings.address = "wss://io.adafruit.com/ws".to_owned();
    assert_eq!((settings.realm(), settings.host()), (None, Some("io.adafruit.com")));
    settings.address = "ws://[::1]:9001".to_owned();
    assert_eq!((settings.realm(), settings.host()), (Some(Realm::Open), Some("::1")));
    settings.address = "nonsense".to_owned();
    settings.set_realm(Realm::Secure);
    assert_eq!((settings.address.as_str(), settings.realm(), settings.host()), ("nonsense", None, None));
}

#[test]
fn each_field_says_what_is_wrong() {
    let address = |address: &str| Settings { address: address.to_owned(), ..preset() };
    let cases = [
        (address(""), false, Some((Field::Address, "Enter the broker's WebSocket address"))),
        (address("127.0.0.1:8080"), false, Some((Field::Address, "begins with ws://"))),
        (address("mqtt://h:1883"), false, Some((Field::Address, "by WebSocket only"))),
        (address("http://h/mqtt"), false, Some((Field::Address, "Use ws instead of http"))),
        (address("https://h/mqtt"), false, Some((Field::Address, "Use wss instead of https"))),
        (address("ftp://h"), false, Some((Field::Address, "not ftp://"))),
        (address("ws://"), false, Some((Field::Address, "names no host"))),
        (address("ws://a b/"), false, Some((Field::Address, "names no host"))),
        (address("ws://me:pw@h/mqtt"), false, Some((Field::Address, "in their own fields"))),
        (address("ws://h/mqtt#x"), false, Some((Field::Address, "no # part"))),
        (address("ws://h:99999/mqtt"), false, Some((Field::Address, "from 1 to 65535"))),
        (address("ws://h:/mqtt"), false, Some((Field::Address, "from 1 to 65535"))),
        (address("ws://[::1]:0/"), false, Some((Field::Address, "from 1 to 65535"))),
        (address("ws://h/mqtt"), true, Some((Field::Address, "wss:// addresses only"))),
        (address("ws://localhost/mqtt"), true, None),
        (address("ws://[::1]:9001/mqtt"), true, None),
        (address("wss://h/a?b=c@d"), true, None),
        (Settings { client_id: "x".repeat(65_536), ..preset() }, false, Some((Field::ClientId, "65,535"))),
        (Settings { client_id: String::new(), ..preset() }, false, None),
        (Settings { user_name: "a\0".to_owned(), ..preset() }, false, Some((Field::UserName, "U+0000"))),
        (
            Settings { password: "p".to_owned(), ..preset() },
            false,
            Some((Field::Password, "only with a user name")),
        ),
        (Settings { password: "p".to_owned(), version: VersionChoice::V5, ..preset() }, false, None),
    ];
    for (settings, secure, want) in cases {
        let errors = settings.errors(secure);
        match want {
            None => assert_eq!(errors, [], "{settings:?}"),
            Some((field, words)) => {
                assert_eq!(errors.len(), 1, "{settings:?}: {errors:?}");
                assert_eq!(errors[0].field, field);
                assert!(errors[0].message.contains(words), "{:?}", errors[0].message);
            }
        }
    }
}

const SERVER: &str = r#"{"name":"headcount","version":"0.1.0","listeners":[
    {"realm":"open","transport":"websocket","address":"127.0.0.1","port":8080},
    {"realm":"open","transport":"tcp","address":"127.0.0.1","port":21883},
    {"realm":"secure","transport":"tcp","address":"0.0.0.0","port":21884}]}"#;

#[test]
fn the_command_works_as_printed() {
    let mut stage = Stage::new();
    let command = |stage: &Stage, settings: &Settings| stage.store.mosquitto_command(settings);
    assert_eq!(command(&stage, &preset()), "mosquitto_sub -h 127.0.0.1 -p 1883 -v -t anonymous/clients");
    stage.want("anonymous");
    stage.connect(|_| 0);
    stage.message("$headcount/server", SERVER);
    assert_eq!(command(&stage, &preset()), "mosquitto_sub -h 127.0.0.1 -p 21883 -v -t '+/clients'");

    let mut secure =
        Settings { user_name: "o'hara x".to_owned(), password: "it's $HOME".to_owned(), ..preset() };
    secure.set_realm(Realm::Secure);
    secure.address = secure.address.replace("127.0.0.1", "broker.example");
    let printed = command(&stage, &secure);
    assert!(
        printed.contains(r#"mosquitto_sub -h broker.example -p 21884 -u 'o'\''hara x' -P "$password" -v"#),
        "{printed}"
    );
    assert!(!printed.contains("HOME"));
}

#[test]
fn a_shell_reads_the_command_as_it_was_meant() {
    let secure = Settings { user_name: "o'hara $(id) x".to_owned(), password: "p".to_owned(), ..preset() };
    let printed = Stage::new().store.mosquitto_command(&secure);
    // The shell's own function stands in for the program and prints each argument in brackets.
    let script = format!("mosquitto_sub() {{ printf '[%s]' \"$@\"; }}; stty() {{ :; }}; {printed}");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut shell = shell.stderr(std::process::Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(shell.stdin.as_mut().unwrap(), b"it's \\a $HOME\n").unwrap();
    let output = shell.wait_with_output().unwrap();
    let want =
        "[-h][127.0.0.1][-p][1883][-u][o'hara $(id) x][-P][it's \\a $HOME][-v][-t][o'hara $(id) x/clients]";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), want);
}
