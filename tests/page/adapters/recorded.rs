//! Messages as brokers sent them, word for word: recorded from RMQTT 0.24.0 with MQTT.js as the client, and from EMQX and
//! `NanoMQ` as their users show them in public reports.

use headcount_page::store::{Millis, event::Kind};

use super::{on_foreign, told};
use crate::stage::Stage;

/// Says each pair of topic and payload.
fn hear(stage: &mut Stage, messages: &[(&str, &str)]) {
    for (topic, payload) in messages {
        stage.message(topic, payload);
    }
}

#[test]
fn rmqtt_a_goodbye_a_crash_and_a_take_over() {
    let mut stage = on_foreign("");
    hear(
        &mut stage,
        &[
            (
                "$SYS/brokers/0/clients/polite/connected",
                r#"{"clean_session":true,"clientid":"polite","connected_at":1795320091077,"ipaddress":"127.0.0.1:54448","keepalive":60,"node":0,"proto_ver":4,"session_present":false,"time":"2026-11-22 04:01:31.077","username":"alice"}"#,
            ),
            (
                "$SYS/brokers/0/clients/polite/disconnected",
                r#"{"clientid":"polite","disconnected_at":1795320091081,"ipaddress":"127.0.0.1:54448","node":0,"reason":"Disconnect(V3),RemoteClose","time":"2026-11-22 04:01:31.082","username":"alice"}"#,
            ),
            (
                "$SYS/brokers/0/clients/killed/connected",
                r#"{"clean_start":true,"clientid":"killed","connected_at":1795320091387,"ipaddress":"127.0.0.1:54458","keepalive":60,"node":0,"proto_ver":5,"session_present":false,"time":"2026-11-22 04:01:31.387","username":"bob"}"#,
            ),
            (
                "$SYS/brokers/0/clients/killed/disconnected",
                r#"{"clientid":"killed","disconnected_at":1795320091389,"ipaddress":"127.0.0.1:54458","node":0,"reason":"RemoteClose","time":"2026-11-22 04:01:31.389","username":"bob"}"#,
            ),
            (
                "$SYS/brokers/0/clients/twin/connected",
                r#"{"clean_session":true,"clientid":"twin","connected_at":1795320091690,"ipaddress":"127.0.0.1:54468","keepalive":60,"node":0,"proto_ver":4,"session_present":false,"time":"2026-11-22 04:01:31.690","username":"undefined"}"#,
            ),
            (
                "$SYS/brokers/0/clients/twin/disconnected",
                r#"{"clientid":"twin","disconnected_at":1795320091743,"ipaddress":"127.0.0.1:54468","node":0,"reason":"Kicked","time":"2026-11-22 04:01:31.743","username":"undefined"}"#,
            ),
            (
                "$SYS/brokers/0/clients/twin/connected",
                r#"{"clean_session":true,"clientid":"twin","connected_at":1795320091743,"ipaddress":"127.0.0.1:54470","keepalive":60,"node":0,"proto_ver":4,"session_present":false,"time":"2026-11-22 04:01:31.743","username":"undefined"}"#,
            ),
        ],
    );
    assert_eq!(
        told(&stage),
        [
            "connected twin",
            "disconnected twin taken-over",
            "connected twin",
            "disconnected killed connection-lost",
            "connected killed",
            "disconnected polite client-disconnect",
            "connected polite",
        ]
    );
    let events = stage.events();
    assert_eq!(events[0].source.label(), "RMQTT");
    let polite = &events[5];
    assert_eq!((polite.at, polite.lasted), (Millis(1_795_320_091_081), Some(4)));
    assert_eq!(
        (&*polite.client.account, polite.client.address.as_deref()),
        ("alice", Some("127.0.0.1:54448"))
    );
    assert_eq!((&*events[0].client.account, events[0].client.clean_start), ("", Some(true)));
    let here = &stage.store.present().list(9)[..];
    assert_eq!(here.len(), 1);
    assert_eq!((&*here[0].client.id, here[0].client.address.as_deref()), ("twin", Some("127.0.0.1:54470")));
}

