//! The binary `headcount`: an MQTT broker that also serves the page which watches it.
//!
//! ```text
//! listener ─ tcp ────────────────┐
//!     └─ http ─ handshake ─ websocket ─ connection (decode) ─ realm (lock) ─ broker core
//!            └─ page                     └──────── outbox ◄──── wake ◄──────────┘
//! ```
//!
//! Each connection is one task that owns its transport. It reads what has come, decodes it, and hands all packets of
//! one read to the core under the realm's lock; the core's outputs wake the tasks of other connections, each of which
//! takes its bytes under the lock and writes them outside of it. Nobody waits for a slow peer but its own task.
//!
//! Programs that start the server (tests, a page's journeys) run `headcount --any-port --print-addresses json` and
//! read one line from standard output, which comes when every listener is open:
//!
//! ```json
//! {"page":"http://127.0.0.1:40001/","listeners":[
//!  {"realm":"open","transport":"websocket","address":"127.0.0.1","port":40001,"path":"/mqtt","url":"ws://127.0.0.1:40001/mqtt"},
//!  {"realm":"open","transport":"tcp","address":"127.0.0.1","port":40002,"url":"mqtt://127.0.0.1:40002"}]}
//! ```

mod accounts;
mod address;
mod answer;
mod args;
mod check;
mod clock;
mod config;
mod connection;
mod door;
mod entrance;
mod healthcheck;
mod http;
mod list;
mod listener;
mod manual;
mod monitor;
mod network;
mod outbox;
mod page;
mod passwd;
mod password;
mod proxy;
mod realm;
mod reload;
mod server;
mod service;
mod shutdown;
mod socket;
mod storage;
mod tcp;
mod tls;
mod websocket;
mod wire;

use args::{Args, Command, Form};
use clap::{CommandFactory, Parser};
use config::Config;
use server::Server;
use std::io::Write;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let args = Args::parse();
    let ended = match &args.command {
        Some(Command::Check(check)) => check.run(),
        Some(Command::Completions(completions)) => completions.run(Args::command()),
        Some(Command::Healthcheck(check)) => check.run(),
        Some(Command::Man(man)) => man.run(Args::command()),
        Some(Command::Passwd(passwd)) => passwd.run(),
        None => run(&args),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("headcount: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    if args.print_default_config {
        return print(config::DEFAULT);
    }
    start_log(args)?;
    let amended = args.clone();
    let load = move || {
        let mut config =
            Config::load(amended.config.as_deref()).map_err(|error| error.sentences().to_vec())?;
        amended.amend(&mut config).map_err(|error| vec![error])?;
        Ok(config)
    };
    let config = load().map_err(|problems: Vec<String>| problems.join("\n"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the system gives no threads or timers: {error}"))?;
    runtime.block_on(async {
        let signals = shutdown::Signals::listen()?;
        let server = Server::start(config, Box::new(load))?;
        print(&match args.print_addresses {
            Form::Text => server.addresses().text(),
            Form::Json => server.addresses().json() + "\n",
        })?;
        service::ready();
        signals.wait().await;
        server.shut_down().await;
        Ok(())
    })
}

/// Logs on standard error, so that standard output stays readable by programs.
fn start_log(args: &Args) -> Result<(), String> {
    let filter = if args.verbose { "debug" } else { &args.log };
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| format!("--log: {error}; write a level (info), or module=level pairs"))?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match args.log_format {
        Form::Text => log.with_ansi(colours).init(),
        Form::Json => log.json().flatten_event(true).with_current_span(false).init(),
    }
    Ok(())
}

fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output cannot be written: {error}"))
}
