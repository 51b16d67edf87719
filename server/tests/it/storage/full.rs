//! A disk without room.

use super::disk::retained;
use crate::support::{BINARY, Client, Folder, Server, Session};
use bytes::Bytes;
use headcount_mqtt::{ProtocolVersion, QoS, ReasonCode};
use std::ffi::OsStr;
use std::path::PathBuf;

/// A real file system of 24 MB in a mount namespace of the server's own, with a file of 8 MB that gives room back.
fn on_a_small_disk(folder: &Folder, min_free: u64) -> (Server, PathBuf) {
    let (disk, file) = (folder.path("disk"), folder.path("headcount.toml"));
    let config = format!(
        "[store]\nmin_free = {min_free}\n[[realm]]\nname = \"open\"\nlisten = [\"127.0.0.1:0\"]\n\
         allow_anonymous = true\nobservers = \"everybody\"\n"
    );
    std::fs::write(&file, config).unwrap();
    let script = "mount -t tmpfs -o size=24m none \"$1\" && head -c 8000000 /dev/zero >\"$1/ballast\" || exit\n\
                  shift\nexec \"$0\" \"$@\"";
    let store = disk.join("store");
    let arguments: [&OsStr; 10] = [
        "--mount".as_ref(),
        "--map-root-user".as_ref(),
        "sh".as_ref(),
        "-c".as_ref(),
        script.as_ref(),
        BINARY.as_ref(),
        disk.as_os_str(),
        "--config".as_ref(),
        file.as_os_str(),
        "--store".as_ref(),
    ];
    let server = Server::run("unshare", arguments.into_iter().chain([store.as_os_str()]));
    let seen_from_here = format!("/proc/{}/root{}/ballast", server.pid(), disk.display());
    (server, seen_from_here.into())
}

/// Publishes until that is refused, by an acknowledgement or by the end of the connection, and says how many were not.
fn fill(publisher: &mut Session, server: &Server) -> usize {
    let payload = Bytes::from(vec![b'x'; 100_000]);
    let address = server.tcp("open");
    for count in 0..1_000 {
        publisher.publish_message(retained(&format!("r/{count}"), payload.clone()));
        publisher.until(address, |it| it.unacknowledged() == 0 || it.closed > 0);
        if !publisher.refused.is_empty() || publisher.closed > 0 {
            return count;
        }
    }
    panic!("a disk of 24 MB holds more than 100 MB");
}

#[test]
fn a_full_disk_refuses_with_quota_exceeded_and_takes_again_when_there_is_room() {
    // Full as the free space says, and full as a failing write says.
    for min_free in [4 << 20, 0] {
        let folder = Folder::with(&[("disk/.keep", "")]);
        let (server, ballast) = on_a_small_disk(&folder, min_free);
        let address = server.tcp("open");
        let mut old = Session::kept(ProtocolVersion::V311, "old");
        old.until(address, |it| it.present.len() == 1);
        let mut subscriber = Client::tcp(address, "clean");
        let mut publisher = Session::kept(ProtocolVersion::V5, "p");
        let count = fill(&mut publisher, &server);
        assert!(count > 50, "{count}");
        let by_acknowledgement = publisher.refused == [ReasonCode::QuotaExceeded];
        let by_disconnect = publisher.ended_with == [ReasonCode::QuotaExceeded];
        assert!(by_acknowledgement || by_disconnect, "{:?} {:?}", publisher.refused, publisher.ended_with);

        // 3.1.1 has no word for it: the connection ends without an acknowledgement.
        old.publish_message(retained("old", "x"));
        old.until(address, |it| it.closed == 1);
        assert_eq!((old.published, old.unacknowledged()), (0, 1));

        // The broker is there, and what needs no room goes on.
        subscriber.prove();

        std::fs::remove_file(ballast).unwrap();
        old.until(address, |it| it.published == 1);
        publisher.refused.clear();
        publisher.until(address, |it| it.unacknowledged() == 0);
        publisher.publish("x", "x", QoS::ExactlyOnce);
        publisher.until(address, |it| it.unacknowledged() == 0);
        assert_eq!(publisher.refused, []);
    }
}
