//! The connection of one duty: requests in, answers out, and PUBACK for a request only once its answers have theirs.
//!
//! A worker that is killed at any point thus finds each unfinished request again in its session. What it had answered
//! without acknowledging comes twice, and is answered twice with the same words.

use crate::duty::Duty;
use crate::moment::Moment;
use crate::presence::Presence;
use crate::restore;
use headcount_client::{Acknowledged, Broker, Client, Event, Events, Message, Options, Receipt, start};
use headcount_mqtt::client::Cause;
use headcount_mqtt::{ProtocolVersion, QoS, Text};
use std::collections::VecDeque;
use std::num::NonZeroU16;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// Before it is tried again after the broker could not do its part, a full disk for instance.
const PAUSE: Duration = Duration::from_secs(5);
/// Attempts in vain that are nothing to warn of: a broker that starts at the same time is not there yet.
const FAILURES: u32 = 4;
/// For what is in hand when the worker is asked to end.
const LAST_PATIENCE: Duration = Duration::from_secs(2);
/// Messages that wait while the memory is read. Those at `QoS` 1 are fewer, by the Receive Maximum; at `QoS` 0 the rest
/// is dropped, as it may be.
const WAITING: usize = 1_000;

/// A duty and its broker.
pub(crate) struct Desk<D> {
    duty: D,
    broker: Broker,
    stopped: watch::Receiver<bool>,
}

/// Why the work came to an end.
#[derive(Debug)]
enum End {
    /// It was asked to.
    Stopped,
    /// Another attempt may help.
    Again(String),
    /// Somebody has to do something first.
    Never(String),
}

/// A request in hand.
struct InHand {
    receipt: Option<Receipt>,
    answers: VecDeque<Acknowledged>,
}

/// What the loop waited for.
enum Woken {
    Stop,
    Event(Option<Event>),
    Answered(Result<Option<Receipt>, String>),
    Time,
}

impl<D: Duty> Desk<D> {
    pub(crate) fn new(duty: D, broker: Broker, stopped: watch::Receiver<bool>) -> Self {
        Self { duty, broker, stopped }
    }

    /// Works until it is asked to end.
    ///
    /// # Errors
    /// A sentence, where the broker turns this worker away for good.
    pub(crate) async fn keep(mut self) -> Result<(), String> {
        loop {
            match self.connect().await {
                End::Stopped => return Ok(()),
                End::Never(why) => return Err(format!("{}: {}: {why}", D::NAME, self.broker)),
                End::Again(why) => {
                    tracing::warn!("{}: {}: {why}; trying again in {PAUSE:?}", D::NAME, self.broker);
                    tokio::select! {
                        () = stop(&mut self.stopped) => return Ok(()),
                        () = sleep(PAUSE) => {}
                    }
                }
            }
        }
    }

    async fn connect(&mut self) -> End {
        let presence = Presence::new(&self.duty.status(self.broker.user_name().unwrap_or(D::NAME)));
        let client_id = Text::try_from(&*format!("headcount-worker-{}", D::NAME));
        let options = Options {
            // The session is the list of what is to do.
            clean_start: false,
            session_expiry_interval: u32::MAX,
            receive_maximum: NonZeroU16::new(D::WINDOW).unwrap_or(NonZeroU16::MIN),
            manual_acks: true,
            ..Options::new(ProtocolVersion::V5, client_id.unwrap_or_default())
        };
        let (client, mut events) = match start(self.broker.clone(), options, Some(presence.make_will())) {
            Ok(both) => both,
            Err(error) => return End::Never(error.to_string()),
        };
        let mut in_hand = VecDeque::new();
        let end = self.work(&client, &mut events, &presence, &mut in_hand).await;
        if let End::Stopped = end {
            let rest = async {
                while !in_hand.is_empty() {
                    let Ok(receipt) = answered(&mut in_hand).await else { return };
                    acknowledge(&client, receipt).await;
                }
            };
            let _ = timeout(LAST_PATIENCE, rest).await;
        }
        if let Ok(told) = client.publish(presence.offline()).await {
            drop(told);
        }
        client.disconnect().await;
        end
    }

    async fn work(
        &mut self,
        client: &Client,
        events: &mut Events,
        presence: &Presence,
        in_hand: &mut VecDeque<InHand>,
    ) -> End {
        let mut waiting = VecDeque::new();
        let mut begun = false;
        let mut failures = 0_u32;
        loop {
            let has_room = in_hand.len() < usize::from(D::WINDOW);
            let met = if has_room { waiting.pop_front() } else { None };
            let woken = match met {
                Some(event) => Woken::Event(Some(event)),
                None => self.wait(events, in_hand, has_room, begun).await,
            };
            match woken {
                Woken::Stop => return End::Stopped,
                Woken::Time => {
                    let told = self.duty.tick(Moment::now());
                    if let Some(end) = publish(client, in_hand, None, told).await {
                        return end;
                    }
                }
                Woken::Answered(Ok(receipt)) => acknowledge(client, receipt).await,
                Woken::Answered(Err(why)) => return End::Again(why),
                Woken::Event(event) => match event {
                    Some(Event::Connected { session_present }) => {
                        failures = 0;
                        tracing::info!("{}: connected to {}", D::NAME, self.broker);
                        if begun {
                            if !session_present {
                                let memory = self.duty.recall();
                                if let Some(end) = publish(client, in_hand, None, memory).await {
                                    return end;
                                }
                            }
                        } else {
                            let beginning = self.begin(client);
                            let (memory, met) = tokio::select! {
                                () = stop(&mut self.stopped) => return End::Stopped,
                                both = meanwhile(beginning, events) => both,
                            };
                            waiting = met;
                            match memory {
                                Ok(memory) => self.duty.restore(Moment::now(), memory),
                                Err(why) => return ending(&waiting).unwrap_or(End::Again(why)),
                            }
                            begun = true;
                        }
                        if client.publish(presence.online()).await.is_err() {
                            return End::Again("the connection is over".to_owned());
                        }
                    }
                    Some(Event::Message { message, receipt }) => {
                        let told = self.duty.handle(Moment::now(), &message);
                        if let Some(end) = publish(client, in_hand, receipt, told).await {
                            return end;
                        }
                    }
                    Some(event) => {
                        if let Some(end) = last(&event) {
                            return end;
                        }
                        if let Event::Disconnected { cause, detail, .. } = event {
                            let detail = detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
                            failures += 1;
                            if cause == Cause::OpenFailed && failures < FAILURES {
                                tracing::info!("{}: {}: {cause}{detail}", D::NAME, self.broker);
                            } else {
                                tracing::warn!("{}: {}: {cause}{detail}", D::NAME, self.broker);
                            }
                        }
                    }
                    None => return End::Again("the connection is over".to_owned()),
                },
            }
        }
    }

