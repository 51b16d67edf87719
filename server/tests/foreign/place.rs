//! One server for all: two realms, each on four transports.

use crate::support::{Authority, Folder, Server};

const CONFIGURATION: &str = r#"
[[http]]
listen = "127.0.0.1:0"

[[http]]
listen = "127.0.0.1:0"
tls = { certfile = "server.pem", keyfile = "server.key" }

[[realm]]
name = "open"
websocket_paths = ["/mqtt"]
allow_anonymous = true
trust_user_names = true

[[realm.listener]]
listen = "127.0.0.1:0"

[[realm.listener]]
listen = "127.0.0.1:0"
tls = { certfile = "server.pem", keyfile = "server.key" }

[[realm]]
name = "secure"
websocket_paths = ["/secure/mqtt"]

[realm.accounts]
peter = "test"

[[realm.listener]]
listen = "127.0.0.1:0"

[[realm.listener]]
listen = "127.0.0.1:0"
tls = { certfile = "server.pem", keyfile = "server.key" }
"#;

/// The server and its authority's certificate.
pub(crate) struct Place {
    server: Server,
    folder: Folder,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = Folder::with(&[]);
        Authority::new("Test").write(&folder);
        Self { server: Server::configured(&folder, CONFIGURATION), folder }
    }

    /// Where a realm is found by this scheme.
    pub(crate) fn url(&self, scheme: &str, realm: &str) -> String {
        let (transport, path) = match (scheme, realm) {
            ("mqtt", _) => ("tcp", ""),
            ("mqtts", _) => ("tls", ""),
            ("ws", "open") => ("websocket", "/mqtt"),
            ("ws", _) => ("websocket", "/secure/mqtt"),
            (_, "open") => ("secure-websocket", "/mqtt"),
            _ => ("secure-websocket", "/secure/mqtt"),
        };
        format!("{scheme}://{}{path}", self.server.listener(realm, transport))
    }

    /// The file that TLS clients go by; empty for the others.
    pub(crate) fn ca(&self, scheme: &str) -> String {
        let secure = matches!(scheme, "mqtts" | "wss");
        if secure { self.folder.path("ca.pem").to_string_lossy().into_owned() } else { String::new() }
    }
}
