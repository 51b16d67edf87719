//! One server for all: two realms, each on four transports.

use crate::support::{Authority, Folder, HTTP_BOTH_WAYS, LISTENERS_BOTH_WAYS, Server};
use std::net::SocketAddr;

const OPEN: &str = r#"
[[realm]]
name = "open"
websocket_paths = ["/mqtt"]
allow_anonymous = true
trust_user_names = true
"#;

const SECURE: &str = r#"
[[realm]]
name = "secure"
websocket_paths = ["/secure/mqtt"]
devices = true

[realm.limits]
# Two for each cast.
max_devices = 1000

[realm.accounts]
peter = "test"
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
        let realms = [OPEN, LISTENERS_BOTH_WAYS, SECURE, LISTENERS_BOTH_WAYS].concat();
        Self { server: Server::configured(&folder, &format!("{HTTP_BOTH_WAYS}{realms}")), folder }
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

    /// The address of a realm's TCP listener.
    pub(crate) fn tcp(&self, realm: &str) -> SocketAddr {
        self.server.tcp(realm)
    }

    /// The address at which a realm takes WebSocket.
    pub(crate) fn websocket(&self, realm: &str) -> SocketAddr {
        self.server.listener(realm, "websocket")
    }

    /// The file that TLS clients go by; empty for the others.
    pub(crate) fn ca(&self, scheme: &str) -> String {
        let secure = matches!(scheme, "mqtts" | "wss");
        if secure { self.folder.path("ca.pem").to_string_lossy().into_owned() } else { String::new() }
    }
}
