//! `headcount completions` and `headcount man`: the command line, told to shells and to people.

use clap::Command;
use clap_complete::Shell;

/// What the command line does not say of itself.
const SIGNALS: &str = "\
.SH SIGNALS
.TP
SIGHUP
Reads the configuration, rules, passwords and certificates again. What is wrong is logged, and the old stays.
.TP
SIGTERM, SIGINT
Tells every client, and ends within ten seconds. A second one ends at once.
";

/// Print the completions for a shell
///
/// For example: headcount completions bash > /usr/share/bash-completion/completions/headcount
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell that reads them
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual page
///
/// In troff's form, as `man` reads it: headcount man | man -l -
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ManArgs {}

impl CompletionsArgs {
    /// # Errors
    /// A sentence where standard output cannot be written.
    pub(crate) fn run(&self, mut command: Command) -> Result<(), String> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut command, "headcount", &mut text);
        crate::print(&String::from_utf8_lossy(&text))
    }
}

impl ManArgs {
    /// # Errors
    /// A sentence where standard output cannot be written.
    #[allow(clippy::unused_self, reason = "as the other commands")]
    pub(crate) fn run(&self, mut command: Command) -> Result<(), String> {
        let mut text = Vec::new();
        // Gives the subcommands their whole names.
        command.build();
        let fails = |error: std::io::Error| format!("the manual cannot be written: {error}");
        clap_mangen::Man::new(command.clone()).render(&mut text).map_err(fails)?;
        text.extend_from_slice(b".SH ENVIRONMENT\n");
        for option in command.get_arguments() {
            if let (Some(variable), Some(long)) = (option.get_env(), option.get_long()) {
                let line =
                    format!(".TP\n{}\nStands for --{long}, which goes before it.\n", variable.display());
                text.extend_from_slice(line.as_bytes());
            }
        }
        text.extend_from_slice(SIGNALS.as_bytes());
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let man = clap_mangen::Man::new(sub.clone());
            let title = format!(".SH \"HEADCOUNT {}\"\n", sub.get_name().to_uppercase());
            text.extend_from_slice(title.as_bytes());
            man.render_synopsis_section(&mut text).map_err(fails)?;
            man.render_description_section(&mut text).map_err(fails)?;
            man.render_options_section(&mut text).map_err(fails)?;
        }
        crate::print(&String::from_utf8_lossy(&text))
    }
}
