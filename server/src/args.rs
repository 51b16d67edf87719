//! The command line.

use crate::check::CheckArgs;
use crate::config::{Config, ListenerConfig};
use crate::healthcheck::HealthcheckArgs;
use crate::manual::{CompletionsArgs, ManArgs};
use crate::passwd::PasswdArgs;
use clap::{Parser, Subcommand, ValueEnum};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::path::PathBuf;

/// An MQTT broker that explains itself, with a page to watch it.
///
/// Without a configuration file it runs two realms on this machine alone: `open` (anonymous clients welcome) on port
/// 1883 and at the WebSocket path /mqtt of port 8080, and `secure` (the chat demo's accounts) on port 1884 and at
/// /secure/mqtt. The page is on port 8080.
///
/// Standard output carries the addresses alone, once every listener is open; logs go to standard error.
#[derive(Debug, Clone, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    /// Without one, the broker runs.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Configuration file (TOML); see --print-default-config
    #[arg(short, long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Where the page and WebSocket listen, instead of the first configured address; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen_http: Option<SocketAddr>,

    /// Where a realm's TCP clients come in, instead of the configured addresses without TLS; may be repeated
    #[arg(long, value_name = "REALM=ADDRESS:PORT", value_parser = realm_address)]
    pub(crate) listen_tcp: Vec<(String, SocketAddr)>,

    /// Take a free port for each configured listener, but for those that an option places, and keep nothing unless a
    /// folder for it is named; for tests
    #[arg(long)]
    pub(crate) any_port: bool,

    /// Keep sessions, retained messages and events in this folder, instead of the configured one
    #[arg(long, value_name = "FOLDER", conflicts_with = "ephemeral")]
    pub(crate) store: Option<PathBuf>,

    /// Keep nothing: everything is gone when the server ends
    #[arg(long)]
    pub(crate) ephemeral: bool,

    /// Serve the page from this folder, read once at the start, instead of the one inside the program
    #[arg(long, value_name = "FOLDER")]
    pub(crate) page_dir: Option<PathBuf>,

    /// Let scripts of pages from this origin connect, beside the configured ones; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,

    /// How the addresses are printed: for people, or as one line of JSON for programs:
    /// {"page":URL,"listeners":[{"realm","transport","address","port","path","url"}…]}
    #[arg(long, value_enum, value_name = "FORM", default_value = "text")]
    pub(crate) print_addresses: Form,

    /// What is logged: error, warn, info, debug, trace, or by module: `info,headcount::http=debug`
    #[arg(long, value_name = "FILTER", env = "HEADCOUNT_LOG", default_value = "info")]
    pub(crate) log: String,

    /// How it is logged: lines for people, or an object of JSON each for programs
    #[arg(long, value_enum, value_name = "FORM", env = "HEADCOUNT_LOG_FORMAT", default_value = "text")]
    pub(crate) log_format: Form,

    /// Log each connection; the same as --log debug
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Print the configuration that is used without a file, and end
    #[arg(long)]
    pub(crate) print_default_config: bool,
}

/// What else the program does.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    Check(CheckArgs),
    Completions(CompletionsArgs),
    Healthcheck(HealthcheckArgs),
    Man(ManArgs),
    Passwd(PasswdArgs),
}

/// For whom something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// People.
    Text,
    /// Programs.
    Json,
}

impl Args {
    /// What tells this server from others of the same user: its configuration file and where it listens, as far as
    /// they are named. `None` for the embedded configuration as it is.
    fn instance(&self) -> Option<String> {
        if self.config.is_none() && self.listen_http.is_none() && self.listen_tcp.is_empty() {
            return None;
        }
        let config = self.config.as_ref().map(|file| file.canonicalize().unwrap_or_else(|_| file.clone()));
        let named = format!("{config:?} {:?} {:?}", self.listen_http, self.listen_tcp);
        let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(named));
        Some(format!("{:08x}", u32::from_be_bytes([a, b, c, d])))
    }

    /// Puts what the command line says in the place of what the file says.
    ///
    /// # Errors
    /// A sentence where an option names something that the configuration does not have.
    pub(crate) fn amend(&self, config: &mut Config) -> Result<(), String> {
        if self.any_port {
            let tcp = config.realms.iter_mut().flat_map(|realm| &mut realm.listeners);
            for listener in tcp.chain(config.http.iter_mut().map(|http| &mut http.listener)) {
                listener.listen.set_port(0);
            }
        }
        if self.any_port
            && let Some(listen) = &mut config.metrics.listen
        {
            listen.set_port(0);
        }
        if let Some(path) = &self.store {
            config.store.path = Some(path.clone());
            config.store.ephemeral = false;
        }
        // Who looks for the same store again has the same addresses; those of --any-port never come again.
        config.store.ephemeral |= self.ephemeral || self.any_port && config.store.path.is_none();
        config.store.instance = self.instance();
        let mut named = Vec::new();
        for (name, address) in &self.listen_tcp {
            let realm = config.realms.iter_mut().find(|realm| realm.broker.realm == *name);
            let Some(realm) = realm else {
                let known: Vec<_> = config.realms.iter().map(|realm| realm.broker.realm.as_str()).collect();
                return Err(format!(
                    "--listen-tcp: there is no realm `{name}`; there is {}",
                    known.join(", ")
                ));
            };
            if !named.contains(&name) {
                realm.listeners.retain(|listener| listener.tls.is_some());
                named.push(name);
            }
            realm.listeners.push(ListenerConfig::plain(*address));
        }
        if let Some(http) = config.http.first_mut() {
            http.listener.listen = self.listen_http.unwrap_or(http.listener.listen);
        } else if self.listen_http.is_some() || self.page_dir.is_some() {
            return Err(
                "--listen-http, --page-dir: the configuration has no [http] table; add one".to_owned()
            );
        }
        for http in &mut config.http {
            http.page_dir = self.page_dir.clone().or(http.page_dir.take());
            http.allowed_origins.extend(self.allow_origin.iter().cloned());
        }
        Ok(())
    }
}

fn realm_address(text: &str) -> Result<(String, SocketAddr), String> {
    let (realm, address) = text.split_once('=').ok_or("write REALM=ADDRESS:PORT: open=127.0.0.1:1883")?;
    let address =
        address.parse().map_err(|_| format!("`{address}` is not an address and a port: 127.0.0.1:1883"))?;
    Ok((realm.to_owned(), address))
}
