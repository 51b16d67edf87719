//! EMQX, RMQTT, `NanoMQ`, Aedes, Adafruit IO.

use headcount_page::store::{
    Millis,
    event::{Kind, Source, Timed, Transport},
};

use super::{on_foreign, told};
use crate::stage::{NOON, Stage};

const EMQX: &str = "$SYS/brokers/emqx@10.0.0.7/clients/lamp";

fn emqx_connected(at: i64) -> String {
    format!(
        r#"{{"username":"undefined","ts":{},"sockport":1883,"protocol":"mqtt","proto_ver":5,"proto_name":"MQTT","keepalive":60,
        "ipaddress":"192.0.2.7","expiry_interval":0,"connected_at":{at},"clientid":"lamp","clean_start":true}}"#,
        at + 1
    )
}

fn emqx_disconnected(began: i64, at: i64, reason: &str) -> String {
    format!(
        r#"{{"username":"undefined","ts":{at},"sockport":1883,"reason":"{reason}","protocol":"mqtt","proto_ver":5,
        "proto_name":"MQTT","ipaddress":"192.0.2.7","disconnected_at":{at},"connected_at":{began},"clientid":"lamp"}}"#
    )
}

#[test]
fn emqx_5() {
    let mut stage = on_foreign("");
    let began = NOON + 1_234;
    stage.message(&format!("{EMQX}/connected"), emqx_connected(began));
    assert_eq!(stage.here(), ["lamp"]);
    stage.message(
        &format!("{EMQX}/disconnected"),
        emqx_disconnected(began, began + 2_500, "keepalive_timeout"),
    );
    assert_eq!(told(&stage), ["disconnected lamp keep-alive-timeout", "connected lamp"]);
    let [end, start] = <[_; 2]>::try_from(stage.events()).unwrap();
    assert_eq!((start.at, start.timed), (Millis(began), Timed::ByMessage));
    assert_eq!(start.source.label(), "EMQX");
    let client = &start.client;
    assert_eq!(&*client.account, "", "`undefined` is no user name");
    assert_eq!((client.address.as_deref(), client.protocol.as_deref()), (Some("192.0.2.7"), Some("5.0")));
    assert_eq!((client.keep_alive, client.clean_start), (Some(60), Some(true)));
    assert_eq!(client.transport, None::<Transport>, "it does not say");
    assert_eq!((end.lasted, end.started), (Some(2_500), Some(Millis(began))));
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn emqx_4_has_no_beginning_in_its_end() {
    let mut stage = on_foreign("");
    let connected = r#"{"username":"foo","ts":1625572213873,"sockport":1883,"proto_ver":4,"proto_name":"MQTT",
        "keepalive":60,"ipaddress":"127.0.0.1","expiry_interval":0,"connected_at":1625572213873,"connack":0,
        "clientid":"emqtt-8348fe27a87976ad4db3","clean_start":true}"#;
    let disconnected = r#"{"username":"foo","ts":1625572214373,"sockport":1883,"reason":"tcp_closed","proto_ver":4,
        "proto_name":"MQTT","ipaddress":"127.0.0.1","disconnected_at":1625572214373,
        "clientid":"emqtt-8348fe27a87976ad4db3"}"#;
    let topic = "$SYS/brokers/emqx@127.0.0.1/clients/emqtt-8348fe27a87976ad4db3";
    stage.message(&format!("{topic}/connected"), connected);
    stage.message(&format!("{topic}/disconnected"), disconnected);
    let [end, start] = <[_; 2]>::try_from(stage.events()).unwrap();
    assert_eq!((&*start.client.account, start.client.protocol.as_deref()), ("foo", Some("3.1.1")));
    assert_eq!((end.reason.as_deref(), end.started, end.lasted), (Some("connection-lost"), None, Some(500)));
}

#[test]
fn the_words_of_emqx() {
    for (word, reason) in [
        ("normal", "client-disconnect"),
        ("takenover", "taken-over"),
        ("takeovered", "taken-over"),
        ("discarded", "taken-over"),
        ("kicked", "kicked"),
        ("ssl_closed", "connection-lost"),
        ("frame_too_large", "packet-too-large"),
        ("not_authorized", "not-authorized"),
        ("internal_error", "internal_error"),
    ] {
        let mut stage = on_foreign("");
        stage.message(&format!("{EMQX}/disconnected"), emqx_disconnected(NOON, NOON, word));
        assert_eq!(stage.events()[0].reason.as_deref(), Some(reason), "{word}");
    }
}