#[test]
fn rmqtt_in_other_words() {
    for (reason, name) in [
        (
            "Disconnect(V5(Disconnect { reason_code: DisconnectWithWillMessage, session_expiry_interval_secs: None, server_reference: None, reason_string: None, user_properties: [] })),RemoteClose",
            "client-disconnect-with-will",
        ),
        (
            r#"io error, \"WebSocket protocol error: Connection reset without closing handshake\""#,
            "connection-lost",
        ),
        ("Unsupported packet type", "malformed-packet"),
        ("KeepaliveTimeout", "keep-alive-timeout"),
    ] {
        let mut stage = on_foreign("");
        let payload = format!(
            r#"{{"clientid":"frozen","disconnected_at":1795320102376,"ipaddress":"127.0.0.1:39546","node":0,"reason":"{reason}","time":"2026-11-22 04:01:42.376","username":"undefined"}}"#
        );
        stage.message("$SYS/brokers/0/clients/frozen/disconnected", payload);
        assert_eq!(told(&stage), [format!("disconnected frozen {name}")]);
    }
}

#[test]
fn emqx_of_all_ages() {
    let mut stage = on_foreign("");
    hear(
        &mut stage,
        &[
            // 3.2.3, issue 2993 of its repository: nobody of that name may come in.
            (
                "$SYS/brokers/emqx@10.95.198.38/clients/1_tdrsl86w9vk/connected",
                r#"{"clean_start":true,"clientid":"1_tdrsl86w9vk","connack":135,"ipaddress":"10.95.177.137","keepalive":60,"proto_name":"MQTT","proto_ver":4,"ts":1571885601356,"username":"tdrsl86w9vk"}"#,
            ),
            // 3: seconds.
            (
                "$SYS/brokers/emqx@127.0.0.1/clients/tianqi-R201b-967E6D9A3001/disconnected",
                r#"{"clientid":"tianqi-R201b-967E6D9A3001","username":"undefined","reason":"keepalive_timeout","ts":1561184234}"#,
            ),
            // 4.0: seconds and milliseconds.
            (
                "$SYS/brokers/emqx@127.0.0.1/clients/simulator_client_weather_rainfall/disconnected",
                r#"{"username":"undefined","ts":1590667565084,"reason":"tcp_closed","disconnected_at":1590667565,"clientid":"simulator_client_weather_rainfall"}"#,
            ),
            // 5.
            (
                "$SYS/brokers/emqx@172.30.0.2/clients/robot-mqtt-1842/connected",
                r#"{"username":"robot-3","ts":1715636591115,"sockport":1883,"protocol":"mqtt","proto_ver":4,"proto_name":"MQTT","keepalive":60,"ipaddress":"172.30.0.1","expiry_interval":0,"connected_at":1715636591115,"clientid":"robot-mqtt-1842","clean_start":true}"#,
            ),
            (
                "$SYS/brokers/emqx@172.30.0.2/clients/robot-mqtt-1842/disconnected",
                r#"{"username":"robot-3","ts":1715636592031,"sockport":1883,"reason":"tcp_closed","protocol":"mqtt","proto_ver":4,"proto_name":"MQTT","ipaddress":"172.30.0.1","disconnected_at":1715636592031,"connected_at":1715636591115,"clientid":"robot-mqtt-1842"}"#,
            ),
        ],
    );
    assert_eq!(
        told(&stage),
        [
            "disconnected robot-mqtt-1842 connection-lost",
            "connected robot-mqtt-1842",
            "disconnected simulator_client_weather_rainfall connection-lost",
            "disconnected tianqi-R201b-967E6D9A3001 keep-alive-timeout",
            "refused 1_tdrsl86w9vk not-authorized",
        ]
    );
    let events = stage.events();
    assert_eq!((events[0].lasted, &*events[0].client.account), (Some(916), "robot-3"));
    assert_eq!([events[2].at, events[3].at], [Millis(1_590_667_565_000), Millis(1_561_184_234_000)]);
    assert_eq!(stage.here(), [""; 0]);
}

