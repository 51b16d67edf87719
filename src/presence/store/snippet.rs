//! The same from elsewhere: text that works as printed.

use super::{
    channel::{Channel, KEY},
    watcher::Watcher,
};
use crate::store::{Settings, command::quote};

/// MQTT over TCP where the broker does not say its port (IANA).
const MQTT_PORT: u16 = 1883;

/// A program for Emitter's SDK that watches and joins.
pub fn sdk(channel: Channel, settings: &Settings) -> String {
    let address = settings.address.as_str();
    let secure = address.starts_with("wss://");
    let authority = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, if secure { "443" } else { "80" }),
    };
    format!(
        "// npm install emitter-io\n\
         const emitter = require('emitter-io');\n\
         const about = {{ key: '{KEY}', channel: '{channel}' }};\n\
         const options = {{ host: '{host}', port: {port}, secure: {secure}, clientId: 'Ada' }};\n\
         const client = emitter.connect(options, () => {{\n  \
           client.presence(about);\n  \
           client.subscribe(about);\n\
         }});\n\
         client.on('presence', (said) => console.log(said));\n"
    )
}

/// Joins the channel as `Ada`.
pub fn join(channel: Channel, settings: &Settings, watcher: Option<&Watcher>) -> String {
    format!("mosquitto_sub {} -i Ada -t {}", at(settings, watcher), quote(&channel.keyed()))
}

/// Asks once who is there.
pub fn ask(channel: Channel, settings: &Settings, watcher: Option<&Watcher>) -> String {
    let request = format!("{{\"key\":\"{KEY}\",\"channel\":\"{channel}\",\"changes\":false}}");
    let at = at(settings, watcher);
    format!("mosquitto_rr {at} -t emitter/presence/ -e emitter/presence/ -m {}", quote(&request))
}

fn at(settings: &Settings, watcher: Option<&Watcher>) -> String {
    let fallback = || (settings.host().unwrap_or("127.0.0.1").to_owned(), MQTT_PORT);
    let server = watcher.and_then(Watcher::server);
    let (host, port) = server.and_then(|server| server.tcp(settings)).unwrap_or_else(fallback);
    format!("-h {} -p {port}", quote(&host))
}

#[cfg(test)]
mod tests {
    use super::{Channel, Settings, ask, join, sdk};

    #[test]
    fn texts_name_the_broker_and_the_channel() {
        let channel = Channel::of("?channel=8758f6d3", 0);
        let settings = |origin| Settings::preset(origin, 0, "");
        let plain = settings("http://127.0.0.1:8080");
        assert_eq!(
            join(channel, &plain, None),
            "mosquitto_sub -h 127.0.0.1 -p 1883 -i Ada -t demo/presence-demo/8758f6d3/"
        );
        assert_eq!(
            ask(channel, &plain, None),
            "mosquitto_rr -h 127.0.0.1 -p 1883 -t emitter/presence/ -e emitter/presence/ -m \
             '{\"key\":\"demo\",\"channel\":\"presence-demo/8758f6d3/\",\"changes\":false}'"
        );
        let text = sdk(channel, &plain);
        assert!(text.contains("host: '127.0.0.1', port: 8080, secure: false"), "{text}");
        assert!(text.contains("channel: 'presence-demo/8758f6d3/'"));
        let text = sdk(channel, &settings("https://example.org"));
        assert!(text.contains("host: 'example.org', port: 443, secure: true"), "{text}");
    }
}
