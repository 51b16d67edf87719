//! Ready-made code for a device. The templates are files of their own, which a test runs as they are.

use super::device::Device;
use crate::store::{ServerInfo, settings::Realm};

/// A piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snippet {
    /// A shell command.
    MosquittoPub,
    /// Python, over WebSocket.
    Paho,
    /// C++ for a board.
    Arduino,
}

/// Where a device finds its broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Host that a device on this machine, or on the network of the page, can reach.
    pub host: String,
    /// Port of plain TCP or, failing that, of TLS; none where the broker tells of neither.
    pub tcp_port: Option<u16>,
    /// Whether that port speaks TLS.
    pub is_tls: bool,
    /// Port of WebSocket: the page's own.
    pub ws_port: String,
    /// Whether the page came by HTTPS.
    pub is_wss: bool,
}

/// What stands where a password would, once it was shown.
pub const NO_PASSWORD: &str = "PASSWORD-SHOWN-ONCE";

impl Snippet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::MosquittoPub, Self::Paho, Self::Arduino];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::MosquittoPub => "mosquitto_pub",
            Self::Paho => "Python (paho-mqtt)",
            Self::Arduino => "Arduino",
        }
    }

    /// For ids: one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::MosquittoPub => "mosquitto",
            Self::Paho => "paho",
            Self::Arduino => "arduino",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::MosquittoPub => include_str!("../snippets/mosquitto_pub.sh"),
            Self::Paho => include_str!("../snippets/paho.py"),
            Self::Arduino => include_str!("../snippets/arduino.ino"),
        }
    }

    /// The code for a device.
    pub fn fill(self, place: &Place, device: &Device, password: Option<&str>) -> String {
        let port = place.tcp_port.map_or_else(|| "PORT".to_owned(), |port| port.to_string());
        let channel = device.publishes_to().map_or_else(|| "CHANNEL".to_owned(), |id| id.to_string());
        let values = [
            ("{host}", &*place.host),
            ("{tcp_port}", &port),
            ("{mosquitto_tls}", if place.is_tls { " --capath /etc/ssl/certs" } else { "" }),
            ("{ws_port}", &place.ws_port),
            ("{ws_path}", Realm::Secure.path()),
            ("{paho_tls}", if place.is_wss { "client.tls_set()\n" } else { "" }),
            ("{client_id}", &device.id),
            ("{user_name}", &device.id),
            ("{channel_id}", &channel),
            ("{password}", password.unwrap_or(NO_PASSWORD)),
        ];
        values.into_iter().fold(self.template().to_owned(), |code, (name, value)| code.replace(name, value))
    }

    /// What has to be said beside the code, a sentence each.
    pub fn notes(self, place: &Place, device: &Device, password: Option<&str>) -> Vec<&'static str> {
        let mut notes = Vec::new();
        if password.is_none() {
            notes.push(
                "The password was shown once, when it was made. Put it in, or rotate it to get a new one.",
            );
        }
        if device.publishes_to().is_none() {
            notes.push("This device may publish nowhere yet: edit it, and allow publish for a channel.");
        } else if !device.hears_itself() {
            notes.push("This device may publish to its channel and not subscribe to it: what prints the channel's entries is told \u{201c}not authorized\u{201d}.");
        }
        if self != Self::Paho && place.tcp_port.is_none() {
            notes.push("The broker does not say where it takes TCP: put its port in.");
        }
        let is_here = place.host == "localhost" || place.host == "::1" || place.host.starts_with("127.");
        if self == Self::Arduino && is_here {
            notes.push("A board does not reach this host, which means itself: have the realm listen on the network, and put that address in.");
        }
        if self == Self::Arduino && place.is_tls {
            notes.push("This port speaks TLS: use WiFiClientSecure with your certificate.");
        }
        notes
    }
}

