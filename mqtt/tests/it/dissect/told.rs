//! What a decoded packet should read like, written down from the codec's own fields.

use headcount_mqtt::ProtocolVersion::{self, V5, V311};
use headcount_mqtt::*;

type Told = Vec<(&'static str, String)>;

/// Names and values, in the order of the wire. Long texts and binary data are for the eye, and are told by their start.
pub(crate) fn told(packet: &Packet, version: ProtocolVersion) -> Told {
    let mut told = Told::new();
    match packet {
        Packet::Connect(connect) => told_connect(&mut told, connect),
        Packet::ConnAck(connack) => told_connack(&mut told, connack, version),
        Packet::Publish(publish) => {
            told.push(("DUP flag", flag(publish.dup)));
            told.push(("QoS level", qos(publish.delivery.qos())));
            told.push(("RETAIN", flag(publish.retain)));
            told.push(("Topic Name", text(publish.topic.as_ref().map_or(&b""[..], TopicName::as_bytes))));
            told.extend(publish.delivery.packet_id().map(|id| ("Packet Identifier", id.get().to_string())));
            if let (Some(p), V5) = (&publish.properties, version) {
                // The order of properties is the sender's; the table writes them as the codec does.
                told_publish(&mut told, p);
            }
            told.push(("Payload", text(&publish.payload)));
        }
        Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
            told.push(("Packet Identifier", ack.packet_id.get().to_string()));
            if let Some(properties) = &ack.properties {
                told_ack(&mut told, properties);
            }
        }
        Packet::Subscribe(subscribe) => {
            told.push(("Packet Identifier", subscribe.packet_id.get().to_string()));
            let id = subscribe.subscription_identifier;
            told.extend(id.map(|id| ("Subscription Identifier", id.to_string())));
            told_user(&mut told, &subscribe.user_properties);
            for subscription in &subscribe.subscriptions {
                told.push(("Topic Filter", text(subscription.filter.as_bytes())));
                if version == V5 {
                    told.push(("Retain As Published", flag(subscription.retain_as_published)));
                    told.push(("No Local", flag(subscription.no_local)));
                    told.push(("Maximum QoS", qos(subscription.qos)));
                } else {
                    told.push(("QoS", qos(subscription.qos)));
                }
            }
        }
        Packet::SubAck(SubAck { packet_id, properties, .. })
        | Packet::UnsubAck(UnsubAck { packet_id, properties, .. }) => {
            told.push(("Packet Identifier", packet_id.get().to_string()));
            told_ack(&mut told, properties);
        }
        Packet::Unsubscribe(unsubscribe) => {
            told.push(("Packet Identifier", unsubscribe.packet_id.get().to_string()));
            told_user(&mut told, &unsubscribe.user_properties);
            told.extend(unsubscribe.filters.iter().map(|it| ("Topic Filter", text(it.as_bytes()))));
        }
        Packet::Disconnect(Disconnect { properties: Some(p), .. }) => {
            told.extend(p.session_expiry_interval.map(|s| ("Session Expiry Interval", expiry(s))));
            told.extend(p.reason_string.iter().map(|it| ("Reason String", text(it.as_bytes()))));
            told_user(&mut told, &p.user_properties);
            told.extend(p.server_reference.iter().map(|it| ("Server Reference", text(it.as_bytes()))));
        }
        Packet::Auth(Auth { properties: p, .. }) => {
            told.extend(
                p.authentication_method.iter().map(|it| ("Authentication Method", text(it.as_bytes()))),
            );
            told.extend(p.authentication_data.iter().map(|it| ("Authentication Data", text(it))));
            told.extend(p.reason_string.iter().map(|it| ("Reason String", text(it.as_bytes()))));
            told_user(&mut told, &p.user_properties);
        }
        Packet::PingReq | Packet::PingResp | Packet::Disconnect(_) => {}
    }
    told
}

fn told_connect(told: &mut Told, connect: &Connect) {
    let is_v5 = connect.version == V5;
    told.push(("Protocol Name", "MQTT".to_owned()));
    told.push(("User Name Flag", flag(connect.user_name.is_some())));
    told.push(("Password Flag", flag(connect.password.is_some())));
    told.push(("Will Flag", flag(connect.will.is_some())));
    told.push((if is_v5 { "Clean Start" } else { "Clean Session" }, flag(connect.clean_start)));
    told.push(("Keep Alive", format!("{} s", connect.keep_alive)));
    let p = &connect.properties;
    if is_v5 {
        told.extend(p.session_expiry_interval.map(|s| ("Session Expiry Interval", expiry(s))));
        told.extend(p.receive_maximum.map(|n| ("Receive Maximum", n.to_string())));
        told.extend(p.maximum_packet_size.map(|n| ("Maximum Packet Size", format!("{n} bytes"))));
        told.extend(p.topic_alias_maximum.map(|n| ("Topic Alias Maximum", n.to_string())));
        told.extend(p.request_response_information.map(|it| ("Request Response Information", flag(it))));
        told.extend(p.request_problem_information.map(|it| ("Request Problem Information", flag(it))));
        told_user(told, &p.user_properties);
        told.extend(p.authentication_method.iter().map(|it| ("Authentication Method", text(it.as_bytes()))));
        told.extend(p.authentication_data.iter().map(|it| ("Authentication Data", text(it))));
    }
    told.push(("Client Identifier", text(connect.client_id.as_bytes())));
    if let Some(will) = &connect.will {
        let p = &will.properties;
        told.extend(p.will_delay_interval.map(|s| ("Will Delay Interval", format!("{s} s"))));
        told.extend(p.payload_format_indicator.map(|it| ("Payload Format Indicator", format(it))));
        told.extend(p.message_expiry_interval.map(|s| ("Message Expiry Interval", format!("{s} s"))));
        told.extend(p.content_type.iter().map(|it| ("Content Type", text(it.as_bytes()))));
        told.extend(p.response_topic.iter().map(|it| ("Response Topic", text(it.as_bytes()))));
        told.extend(p.correlation_data.iter().map(|it| ("Correlation Data", text(it))));
        told_user(told, &p.user_properties);
        told.push(("Will Topic", text(will.topic.as_bytes())));
        told.push(("Will Payload", text(&will.payload)));
    }
    told.extend(connect.user_name.iter().map(|it| ("User Name", text(it.as_bytes()))));
    told.extend(connect.password.iter().map(|it| ("Password", format!("hidden ({} bytes)", it.len()))));
}

