//! The binary `headcount-worker`: what stands behind the demos of the page.
//!
//! ```text
//! broker ─ request ─► duty (chat, auctions, tasks: plain state) ─ answers ─► broker
//!             └── PUBACK only once the answers have theirs ◄───────────────────┘
//! ```
//!
//! [`desk`] drives any [`duty`]: one connection, kept over everything. A duty is a state that turns messages and
//! moments into messages; it keeps nothing that cannot be had again from the broker.

mod args;
mod auctions;
mod chat;
mod desk;
mod duty;
mod level;
mod moment;
mod presence;
mod restore;
mod tasks;

use args::{Arguments, Command, WordArguments};
use auctions::Auctions;
use chat::{Chat, WordFile};
use clap::Parser;
use desk::Desk;
use duty::Duty;
use rustix::process::{Signal, getppid, set_parent_process_death_signal};
use std::process::ExitCode;
use tasks::Tasks;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("headcount-worker: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let filter = EnvFilter::try_new(&arguments.log)
        .map_err(|error| format!("--log: {error}; write a level (info), or module=level pairs"))?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();
    if arguments.with_parent {
        follow_parent()?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("the system gives no threads or timers: {error}"))?;
    runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        let mut desks = JoinSet::new();
        match &arguments.command {
            Command::Chat(chat) => {
                open(&mut desks, arguments, &chat.broker, &stopped, checker(&chat.words)?)?;
            }
            Command::Auctions(it) => open(&mut desks, arguments, &it.broker, &stopped, Auctions::default())?,
            Command::Tasks(it) => open(&mut desks, arguments, &it.broker, &stopped, Tasks::default())?,
            Command::All(all) => {
                open(&mut desks, arguments, &all.secure, &stopped, checker(&all.words)?)?;
                open(&mut desks, arguments, &all.open, &stopped, Auctions::default())?;
                open(&mut desks, arguments, &all.open, &stopped, Tasks::default())?;
            }
        }
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            stop.send_replace(true);
            // As long as somebody listens.
            stop.closed().await;
        });
        drop(stopped);
        // One that its broker turns away leaves the others at work.
        let mut ended = Ok(());
        while let Some(desk) = desks.join_next().await {
            if let Err(sentence) = desk.map_err(|error| error.to_string()).flatten() {
                tracing::error!("{sentence}");
                ended = Err(sentence);
            }
        }
        ended
    })
}

/// The list is read before anything else is done, so that a mistake in it is seen at once.
fn checker(words: &WordArguments) -> Result<Chat, String> {
    WordFile::open(words.words.clone()).map(Chat::new)
}

fn open<D: Duty + Send + 'static>(
    desks: &mut JoinSet<Result<(), String>>,
    arguments: &Arguments,
    url: &str,
    stopped: &watch::Receiver<bool>,
    duty: D,
) -> Result<(), String> {
    let desk = Desk::new(duty, arguments.broker(url)?, stopped.clone());
    desks.spawn(desk.keep());
    Ok(())
}

fn listen(kind: SignalKind) -> Result<tokio::signal::unix::Signal, String> {
    signal(kind).map_err(|error| format!("signals cannot be awaited: {error}"))
}

/// Asks the system for SIGTERM at the parent's end.
fn follow_parent() -> Result<(), String> {
    let parent = getppid();
    set_parent_process_death_signal(Some(Signal::TERM))
        .map_err(|error| format!("--with-parent: the system does not tell of the parent's end: {error}"))?;
    // It may have ended before it was asked for.
    if getppid() == parent { Ok(()) } else { Err("--with-parent: the parent has ended".to_owned()) }
}
