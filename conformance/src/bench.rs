//! The stage of one play: a broker, its clients, and time.

use crate::client::{Actor, Client};
use crate::connecting::Connecting;
use crate::target::{Target, Transport};
use crate::transcript::{Failure, Transcript};
use bytes::Bytes;
use headcount_mqtt::{Delivery, Packet, ProtocolVersion, Publish, Text, TopicFilter, TopicName};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Duration;

/// What scripts hold. Cheap to clone: every clone is the same stage.
#[derive(Clone)]
pub struct Bench {
    stage: Rc<Stage>,
    version: ProtocolVersion,
}

struct Stage {
    target: Box<dyn Target>,
    prefix: String,
    may_wait: Duration,
    waited: Cell<Duration>,
    transcript: RefCell<Transcript>,
    actors: RefCell<Vec<Rc<RefCell<Actor>>>>,
    /// What stays in the broker after the play: sessions by Client Identifier, retained messages by topic.
    left_behind: RefCell<BTreeSet<Left>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Left {
    Session(Text),
    Retained(TopicName),
}

impl Bench {
    /// A stage. `prefix` is found in all topics and Client Identifiers of the play and has to be its own, so that
    /// plays on one broker do not meet; letters and digits only.
    pub fn new(
        target: Box<dyn Target>,
        version: ProtocolVersion,
        prefix: String,
        may_wait: Duration,
    ) -> Self {
        Self {
            stage: Rc::new(Stage {
                target,
                prefix,
                may_wait,
                waited: Cell::new(Duration::ZERO),
                transcript: RefCell::default(),
                actors: RefCell::default(),
                left_behind: RefCell::default(),
            }),
            version,
        }
    }

    /// The version of this play.
    pub fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Whether the play is in MQTT 5.0.
    pub fn is_v5(&self) -> bool {
        self.version == ProtocolVersion::V5
    }

    /// The same stage for clients of another version.
    pub fn speaking(&self, version: ProtocolVersion) -> Self {
        Self { stage: Rc::clone(&self.stage), version }
    }

    /// How the broker is reached.
    pub fn transport(&self) -> Transport {
        self.stage.target.transport()
    }

    /// The full topic or filter of a name in a script: the play's prefix stands for `{}`, or else in front.
    /// `t` is `prefix/t`, `/{}/t` is `/prefix/t`, `$share/g/{}/t` is `$share/g/prefix/t`.
    pub fn topic(&self, name: &str) -> String {
        if name.contains("{}") {
            name.replace("{}", &self.stage.prefix)
        } else {
            format!("{}/{name}", self.stage.prefix)
        }
    }

    /// A filter; see [`Bench::topic`].
    pub fn filter(&self, name: &str) -> TopicFilter {
        TopicFilter::try_from(self.topic(name)).expect("scripts send bad filters as bytes")
    }

    /// The full Client Identifier of a client's name.
    pub fn client_id(&self, name: &str) -> String {
        format!("{}{name}", self.stage.prefix)
    }

    /// A client with a clean session and nothing else, connected.
    pub fn connect(&self, name: &'static str) -> Client {
        self.connecting(name).open()
    }

    /// A client to be connected with more than that.
    pub fn connecting(&self, name: &'static str) -> Connecting {
        Connecting::new(self, name)
    }

    /// A Network Connection on which nothing was sent yet.
    pub fn open(&self, name: &'static str) -> Client {
        match self.stage.target.open() {
            Ok(wire) => {
                let actor = Rc::new(RefCell::new(Actor::new(name, wire, self.version())));
                self.stage.actors.borrow_mut().push(Rc::clone(&actor));
                Client::new(self.clone(), actor)
            }
            Err(error) => self.fail(&format!("{name}: {error}")),
        }
    }

    /// Lets time pass. The sum of all waits is declared with the script.
    pub fn advance(&self, time: Duration) {
        let waited = self.stage.waited.get() + time;
        assert!(waited <= self.stage.may_wait, "the script waits {waited:?}, more than it declares");
        self.stage.waited.set(waited);
        self.transcript().waited(time);
        // What was sent before is to be dealt with before.
        self.settle(None);
        self.stage.target.advance(time);
    }

    /// Lets seconds pass.
    pub fn wait(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// Ends the play as failed.
    pub fn fail(&self, message: &str) -> ! {
        resume_unwind(Box::new(Failure { message: message.to_owned(), transcript: self.transcript().text() }))
    }

    /// Ends the play as failed unless it is so.
    pub fn check(&self, is_so: bool, message: &str) {
        if !is_so {
            self.fail(message);
        }
    }

    /// Notes what a packet leaves in the broker.
    pub(crate) fn note(&self, packet: &Packet) {
        let mut left = self.stage.left_behind.borrow_mut();
        match packet {
            Packet::Connect(connect) => {
                let lasting = connect.properties.session_expiry_interval.is_some_and(|seconds| seconds > 0);
                if (lasting || !connect.clean_start) && !connect.client_id.is_empty() {
                    left.insert(Left::Session(connect.client_id.clone()));
                }
                left.extend(
                    connect.will.iter().filter(|will| will.retain).map(|it| Left::Retained(it.topic.clone())),
                );
            }
            Packet::Publish(publish) if publish.retain => {
                left.extend(publish.topic.clone().map(Left::Retained));
            }
            _ => {}
        }
    }

    /// Takes out of the broker what the play left in it: a broker by URL is somebody's.
    pub(crate) fn tidy_up(&self) {
        let left = self.stage.left_behind.take();
        self.stage.actors.borrow_mut().clear();
        let (mut topics, mut sessions) = (Vec::new(), Vec::new());
        for it in left {
            match it {
                Left::Retained(topic) => topics.push(topic),
                Left::Session(id) => sessions.push(id),
            }
        }
        for id in sessions {
            self.connecting("tidy").client_id(id.as_str()).open().disconnect();
        }
        if !topics.is_empty() {
            let tidy = self.connect("tidy");
            for topic in topics {
                tidy.send(&Packet::Publish(Publish {
                    dup: false,
                    delivery: Delivery::AtMostOnce,
                    retain: true,
                    topic: Some(topic),
                    payload: Bytes::new(),
                    properties: None,
                }));
            }
            tidy.disconnect();
        }
    }

    /// The broker has dealt with all that clients sent, the excepted one's aside: each that sent something since its last
    /// answer sends a PINGREQ and waits for its PINGRESP.
    pub(crate) fn settle(&self, except: Option<&Rc<RefCell<Actor>>>) {
        let actors = self.stage.actors.borrow().clone();
        for actor in actors {
            if except.is_none_or(|except| !Rc::ptr_eq(except, &actor)) && actor.borrow().is_unsettled() {
                Client::new(self.clone(), actor).settle();
            }
        }
    }

    pub(crate) fn transcript(&self) -> std::cell::RefMut<'_, Transcript> {
        self.stage.transcript.borrow_mut()
    }
}