/// The members that 6.3 has beside those of 5, by `emqx_sys.erl`.
#[test]
fn emqx_6_tells_more_than_is_read() {
    let mut stage = on_foreign("");
    hear(
        &mut stage,
        &[
            (
                "$SYS/brokers/emqx@10.0.0.7/clients/lamp/connected",
                r#"{"clientid":"lamp","username":"undefined","ipaddress":"192.0.2.7","sockport":1883,"protocol":"mqtt","proto_name":"MQTT","proto_ver":5,"connected_at":1795320091077,"ts":1795320091078,"conn_props":{"User-Property":{"a":"b"}},"receive_maximum":32,"keepalive":60,"clean_start":true,"expiry_interval":0,"client_attrs":{"tns":"x"}}"#,
            ),
            (
                "$SYS/brokers/emqx@10.0.0.7/clients/lamp/disconnected",
                r#"{"clientid":"lamp","username":"undefined","ipaddress":"192.0.2.7","sockport":1883,"protocol":"mqtt","proto_name":"MQTT","proto_ver":5,"connected_at":1795320091077,"ts":1795320091577,"disconn_props":{},"client_attrs":{},"reason":"disconnect_with_will_message","disconnected_at":1795320091577}"#,
            ),
        ],
    );
    assert_eq!(told(&stage), ["disconnected lamp client-disconnect-with-will", "connected lamp"]);
    assert_eq!(stage.events()[0].lasted, Some(500));
}

#[test]
fn nanomq() {
    let mut stage = on_foreign("");
    hear(
        &mut stage,
        &[
            (
                "$SYS/brokers/client_status/mqttui-3a97c5cc",
                r#"{"status":"online", "username":"(null)", "ts":1787636726019,"proto_name":"MQTT","keepalive":60,"return_code":"0","proto_ver":4,"client_id":"mqttui-3a97c5cc","clean_start":1, "IPv4":"127.0.0.1"}"#,
            ),
            (
                "$SYS/brokers/client_status/mqttui-7e93c4ef",
                r#"{"status":"offline", "username":"(null)","ts":1787636721809,"reason_code":"0","client_id":"mqttui-7e93c4ef","IPv4":"127.0.0.1"}"#,
            ),
        ],
    );
    assert_eq!(told(&stage), ["disconnected mqttui-7e93c4ef client-disconnect", "connected mqttui-3a97c5cc"]);
    assert_eq!(stage.here(), ["mqttui-3a97c5cc"]);
}

#[test]
fn nanomq_cuts_long_messages_and_escapes_no_name() {
    let mut stage = on_foreign("");
    let id = "a".repeat(120);
    let online = format!(
        r#"{{"status":"online", "username":"(null)", "ts":1787636726019,"proto_name":"MQTT","keepalive":60,"return_code":"0","proto_ver":4,"client_id":"{id}","clean_start":1, "IPv4":"127.0.0.1"}}"#
    );
    let topic = format!("$SYS/brokers/client_status/{id}");
    stage.message(&topic, &online[..255]);
    assert_eq!((told(&stage), stage.here()), (vec![format!("connected {id}")], vec![id.clone()]));
    let offline = r#"{"status":"offline", "username":"the "great" one","ts":1787636727019,"reason_code":"8d","client_id":"x","IPv4":"127.0.0.1"}"#;
    stage.message(&topic, offline);
    assert_eq!((told(&stage)[0].clone(), stage.here()), (format!("disconnected {id}"), vec![]));
    // What cannot be told from a refusal is none of it.
    let refused = online.replace(r#""return_code":"0""#, r#""return_code":"87""#);
    stage.message(&topic, &refused[..255]);
    stage.message(&topic, &online[..40]);
    stage.message("$SYS/brokers/connected", &online[..255]);
    assert!(stage.events()[..3].iter().all(|event| matches!(event.kind, Kind::Unreadable(_))));
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn who_is_refused_by_an_id_in_use_takes_nobody_away() {
    let mut stage = on_foreign("");
    let online = r#"{"status":"online", "username":"(null)", "ts":1787636726019,"proto_name":"MQTT","keepalive":60,"return_code":"0","proto_ver":4,"client_id":"lamp","clean_start":1, "IPv4":"127.0.0.1"}"#;
    let topic = "$SYS/brokers/client_status/lamp";
    hear(&mut stage, &[(topic, online), (topic, &online.replace(r#""0""#, r#""86""#))]);
    assert_eq!(told(&stage), ["refused lamp bad-user-name-or-password", "connected lamp"]);
    assert_eq!(stage.here(), ["lamp"]);
}

#[test]
fn aedes_1_2() {
    let mut stage = on_foreign("");
    let topic = |what| format!("$SYS/e0c2783e-67d0-4de7-ae1e-382157668d8a/{what}/clients");
    for (what, id) in [("new", "twin"), ("disconnect", "twin"), ("new", "twin")] {
        stage.message(&topic(what), id);
    }
    assert_eq!(told(&stage), ["connected twin", "disconnected twin", "connected twin"]);
    assert_eq!(stage.here(), ["twin"]);
}
