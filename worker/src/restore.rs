//! A worker's memory read back: retained messages, through a connection of its own.
//!
//! The working connection's session may hold requests in front of them, which wait for the memory.

use headcount_client::{Broker, Event, Message, Options, start};
use headcount_mqtt::{ProtocolVersion, QoS, Subscription, Text, TopicFilter, TopicName};
use std::time::Duration;

/// More than any duty keeps.
const MESSAGES: usize = 2_000;
/// For a broker that has just let the working connection in.
const PATIENCE: Duration = Duration::from_secs(30);

/// The retained messages of `filter`.
///
/// # Errors
/// A sentence; asking again later may help.
pub(crate) async fn retained(
    broker: &Broker,
    name: &str,
    filter: TopicFilter,
) -> Result<Vec<Message>, String> {
    let reading = read(broker, name, filter);
    tokio::time::timeout(PATIENCE, reading)
        .await
        .unwrap_or_else(|_| Err("the broker does not send the retained messages".to_owned()))
}

async fn read(broker: &Broker, name: &str, filter: TopicFilter) -> Result<Vec<Message>, String> {
    // A message that follows the retained ones tells that they are all there.
    let marker = format!("status/{name}/restored");
    let client_id =
        Text::try_from(&*format!("headcount-worker-{name}-memory")).map_err(|error| error.to_string())?;
    let options = Options { reconnect: None, ..Options::new(ProtocolVersion::V5, client_id) };
    let (client, mut events) = start(broker.clone(), options, None).map_err(|error| error.to_string())?;
    let marker_filter = TopicFilter::try_from(&*marker).map_err(|error| error.to_string())?;
    let subscriptions = [filter, marker_filter].map(|filter| Subscription::new(filter, QoS::AtLeastOnce));
    let hand = client.clone();
    let topic = TopicName::try_from(&*marker).map_err(|error| error.to_string())?;
    let asked = tokio::spawn(async move {
        let reasons = hand.subscribe(subscriptions.to_vec()).await.map_err(|error| error.to_string())?;
        if let Some(refused) = reasons.iter().find(|reason| reason.is_error()) {
            return Err(format!("the broker refuses a subscription: {refused:?}"));
        }
        let message = Message { qos: QoS::AtLeastOnce, ..Message::new(topic, bytes::Bytes::new()) };
        let published = hand.publish(message).await.map_err(|error| error.to_string())?;
        published.await.map_err(|error| error.to_string())
    });
    let mut memory = Vec::new();
    let read = loop {
        match events.next().await {
            Some(Event::Message { message, .. }) if message.topic.as_str() == marker => break true,
            Some(Event::Message { message, .. }) if message.retain && memory.len() < MESSAGES => {
                memory.push(message);
            }
            Some(Event::Disconnected { .. } | Event::Refused(_)) | None => break false,
            Some(_) => {}
        }
    };
    client.disconnect().await;
    match asked.await {
        // The acknowledgement may come behind the marker.
        _ if read => Ok(memory),
        Ok(Err(why)) => Err(why),
        _ => Err("the broker ended the connection".to_owned()),
    }
}
