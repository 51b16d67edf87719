//! SUBSCRIBE and UNSUBSCRIBE from the caller and their answers from the server (3.8 to 3.11 of both standards).

use super::subscriptions::Body;
use super::{Client, Event, SubscribeError, Subscribed, Token};
use crate::{
    DecodeError, EncodeError, PacketId, PacketType, ProtocolVersion, ReasonCode, SubAck, Subscription,
    TopicFilter, UnsubAck,
};
use std::time::Duration;

impl Client {
    /// Subscribes, at once or as soon as connected, and again whenever the server has lost the session. `identifier`
    /// is the Subscription Identifier that comes with its messages in MQTT 5.0. [`Event::Subscribed`] answers.
    ///
    /// # Errors
    /// [`SubscribeError`]; nothing was sent or queued.
    pub fn subscribe(
        &mut self,
        now: Duration,
        subscriptions: Vec<Subscription>,
        identifier: Option<u32>,
    ) -> Result<Token, SubscribeError> {
        if subscriptions.is_empty() {
            return Err(SubscribeError::Empty);
        }
        if identifier.is_some_and(|identifier| !(1..=268_435_455).contains(&identifier)) {
            return Err(SubscribeError::Identifier);
        }
        if self.options.version == ProtocolVersion::V5
            && subscriptions.iter().any(|s| s.no_local && s.filter.shared().is_some())
        {
            return Err(SubscribeError::NoLocalShared);
        }
        self.request(now, Body::Subscribe { subscriptions, identifier })
    }

    /// Unsubscribes, at once or as soon as connected. [`Event::Unsubscribed`] answers.
    ///
    /// # Errors
    /// [`SubscribeError`]; nothing was sent or queued.
    pub fn unsubscribe(&mut self, now: Duration, filters: Vec<TopicFilter>) -> Result<Token, SubscribeError> {
        if filters.is_empty() {
            return Err(SubscribeError::Empty);
        }
        self.request(now, Body::Unsubscribe { filters })
    }

    fn request(&mut self, now: Duration, body: Body) -> Result<Token, SubscribeError> {
        self.server_takes(&body)?;
        let token = Token(self.last_token + 1);
        self.subscriptions.push(token, body, &self.options.limits)?;
        self.last_token = token.0;
        self.pump_requests(now);
        Ok(token)
    }

    fn server_takes(&self, body: &Body) -> Result<(), SubscribeError> {
        if let Body::Subscribe { subscriptions, identifier } = body {
            self.server.takes_subscriptions(subscriptions, *identifier)?;
        }
        let any = PacketId::new(1).expect("1 is not 0");
        self.server.takes(&body.packet(any)).map(drop).map_err(SubscribeError::Encode)
    }

    /// Sends the requests that wait; those that this server does not take are answered on its behalf.
    pub(super) fn pump_requests(&mut self, now: Duration) {
        if !self.is_connected() {
            return;
        }
        while let Some(request) = self.subscriptions.unsent() {
            if let Err(error) = self.server_takes(&request.body) {
                let Some(request) = self.subscriptions.drop_unsent() else { return };
                let reasons = vec![reason(error); request.body.filters().len()];
                self.subscriptions.note(&request.body, &reasons);
                self.answer(request.token, &request.body, reasons, None);
                continue;
            }
            let Some(id) = self.ids.take() else { return };
            let packet = request.body.packet(id);
            self.subscriptions.sent(id);
            self.send(now, &packet);
        }
    }

    pub(super) fn on_suback(&mut self, suback: SubAck) -> Result<(), DecodeError> {
        let Some(request) = self.subscriptions.awaiting(suback.packet_id) else { return Ok(()) };
        if !matches!(request.body, Body::Subscribe { .. }) {
            return Err(wrong(PacketType::SubAck, "it answers an UNSUBSCRIBE [MQTT-3.8.4-1]"));
        }
        if request.body.filters().len() != suback.reasons.len() {
            return Err(wrong(
                PacketType::SubAck,
                "not one Reason Code for each Topic Filter [MQTT-3.8.4-6]",
            ));
        }
        let Some(request) = self.subscriptions.answer(suback.packet_id, &suback.reasons) else {
            return Ok(());
        };
        self.ids.free(suback.packet_id);
        self.answer(request.token, &request.body, suback.reasons, suback.properties.reason_string);
        Ok(())
    }

    pub(super) fn on_unsuback(&mut self, unsuback: UnsubAck) -> Result<(), DecodeError> {
        let Some(request) = self.subscriptions.awaiting(unsuback.packet_id) else { return Ok(()) };
        let asked = request.body.filters().len();
        if !matches!(request.body, Body::Unsubscribe { .. }) {
            return Err(wrong(PacketType::UnsubAck, "it answers a SUBSCRIBE [MQTT-3.10.4-4]"));
        }
        let reasons = match self.options.version {
            ProtocolVersion::V5 => unsuback.reasons,
            ProtocolVersion::V311 => vec![ReasonCode::Success; asked],
        };
        if asked != reasons.len() {
            return Err(wrong(
                PacketType::UnsubAck,
                "not one Reason Code for each Topic Filter [MQTT-3.11.3-1]",
            ));
        }
        let Some(request) = self.subscriptions.answer(unsuback.packet_id, &reasons) else { return Ok(()) };
        self.ids.free(unsuback.packet_id);
        self.answer(request.token, &request.body, reasons, unsuback.properties.reason_string);
        Ok(())
    }

    fn answer(
        &mut self,
        token: Option<Token>,
        body: &Body,
        reasons: Vec<ReasonCode>,
        reason_string: Option<crate::Text>,
    ) {
        let results = body.filters().into_iter().zip(reasons).collect();
        self.events.push_back(match (body, token) {
            (Body::Unsubscribe { .. }, Some(token)) => Event::Unsubscribed { token, results },
            _ => Event::Subscribed(Subscribed { token, results, reason_string }),
        });
    }
}

/// The Reason Code by which a server would have said it.
fn reason(error: SubscribeError) -> ReasonCode {
    match error {
        SubscribeError::Unsupported(reason) => reason,
        SubscribeError::Encode(EncodeError::TooLarge { .. }) => ReasonCode::PacketTooLarge,
        _ => ReasonCode::UnspecifiedError,
    }
}

fn wrong(packet: PacketType, rule: &'static str) -> DecodeError {
    DecodeError::Protocol { packet, rule, reason: ReasonCode::ProtocolError }
}
