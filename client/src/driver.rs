//! The task that owns session, transport and timer.

use crate::client::{Command, Failed, Refused};
use crate::transport::{self, Transport};
use crate::{Broker, Event, MakeWill};
use bytes::{Buf, BytesMut};
use headcount_mqtt::QoS;
use headcount_mqtt::ReasonCode;
use headcount_mqtt::client::{Action, Client as Session, Event as Told, State, Token};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

/// One read: many small packets, and a piece of a large one.
const READ_BYTES: usize = 16 << 10;
/// Bytes that the transport has not taken: above it no command is obeyed and nothing is read, so that a broker that
/// does not read makes neither grow.
const OUT_BYTES: usize = 256 << 10;
/// For the last bytes of a connection, DISCONNECT among them.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// Both halves of a transport.
type Line = (ReadHalf<Box<dyn Transport>>, WriteHalf<Box<dyn Transport>>);
type Opening = Pin<Box<dyn Future<Output = io::Result<Box<dyn Transport>>> + Send>>;

pub(crate) struct Driver {
    session: Session,
    broker: Broker,
    make_will: Option<MakeWill>,
    /// Messages without an acknowledgement that the session takes.
    queued: usize,
    commands: mpsc::Receiver<Command>,
    events: mpsc::Sender<Event>,
    stop: Arc<Notify>,
    origin: Instant,
    opening: Option<Opening>,
    line: Option<Line>,
    out: BytesMut,
    /// TLS keeps bytes back until it is told to send them.
    unflushed: bool,
    /// Events of the last read that the program has not taken; while there are some, nothing is read.
    told: VecDeque<Event>,
    /// What the system said when the transport ended.
    detail: Option<String>,
    publishing: BTreeMap<Token, oneshot::Sender<Result<ReasonCode, Failed>>>,
    subscribing: BTreeMap<Token, oneshot::Sender<Result<Vec<ReasonCode>, Refused>>>,
}

/// What the task waited for.
enum Woken {
    Stop,
    Command(Option<Command>),
    Taken(bool),
    Opened(io::Result<Box<dyn Transport>>),
    Read(io::Result<usize>),
    Written(io::Result<usize>),
    Flushed(io::Result<()>),
    Time,
}

impl Driver {
    pub(crate) fn new(
        session: Session,
        broker: Broker,
        make_will: Option<MakeWill>,
        queued: usize,
        commands: mpsc::Receiver<Command>,
        events: mpsc::Sender<Event>,
        stop: Arc<Notify>,
    ) -> Self {
        Self {
            session,
            broker,
            make_will,
            queued,
            commands,
            events,
            stop,
            origin: Instant::now(),
            opening: None,
            line: None,
            out: BytesMut::new(),
            unflushed: false,
            told: VecDeque::new(),
            detail: None,
            publishing: BTreeMap::new(),
            subscribing: BTreeMap::new(),
        }
    }

    /// Until the session ends for good.
    pub(crate) async fn run(mut self) {
        let mut piece = vec![0; READ_BYTES];
        self.session.connect(self.now());
        loop {
            self.act().await;
            if self.session.state() == State::Disconnected {
                break;
            }
            let woken = self.wait(&mut piece).await;
            self.wake(woken, &piece);
        }
        // Whoever waits for the end need not listen to the last words.
        self.commands.close();
        while let Some(event) = self.told.pop_front() {
            if self.events.send(event).await.is_err() {
                break;
            }
        }
    }

    fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    /// Waits for whatever comes first. Each of these may be dropped without loss.
    async fn wait(&mut self, piece: &mut [u8]) -> Woken {
        let has_room = self.out.len() < OUT_BYTES;
        let takes_commands = has_room && self.session.unacknowledged() < self.queued;
        let may_read = has_room && self.told.is_empty();
        let due = self.session.poll_timeout().map(|at| self.origin + at);
        let opening = async {
            match &mut self.opening {
                Some(opening) => opening.await,
                None => std::future::pending().await,
            }
        };
        let (reader, writer) =
            self.line.as_mut().map_or((None, None), |(read, write)| (Some(read), Some(write)));
        let reading = async {
            match reader {
                Some(reader) if may_read => reader.read(piece).await,
                _ => std::future::pending().await,
            }
        };
        let writing = async {
            match writer {
                Some(writer) if !self.out.is_empty() => Woken::Written(writer.write(&self.out).await),
                Some(writer) if self.unflushed => Woken::Flushed(writer.flush().await),
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.stop.notified() => Woken::Stop,
            command = self.commands.recv(), if takes_commands => Woken::Command(command),
            permit = self.events.reserve(), if !self.told.is_empty() => {
                let taken = permit.is_ok();
                if let (Ok(permit), Some(event)) = (permit, self.told.pop_front()) {
                    permit.send(event);
                }
                Woken::Taken(taken)
            }
            opened = opening => Woken::Opened(opened),
            read = reading => Woken::Read(read),
            written = writing => written,
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => Woken::Time,
        }
    }

    fn wake(&mut self, woken: Woken, piece: &[u8]) {
        let now = self.now();
        match woken {
            Woken::Stop => {
                while let Ok(command) = self.commands.try_recv() {
                    self.obey(command);
                }
                self.session.disconnect(now);
            }
            Woken::Command(Some(command)) => self.obey(command),
            Woken::Taken(true) => {}
            // Nobody asks any more, or nobody listens.
            Woken::Command(None) | Woken::Taken(false) => {
                self.told.clear();
                self.session.disconnect(now);
            }
            Woken::Opened(opened) => {
                self.opening = None;
                match opened {
                    Ok(transport) => self.opened(now, transport),
                    Err(error) => self.lost(now, Some(&error)),
                }
            }
            Woken::Read(Ok(0)) => self.lost(now, None),
            Woken::Read(Ok(length)) => self.session.handle_bytes(now, &piece[..length]),
            Woken::Written(Ok(length)) => {
                self.out.advance(length);
                self.unflushed = true;
            }
            Woken::Flushed(Ok(())) => self.unflushed = false,
            Woken::Read(Err(error)) | Woken::Written(Err(error)) | Woken::Flushed(Err(error)) => {
                self.lost(now, Some(&error));
            }
            Woken::Time => {
                // A broker that is not listened to is not silent.
                if !self.told.is_empty() {
                    self.session.handle_bytes(now, b"");
                }
                self.session.handle_timeout(now);
            }
        }
    }

    fn opened(&mut self, now: Duration, transport: Box<dyn Transport>) {
        self.line = Some(tokio::io::split(transport));
        if let Some(make_will) = &mut self.make_will {
            // A Will too large for CONNECT: the connection stands without it being renewed.
            let _ = self.session.set_will(Some(make_will()));
        }
        self.session.handle_opened(now);
    }

    fn lost(&mut self, now: Duration, error: Option<&io::Error>) {
        self.detail = error.map(ToString::to_string);
        self.line = None;
        self.out.clear();
        self.unflushed = false;
        self.session.handle_closed(now);
    }

    fn obey(&mut self, command: Command) {
        let now = self.now();
        match command {
            Command::Publish(message, answer) => match self.session.publish(now, message) {
                Ok(token) => drop(self.publishing.insert(token, answer)),
                Err(error) => drop(answer.send(Err(Failed::Refused(error)))),
            },
            Command::Subscribe(subscriptions, answer) => {
                match self.session.subscribe(now, subscriptions, None) {
                    Ok(token) => drop(self.subscribing.insert(token, answer)),
                    Err(error) => drop(answer.send(Err(Refused::Refused(error)))),
                }
            }
            Command::Acknowledge(receipt) => self.session.acknowledge(now, receipt),
        }
    }

    /// Does what the session asks for, and tells what it tells.
    async fn act(&mut self) {
        while let Some(action) = self.session.poll_action() {
            match action {
                Action::Open => self.opening = Some(Box::pin(transport::open(self.broker.clone()))),
                Action::Send(bytes) => self.out.extend_from_slice(&bytes),
                Action::Close => self.close().await,
            }
        }
        while let Some(event) = self.session.poll_event() {
            self.tell(event);
        }
    }

    /// Lets the last bytes out, as far as the transport takes them soon.
    async fn close(&mut self) {
        self.opening = None;
        if let Some((mut reader, mut writer)) = self.line.take() {
            let last = async {
                writer.write_all(&self.out).await?;
                writer.shutdown().await?;
                // Until the broker's own end: it has taken everything then, and a next connection of this client does
                // not overtake what this one said.
                let mut rest = [0; 1024];
                while reader.read(&mut rest).await? > 0 {}
                io::Result::Ok(())
            };
            // Whoever does not take it learns it from the end of the transport.
            let _ = timeout(CLOSE_PATIENCE, last).await;
        }
        self.out.clear();
        self.unflushed = false;
    }

    fn tell(&mut self, told: Told) {
        let event = match told {
            Told::Connected(connected) => Event::Connected { session_present: connected.session_present },
            Told::Refused(refused) => Event::Refused(refused),
            Told::Disconnected { cause, terminal } => {
                Event::Disconnected { cause, detail: self.detail.take(), terminal }
            }
            Told::Message(message) => {
                let receipt = match message.qos {
                    QoS::AtLeastOnce => self.session.poll_receipt(),
                    _ => None,
                };
                Event::Message { message, receipt }
            }
            Told::Published { token, reason, .. } => return self.published(token, Ok(reason)),
            Told::GivenUp { token, why } => return self.published(token, Err(Failed::GivenUp(why))),
            Told::Subscribed(subscribed) => {
                let asked = subscribed.token.and_then(|token| self.subscribing.remove(&token));
                if let Some(answer) = asked {
                    let _ =
                        answer.send(Ok(subscribed.results.into_iter().map(|(_, reason)| reason).collect()));
                    return;
                }
                let refused = subscribed.results.into_iter().filter(|(_, reason)| reason.is_error());
                self.told.extend(refused.map(|(filter, reason)| Event::Ungranted(filter, reason)));
                return;
            }
            Told::Reconnecting { .. } | Told::Unsubscribed { .. } => return,
        };
        self.told.push_back(event);
    }

    fn published(&mut self, token: Token, answer: Result<ReasonCode, Failed>) {
        if let Some(sender) = self.publishing.remove(&token) {
            // Whoever dropped the future does not care.
            let _ = sender.send(answer);
        }
    }
}
