//! The program among others of its kind.

use crate::support::{Client, Server};
use std::time::{Duration, Instant};

#[test]
fn several_listen_at_once_side_by_side() {
    let servers: Vec<Server> = (0..4)
        .map(|_| {
            let begun = Instant::now();
            // It says its addresses when it listens.
            let server = Server::start();
            assert!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
            server
        })
        .collect();
    for server in &servers {
        Client::tcp(server.tcp("open"), "same").prove();
        Client::websocket(server.http(), "same").prove();
    }
    // The same identifier in four of them is no take-over.
    let mut clients: Vec<Client> = servers.iter().map(|it| Client::tcp(it.tcp("open"), "same")).collect();
    clients.iter_mut().for_each(Client::prove);
}
