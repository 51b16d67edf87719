//! The `mosquitto_sub` command of the empty state: it works as printed.

use super::{
    plan::{Outcome, Plan, Purpose},
    query,
    server_info::ServerInfo,
    settings::Settings,
};

/// MQTT over TCP where the broker does not say its port (IANA).
const MQTT_PORT: u16 = 1883;

/// A command that prints the clients feed, quoted for a POSIX shell. With a password it asks for it, so that the
/// password stands neither on the screen nor in the shell's history.
pub(crate) fn mosquitto_sub(settings: &Settings, server: Option<&ServerInfo>, plan: &Plan) -> String {
    let fallback = || (settings.host().unwrap_or("127.0.0.1").to_owned(), MQTT_PORT);
    let (host, port) = server.and_then(|server| server.tcp(settings)).unwrap_or_else(fallback);
    let topic = match plan.outcome(Purpose::Feed) {
        Outcome::Wide => "+/clients".to_owned(),
        _ => format!("{}/clients", query::encode_level(settings.account())),
    };
    let mut command = format!("mosquitto_sub -h {} -p {port}", quote(&host));
    if !settings.user_name.is_empty() {
        command = format!("{command} -u {}", quote(&settings.user_name));
    }
    if !settings.password.is_empty() {
        command.push_str(" -P \"$password\"");
    }
    command = format!("{command} -v -t {}", quote(&topic));
    if settings.password.is_empty() {
        return command;
    }
    format!("(printf 'Password: ' >&2; stty -echo; read -r password; stty echo; echo >&2; {command})")
}

/// As it is where no shell would read anything into it, else in single quotes.
pub(crate) fn quote(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
