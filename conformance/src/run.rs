//! Playing scripts, and what came of them.

use crate::scripts::{Chapter, chapters};
use crate::target::{Core, Socket, Target, Transport, Url};
use crate::transcript::{Failure, describe};
use crate::{Bench, Body, Deviant, Difference, Script};
use headcount_mqtt::{ProtocolVersion, ReasonCode};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds that a script may wait where waiting is really waiting: plays run side by side, so this is about the
/// time of a whole run.
pub const REAL_WAITS: u32 = 8;

/// Plays at once against one broker. They mostly wait for the broker.
const SIDE_BY_SIDE: usize = 16;

/// Where scripts are played.
#[derive(Debug, Clone)]
pub enum Place {
    /// The broker core, on a virtual clock; a new one for each play.
    Core,
    /// A broker by URL.
    Url(Url),
}

/// One script in one version.
#[derive(Debug, Clone, Copy)]
pub struct Play {
    /// The chapter it stands in.
    pub chapter: &'static str,
    /// The script.
    pub script: Script,
    /// The version.
    pub version: ProtocolVersion,
}

/// What came of a play.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The broker did as the standard says.
    Passed,
    /// It did not, as is known of it.
    Differs(&'static Difference),
    /// It did not.
    Failed(Failure),
    /// It did, although a difference is listed: the list is wrong.
    Unexpected(&'static Difference),
}

/// What came of all plays.
#[derive(Debug, Default)]
pub struct Report {
    /// Each play by name, in the order of the chapters.
    pub verdicts: Vec<(String, Verdict)>,
}

impl Play {
    /// `3.1 connect::a_second_connect_closes::v5`.
    pub fn name(&self) -> String {
        let version = match self.version {
            ProtocolVersion::V311 => "v311",
            ProtocolVersion::V5 => "v5",
        };
        format!("{}::{}::{version}", self.chapter, self.script.name)
    }

    /// Whether it can be played there: not where it needs a configuration of its own or waits too long, or is for
    /// another transport.
    pub fn fits(&self, place: &Place) -> bool {
        let is_websocket = place.transport().is_websocket();
        if self.script.transport.is_some_and(|only| only.is_websocket() != is_websocket) {
            return false;
        }
        match place {
            Place::Core => true,
            Place::Url(_) => self.script.configuration.is_none() && self.script.waits <= REAL_WAITS,
        }
    }

    /// Plays it.
    pub fn play(&self, place: &Place, broker: Option<Deviant>) -> Verdict {
        let difference = broker.and_then(|broker| {
            broker.difference(self.chapter, self.script.name, self.version, place.transport())
        });
        match (self.perform(place), difference) {
            (Ok(()), None) => Verdict::Passed,
            (Ok(()), Some(difference)) => Verdict::Unexpected(difference),
            (Err(_), Some(difference)) => Verdict::Differs(difference),
            (Err(failure), None) => Verdict::Failed(failure),
        }
    }

    fn perform(&self, place: &Place) -> Result<(), Failure> {
        let target =
            place.target(&self.script).map_err(|message| Failure { message, transcript: String::new() })?;
        let waits = Duration::from_secs(self.script.waits.into());
        let bench = Bench::new(target, self.version, place.prefix(), waits);
        let play = catch_unwind(AssertUnwindSafe(|| match self.script.body {
            Body::Play(play) => play(&bench),
            Body::Refused { bytes, reasons } => refused(&bench, bytes, reasons),
            Body::RefusedFirst { bytes, reasons } => refused_first(&bench, bytes, reasons),
        }));
        let outcome = play.map_err(|panic| match panic.downcast::<Failure>() {
            Ok(failure) => *failure,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text");
                Failure { message: format!("panic: {text}"), transcript: bench.transcript().text() }
            }
        });
        if matches!(place, Place::Url(_)) {
            // A broker that fails the play may fail here as well; the verdict stands.
            let _ = catch_unwind(AssertUnwindSafe(|| bench.tidy_up()));
        }
        outcome
    }
}

impl Place {
    fn target(&self, script: &Script) -> Result<Box<dyn Target>, String> {
        Ok(match self {
            Self::Core => Box::new(Core::new(script.configuration)?),
            Self::Url(url) => Box::new(Socket::new(url.clone())),
        })
    }

    /// Letters and digits that no other play on that broker has.
    fn prefix(&self) -> String {
        match self {
            Self::Core => "core".to_owned(),
            Self::Url(_) => unique(),
        }
    }

