//! Packets in the words of npm's mqtt-packet: the fields that it must read from our bytes.

use super::hex;
use bytes::Bytes;
use headcount_mqtt::*;
use serde_json::{Map, Value, json};

/// Fields that mqtt-packet's parser must give for the packet.
pub(super) fn told(packet: &Packet, version: ProtocolVersion) -> Value {
    let mut told = Told::default();
    told.say("cmd", packet.packet_type().to_string().to_lowercase());
    match packet {
        Packet::Connect(connect) => told.connect(connect),
        Packet::ConnAck(connack) => {
            told.say("sessionPresent", connack.session_present);
            if version == ProtocolVersion::V5 {
                told.say("reasonCode", connack.reason as u8);
                told.properties(connack_properties(&connack.properties));
            }
        }
        Packet::Publish(publish) => told.publish(publish),
        Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
            told.say("messageId", ack.packet_id.get());
            if version == ProtocolVersion::V5 {
                told.say("reasonCode", ack.reason as u8);
            }
            told.properties(ack.properties.as_ref().map(|p| ack_properties(p)).unwrap_or_default());
        }
        Packet::Subscribe(subscribe) => told.subscribe(subscribe, version),
        Packet::SubAck(suback) => {
            told.say("messageId", suback.packet_id.get());
            told.say("granted", codes(&suback.reasons));
            told.properties(ack_properties(&suback.properties));
        }
        Packet::Unsubscribe(unsubscribe) => {
            told.say("messageId", unsubscribe.packet_id.get());
            let filters: Vec<_> = unsubscribe.filters.iter().map(TopicFilter::as_str).collect();
            told.say("unsubscriptions", json!(filters));
            let mut properties = Told::default();
            properties.user(&unsubscribe.user_properties);
            told.properties(properties);
        }
        Packet::UnsubAck(unsuback) => {
            told.say("messageId", unsuback.packet_id.get());
            if version == ProtocolVersion::V5 {
                told.say("granted", codes(&unsuback.reasons));
            }
            told.properties(ack_properties(&unsuback.properties));
        }
        Packet::PingReq | Packet::PingResp => {}
        Packet::Disconnect(disconnect) => {
            if version == ProtocolVersion::V5 {
                told.say("reasonCode", disconnect.reason as u8);
            }
            if let Some(p) = &disconnect.properties {
                let mut properties = Told::default();
                properties.maybe("sessionExpiryInterval", p.session_expiry_interval);
                properties.text("reasonString", p.reason_string.as_ref());
                properties.user(&p.user_properties);
                properties.text("serverReference", p.server_reference.as_ref());
                told.properties(properties);
            }
        }
        Packet::Auth(auth) => {
            told.say("reasonCode", auth.reason as u8);
            let p = &auth.properties;
            let mut properties = Told::default();
            properties.text("authenticationMethod", p.authentication_method.as_ref());
            properties.binary("authenticationData", p.authentication_data.as_ref());
            properties.text("reasonString", p.reason_string.as_ref());
            properties.user(&p.user_properties);
            told.properties(properties);
        }
    }
    Value::Object(told.0)
}

/// Properties that a Will and a PUBLISH both have.
macro_rules! message {
    ($told:ident, $p:ident) => {
        $told.maybe("payloadFormatIndicator", $p.payload_format_indicator);
        $told.maybe("messageExpiryInterval", $p.message_expiry_interval);
        $told.text("contentType", $p.content_type.as_ref());
        $told.topic("responseTopic", $p.response_topic.as_ref());
        $told.binary("correlationData", $p.correlation_data.as_ref());
        $told.user(&$p.user_properties);
    };
}

#[derive(Default)]
struct Told(Map<String, Value>);

impl Told {
    fn say(&mut self, field: &str, value: impl Into<Value>) {
        self.0.insert(field.to_owned(), value.into());
    }

    fn maybe<T: Into<Value>>(&mut self, field: &str, value: Option<T>) {
        if let Some(value) = value {
            self.say(field, value);
        }
    }

    fn text(&mut self, field: &str, text: Option<&Text>) {
        self.maybe(field, text.map(Text::as_str));
    }

    fn topic(&mut self, field: &str, topic: Option<&TopicName>) {
        self.text(field, topic.map(TopicName::text));
    }

    fn binary(&mut self, field: &str, bytes: Option<&Bytes>) {
        self.maybe(field, bytes.map(|bytes| hex(bytes)));
    }

    /// An object by name; values of one name are a list.
    fn user(&mut self, pairs: &UserProperties) {
        let mut by_name = Map::new();
        for (name, value) in pairs {
            match by_name.get_mut(name.as_str()) {
                None => {
                    by_name.insert(name.as_str().to_owned(), value.as_str().into());
                }
                Some(Value::Array(values)) => values.push(value.as_str().into()),
                Some(first) => *first = json!([first.clone(), value.as_str()]),
            }
        }
        if !by_name.is_empty() {
            self.say("userProperties", by_name);
        }
    }

