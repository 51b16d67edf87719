//! Ready-made code for a device. The templates are files of their own, which a test runs as they are.

use super::device::Device;
use crate::store::ServerInfo;

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
    /// Host of WebSocket: that of the page's own connection.
    pub host: String,
    /// Host of plain TCP or TLS: the same, where the broker does not name another.
    pub tcp_host: String,
    /// Port of plain TCP or, failing that, of TLS; none where the broker tells of neither.
    pub tcp_port: Option<u16>,
    /// Whether that port speaks TLS.
    pub is_tls: bool,
    /// Port of WebSocket: that of the page's own connection.
    pub ws_port: String,
    /// Path of WebSocket: `/secure/mqtt`.
    pub ws_path: String,
    /// Whether WebSocket goes through TLS.
    pub is_wss: bool,
}

/// What stands in the place of code that needs another way than there is.
const NO_TCP: &str = "The broker tells of no TCP port of this realm. The code for Python goes by WebSocket.";

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
        let Some(port) = place.tcp_port.or((self == Self::Paho).then_some(0)) else {
            // A port that somebody made up would help nobody.
            return self.comment(NO_TCP);
        };
        let port = port.to_string();
        let host = if self == Self::Paho { &place.host } else { &place.tcp_host };
        let channel = device.publishes_to().map_or_else(|| "CHANNEL".to_owned(), |id| id.to_string());
        let values = [
            ("{host}", host.as_str()),
            ("{tcp_port}", &port),
            ("{mosquitto_tls}", if place.is_tls { " --capath /etc/ssl/certs" } else { "" }),
            ("{ws_port}", &place.ws_port),
            ("{ws_path}", &place.ws_path),
            ("{paho_tls}", if place.is_wss { "client.tls_set()\n" } else { "" }),
            ("{client_id}", &device.id),
            ("{user_name}", &device.id),
            ("{channel_id}", &channel),
            ("{password}", password.unwrap_or(NO_PASSWORD)),
        ];
        values.into_iter().fold(self.template().to_owned(), |code, (name, value)| code.replace(name, value))
    }

    /// A remark in its language.
    fn comment(self, words: &str) -> String {
        format!("{} {words}\n", if self == Self::Arduino { "//" } else { "#" })
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
        let host = place.tcp_host.as_str();
        let is_here = host == "localhost" || host == "::1" || host.starts_with("127.");
        if self == Self::Arduino && is_here && place.tcp_port.is_some() {
            notes.push("A board does not reach this host, which means itself: have the realm listen on the network, and put that address in.");
        }
        if self == Self::Arduino && place.is_tls {
            notes.push("This port speaks TLS: use WiFiClientSecure with your certificate.");
        }
        notes
    }
}

impl Place {
    /// The way to the realm of the page's own connection, which goes to `address` (`ws://127.0.0.1:8080/secure/mqtt`), as
    /// far as the broker tells of its listeners.
    pub fn new(address: &str, info: Option<&ServerInfo>) -> Self {
        let (scheme, rest) = address.split_once("://").unwrap_or(("ws", address));
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let is_wss = scheme == "wss";
        // A port stands behind the last colon that is not in an IPv6 address.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (authority, if is_wss { "443" } else { "80" }),
        };
        // Clients want the bare address, which stands in brackets in a URL alone.
        let host = host.trim_matches(['[', ']']);
        // Which realm it is the path says; what follows a question mark is the server's in front.
        let path = path.split('?').next().filter(|path| !path.is_empty()).unwrap_or("/");
        let all = info.map_or(&[][..], |info| &info.listeners);
        let realm = all.iter().find(|one| one.path == path).map(|one| one.realm.as_str());
        let find =
            |transport| all.iter().find(|one| Some(&*one.realm) == realm && one.transport == transport);
        let listener = find("tcp").or_else(|| find("tls"));
        let bound = listener.filter(|listener| !listener.is_everywhere()).map(|listener| &*listener.address);
        Self {
            host: host.to_owned(),
            tcp_host: bound.unwrap_or(host).to_owned(),
            tcp_port: listener.map(|listener| listener.port),
            is_tls: listener.is_some_and(|listener| listener.transport == "tls"),
            ws_port: port.to_owned(),
            ws_path: path.to_owned(),
            is_wss,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{store::server_info::Listener, things::store::device::Right};

    fn info(transport: &str) -> ServerInfo {
        let listener = |realm: &str, transport: &str, port, path: &str| Listener {
            realm: realm.to_owned(),
            transport: transport.to_owned(),
            address: "0.0.0.0".to_owned(),
            port,
            path: path.to_owned(),
        };
        let listeners = vec![
            listener("open", "tcp", 1883, ""),
            listener("open", "websocket", 8080, "/mqtt"),
            listener("secure", transport, 1884, ""),
            listener("secure", "websocket", 8080, "/secure/mqtt"),
            listener("plant", "tls", 8883, ""),
            listener("plant", "secure-websocket", 443, "/plant"),
        ];
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
        let place = Place::new("ws://192.0.2.7:8080/secure/mqtt", Some(&info("tcp")));
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
        let place = Place::new("wss://example.org/secure/mqtt", Some(&info("tls")));
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
    fn each_realm_has_a_way_of_its_own() {
        let info = info("tcp");
        let place = |address| Place::new(address, Some(&info));
        let open = place("ws://192.0.2.7:8080/mqtt");
        assert_eq!((open.tcp_port, open.ws_path.as_str()), (Some(1883), "/mqtt"));
        let plant = place("wss://example.org/plant?key=1");
        assert_eq!((plant.tcp_port, plant.is_tls, plant.is_wss), (Some(8883), true, true));
        let code = Snippet::Paho.fill(&plant, &device(), Some("p"));
        assert!(
            code.contains("client.ws_set_options(\"/plant\")") && code.contains("(\"example.org\", 443)"),
            "{code}"
        );
        // A path that the broker does not tell of is none of its realms'.
        assert_eq!(place("ws://192.0.2.7:8080/elsewhere").tcp_port, None);
        let mut bound = info.clone();
        bound.listeners[2].address = "192.0.2.9".to_owned();
        let place = Place::new("ws://192.0.2.7/secure/mqtt", Some(&bound));
        assert_eq!(
            (place.host.as_str(), place.tcp_host.as_str(), place.ws_port.as_str()),
            ("192.0.2.7", "192.0.2.9", "80")
        );
        assert!(Snippet::MosquittoPub.fill(&place, &device(), None).contains("-h 192.0.2.9 -p 1884"));
    }

    #[test]
    fn what_is_lacking_is_said() {
        let place = Place::new("ws://[::1]:8080/secure/mqtt", None);
        assert_eq!((place.host.as_str(), place.ws_port.as_str()), ("::1", "8080"));
        assert_eq!(Snippet::Arduino.notes(&place, &Device::default(), None).len(), 2);
        for snippet in [Snippet::MosquittoPub, Snippet::Arduino] {
            let code = snippet.fill(&place, &device(), Some("p"));
            assert!(code.contains("no TCP port of this realm") && code.lines().count() == 1, "{code}");
        }
        assert_eq!(Snippet::Paho.notes(&place, &Device::default(), None).len(), 2);
        let mut mute = device();
        mute.channels[1].subscribe = false;
        assert!(Snippet::Paho.notes(&place, &mute, Some("p"))[0].contains("not subscribe to it"));
    }
}
