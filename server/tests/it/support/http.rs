//! HTTP by hand: a test of a server's answers sends exactly the bytes that it means to.

use super::PATIENCE;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// A connection that gives up after [`PATIENCE`].
#[derive(Debug)]
pub(crate) struct Stream(pub(crate) TcpStream);

/// An answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Sends one request on a connection of its own. `headers` are whole lines; `Host` is there.
pub(crate) fn request(address: SocketAddr, method: &str, path: &str, headers: &[&str]) -> Response {
    let mut stream = Stream::open(address);
    stream.request(method, path, address, headers);
    stream.response(method == "HEAD")
}

impl Stream {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    pub(crate) fn request(&mut self, method: &str, path: &str, host: SocketAddr, headers: &[&str]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        for line in headers {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        self.0.write_all(head.as_bytes()).unwrap();
    }

    /// Reads one answer; the next stays unread.
    pub(crate) fn response(&mut self, without_body: bool) -> Response {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            let read = self.0.read(&mut byte).unwrap();
            assert_eq!(read, 1, "the answer ends within its head: {:?}", String::from_utf8_lossy(&head));
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut response = Response { status, headers, body: Vec::new() };
        if !without_body && status != 304 && status != 101 {
            let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
            response.body = vec![0; length];
            self.0.read_exact(&mut response.body).unwrap();
        }
        response
    }

    /// Whether the peer ends the connection, cleanly or by a reset, and sends nothing more before.
    pub(crate) fn is_ended(&mut self) -> bool {
        match self.0.read(&mut [0; 1]) {
            Ok(length) => length == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }
}
