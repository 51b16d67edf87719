//! Names of the standards, for people.

use super::value;
use crate::property::Property;
use crate::{PacketType, ProtocolVersion, ReasonCode};

/// Table 2-4 of 5.0.
pub(super) fn property(property: Property) -> &'static str {
    match property {
        Property::PayloadFormatIndicator => "Payload Format Indicator",
        Property::MessageExpiryInterval => "Message Expiry Interval",
        Property::ContentType => "Content Type",
        Property::ResponseTopic => "Response Topic",
        Property::CorrelationData => "Correlation Data",
        Property::SubscriptionIdentifier => "Subscription Identifier",
        Property::SessionExpiryInterval => "Session Expiry Interval",
        Property::AssignedClientIdentifier => "Assigned Client Identifier",
        Property::ServerKeepAlive => "Server Keep Alive",
        Property::AuthenticationMethod => "Authentication Method",
        Property::AuthenticationData => "Authentication Data",
        Property::RequestProblemInformation => "Request Problem Information",
        Property::WillDelayInterval => "Will Delay Interval",
        Property::RequestResponseInformation => "Request Response Information",
        Property::ResponseInformation => "Response Information",
        Property::ServerReference => "Server Reference",
        Property::ReasonString => "Reason String",
        Property::ReceiveMaximum => "Receive Maximum",
        Property::TopicAliasMaximum => "Topic Alias Maximum",
        Property::TopicAlias => "Topic Alias",
        Property::MaximumQoS => "Maximum QoS",
        Property::RetainAvailable => "Retain Available",
        Property::UserProperty => "User Property",
        Property::MaximumPacketSize => "Maximum Packet Size",
        Property::WildcardSubscriptionAvailable => "Wildcard Subscription Available",
        Property::SubscriptionIdentifierAvailable => "Subscription Identifier Available",
        Property::SharedSubscriptionAvailable => "Shared Subscription Available",
    }
}

/// What a property's number counts.
pub(super) fn unit(property: Property) -> &'static str {
    match property {
        Property::MessageExpiryInterval
        | Property::SessionExpiryInterval
        | Property::WillDelayInterval
        | Property::ServerKeepAlive => "s",
        Property::MaximumPacketSize => "bytes",
        _ => "",
    }
}

/// The name of a Reason Code in this packet (chapter 2.4 of 5.0; 3.9.3 of 3.1.1).
pub(super) fn reason(reason: ReasonCode, packet: PacketType, version: ProtocolVersion) -> &'static str {
    match (reason, packet, version) {
        (ReasonCode::Success, PacketType::Disconnect, _) => "Normal disconnection",
        (ReasonCode::Success, PacketType::SubAck, ProtocolVersion::V5) => "Granted QoS 0",
        (ReasonCode::Success, PacketType::SubAck, _) => "Success - Maximum QoS 0",
        (ReasonCode::GrantedQoS1, _, ProtocolVersion::V311) => "Success - Maximum QoS 1",
        (ReasonCode::GrantedQoS2, _, ProtocolVersion::V311) => "Success - Maximum QoS 2",
        (ReasonCode::UnspecifiedError, _, ProtocolVersion::V311) => "Failure",
        _ => name(reason),
    }
}

fn name(reason: ReasonCode) -> &'static str {
    match reason {
        ReasonCode::Success => "Success",
        ReasonCode::GrantedQoS1 => "Granted QoS 1",
        ReasonCode::GrantedQoS2 => "Granted QoS 2",
        ReasonCode::DisconnectWithWillMessage => "Disconnect with Will Message",
        ReasonCode::NoMatchingSubscribers => "No matching subscribers",
        ReasonCode::NoSubscriptionExisted => "No subscription existed",
        ReasonCode::ContinueAuthentication => "Continue authentication",
        ReasonCode::ReAuthenticate => "Re-authenticate",
        ReasonCode::UnspecifiedError => "Unspecified error",
        ReasonCode::MalformedPacket => "Malformed Packet",
        ReasonCode::ProtocolError => "Protocol Error",
        ReasonCode::ImplementationSpecificError => "Implementation specific error",
        ReasonCode::UnsupportedProtocolVersion => "Unsupported Protocol Version",
        ReasonCode::ClientIdentifierNotValid => "Client Identifier not valid",
        ReasonCode::BadUserNameOrPassword => "Bad User Name or Password",
        ReasonCode::NotAuthorized => "Not authorized",
        ReasonCode::ServerUnavailable => "Server unavailable",
        ReasonCode::ServerBusy => "Server busy",
        ReasonCode::Banned => "Banned",
        ReasonCode::ServerShuttingDown => "Server shutting down",
        ReasonCode::BadAuthenticationMethod => "Bad authentication method",
        ReasonCode::KeepAliveTimeout => "Keep Alive timeout",
        ReasonCode::SessionTakenOver => "Session taken over",
        ReasonCode::TopicFilterInvalid => "Topic Filter invalid",
        ReasonCode::TopicNameInvalid => "Topic Name invalid",
        ReasonCode::PacketIdentifierInUse => "Packet Identifier in use",
        ReasonCode::PacketIdentifierNotFound => "Packet Identifier not found",
        ReasonCode::ReceiveMaximumExceeded => "Receive Maximum exceeded",
        ReasonCode::TopicAliasInvalid => "Topic Alias invalid",
        ReasonCode::PacketTooLarge => "Packet too large",
        ReasonCode::MessageRateTooHigh => "Message rate too high",
        ReasonCode::QuotaExceeded => "Quota exceeded",
        ReasonCode::AdministrativeAction => "Administrative action",
        ReasonCode::PayloadFormatInvalid => "Payload format invalid",
        ReasonCode::RetainNotSupported => "Retain not supported",
        ReasonCode::QoSNotSupported => "QoS not supported",
        ReasonCode::UseAnotherServer => "Use another server",
        ReasonCode::ServerMoved => "Server moved",
        ReasonCode::SharedSubscriptionsNotSupported => "Shared Subscriptions not supported",
        ReasonCode::ConnectionRateExceeded => "Connection rate exceeded",
        ReasonCode::MaximumConnectTime => "Maximum connect time",
        ReasonCode::SubscriptionIdentifiersNotSupported => "Subscription Identifiers not supported",
        ReasonCode::WildcardSubscriptionsNotSupported => "Wildcard Subscriptions not supported",
    }
}

/// A Connect Return code of 3.1.1 (table 3.1).
pub(super) fn return_code(code: u8) -> String {
    let words = match code {
        0 => "Connection Accepted",
        1 => "Connection Refused, unacceptable protocol version",
        2 => "Connection Refused, identifier rejected",
        3 => "Connection Refused, Server unavailable",
        4 => "Connection Refused, bad user name or password",
        5 => "Connection Refused, not authorized",
        _ => "reserved",
    };
    format!("{}, {words}", value::byte(code))
}