#[test]
fn a_take_over_leaves_the_newcomer_here() {
    let mut stage = on_foreign("");
    stage.message(&format!("{EMQX}/connected"), emqx_connected(NOON + 1_000));
    // EMQX tells of the newcomer first, or of the one who had to go.
    stage.message(&format!("{EMQX}/connected"), emqx_connected(NOON + 2_000));
    let ended = emqx_disconnected(NOON + 1_000, NOON + 2_001, "takenover");
    stage.message(&format!("{EMQX}/disconnected"), ended);
    assert_eq!(stage.here(), ["lamp"]);
    assert_eq!(told(&stage)[0], "disconnected lamp taken-over");
    let ended = emqx_disconnected(NOON + 2_000, NOON + 3_000, "discarded");
    stage.message(&format!("{EMQX}/disconnected"), ended);
    stage.message(&format!("{EMQX}/connected"), emqx_connected(NOON + 3_000));
    assert_eq!(stage.here(), ["lamp"]);
    assert_eq!(stage.store.present().list(1)[0].since, Millis(NOON + 3_000));
}

#[test]
fn rmqtt() {
    let mut stage = on_foreign("");
    let topic = "$SYS/brokers/1/clients/rmqtt-12312431wewr232";
    let connected = r#"{"node":1,"ipaddress":"127.0.0.1:1883","clientid":"rmqtt-12312431wewr232","username":"foo",
        "keepalive":60,"proto_ver":4,"clean_session":true,"connected_at":1692069106000,"session_present":false,
        "time":"2023-08-15 11:11:46.984"}"#;
    stage.message(&format!("{topic}/connected"), connected);
    let end = |reason: &str| {
        format!(
            r#"{{"node":1,"ipaddress":"127.0.0.1:1883","clientid":"rmqtt-12312431wewr232","username":null,
            "disconnected_at":1692069107500,"reason":"{reason}","time":"2023-08-15 11:11:46.984"}}"#
        )
    };
    stage.message(&format!("{topic}/disconnected"), end("Disconnect"));
    let [ended, began] = <[_; 2]>::try_from(stage.events()).unwrap();
    assert_eq!(began.source.label(), "RMQTT");
    assert_eq!(began.client.address.as_deref(), Some("127.0.0.1:1883"));
    assert_eq!(began.client.clean_start, Some(true));
    assert_eq!((ended.reason.as_deref(), ended.lasted), (Some("client-disconnect"), Some(1_500)));
    assert_eq!(&*ended.client.account, "foo", "as its beginning said");
    for (word, reason) in [
        ("Disconnect(Some(\\\"bye\\\"))", "client-disconnect"),
        ("RemoteClose", "connection-lost"),
        ("KeepaliveTimeout", "keep-alive-timeout"),
        ("Kicked", "taken-over"),
        ("ByAdminKick", "kicked"),
        ("ReadWriteError,RemoteClose", "connection-lost"),
        ("ProtocolError(x)", "protocol-error"),
        ("Unknown", "Unknown"),
    ] {
        stage.message(&format!("{topic}/disconnected"), end(word));
        assert_eq!(stage.events()[0].reason.as_deref(), Some(reason), "{word}");
    }
}