impl Place {
    /// Host and port of WebSocket, as they stand in a URL.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.ws_port)
        } else {
            format!("{}:{}", self.host, self.ws_port)
        }
    }

    /// The way to the realm `secure`, from a page that came from `origin` (`ws://127.0.0.1:8080`), as far as the broker
    /// tells of its listeners.
    pub fn new(origin: &str, info: Option<&ServerInfo>) -> Self {
        let (scheme, authority) = origin.split_once("://").unwrap_or(("ws", origin));
        let is_wss = scheme == "wss";
        // A port stands behind the last colon that is not in an IPv6 address.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (authority, if is_wss { "443" } else { "80" }),
        };
        let find = |transport| {
            let all = info.map_or(&[][..], |info| &info.listeners).iter();
            let mut own = all.filter(|one| one.realm == Realm::Secure.name() && one.transport == transport);
            own.next()
        };
        let listener = find("tcp").or_else(|| find("tls"));
        Self {
            // Clients want the bare address, which stands in brackets in a URL alone.
            host: host.trim_matches(['[', ']']).to_owned(),
            tcp_port: listener.map(|listener| listener.port),
            is_tls: listener.is_some_and(|listener| listener.transport == "tls"),
            ws_port: port.to_owned(),
            is_wss,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{store::server_info::Listener, things::store::device::Right};

    fn info(transport: &str) -> ServerInfo {
        let listener = |realm: &str, transport: &str, port| Listener {
            realm: realm.to_owned(),
            transport: transport.to_owned(),
            address: "0.0.0.0".to_owned(),
            port,
        };
        let listeners = vec![listener("open", "tcp", 1883), listener("secure", transport, 1884)];
        ServerInfo { listeners, ..ServerInfo::default() }
    }

    fn device() -> Device {
        let channels = vec![
            Right { id: Some(3), ..Right::default() },
            Right { id: Some(7), publish: true, subscribe: true },
        ];
        Device { id: "dev-1".into(), channels, ..Device::default() }
    }

    #[test]
    fn every_place_is_filled_in() {
        let place = Place::new("ws://192.0.2.7:8080", Some(&info("tcp")));
        for snippet in Snippet::ALL {
            let code = snippet.fill(&place, &device(), Some("s3cret"));
            for template in
                ["{host}", "{tcp", "{ws", "{client", "{user", "{pass", "{channel", "{mosquitto", "{paho"]
            {
                assert!(!code.contains(template), "{template} in {code}");
            }
            for value in ["192.0.2.7", "dev-1", "s3cret", "channels/7/publish"] {
                assert!(code.contains(value), "no {value} in {code}");
            }
            assert_eq!(snippet.notes(&place, &device(), Some("s3cret")), [""; 0]);
        }
        let code = Snippet::MosquittoPub.fill(&place, &device(), None);
        assert!(
            code.contains("mosquitto_pub -h 192.0.2.7 -p 1884 -i dev-1 -u dev-1 -P 'PASSWORD-SHOWN-ONCE'"),
            "{code}"
        );
        let code = Snippet::Paho.fill(&place, &device(), Some("s3cret"));
        assert!(code.contains("client.ws_set_options(\"/secure/mqtt\")"), "{code}");
        assert!(code.contains("client.connect(\"192.0.2.7\", 8080)"), "{code}");
    }

    #[test]
    fn a_way_through_tls_is_said_to_be_one() {
        let place = Place::new("wss://example.org", Some(&info("tls")));
        assert_eq!(
            (place.host.as_str(), place.ws_port.as_str(), place.tcp_port),
            ("example.org", "443", Some(1884))
        );
        assert!(Snippet::MosquittoPub.fill(&place, &device(), None).contains("-p 1884 --capath"));
        assert!(
            Snippet::Paho.fill(&place, &device(), None).contains("client.tls_set()\nclient.username_pw_set")
        );
        assert_eq!(Snippet::Arduino.notes(&place, &device(), Some("p")).len(), 1);
    }

    #[test]
    fn what_is_lacking_is_said() {
        let place = Place::new("ws://[::1]:8080", None);
        assert_eq!((place.host.as_str(), place.authority().as_str()), ("::1", "[::1]:8080"));
        assert_eq!(Snippet::Arduino.notes(&place, &Device::default(), None).len(), 4);
        assert_eq!(Snippet::Paho.notes(&place, &Device::default(), None).len(), 2);
        let mut mute = device();
        mute.channels[1].subscribe = false;
        assert!(Snippet::Paho.notes(&place, &mute, Some("p"))[0].contains("not subscribe to it"));
    }
}
