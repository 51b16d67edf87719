//! What is subscribed, and the requests that wait for their answer.

use super::{Limits, SubscribeError, Token, set::Set};
use crate::{Packet, PacketId, ReasonCode, Subscribe, Subscription, TopicFilter, Unsubscribe};

#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    /// What the server granted, in that order: asked for again when it has lost the session.
    granted: Vec<Granted>,
    /// In the order of the calls, which is the order of their packets. One without an answer when a connection ends is
    /// sent again on the next, under a new identifier.
    requests: Vec<Request>,
}

#[derive(Debug)]
struct Granted {
    subscription: Subscription,
    identifier: Option<u32>,
}

/// A SUBSCRIBE or UNSUBSCRIBE.
#[derive(Debug)]
pub(super) struct Request {
    /// `None`: a subscription that the client asks for again by itself.
    pub(super) token: Option<Token>,
    /// `None`: not sent on this connection.
    packet_id: Option<PacketId>,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    Subscribe { subscriptions: Vec<Subscription>, identifier: Option<u32> },
    Unsubscribe { filters: Vec<TopicFilter> },
}

impl Body {
    pub(super) fn filters(&self) -> Vec<TopicFilter> {
        match self {
            Self::Subscribe { subscriptions, .. } => subscriptions.iter().map(|s| s.filter.clone()).collect(),
            Self::Unsubscribe { filters } => filters.clone(),
        }
    }

    pub(super) fn packet(&self, packet_id: PacketId) -> Packet {
        match self {
            Self::Subscribe { subscriptions, identifier } => Packet::Subscribe(Subscribe {
                packet_id,
                subscription_identifier: *identifier,
                user_properties: Vec::new(),
                subscriptions: subscriptions.clone(),
            }),
            Self::Unsubscribe { filters } => Packet::Unsubscribe(Unsubscribe {
                packet_id,
                user_properties: Vec::new(),
                filters: filters.clone(),
            }),
        }
    }

    /// What it would add to the filters subscribed.
    fn wanted(&self) -> &[Subscription] {
        match self {
            Self::Subscribe { subscriptions, .. } => subscriptions,
            Self::Unsubscribe { .. } => &[],
        }
    }
}

impl Subscriptions {
    pub(super) fn push(&mut self, token: Token, body: Body, limits: &Limits) -> Result<(), SubscribeError> {
        if self.filters_with(&body) > limits.subscriptions || self.requests.len() >= limits.requests {
            return Err(SubscribeError::TooMany);
        }
        self.requests.push(Request { token: Some(token), packet_id: None, body });
        Ok(())
    }

    /// How many filters there would be, those asked for and `body`'s included; what repeats counts once.
    fn filters_with(&self, body: &Body) -> usize {
        let asked = self.requests.iter().map(|request| &request.body).chain([body]);
        let granted = self.granted.iter().map(|granted| &granted.subscription);
        let filters = granted.chain(asked.flat_map(Body::wanted)).map(|subscription| &subscription.filter);
        filters.collect::<Set<_>>().len()
    }

    /// The first request that is not on its way.
    pub(super) fn unsent(&self) -> Option<&Request> {
        self.requests.iter().find(|request| request.packet_id.is_none())
    }

    /// Notes that [`unsent`](Self::unsent)'s request is out.
    pub(super) fn sent(&mut self, id: PacketId) {
        if let Some(request) = self.requests.iter_mut().find(|request| request.packet_id.is_none()) {
            request.packet_id = Some(id);
        }
    }

    /// Takes [`unsent`](Self::unsent)'s request back: this server does not take it.
    pub(super) fn drop_unsent(&mut self) -> Option<Request> {
        let at = self.requests.iter().position(|request| request.packet_id.is_none())?;
        Some(self.requests.remove(at))
    }

    /// The request that an acknowledgement answers, without taking it.
    pub(super) fn awaiting(&self, id: PacketId) -> Option<&Request> {
        self.requests.iter().find(|request| request.packet_id == Some(id))
    }

    /// Takes the answered request and remembers or forgets what it asked for.
    pub(super) fn answer(&mut self, id: PacketId, reasons: &[ReasonCode]) -> Option<Request> {
        let at = self.requests.iter().position(|request| request.packet_id == Some(id))?;
        let request = self.requests.remove(at);
        self.note(&request.body, reasons);
        Some(request)
    }

    /// Remembers or forgets what `body` asked for: one Reason Code for each of its filters, in order.
    pub(super) fn note(&mut self, body: &Body, reasons: &[ReasonCode]) {
        match body {
            Body::Subscribe { subscriptions, identifier } => {
                for (subscription, reason) in subscriptions.iter().zip(reasons) {
                    let known =
                        self.granted.iter().position(|g| g.subscription.filter == subscription.filter);
                    let granted = Granted { subscription: subscription.clone(), identifier: *identifier };
                    match known {
                        // The server keeps a subscription that it refuses to replace; one that was asked for after
                        // a lost session it never had. Both are forgotten: the caller was told.
                        Some(at) if reason.is_error() => drop(self.granted.remove(at)),
                        Some(at) => self.granted[at] = granted,
                        None if reason.is_error() => {}
                        None => self.granted.push(granted),
                    }
                }
            }
            Body::Unsubscribe { filters } => {
                for (filter, reason) in filters.iter().zip(reasons) {
                    if !reason.is_error() {
                        self.granted.retain(|g| g.subscription.filter != *filter);
                    }
                }
            }
        }
    }

    /// A connection ended: returns the identifiers of requests that got no answer on it.
    pub(super) fn unsend(&mut self) -> Vec<PacketId> {
        self.requests.iter_mut().filter_map(|request| request.packet_id.take()).collect()
    }

    /// The server has lost the session: asks again for everything granted, before the requests that wait, but for
    /// filters that those speak of themselves. A packet of several filters is at most `maximum` bytes long.
    pub(super) fn start_over(&mut self, maximum: usize) {
        let spoken_of: Set<_> = self.requests.iter().flat_map(|request| request.body.filters()).collect();
        let mut again: Vec<Request> = Vec::new();
        let mut room = 0;
        for Granted { subscription, identifier } in &self.granted {
            if spoken_of.contains(&subscription.filter) {
                continue;
            }
            let bytes = subscription.filter.as_bytes().len() + FILTER_OVERHEAD;
            match again.last_mut().map(|request| &mut request.body) {
                Some(Body::Subscribe { subscriptions, identifier: same })
                    if same == identifier && room >= bytes =>
                {
                    subscriptions.push(subscription.clone());
                    room -= bytes;
                }
                _ => {
                    let subscriptions = vec![subscription.clone()];
                    let body = Body::Subscribe { subscriptions, identifier: *identifier };
                    again.push(Request { token: None, packet_id: None, body });
                    room = maximum.min(SUBSCRIBE_BYTES).saturating_sub(bytes + SUBSCRIBE_OVERHEAD);
                }
            }
        }
        again.append(&mut self.requests);
        self.requests = again;
    }
}

/// A filter's length prefix and its options.
const FILTER_OVERHEAD: usize = 3;
/// Fixed Header, Packet Identifier, and a Subscription Identifier as the only property, at their longest.
const SUBSCRIBE_OVERHEAD: usize = 5 + 2 + 1 + 5;
/// Small beside what any server takes (common ones: 256 kB and more).
const SUBSCRIBE_BYTES: usize = 16 << 10;