    fn properties(&mut self, properties: Told) {
        if !properties.0.is_empty() {
            self.say("properties", properties.0);
        }
    }

    fn connect(&mut self, connect: &Connect) {
        self.say("protocolId", "MQTT");
        self.say("protocolVersion", connect.version.level());
        self.say("clean", connect.clean_start);
        self.say("keepalive", connect.keep_alive);
        self.say("clientId", connect.client_id.as_str());
        self.text("username", connect.user_name.as_ref());
        self.binary("password", connect.password.as_ref());
        if let Some(will) = &connect.will {
            let mut own = Told::default();
            own.say("topic", will.topic.as_str());
            own.say("payload", hex(&will.payload));
            own.say("qos", will.qos as u8);
            own.say("retain", will.retain);
            let p = &will.properties;
            let mut properties = Told::default();
            properties.maybe("willDelayInterval", p.will_delay_interval);
            message!(properties, p);
            own.properties(properties);
            self.say("will", own.0);
        }
        let p = &connect.properties;
        let mut properties = Told::default();
        properties.maybe("sessionExpiryInterval", p.session_expiry_interval);
        properties.maybe("receiveMaximum", p.receive_maximum);
        properties.maybe("maximumPacketSize", p.maximum_packet_size);
        properties.maybe("topicAliasMaximum", p.topic_alias_maximum);
        properties.maybe("requestResponseInformation", p.request_response_information);
        properties.maybe("requestProblemInformation", p.request_problem_information);
        properties.user(&p.user_properties);
        properties.text("authenticationMethod", p.authentication_method.as_ref());
        properties.binary("authenticationData", p.authentication_data.as_ref());
        self.properties(properties);
    }

    fn publish(&mut self, publish: &Publish) {
        self.say("dup", publish.dup);
        self.say("qos", publish.delivery.qos() as u8);
        self.say("retain", publish.retain);
        self.say("topic", publish.topic.as_ref().map_or("", TopicName::as_str));
        self.say("payload", hex(&publish.payload));
        self.maybe("messageId", publish.delivery.packet_id().map(PacketId::get));
        let Some(p) = &publish.properties else { return };
        let mut properties = Told::default();
        message!(properties, p);
        properties.maybe("topicAlias", p.topic_alias);
        match &p.subscription_identifiers[..] {
            [] => {}
            [one] => properties.say("subscriptionIdentifier", *one),
            several => properties.say("subscriptionIdentifier", json!(several)),
        }
        self.properties(properties);
    }

    fn subscribe(&mut self, subscribe: &Subscribe, version: ProtocolVersion) {
        let option = |one: &Subscription| match version {
            ProtocolVersion::V311 => json!({ "topic": one.filter.as_str(), "qos": one.qos as u8 }),
            ProtocolVersion::V5 => json!({
                "topic": one.filter.as_str(),
                "qos": one.qos as u8,
                "nl": one.no_local,
                "rap": one.retain_as_published,
                "rh": one.retain_handling as u8,
            }),
        };
        self.say("messageId", subscribe.packet_id.get());
        self.say("subscriptions", subscribe.subscriptions.iter().map(option).collect::<Vec<_>>());
        let mut properties = Told::default();
        properties.maybe("subscriptionIdentifier", subscribe.subscription_identifier);
        properties.user(&subscribe.user_properties);
        self.properties(properties);
    }
}

fn connack_properties(p: &ConnAckProperties) -> Told {
    let mut told = Told::default();
    told.maybe("sessionExpiryInterval", p.session_expiry_interval);
    told.maybe("receiveMaximum", p.receive_maximum);
    told.maybe("maximumQoS", p.maximum_qos.map(|qos| qos as u8));
    told.maybe("retainAvailable", p.retain_available);
    told.maybe("maximumPacketSize", p.maximum_packet_size);
    told.text("assignedClientIdentifier", p.assigned_client_identifier.as_ref());
    told.maybe("topicAliasMaximum", p.topic_alias_maximum);
    told.text("reasonString", p.reason_string.as_ref());
    told.user(&p.user_properties);
    told.maybe("wildcardSubscriptionAvailable", p.wildcard_subscription_available);
    told.maybe("subscriptionIdentifiersAvailable", p.subscription_identifiers_available);
    told.maybe("sharedSubscriptionAvailable", p.shared_subscription_available);
    told.maybe("serverKeepAlive", p.server_keep_alive);
    told.text("responseInformation", p.response_information.as_ref());
    told.text("serverReference", p.server_reference.as_ref());
    told.text("authenticationMethod", p.authentication_method.as_ref());
    told.binary("authenticationData", p.authentication_data.as_ref());
    told
}

fn ack_properties(p: &AckProperties) -> Told {
    let mut told = Told::default();
    told.text("reasonString", p.reason_string.as_ref());
    told.user(&p.user_properties);
    told
}

fn codes(reasons: &[ReasonCode]) -> Value {
    json!(reasons.iter().map(|reason| *reason as u8).collect::<Vec<_>>())
}