fn told_connack(told: &mut Told, connack: &ConnAck, version: ProtocolVersion) {
    told.push(("Session Present", flag(connack.session_present)));
    if version == V311 {
        return;
    }
    let p = &connack.properties;
    told.extend(p.session_expiry_interval.map(|s| ("Session Expiry Interval", expiry(s))));
    told.extend(p.receive_maximum.map(|n| ("Receive Maximum", n.to_string())));
    told.extend(p.maximum_qos.map(|it| ("Maximum QoS", qos(it))));
    told.extend(p.retain_available.map(|it| ("Retain Available", flag(it))));
    told.extend(p.maximum_packet_size.map(|n| ("Maximum Packet Size", format!("{n} bytes"))));
    told.extend(
        p.assigned_client_identifier.iter().map(|it| ("Assigned Client Identifier", text(it.as_bytes()))),
    );
    told.extend(p.topic_alias_maximum.map(|n| ("Topic Alias Maximum", n.to_string())));
    told.extend(p.reason_string.iter().map(|it| ("Reason String", text(it.as_bytes()))));
    told_user(told, &p.user_properties);
    told.extend(p.wildcard_subscription_available.map(|it| ("Wildcard Subscription Available", flag(it))));
    told.extend(
        p.subscription_identifiers_available.map(|it| ("Subscription Identifier Available", flag(it))),
    );
    told.extend(p.shared_subscription_available.map(|it| ("Shared Subscription Available", flag(it))));
    told.extend(p.server_keep_alive.map(|s| ("Server Keep Alive", format!("{s} s"))));
    told.extend(p.response_information.iter().map(|it| ("Response Information", text(it.as_bytes()))));
    told.extend(p.server_reference.iter().map(|it| ("Server Reference", text(it.as_bytes()))));
    told.extend(p.authentication_method.iter().map(|it| ("Authentication Method", text(it.as_bytes()))));
    told.extend(p.authentication_data.iter().map(|it| ("Authentication Data", text(it))));
}

fn told_publish(told: &mut Told, p: &PublishProperties) {
    told.extend(p.payload_format_indicator.map(|it| ("Payload Format Indicator", format(it))));
    told.extend(p.message_expiry_interval.map(|s| ("Message Expiry Interval", format!("{s} s"))));
    told.extend(p.topic_alias.map(|n| ("Topic Alias", n.to_string())));
    told.extend(p.response_topic.iter().map(|it| ("Response Topic", text(it.as_bytes()))));
    told.extend(p.correlation_data.iter().map(|it| ("Correlation Data", text(it))));
    told_user(told, &p.user_properties);
    told.extend(p.subscription_identifiers.iter().map(|n| ("Subscription Identifier", n.to_string())));
    told.extend(p.content_type.iter().map(|it| ("Content Type", text(it.as_bytes()))));
}

fn told_ack(told: &mut Told, p: &AckProperties) {
    told.extend(p.reason_string.iter().map(|it| ("Reason String", text(it.as_bytes()))));
    told_user(told, &p.user_properties);
}

fn told_user(told: &mut Told, pairs: &UserProperties) {
    let pair =
        |(name, value): &(Text, Text)| format!("{} = {}", text(name.as_bytes()), text(value.as_bytes()));
    told.extend(pairs.iter().map(|it| ("User Property", pair(it))));
}

fn flag(flag: bool) -> String {
    if flag { "1, yes" } else { "0, no" }.to_owned()
}

fn format(is_text: bool) -> String {
    if is_text { "1, UTF-8 text" } else { "0, unspecified bytes" }.to_owned()
}

fn qos(qos: QoS) -> String {
    match qos {
        QoS::AtMostOnce => "0, at most once",
        QoS::AtLeastOnce => "1, at least once",
        QoS::ExactlyOnce => "2, exactly once",
    }
    .to_owned()
}

fn expiry(seconds: u32) -> String {
    if seconds == u32::MAX { format!("{seconds} s, never expires") } else { format!("{seconds} s") }
}

/// As text, or in hex where it is none; shortened where it is long.
fn text(bytes: &[u8]) -> String {
    let unseen = |c: char| c.is_control() && !"\n\r\t".contains(c);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(unseen) && text.len() <= 1_024 => text.to_owned(),
        Ok(text) if !text.contains(unseen) => {
            let end = text.floor_char_boundary(1_024);
            format!("{} … {} bytes", &text[..end], text.len())
        }
        _ => {
            let hex: Vec<String> = bytes.iter().take(32).map(|byte| format!("{byte:02x}")).collect();
            let more = if bytes.len() > 32 { format!(" … {} bytes", bytes.len()) } else { String::new() };
            hex.join(" ") + &more
        }
    }
}
