//! Mosquitto's log and its bridges.

use headcount_page::store::{Millis, event::Timed};

use super::{on_foreign, told};
use crate::stage::NOON;

const NOTICE: &str = "$SYS/broker/log/N";

/// What the page makes of one line: `disconnected lamp keep-alive-timeout`, with the address behind.
fn reads(line: &str) -> String {
    let mut stage = on_foreign("");
    stage.message(NOTICE, line);
    let Some(event) = stage.events().into_iter().next() else { return String::new() };
    let address =
        event.client.address.as_deref().map(|address| format!(" from {address}")).unwrap_or_default();
    format!("{}{address}", told(&stage)[0])
}

#[test]
fn lines_of_its_versions() {
    for (line, says) in [
        // 1.6
        ("New client connected from 192.0.2.7 as lamp (p2, c1, k60).", "connected lamp from 192.0.2.7"),
        ("Client lamp has exceeded timeout, disconnecting.", "disconnected lamp keep-alive-timeout"),
        ("Socket error on client lamp, disconnecting.", "disconnected lamp connection-lost"),
        ("Client lamp disconnected, no longer authorised.", "refused lamp not-authorized"),
        // 2.0
        (
            "New client connected from 192.0.2.7:50942 as lamp (p5, c1, k60, u'alice').",
            "connected lamp from 192.0.2.7:50942",
        ),
        ("New bridge connected from ::1:4 as vm.east (p2, c0, k60).", "connected vm.east from ::1:4"),
        ("Client lamp disconnected.", "disconnected lamp client-disconnect"),
        ("Client lamp closed its connection.", "disconnected lamp connection-lost"),
        ("Client lamp already connected, closing old connection.", "disconnected lamp taken-over"),
        ("Client lamp disconnected due to protocol error.", "disconnected lamp protocol-error"),
        ("Client lamp disconnected due to malformed packet.", "disconnected lamp malformed-packet"),
        ("Client lamp disconnected due to oversize packet.", "disconnected lamp packet-too-large"),
        ("Client lamp disconnected due to out of memory.", "disconnected lamp out of memory"),
        ("Client lamp disconnected: No route to host.", "disconnected lamp No route to host"),
        ("Client <unknown> disconnected, not authorised.", "refused <unknown> not-authorized"),
        ("Bad socket read/write on client lamp: Invalid input.", "disconnected lamp connection-lost"),
        // 2.1
        ("Client lamp [192.0.2.7:5] disconnected.", "disconnected lamp client-disconnect from 192.0.2.7:5"),
        (
            "Client lamp [192.0.2.7:5] disconnected: exceeded timeout.",
            "disconnected lamp keep-alive-timeout from 192.0.2.7:5",
        ),
        (
            "Client lamp [192.0.2.7:5] disconnected: connection closed by client.",
            "disconnected lamp connection-lost from 192.0.2.7:5",
        ),
        (
            "Client lamp [192.0.2.7:5] disconnected: session taken over.",
            "disconnected lamp taken-over from 192.0.2.7:5",
        ),
        (
            "Client lamp [192.0.2.7:5] disconnected: administrative action.",
            "disconnected lamp kicked from 192.0.2.7:5",
        ),
        (
            "Client auto-7 [192.0.2.7:5] disconnected: not authorised.",
            "refused auto-7 not-authorized from 192.0.2.7:5",
        ),
        // No facts about a client.
        ("New connection from 192.0.2.7:50942 on port 1883.", ""),
        ("Client <unknown> closed its connection.", ""),
        ("Client 192.0.2.7 [192.0.2.7:5] disconnected: connection closed by client.", ""),
        ("Client lamp negotiated TLSv1.3 cipher TLS_AES_256_GCM_SHA384", ""),
        ("mosquitto version 2.0.11 terminating", ""),
        ("New client connected from 192.0.2.7:50942 as a very long id that is cut of", ""),
        ("", ""),
    ] {
        for stamp in ["", "1795262400: ", "2026-11-21T12:00:00: ", "Sat Nov 21 12:00:00 2026: "] {
            assert_eq!(reads(&format!("{stamp}{line}")), says, "{stamp}{line}");
        }
    }
}

#[test]
fn all_that_a_line_says_about_a_client() {
    let mut stage = on_foreign("");
    stage.message(NOTICE, "New client connected from 127.0.0.1:50942 as lamp (p5, c0, k30, u'alice').");
    let client = stage.events().remove(0).client;
    assert_eq!((&*client.account, client.keep_alive, client.clean_start), ("alice", Some(30), Some(false)));
    assert_eq!(client.protocol.as_deref(), Some("5.0"));
    assert_eq!(client.transport, None);
}

