//! What it costs on disk, and what a crash may leave there.

use crate::support::{Folder, PATIENCE, Server, Session};
use bytes::Bytes;
use headcount_mqtt::client::Message;
use headcount_mqtt::{ProtocolVersion, QoS};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Bytes that the folder takes on disk.
fn size(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            let Ok(metadata) = entry.metadata() else { return 0 };
            if metadata.is_dir() { size(&entry.path()) } else { metadata.blocks() * 512 }
        })
        .sum()
}

pub(super) fn retained(topic: &str, payload: impl Into<Bytes>) -> Message {
    let mut message = Message::new(topic.try_into().unwrap(), payload.into());
    (message.qos, message.retain) = (QoS::AtLeastOnce, true);
    message
}

/// Publishes them all, a window of them at a time.
fn publish_all(session: &mut Session, server: &Server, messages: impl Iterator<Item = Message>) {
    let address = server.tcp("open");
    for message in messages {
        while session.unacknowledged() >= 200 {
            session.step(address);
        }
        session.publish_message(message);
    }
    session.until(address, |session| session.unacknowledged() == 0);
    assert_eq!(session.refused, []);
}

/// What the process gave the system to write, in bytes: files alone, as sockets are written by other calls.
fn written(server: &Server) -> u64 {
    let io = std::fs::read_to_string(format!("/proc/{}/io", server.pid())).unwrap();
    let line = io.lines().find(|line| line.starts_with("wchar:")).unwrap();
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_retained_message_costs_less_than_twice_its_payload_and_1_kb() {
    for (length, count) in [(100, 2_000), (10_000, 1_000), (1_000_000, 20)] {
        let folder = Folder::with(&[]);
        let server = Server::stored(&folder.path("store"));
        let mut publisher = Session::with(ProtocolVersion::V5, "p", |options| {
            options.session_expiry_interval = 0;
            options.clean_start = true;
        });
        publisher.until(server.tcp("open"), |it| it.present.len() == 1);
        let (on_disk, before) = (size(&folder.path("store")), written(&server));
        let payload = Bytes::from(vec![b'x'; length]);
        publish_all(
            &mut publisher,
            &server,
            (0..count).map(|n| retained(&format!("r/{n}"), payload.clone())),
        );
        let most = count * (2 * length + 1_000);
        let cost = usize::try_from(written(&server) - before).unwrap();
        assert!(cost < most, "{count} messages of {length} bytes cost {} each", cost / count);
        let grown = usize::try_from(size(&folder.path("store")) - on_disk).unwrap();
        assert!(grown < most, "{count} messages of {length} bytes take {} each", grown / count);
        println!("{length}: {} written, {} on disk", cost / count, grown / count);
    }
}

#[test]
fn what_is_overwritten_and_what_is_done_gives_its_room_back() {
    let folder = Folder::with(&[]);
    let server = Server::stored(&folder.path("store"));
    let mut publisher = Session::kept(ProtocolVersion::V5, "p");
    let payload = Bytes::from(vec![b'x'; 10_000]);
    // 100 MB over one topic.
    publish_all(&mut publisher, &server, (0..10_000).map(|_| retained("r", payload.clone())));
    // 40 MB through a queue, filled and emptied.
    let mut subscriber = Session::kept(ProtocolVersion::V5, "s");
    subscriber.subscribe("q", QoS::AtLeastOnce);
    subscriber.until(server.tcp("open"), |it| it.subscribed == 1);
    for round in 1..=5 {
        subscriber.lose();
        let messages = (0..800).map(|_| {
            let mut message = Message::new("q".try_into().unwrap(), payload.clone());
            message.qos = QoS::AtLeastOnce;
            message
        });
        publish_all(&mut publisher, &server, messages);
        subscriber.until(server.tcp("open"), |it| it.got.len() == 800 * round);
    }
    // Two journals of 64 MB at most, and what is not compacted yet.
    let begun = Instant::now();
    while size(&folder.path("store")) > 160 << 20 {
        assert!(begun.elapsed() < PATIENCE, "{} bytes", size(&folder.path("store")));
        std::thread::sleep(Duration::from_millis(50));
    }
    let begun = Instant::now();
    drop(server.stop());
    let server = Server::stored(&folder.path("store"));
    println!("{} bytes, started again in {:?}", size(&folder.path("store")), begun.elapsed());
    let mut late = Session::kept(ProtocolVersion::V5, "late");
    late.subscribe("r", QoS::AtMostOnce);
    late.until(server.tcp("open"), |it| it.got.len() == 1);
    assert_eq!(late.got[0].payload, payload);
}

/// The newest journal, cut at every place of its last records.
#[test]
fn a_torn_last_record_is_dropped_and_the_ones_before_it_stay() {
    let folder = Folder::with(&[]);
    let store = folder.path("store");
    let server = Server::stored(&store);
    let mut publisher = Session::kept(ProtocolVersion::V5, "p");
    for number in 0..20 {
        // Each a batch of its own.
        publish_all(
            &mut publisher,
            &server,
            [retained(&format!("r/{number:02}"), number.to_string())].into_iter(),
        );
    }
    server.kill();
    let journal = newest_journal(&store.join("store/table"));
    let whole = end_of_records(&journal);
    for cut in [1, 2, 7, 30, 100, 300] {
        let copy = folder.path(&format!("cut-{cut}"));
        copy_folder(&store, &copy);
        let journal = newest_journal(&copy.join("store/table"));
        File::options().write(true).open(journal).unwrap().set_len(whole - cut).unwrap();
        let server = Server::stored(&copy);
        let mut late = Session::kept(ProtocolVersion::V5, "late");
        late.subscribe("r/#", QoS::AtMostOnce);
        late.subscribe("end", QoS::AtMostOnce);
        late.until(server.tcp("open"), |it| it.subscribed == 2);
        let got: Vec<_> = late.got.iter().map(|it| String::from_utf8(it.payload.to_vec()).unwrap()).collect();
        let expected: Vec<_> = (0..got.len()).map(|n| n.to_string()).collect();
        assert_eq!(got, expected, "cut by {cut}");
        assert!(got.len() >= 10, "cut by {cut}: {}", got.len());
        // And it goes on from there.
        publish_all(&mut late, &server, [retained("r/99", "more")].into_iter());
        server.kill();
        let server = Server::stored(&copy);
        let mut later = Session::kept(ProtocolVersion::V5, "later");
        later.subscribe("r/99", QoS::AtMostOnce);
        later.until(server.tcp("open"), |it| it.got.len() == 1);
    }
}

fn newest_journal(table: &Path) -> PathBuf {
    let entries = std::fs::read_dir(table).unwrap().map(|entry| entry.unwrap().path());
    let journals = entries.filter(|path| path.extension().is_some_and(|it| it == "jnl"));
    journals.max_by_key(|path| path.file_stem().unwrap().to_str().unwrap().parse::<u64>().unwrap()).unwrap()
}

/// Where the zeroes begin that the journal is made with.
fn end_of_records(journal: &Path) -> u64 {
    let bytes = std::fs::read(journal).unwrap();
    u64::try_from(bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1).unwrap()
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
