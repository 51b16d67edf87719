//! `headcount-conformance URL…`: plays the scripts against any broker.

use headcount_conformance::{Deviant, Url, differences, list, run_at};
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
Plays the conformance scripts for MQTT 3.1.1 and 5.0 against a broker that welcomes anonymous clients.

Usage: headcount-conformance [--as mosquitto] [--only TEXT] [--cafile FILE] URL...
       headcount-conformance list | differences

  URL               mqtt[s]://host:port or ws[s]://host:port/path
  --as mosquitto    hold the known differences of mosquitto 2.0.11 against it
  --only TEXT       only scripts whose chapter, name or version contains TEXT
  --cafile FILE     trust these certificate authorities inside TLS (PEM)
  list              print every script with the statements it proves
  differences       print the known differences of brokers
";

fn main() -> ExitCode {
    match start(std::env::args().skip(1)) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

fn start(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let (mut urls, mut broker, mut only, mut authorities) = (Vec::new(), None, String::new(), None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "list" => return print(&list()),
            "differences" => return print(&differences()),
            "-h" | "--help" => return print(HELP),
            "--as" => match arguments.next().as_deref() {
                Some("mosquitto") => broker = Some(Deviant::Mosquitto),
                other => return Err(format!("--as {}: only mosquitto is known", other.unwrap_or_default())),
            },
            "--only" => only = arguments.next().ok_or("--only: a text is missing")?,
            "--cafile" => {
                let file = arguments.next().ok_or("--cafile: a file is missing")?;
                authorities = Some(PathBuf::from(file));
            }
            option if option.starts_with('-') => return Err(format!("{option} is no option")),
            _ => urls.push(argument),
        }
    }
    if urls.is_empty() {
        return Err("no URL is given".to_owned());
    }
    let mut right = true;
    for url in urls {
        let mut address = Url::parse(&url)?;
        if let Some(file) = &authorities {
            address = address.with_authorities(file)?;
        }
        let report = run_at(address, broker, &only);
        println!("{url}: {report}");
        right &= report.is_right() && !report.verdicts.is_empty();
    }
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[allow(clippy::unnecessary_wraps, reason = "the answer of a word that is not a URL")]
fn print(text: &str) -> Result<ExitCode, String> {
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}