#[test]
fn an_end_takes_from_its_beginning_what_its_line_leaves_out() {
    let mut stage = on_foreign("");
    stage.message(
        NOTICE,
        "1795262403: New client connected from 127.0.0.1:50942 as lamp (p5, c0, k30, u'alice').",
    );
    assert_eq!(stage.here(), ["lamp"]);
    stage.advance(2_000);
    stage.message(NOTICE, "1795262405: Client lamp closed its connection.");
    let ended = stage.events().remove(0);
    assert_eq!((&*ended.client.account, ended.client.address.as_deref()), ("alice", Some("127.0.0.1:50942")));
    assert_eq!((ended.lasted, ended.timed), (Some(2_000), Timed::ByMessage));
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn a_take_over_is_two_rows_and_leaves_one_here() {
    let mut stage = on_foreign("");
    stage.message(NOTICE, "New client connected from 127.0.0.1:1 as twin (p2, c1, k60, u'alice').");
    stage.message("$SYS/broker/log/E", "Client twin already connected, closing old connection.");
    assert_eq!(stage.here(), ["twin"]);
    stage.message(NOTICE, "New client connected from 127.0.0.1:2 as twin (p5, c1, k60, u'bob').");
    assert_eq!(told(&stage), ["connected twin", "disconnected twin taken-over", "connected twin"]);
    assert_eq!(stage.here(), ["twin"]);
    assert_eq!(&*stage.store.present().list(1)[0].client.account, "bob");
}

/// 2.0 with libwebsockets, as it logs it.
#[test]
fn an_old_websocket_that_ends_after_its_successor_came_takes_nobody_away() {
    let mut stage = on_foreign("");
    let came = "New client connected from ::ffff:127.0.0.1:1 as twin (p2, c1, k60).";
    stage.message(NOTICE, came);
    stage.message("$SYS/broker/log/E", "Client twin already connected, closing old connection.");
    stage.message(NOTICE, came.replace(":1 as", ":2 as"));
    stage.message(NOTICE, "Client twin closed its connection.");
    assert_eq!(told(&stage)[0], "late end twin connection-lost");
    assert_eq!(stage.here(), ["twin"]);
    stage.message(NOTICE, "Client twin closed its connection.");
    assert_eq!((stage.here(), &*told(&stage)[0]), (vec![], "disconnected twin connection-lost"));
    // Over TCP the end is the newcomer's.
    stage.message(NOTICE, "New client connected from 127.0.0.1:1 as twin (p2, c1, k60).");
    stage.message("$SYS/broker/log/E", "Client twin already connected, closing old connection.");
    stage.message(NOTICE, "New client connected from 127.0.0.1:2 as twin (p2, c1, k60).");
    stage.message(NOTICE, "Client twin closed its connection.");
    assert_eq!(stage.here(), [""; 0]);
    // A late line is late by seconds, not by a minute.
    stage.message(NOTICE, came);
    stage.message("$SYS/broker/log/E", "Client twin already connected, closing old connection.");
    stage.message(NOTICE, came);
    stage.advance(60_000);
    stage.message(NOTICE, "Client twin closed its connection.");
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn who_is_put_out_was_here() {
    let mut stage = on_foreign("");
    stage.message(NOTICE, "New client connected from 127.0.0.1:1 as lamp (p2, c1, k60).");
    stage.message(NOTICE, "Client lamp disconnected, not authorised.");
    assert_eq!(told(&stage)[0], "disconnected lamp not-authorized");
    assert_eq!(stage.here(), [""; 0]);
}

/// The log's second, and within it the order of coming.
#[test]
fn times() {
    let at = |stamp: &str, later: i64| {
        let mut stage = on_foreign("");
        stage.advance(later);
        stage.message(NOTICE, format!("{stamp}Client lamp disconnected."));
        let event = stage.events().remove(0);
        (event.at.0 - NOON, event.timed)
    };
    // The page has been there for three seconds.
    assert_eq!(at("", 0), (3_000, Timed::ByReceipt));
    assert_eq!(at("1795262403: ", 250), (3_250, Timed::ByMessage), "in its second");
    assert_eq!(at("1795262401: ", 0), (1_999, Timed::ByMessage), "it was late");
    assert_eq!(at("1795262460: ", 0), (60_000, Timed::ByMessage), "its clock is ahead");
    assert_eq!(at("2026-11-21T14:00:01+02:00: ", 0), (1_999, Timed::ByMessage));
    assert_eq!(at("2026-11-21T14:00:01: ", 0), (3_000, Timed::ByReceipt), "of which zone?");
    assert_eq!(at("noon: ", 0), (3_000, Timed::ByReceipt));
}

#[test]
fn an_id_cannot_put_words_into_the_log() {
    for id in [
        "a disconnected.",
        "a (p2, c1, k60).",
        "a closed its connection.",
        "a [1.2.3.4:5]x",
        "New client connected from 1.2.3.4 as b",
        "a: Client b disconnected.",
        "a as b",
    ] {
        assert_eq!(
            reads(&format!("New client connected from 192.0.2.7:1 as {id} (p2, c1, k60).")),
            format!("connected {id} from 192.0.2.7:1")
        );
        assert_eq!(
            reads(&format!("1: Client {id} closed its connection.")),
            format!("disconnected {id} connection-lost")
        );
    }
}

#[test]
fn bridges() {
    let mut stage = on_foreign("");
    let topic = "$SYS/broker/connection/vm.east/state";
    stage.retained(topic, "1");
    assert_eq!((stage.here(), told(&stage)), (vec!["vm.east".to_owned()], vec![]));
    assert!(stage.store.present().list(1)[0].earlier, "since when is not told");
    stage.advance(5_000);
    stage.message(topic, "0");
    let ended = stage.events().remove(0);
    assert_eq!((told(&stage), ended.lasted), (vec!["disconnected vm.east".to_owned()], None));
    assert_eq!((ended.at, ended.timed), (Millis(NOON + 8_000), Timed::ByReceipt));
    stage.message(topic, "");
    stage.message(topic, "1");
    assert_eq!(told(&stage), ["connected vm.east", "disconnected vm.east"]);
    assert_eq!(stage.events()[0].source.label(), "Mosquitto bridge");
    // The far end's log tells of the same client.
    stage.message(NOTICE, "New bridge connected from 127.0.0.1:9 as vm.east (p2, c0, k60).");
    assert_eq!(stage.here(), ["vm.east"]);
}
