//! Each kind of state, before and after.

use crate::support::{Folder, Server, Session};
use headcount_mqtt::{ProtocolVersion, QoS};

#[test]
fn what_was_queued_and_retained_is_there_after_sigterm_and_after_a_kill() {
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::KILL] {
        let folder = Folder::with(&[]);
        let server = Server::stored(&folder.path("store"));
        let mut subscriber = Session::kept(ProtocolVersion::V5, "s");
        subscriber.subscribe("a/#", QoS::AtLeastOnce);
        subscriber.until(server.tcp("open"), |it| it.subscribed == 1);
        subscriber.lose();
        let mut publisher = Session::kept(ProtocolVersion::V5, "p");
        for number in 0..3 {
            publisher.publish("a/b", number.to_string(), QoS::ExactlyOnce);
        }
        publisher.until(server.tcp("open"), |it| it.published == 3);
        server.signal(signal);
        drop(server.ended());
        let server = Server::stored(&folder.path("store"));
        subscriber.until(server.tcp("open"), |it| it.got.len() == 3);
        let got: Vec<_> = subscriber.got.iter().map(|it| it.payload.to_vec()).collect();
        assert_eq!(got, [b"0", b"1", b"2"]);
        assert_eq!(subscriber.present, [false, true]);
    }
}