    /// How the broker is reached.
    pub fn transport(&self) -> Transport {
        match self {
            Self::Core => Transport::Memory,
            Self::Url(url) => url.transport(),
        }
    }
}

/// All plays whose name contains `filter`, in the order of the chapters.
pub fn plays(filter: &str) -> Vec<Play> {
    let of_chapter = |chapter: &Chapter| {
        let chapter = *chapter;
        chapter.scripts.iter().flat_map(move |script| {
            let script = *script;
            script.versions.iter().map(move |version| Play { chapter: chapter.name, script, version })
        })
    };
    chapters().iter().flat_map(of_chapter).filter(|play| play.name().contains(filter)).collect()
}

/// Plays all scripts that fit there and whose name contains `filter`, side by side.
///
/// `broker` names the list of known differences that is to hold.
///
/// # Errors
/// A sentence, where the URL cannot be read.
pub fn run(url: &str, broker: Option<Deviant>, filter: &str) -> Result<Report, String> {
    Ok(run_at(Url::parse(url)?, broker, filter))
}

/// The same for a URL that is ready, with its authorities.
pub fn run_at(url: Url, broker: Option<Deviant>, filter: &str) -> Report {
    let place = Place::Url(url);
    let plays: Vec<Play> = plays(filter).into_iter().filter(|play| play.fits(&place)).collect();
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(play) = plays.get(at) else { return };
                    let verdict = play.play(&place, broker);
                    verdicts.lock().unwrap_or_else(PoisonError::into_inner).push((at, play.name(), verdict));
                }
            });
        }
    });
    let mut verdicts = verdicts.into_inner().unwrap_or_else(PoisonError::into_inner);
    verdicts.sort_by_key(|(at, ..)| *at);
    Report { verdicts: verdicts.into_iter().map(|(_, name, verdict)| (name, verdict)).collect() }
}

impl Verdict {
    /// Whether all is as it has to be.
    pub fn is_right(&self) -> bool {
        matches!(self, Self::Passed | Self::Differs(_))
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Differs(difference) => write!(f, "differs, as listed: {difference}"),
            Self::Failed(failure) => write!(f, "FAILED: {failure}"),
            Self::Unexpected(difference) => {
                write!(f, "PASSED, although a difference is listed: {difference}")
            }
        }
    }
}

impl Report {
    /// Whether every play went as it has to.
    pub fn is_right(&self) -> bool {
        self.verdicts.iter().all(|(_, verdict)| verdict.is_right())
    }

    /// Panics with every wrong verdict and its transcript; for tests.
    ///
    /// # Panics
    /// Where a play did not go as it has to, or none was played.
    pub fn assert_right(&self) {
        assert!(!self.verdicts.is_empty(), "no script was played");
        assert!(self.is_right(), "{self}");
    }
}

/// The wrong verdicts at length, then a line of numbers.
impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut counts = [0; 3];
        for (name, verdict) in &self.verdicts {
            match verdict {
                Verdict::Passed => counts[0] += 1,
                Verdict::Differs(_) => counts[1] += 1,
                wrong => {
                    counts[2] += 1;
                    writeln!(f, "{name}: {wrong}\n")?;
                }
            }
        }
        let [passed, differs, wrong] = counts;
        write!(f, "{passed} passed, {differs} differ as listed, {wrong} wrong")
    }
}

/// Bytes of a connected client that end its connection.
fn refused(bench: &Bench, bytes: &str, reasons: &[ReasonCode]) {
    let client = bench.connect("a");
    client.send_hex(bytes);
    client.expect_refusal(reasons);
}

/// First bytes that end a connection, with a CONNACK or without.
fn refused_first(bench: &Bench, bytes: &str, reasons: &[ReasonCode]) {
    let client = bench.open("a");
    client.send_hex(bytes);
    if reasons.is_empty() {
        return client.expect_closed();
    }
    match client.next_or_closed("CONNACK or a closed connection") {
        None => {}
        Some(headcount_mqtt::Packet::ConnAck(ack)) if reasons.contains(&ack.reason) => client.expect_closed(),
        Some(other) => {
            client.fail(&format!("{} came; CONNACK with {reasons:?} was expected", describe(&other)))
        }
    }
}

/// Of no other play: of this process, of another, or of yesterday.
fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() & 0xFFFF_FFFF;
    format!("h{started:08x}{:04x}n{count:x}x", std::process::id() & 0xFFFF)
}
