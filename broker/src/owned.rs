//! Copies without ties to the buffer that a packet was read into. What stays would otherwise keep that buffer alive,
//! some 64 KiB for a name of ten bytes.

use bytes::Bytes;
use headcount_mqtt::{PublishProperties, Text, TopicFilter, TopicName, UserProperties, Will, WillProperties};

pub(crate) fn bytes(bytes: &Bytes) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

pub(crate) fn text(text: &Text) -> Text {
    Text::new(bytes(text.bytes())).expect("it was a UTF-8 Encoded String")
}

pub(crate) fn topic(topic: &TopicName) -> TopicName {
    TopicName::new(text(topic.text())).expect("it was a Topic Name")
}

pub(crate) fn filter(filter: &TopicFilter) -> TopicFilter {
    TopicFilter::new(text(filter.text())).expect("it was a Topic Filter")
}

pub(crate) fn properties(it: &PublishProperties) -> PublishProperties {
    PublishProperties {
        response_topic: it.response_topic.as_ref().map(topic),
        correlation_data: it.correlation_data.as_ref().map(bytes),
        user_properties: user_properties(&it.user_properties),
        content_type: it.content_type.as_ref().map(text),
        subscription_identifiers: it.subscription_identifiers.clone(),
        ..*it
    }
}

pub(crate) fn will(it: &Will) -> Will {
    let given = &it.properties;
    Will {
        topic: topic(&it.topic),
        payload: bytes(&it.payload),
        properties: WillProperties {
            response_topic: given.response_topic.as_ref().map(topic),
            correlation_data: given.correlation_data.as_ref().map(bytes),
            user_properties: user_properties(&given.user_properties),
            content_type: given.content_type.as_ref().map(text),
            ..*given
        },
        ..*it
    }
}

fn user_properties(given: &UserProperties) -> UserProperties {
    given.iter().map(|(name, value)| (text(name), text(value))).collect()
}