    async fn wait(
        &mut self,
        events: &mut Events,
        in_hand: &mut VecDeque<InHand>,
        has_room: bool,
        begun: bool,
    ) -> Woken {
        let due = self.duty.due().filter(|_| begun && has_room);
        let wait = due.map(|due| due.wait_from(Moment::now()));
        tokio::select! {
            () = stop(&mut self.stopped) => Woken::Stop,
            event = events.next(), if has_room => Woken::Event(event),
            answered = answered(in_hand), if !in_hand.is_empty() => Woken::Answered(answered),
            () = sleep(wait.unwrap_or_default()), if wait.is_some() => Woken::Time,
        }
    }

    /// Reads the memory and subscribes.
    fn begin(&self, client: &Client) -> impl Future<Output = Result<Vec<Message>, String>> + 'static {
        let (client, broker) = (client.clone(), self.broker.clone());
        let (memory, subscriptions) = (self.duty.memory(), self.duty.requests());
        async move {
            let memory = match memory {
                Some(filter) => restore::retained(&broker, D::NAME, filter).await?,
                None => Vec::new(),
            };
            let asked: Vec<_> = subscriptions.iter().map(|asked| asked.filter.clone()).collect();
            let reasons = client.subscribe(subscriptions).await.map_err(|error| error.to_string())?;
            match asked.iter().zip(reasons).find(|(_, reason)| reason.is_error()) {
                Some((filter, reason)) => {
                    Err(format!("the broker refuses the subscription `{}`: {reason:?}", filter.as_str()))
                }
                None => Ok(memory),
            }
        }
    }
}

/// Publishes answers, in order.
async fn publish(
    client: &Client,
    in_hand: &mut VecDeque<InHand>,
    receipt: Option<Receipt>,
    messages: Vec<Message>,
) -> Option<End> {
    let mut answers = VecDeque::with_capacity(messages.len());
    for message in messages {
        match client.publish(message).await {
            Ok(answer) => answers.push_back(answer),
            Err(ended) => return Some(End::Again(ended.to_string())),
        }
    }
    if receipt.is_some() || !answers.is_empty() {
        in_hand.push_back(InHand { receipt, answers });
    }
    None
}

async fn acknowledge(client: &Client, receipt: Option<Receipt>) {
    if let Some(receipt) = receipt {
        // A client that is over tells so by its events.
        let _ = client.acknowledge(receipt).await;
    }
}

/// The first request in hand whose answers are all acknowledged. May be dropped without loss.
async fn answered(in_hand: &mut VecDeque<InHand>) -> Result<Option<Receipt>, String> {
    let Some(first) = in_hand.front_mut() else { return std::future::pending().await };
    while let Some(answer) = first.answers.front_mut() {
        let reason = answer.await.map_err(|failed| failed.to_string())?;
        first.answers.pop_front();
        if reason.is_error() {
            return Err(format!("the broker does not take an answer: {reason:?}"));
        }
    }
    Ok(in_hand.pop_front().and_then(|done| done.receipt))
}

/// Awaits something while events come in.
async fn meanwhile<T>(it: impl Future<Output = T>, events: &mut Events) -> (T, VecDeque<Event>) {
    let mut met = VecDeque::new();
    tokio::pin!(it);
    loop {
        tokio::select! {
            done = &mut it => return (done, met),
            Some(event) = events.next() => {
                let may_be_lost =
                    matches!(&event, Event::Message { message, .. } if message.qos == QoS::AtMostOnce);
                if met.len() < WAITING || !may_be_lost {
                    met.push_back(event);
                }
            }
        }
    }
}

fn ending(met: &VecDeque<Event>) -> Option<End> {
    met.iter().find_map(last)
}

/// Whether this event is the client's last, and what follows from it.
fn last(event: &Event) -> Option<End> {
    match event {
        Event::Refused(refused) if refused.terminal => {
            let said = refused.reason_string.as_ref().map(|text| format!(" ({})", text.as_str()));
            let said = said.unwrap_or_default();
            Some(End::Never(format!("it refuses this worker's account: {:?}{said}", refused.reason)))
        }
        Event::Disconnected { cause, terminal: true, .. } => Some(End::Never(cause.to_string())),
        Event::Ungranted(filter, reason) => {
            Some(End::Again(format!("the broker refuses the subscription `{}`: {reason:?}", filter.as_str())))
        }
        _ => None,
    }
}

async fn stop(stopped: &mut watch::Receiver<bool>) {
    // The sender lives as long as the process.
    if stopped.wait_for(|stopped| *stopped).await.is_err() {
        std::future::pending::<()>().await;
    }
}
