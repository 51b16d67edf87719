//! Where the server can be reached, told to people, programs and clients.

use serde::Serialize;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The topic of the retained message that tells a realm's clients where the server listens.
pub(crate) const SERVER_TOPIC: &str = "$headcount/server";

/// A place where a realm takes clients. A WebSocket path and a TCP port are one each.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Listener {
    realm: String,
    transport: &'static str,
    address: IpAddr,
    port: u16,
    /// Of WebSocket alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Everything that is open.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    pages: Vec<String>,
    /// Where the metrics have a listener of their own.
    metrics: Option<String>,
    listeners: Vec<Listener>,
}

/// The line for programs.
#[derive(Serialize)]
struct Told<'a> {
    /// The first that was configured.
    page: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<&'a String>,
    listeners: &'a [Listener],
}

/// `$headcount/server`
#[derive(Serialize)]
struct Server {
    name: &'static str,
    version: &'static str,
    listeners: Vec<Listener>,
}

impl Addresses {
    pub(crate) fn add_page(&mut self, at: SocketAddr, is_secure: bool) {
        let scheme = if is_secure { "https" } else { "http" };
        self.pages.push(format!("{scheme}://{}/", reachable(at)));
    }

    pub(crate) fn add_metrics(&mut self, at: SocketAddr, path: &str) {
        self.metrics = Some(format!("http://{}{path}", reachable(at)));
    }

    pub(crate) fn add_tcp(&mut self, realm: &str, at: SocketAddr, is_secure: bool) {
        let (transport, scheme) = if is_secure { ("tls", "mqtts") } else { ("tcp", "mqtt") };
        self.add(realm, transport, at, None, format!("{scheme}://{}", reachable(at)));
    }

    pub(crate) fn add_websocket(&mut self, realm: &str, at: SocketAddr, path: &str, is_secure: bool) {
        let (transport, scheme) = if is_secure { ("secure-websocket", "wss") } else { ("websocket", "ws") };
        self.add(realm, transport, at, Some(path.to_owned()), format!("{scheme}://{}{path}", reachable(at)));
    }

    fn add(
        &mut self,
        realm: &str,
        transport: &'static str,
        at: SocketAddr,
        path: Option<String>,
        url: String,
    ) {
        let (address, port) = (at.ip(), at.port());
        self.listeners.push(Listener {
            realm: realm.to_owned(),
            transport,
            address,
            port,
            path,
            url: Some(url),
        });
    }

    /// A line each: address, then what is there.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<_> = self
            .pages
            .iter()
            .map(|page| (page.as_str(), "page"))
            .chain(self.metrics.iter().map(|metrics| (metrics.as_str(), "metrics")))
            .chain(self.listeners.iter().filter_map(|at| Some((at.url.as_deref()?, at.realm.as_str()))))
            .collect();
        let width = lines.iter().map(|(url, _)| url.len()).max().unwrap_or_default();
        lines.iter().fold(String::new(), |mut text, (url, what)| {
            let _ = writeln!(text, "{url:width$}  {what}");
            text
        })
    }

    /// One line of JSON.
    pub(crate) fn json(&self) -> String {
        let told =
            Told { page: self.pages.first(), metrics: self.metrics.as_ref(), listeners: &self.listeners };
        serde_json::to_string(&told).expect("text and numbers have a JSON form")
    }

    /// The payload of [`SERVER_TOPIC`].
    pub(crate) fn fact(&self) -> String {
        let listeners =
            self.listeners.iter().map(|listener| Listener { url: None, ..listener.clone() }).collect();
        let server = Server { name: "headcount", version: env!("CARGO_PKG_VERSION"), listeners };
        serde_json::to_string(&server).expect("text and numbers have a JSON form")
    }
}

/// Where a listener on every interface is reached from this machine: an address that works as printed.
fn reachable(at: SocketAddr) -> SocketAddr {
    match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), at.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), at.port()),
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        let mut addresses = Addresses::default();
        addresses.add_page("127.0.0.1:8080".parse().unwrap(), false);
        addresses.add_websocket("open", "127.0.0.1:8080".parse().unwrap(), "/mqtt", false);
        addresses.add_tcp("secure", "[::1]:1884".parse().unwrap(), false);
        addresses
    }

    #[test]
    fn tells_people() {
        assert_eq!(
            addresses().text(),
            "http://127.0.0.1:8080/    page\n\
             ws://127.0.0.1:8080/mqtt  open\n\
             mqtt://[::1]:1884         secure\n"
        );
    }

    #[test]
    fn tells_which_are_inside_tls() {
        let mut addresses = Addresses::default();
        addresses.add_page("127.0.0.1:443".parse().unwrap(), true);
        addresses.add_websocket("open", "127.0.0.1:443".parse().unwrap(), "/mqtt", true);
        addresses.add_tcp("open", "127.0.0.1:8883".parse().unwrap(), true);
        assert_eq!(
            addresses.text(),
            "https://127.0.0.1:443/    page\n\
             wss://127.0.0.1:443/mqtt  open\n\
             mqtts://127.0.0.1:8883    open\n"
        );
        let fact = addresses.fact();
        assert!(fact.contains(r#""secure-websocket""#) && fact.contains(r#""tls""#), "{fact}");
    }

    #[test]
    fn an_address_that_stands_for_all_is_printed_as_one_that_works() {
        let mut addresses = Addresses::default();
        addresses.add_page("[::]:8080".parse().unwrap(), false);
        addresses.add_tcp("open", "0.0.0.0:1883".parse().unwrap(), false);
        assert_eq!(addresses.text(), "http://[::1]:8080/     page\nmqtt://127.0.0.1:1883  open\n");
        assert!(addresses.fact().contains(r#""address":"0.0.0.0""#));
    }

    #[test]
    fn tells_programs() {
        assert_eq!(
            addresses().json(),
            r#"{"page":"http://127.0.0.1:8080/","listeners":[{"realm":"open","transport":"websocket","address":"127.0.0.1","port":8080,"path":"/mqtt","url":"ws://127.0.0.1:8080/mqtt"},{"realm":"secure","transport":"tcp","address":"::1","port":1884,"url":"mqtt://[::1]:1884"}]}"#
        );
    }

    #[test]
    fn tells_clients() {
        assert_eq!(
            addresses().fact(),
            r#"{"name":"headcount","version":"0.1.0","listeners":[{"realm":"open","transport":"websocket","address":"127.0.0.1","port":8080,"path":"/mqtt"},{"realm":"secure","transport":"tcp","address":"::1","port":1884}]}"#
        );
    }
}
