//! The command line.

use clap::{Args, Parser, Subcommand};
use headcount_client::Broker;
use std::path::PathBuf;

/// The workers behind the demos of Headcount's page.
///
/// Each is a client of the broker like any other. It keeps its session, acknowledges a request only once the broker
/// has its answer, and tells whether it is there by a retained status with a Will: it may be killed and started again
/// at any time, and nothing is lost.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Which work to do
    #[command(subcommand)]
    pub(crate) command: Command,

    /// What is logged: error, warn, info, debug, trace, or by module
    #[arg(long, global = true, value_name = "FILTER", env = "HEADCOUNT_LOG", default_value = "info")]
    pub(crate) log: String,

    /// PEM file with the authorities that mqtts:// trusts, instead of the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) cafile: Option<PathBuf>,

    /// End when the process that started this one ends
    #[arg(long, global = true)]
    pub(crate) with_parent: bool,
}

/// The work.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check chat messages against a list of words
    Chat(ChatArguments),
    /// Judge the bids of auctions
    Auctions(OpenArguments),
    /// Do long tasks and tell their progress
    Tasks(OpenArguments),
    /// All of them in one process, each with a connection of its own
    All(AllArguments),
}

/// Of the chat's worker.
#[derive(Debug, Args)]
pub(crate) struct ChatArguments {
    /// The broker, with the account that may answer
    #[arg(long, value_name = "URL", default_value = SECURE)]
    pub(crate) broker: String,

    #[command(flatten)]
    pub(crate) words: WordArguments,
}

/// Of a worker that anybody may ask.
#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    /// The broker
    #[arg(long, value_name = "URL", default_value = OPEN)]
    pub(crate) broker: String,
}

/// Of all workers.
#[derive(Debug, Args)]
pub(crate) struct AllArguments {
    /// The broker of auctions and tasks
    #[arg(long, value_name = "URL", default_value = OPEN)]
    pub(crate) open: String,

    /// The broker of the chat, with the account that may answer
    #[arg(long, value_name = "URL", default_value = SECURE)]
    pub(crate) secure: String,

    #[command(flatten)]
    pub(crate) words: WordArguments,
}

/// The list of words.
#[derive(Debug, Args)]
pub(crate) struct WordArguments {
    /// What may not be said: one word or phrase a line, `#` begins a comment. Read again when it changes. Without it,
    /// the short list inside the program
    #[arg(long, value_name = "FILE")]
    pub(crate) words: Option<PathBuf>,
}

/// The embedded configuration's realms.
const OPEN: &str = "mqtt://127.0.0.1:1883";
const SECURE: &str = "mqtt://backend:backend@127.0.0.1:1884";

impl Arguments {
    /// # Errors
    /// A sentence with what to write instead.
    pub(crate) fn broker(&self, url: &str) -> Result<Broker, String> {
        Broker::parse(url, self.cafile.as_deref()).map_err(|error| error.to_string())
    }
}
