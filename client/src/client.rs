//! What a program asks of its broker.

use headcount_mqtt::client::{GivenUp, Message, PublishError, Receipt, SubscribeError};
use headcount_mqtt::{ReasonCode, Subscription};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{Notify, mpsc, oneshot};

/// Commands that wait for the driver; a program that is faster waits.
const WAITING: usize = 64;

/// A program's hand on its connection. Clones are the same client.
#[derive(Debug, Clone)]
pub struct Client {
    commands: mpsc::Sender<Command>,
    stop: Arc<Notify>,
}

/// What the driver is asked to do.
#[derive(Debug)]
pub(crate) enum Command {
    Publish(Message, oneshot::Sender<Result<ReasonCode, Failed>>),
    Subscribe(Vec<Subscription>, oneshot::Sender<Result<Vec<ReasonCode>, Refused>>),
    Acknowledge(Receipt),
}

/// The client is over: disconnected on request, or for good by the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

/// Why a message was not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It was not taken.
    Refused(PublishError),
    /// It was taken and then given up.
    GivenUp(GivenUp),
    /// The client ended before the acknowledgement; the broker may have the message.
    Ended,
}

/// Why nothing was subscribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It was not taken.
    Refused(SubscribeError),
    /// The client ended before the answer.
    Ended,
}

/// Resolves at the last acknowledgement of a message: its Reason Code, an error of the broker's among them. At `QoS` 0
/// it resolves when the message is among the bytes to send.
#[derive(Debug)]
#[must_use = "a message may be refused"]
pub struct Acknowledged(oneshot::Receiver<Result<ReasonCode, Failed>>);

impl Client {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Command>, Arc<Notify>) {
        let (commands, receiver) = mpsc::channel(WAITING);
        let stop = Arc::new(Notify::new());
        (Self { commands, stop: Arc::clone(&stop) }, receiver, stop)
    }

    /// Hands a message over, in the order of the calls, and waits while the queue is full. What comes back resolves at
    /// the acknowledgement.
    ///
    /// # Errors
    /// [`Ended`]; the message was not published.
    pub async fn publish(&self, message: Message) -> Result<Acknowledged, Ended> {
        let (sender, receiver) = oneshot::channel();
        self.command(Command::Publish(message, sender)).await?;
        Ok(Acknowledged(receiver))
    }

    /// Subscribes, and again whenever the broker has lost the session. One Reason Code for each, errors among them.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn subscribe(&self, subscriptions: Vec<Subscription>) -> Result<Vec<ReasonCode>, Refused> {
        let (sender, receiver) = oneshot::channel();
        self.command(Command::Subscribe(subscriptions, sender)).await.map_err(|Ended| Refused::Ended)?;
        receiver.await.unwrap_or(Err(Refused::Ended))
    }

    /// Lets a message go: the broker forgets it. In order, see [`Receipt`].
    ///
    /// # Errors
    /// [`Ended`]; the broker keeps the message.
    pub async fn acknowledge(&self, receipt: Receipt) -> Result<(), Ended> {
        self.command(Command::Acknowledge(receipt)).await
    }

    /// Sends what was handed over, then DISCONNECT, so that the broker drops the Will; returns when the transport is
    /// closed. What has no acknowledgement by then fails.
    pub async fn disconnect(&self) {
        self.stop.notify_one();
        self.commands.closed().await;
    }

    async fn command(&self, command: Command) -> Result<(), Ended> {
        self.commands.send(command).await.map_err(|_| Ended)
    }
}

impl Future for Acknowledged {
    type Output = Result<ReasonCode, Failed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|answer| answer.unwrap_or(Err(Failed::Ended)))
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is over")
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(error) | Self::GivenUp(GivenUp::Refused(error)) => error.fmt(f),
            Self::GivenUp(GivenUp::SessionLost) => {
                f.write_str("the broker lost the session in the middle of it")
            }
            Self::Ended => Ended.fmt(f),
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::Ended => Ended.fmt(f),
        }
    }
}

impl std::error::Error for Ended {}
impl std::error::Error for Failed {}
impl std::error::Error for Refused {}
