//! `headcount healthcheck`: asks a running server whether it is ready, for containers that have no other program.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Longer than a busy server takes, shorter than managers of containers wait.
const PATIENCE: Duration = Duration::from_secs(3);

/// Ask a running server whether it is ready
///
/// The exit status is 0 where it is, and 1 where it is not, or is not there.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct HealthcheckArgs {
    /// Where it tells so, without TLS: a listener of [http] or of [metrics]
    #[arg(default_value = "http://127.0.0.1:8080/readyz")]
    url: String,
}

impl HealthcheckArgs {
    /// # Errors
    /// A sentence that says why not.
    pub(crate) fn run(&self) -> Result<(), String> {
        let url = &self.url;
        let rest =
            url.strip_prefix("http://").ok_or_else(|| format!("{url}: write http://address:port/readyz"))?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, "readyz"));
        let answer = ask(authority, path).map_err(|error| format!("{url}: {error}"))?;
        if answer.starts_with("HTTP/1.1 200 ") {
            return Ok(());
        }
        let status = answer.lines().next().unwrap_or("no answer");
        Err(format!("{url}: {status}: {}", answer.lines().next_back().unwrap_or_default()))
    }
}

fn ask(authority: &str, path: &str) -> std::io::Result<String> {
    let missing = || std::io::Error::other("names no address and port");
    let address = authority.to_socket_addrs()?.next().ok_or_else(missing)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    // Bounded: whoever answers may be anything.
    stream.take(16 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