#[test]
fn nanomq() {
    let mut stage = on_foreign("");
    let topic = "$SYS/brokers/client_status/lamp";
    let online = r#"{"status":"online", "username":"(null)", "ts":1787636726019,"proto_name":"MQTT","keepalive":60,"return_code":"0","proto_ver":4,"client_id":"lamp","clean_start":1, "IPv4":"127.0.0.1"}"#;
    let offline = |code: &str| {
        format!(
            r#"{{"status":"offline", "username":"(null)","ts":1787636727019,"reason_code":"{code}","client_id":"lamp","IPv4":"127.0.0.1"}}"#
        )
    };
    stage.message(topic, online);
    assert_eq!(stage.here(), ["lamp"]);
    stage.message(topic, offline("8d"));
    let [ended, began] = <[_; 2]>::try_from(stage.events()).unwrap();
    assert_eq!((&*began.client.account, began.client.clean_start), ("", Some(true)));
    assert_eq!((began.at, began.client.keep_alive), (Millis(1_787_636_726_019), Some(60)));
    assert_eq!((ended.reason.as_deref(), ended.lasted), (Some("keep-alive-timeout"), Some(1_000)));
    for (code, reason) in [
        ("0", Some("client-disconnect")),
        ("1f", Some("connection-lost")),
        ("8e", Some("taken-over")),
        ("95", Some("packet-too-large")),
        ("ff", None),
    ] {
        stage.message(topic, offline(code));
        assert_eq!(stage.events()[0].reason.as_deref(), reason, "{code}");
    }
    let refused = online.replace(r#""return_code":"0""#, r#""return_code":"86""#);
    stage.message(topic, refused);
    assert_eq!(told(&stage)[0], "refused lamp bad-user-name-or-password");
}

#[test]
fn nanomq_before_0_24_and_what_it_retains() {
    let mut stage = on_foreign("");
    let online = r#"{"username":"foo", "ts":1650000000000,"proto_name":"MQTT","keepalive":60,"return_code":"0","proto_ver":5,"client_id":"old","clean_start":0}"#;
    stage.retained("$SYS/brokers/connected", online);
    assert_eq!(told(&stage), [""; 0], "a state is no event");
    let here = &stage.store.present().list(1)[0];
    assert_eq!((&*here.client.id, here.since, here.earlier), ("old", Millis(1_650_000_000_000), false));
    let offline = r#"{"username":"foo", "ts":1650000001000,"reason_code":"0","client_id":"old"}"#;
    stage.message("$SYS/brokers/disconnected", offline);
    assert_eq!(told(&stage), ["disconnected old client-disconnect"]);
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn aedes() {
    let mut stage = on_foreign("");
    stage.message("$SYS/c0ffee/new/clients", "lamp");
    stage.advance(700);
    stage.message("$SYS/c0ffee/disconnect/clients", "lamp");
    assert_eq!(told(&stage), ["disconnected lamp", "connected lamp"]);
    let ended = &stage.events()[0];
    assert_eq!((ended.timed, ended.lasted, &ended.reason), (Timed::ByReceipt, Some(700), &None));
    assert_eq!(ended.source.label(), "Aedes");
}

#[test]
fn adafruit_io() {
    let mut stage = on_foreign("");
    stage.message(
        "alice/clients",
        r#"{"status":"connected","at":"2017-10-24T16:08:38.552Z","client":{"id":"io-mqtt-39dc5a71"}}"#,
    );
    stage.message(
        "alice/clients",
        r#"{"status":"disconnected","at":"2017-10-24T16:08:40.691Z","client":{"id":"io-mqtt-39dc5a71"}}"#,
    );
    assert_eq!(told(&stage), ["disconnected io-mqtt-39dc5a71", "connected io-mqtt-39dc5a71"]);
    let ended = &stage.events()[0];
    assert_eq!((ended.lasted, ended.timed, ended.source), (Some(2_139), Timed::ByMessage, Source::Feed));
    stage.message("alice/clients", r#"{"status":"connected","client":{"id":"x"}}"#);
    assert_eq!(stage.events()[0].timed, Timed::ByReceipt);
}

#[test]
fn what_a_broker_says_unreadably_is_shown_a_few_times_and_counted() {
    let mut stage = on_foreign("");
    for _ in 0..100 {
        stage.message(&format!("{EMQX}/connected"), r#"{"clientid":"#);
    }
    assert_eq!(stage.events().len(), 20);
    assert!(matches!(&stage.events()[0].kind, Kind::Unreadable(why) if why.starts_with("EOF")));
    assert_eq!(stage.store.unreadable(), 100);
    let mut stage = Stage::on_another_broker();
    stage.message(&format!("{EMQX}/connected"), emqx_connected(NOON));
    assert_eq!(told(&stage), ["unreadable"], "nobody asked for it");
}
