//! The project's own commands: `cargo xtask serve`, `test`, `build`, `deb`, `ci`, `bench`, `pictures` and `trunk`.
//!
//! They install what they miss, say so first, and keep it in a cache of their own (see [`workspace`]).
//!
//! ```text
//! serve: tools -> page (Trunk) -> compress -> budget -> server (cargo) -> exec
//! test:  suite, a table of steps, each with what it needs
//! ```

mod bench;
mod budget;
mod compress;
mod deb;
mod debian;
mod fingerprint;
mod journeys;
mod lock;
mod names;
mod npm;
mod page;
mod peers;
mod process;
mod serve;
mod steps;
mod suite;
mod tally;
mod tools;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::suite::Selection;
use crate::workspace::Workspace;

const HELP: &str = "\
Usage: cargo xtask <command>

Commands:
  serve [-- <arguments>]     Build the page and the server, start it; arguments after -- go to the server
                             (see: cargo xtask serve -- --help)
  test [<step>...]           Run every check, or the named steps only
      --keep-going           Go on after a step has failed
      --list                 List the steps
  build                      The page and the server, in release mode: target/release/headcount
  deb                        The same as a Debian package
  bench [<arguments>]        Headcount beside Mosquitto: CPU for each delivery, memory for each idle connection;
                             --quick takes minutes; the table goes to bench/TABLE.md (see: cargo xtask bench --help)
  pictures                   The pictures of docs/, taken anew
  ci                         What the build server runs: test, with CI=true
  trunk <arguments>          Trunk with all its tools, for changing the page: cargo xtask trunk serve

What is missing is installed first: tools into $HEADCOUNT_CACHE, else $XDG_CACHE_HOME/headcount, else
~/.cache/headcount; Debian's packages only as root.
";

enum Action {
    Help,
    Serve(Vec<OsString>),
    List,
    Test(Selection),
    Ci,
    Bench(Vec<OsString>),
    Trunk(Vec<OsString>),
    Build,
    Deb,
    Pictures,
}

fn main() -> ExitCode {
    process::elapsed();
    let result = parse(lexopt::Parser::from_env()).and_then(|action| match action {
        Action::Help => {
            print!("{HELP}");
            Ok(())
        }
        Action::Serve(arguments) => serve::serve(&Workspace::discover()?, &arguments),
        Action::List => {
            suite::list();
            Ok(())
        }
        Action::Test(selection) => suite::run(&Workspace::discover()?, &selection),
        Action::Ci => suite::run_ci(),
        Action::Bench(arguments) => bench::bench(&Workspace::discover()?, &arguments),
        Action::Build => deb::build(&Workspace::discover()?),
        Action::Deb => deb::deb(&Workspace::discover()?),
        Action::Pictures => journeys::take_pictures(&Workspace::discover()?),
        Action::Trunk(arguments) => page::become_trunk(&Workspace::discover()?, &arguments),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut parser: lexopt::Parser) -> Result<Action> {
    let Some(first) = parser.next()? else {
        return Ok(Action::Help);
    };
    let verb = match first {
        Short('h') | Long("help") => return Ok(Action::Help),
        Value(verb) => verb.string()?,
        other => return Err(other.unexpected().into()),
    };
    match verb.as_str() {
        "serve" => parse_serve(parser),
        "test" => parse_test(parser),
        "ci" => parse_alone(parser, Action::Ci),
        "build" => parse_alone(parser, Action::Build),
        "deb" => parse_alone(parser, Action::Deb),
        "pictures" => parse_alone(parser, Action::Pictures),
        "bench" => Ok(Action::Bench(parser.raw_args()?.collect())),
        "trunk" => Ok(Action::Trunk(parser.raw_args()?.collect())),
        "help" => Ok(Action::Help),
        other => bail!("unknown command `{other}`; `cargo xtask --help` lists the commands"),
    }
}

/// A command without arguments.
fn parse_alone(mut parser: lexopt::Parser, action: Action) -> Result<Action> {
    match parser.next()? {
        None => Ok(action),
        Some(argument) => Err(argument.unexpected().into()),
    }
}

fn parse_serve(mut parser: lexopt::Parser) -> Result<Action> {
    let mut raw = parser.raw_args()?;
    match raw.next() {
        None => Ok(Action::Serve(Vec::new())),
        Some(dashes) if dashes == "--" => Ok(Action::Serve(raw.collect())),
        Some(flag) if flag == "-h" || flag == "--help" => Ok(Action::Help),
        Some(other) => {
            let other = other.display();
            bail!(
                "unexpected argument `{other}`; the server's own go behind two dashes: cargo xtask serve -- {other}"
            )
        }
    }
}

fn parse_test(mut parser: lexopt::Parser) -> Result<Action> {
    let mut selection = Selection::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("keep-going") => selection.keep_going = true,
            Long("list") => return Ok(Action::List),
            Short('h') | Long("help") => return Ok(Action::Help),
            Value(step) => selection.steps.push(steps::named(&step.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Action::Test(selection))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], expect: impl FnOnce(Result<Action>) -> bool) {
        let parser = lexopt::Parser::from_iter(std::iter::once("xtask").chain(arguments.iter().copied()));
        assert!(expect(parse(parser)), "{arguments:?}");
    }

    #[test]
    fn arguments_behind_two_dashes_reach_the_server_as_they_are() {
        check(
            &["serve", "--", "--config", "a.toml", "--", "-x"],
            |action| matches!(action, Ok(Action::Serve(given)) if given == ["--config", "a.toml", "--", "-x"]),
        );
        check(&["serve"], |action| matches!(action, Ok(Action::Serve(given)) if given.is_empty()));
        check(&["serve", "--config"], |action| action.is_err());
    }

    #[test]
    fn steps_are_known_by_name() {
        check(
            &["test", "fmt", "--keep-going", "rust"],
            |action| matches!(action, Ok(Action::Test(selection)) if selection.keep_going && selection.steps.len() == 2),
        );
        check(&["test", "formatting"], |action| action.is_err());
        check(&["ci", "fmt"], |action| action.is_err());
        check(&["benchmark"], |action| action.is_err());
        check(&[], |action| matches!(action, Ok(Action::Help)));
    }
}
