//! `headcount passwd`: writes password files, with the flags of `mosquitto_passwd`.

use crate::password::{Hash, is_no_entry, read_text, replace};
use clap::Args;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Write a password file
///
/// Adds a user to the file, or gives a user another password. It is asked for twice, or read from standard input
/// where that is no terminal. Hashes are made by argon2id; those of `mosquitto_passwd` stay as they are.
#[derive(Debug, Clone, Args)]
pub(crate) struct PasswdArgs {
    /// Create the file, in the place of one that is there
    #[arg(short, long, conflicts_with_all = ["delete", "upgrade"])]
    create: bool,

    /// Take the password from the command line, where other users of the machine can see it
    #[arg(short, long, requires = "password", conflicts_with_all = ["delete", "upgrade"])]
    batch: bool,

    /// Delete the user
    #[arg(short = 'D', long)]
    delete: bool,

    /// Hash all passwords of a file that stand in plain text
    #[arg(short = 'U', long, conflicts_with_all = ["delete", "user"])]
    upgrade: bool,

    /// The password file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Whose password it is
    #[arg(value_name = "USER", required_unless_present = "upgrade")]
    user: Option<String>,

    /// The password, with --batch
    #[arg(value_name = "PASSWORD", requires = "batch")]
    password: Option<String>,
}

impl PasswdArgs {
    /// Changes the file.
    ///
    /// # Errors
    /// A sentence with the file's name. The file is as it was then.
    pub(crate) fn run(&self) -> Result<(), String> {
        let name = self.file.display();
        let text = if self.create { String::new() } else { self.text()? };
        let changed = match &self.user {
            None => upgraded(&text).map_err(|error| format!("{name}:{error}"))?,
            Some(user) => {
                check_name(user)?;
                let is_there = lines_of(&text, user).next().is_some();
                if self.delete && !is_there {
                    return Err(format!("{name}: there is no user `{user}`"));
                }
                let hash = if self.delete { None } else { Some(Hash::argon2id(&self.secret(user)?)?) };
                with(&text, user, hash.as_ref())
            }
        };
        replace(&self.file, &changed).map_err(|error| format!("{name}: cannot be written: {error}"))
    }

    fn text(&self) -> Result<String, String> {
        if !self.file.exists() {
            let name = self.file.display();
            return Err(format!("{name}: there is no such file; -c creates it"));
        }
        read_text(&self.file).map_err(|error| format!("{}: {error}", Path::display(&self.file)))
    }

    fn secret(&self, user: &str) -> Result<Vec<u8>, String> {
        let password = match &self.password {
            Some(password) => password.clone(),
            None if std::io::stdin().is_terminal() => {
                let ask = |prompt: String| {
                    rpassword::prompt_password(prompt)
                        .map_err(|error| format!("the terminal cannot be asked for a password: {error}"))
                };
                let password = ask(format!("Password of {user}: "))?;
                if ask("The same again: ".to_owned())? != password {
                    return Err("the two passwords differ; nothing was changed".to_owned());
                }
                password
            }
            None => {
                let mut line = String::new();
                std::io::stdin()
                    .read_line(&mut line)
                    .map_err(|error| format!("standard input cannot be read: {error}"))?;
                let ended = line.strip_suffix('\n').unwrap_or(&line);
                ended.strip_suffix('\r').unwrap_or(ended).to_owned()
            }
        };
        if password.is_empty() {
            return Err("the password is empty; nothing was changed".to_owned());
        }
        Ok(password.into_bytes())
    }
}

/// A name that can stand before the colon and is read as it was written.
fn check_name(user: &str) -> Result<(), String> {
    if user.is_empty() || user.trim() != user || user.starts_with('#') || user.len() > 65_535 {
        return Err(format!(
            "`{user}` cannot be a user name: it is empty or too long, or begins or ends with a blank, or with #"
        ));
    }
    if user.contains(|c: char| c == ':' || c.is_control()) {
        return Err(format!(
            "`{}` cannot be a user name: it holds a colon or a control character",
            user.escape_debug()
        ));
    }
    Ok(())
}

/// The places of a user's lines, from 0.
fn lines_of<'a>(text: &'a str, user: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.lines().enumerate().filter(move |(_, line)| is_of(line, user)).map(|(at, _)| at)
}

fn is_of(line: &str, user: &str) -> bool {
    !is_no_entry(line) && line.split_once(':').is_some_and(|(name, _)| name.trim() == user)
}

/// The text with this user's line replaced in its place, added behind the others, or taken away. All others stay.
fn with(text: &str, user: &str, hash: Option<&Hash>) -> String {
    let mut hash = hash;
    let mut changed = String::with_capacity(text.len() + 160);
    for line in text.split_inclusive('\n') {
        if !is_of(line, user) {
            changed.push_str(line);
        } else if let Some(hash) = hash.take() {
            let _ = writeln!(changed, "{user}:{hash}");
        }
    }
    if let Some(hash) = hash {
        if !changed.is_empty() && !changed.ends_with('\n') {
            changed.push('\n');
        }
        let _ = writeln!(changed, "{user}:{hash}");
    }
    changed
}

fn is_damaged(password: &str) -> bool {
    ["$6$", "$7$", "$argon2"].iter().any(|form| password.trim().starts_with(form))
}

/// The text with a hash in the place of each plain password.
fn upgraded(text: &str) -> Result<String, String> {
    let mut changed = String::with_capacity(text.len() * 2);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if is_no_entry(line) {
            changed.push_str(line);
            continue;
        }
        let Some((user, password)) = line.split_once(':') else {
            return Err(format!("{number}:1: no user; write user:password"));
        };
        let password = password.trim_end_matches(['\r', '\n']);
        match Hash::parse(password.trim()) {
            Ok(_) => {
                changed.push_str(line);
                continue;
            }
            // A damaged hash would become the hash of a hash.
            Err(error) if is_damaged(password) => {
                return Err(format!("{number}:{}: {error}", user.len() + 2));
            }
            Err(_) => {}
        }
        let _ = writeln!(changed, "{}:{}", user.trim(), Hash::argon2id(password.as_bytes())?);
    }
    Ok(changed)
}
