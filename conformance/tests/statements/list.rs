//! The statements of both standards, as `conformance/statements/` lists them.

use crate::citation::{Citation, Number};

/// A normative statement.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) number: Number,
    /// `server`, `client` or `both`.
    pub(crate) binds: &'static str,
    pub(crate) asks: &'static str,
    /// Where 3.1.1 says what 5.0 says under these numbers.
    pub(crate) same_as: Vec<Number>,
    /// Why it is left out.
    pub(crate) left_out: Option<&'static str>,
}

/// A version with its statements.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) version: &'static str,
    pub(crate) statements: Vec<Statement>,
}

/// Those of 5.0, then those of 3.1.1.
pub(crate) fn both() -> [List; 2] {
    let v5 = parse("5.0", include_str!("../../statements/v5.txt"), &[]);
    let v311 = parse("3.1.1", include_str!("../../statements/v311.txt"), &v5.statements);
    [v5, v311]
}

fn parse(version: &'static str, text: &'static str, v5: &[Statement]) -> List {
    let v311 = version == "3.1.1";
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let statements = lines.map(|line| {
        let mut fields = line.split(" | ");
        let mut field = || fields.next();
        let (Some(number), Some(binds), Some(words)) = (field(), field(), field()) else {
            panic!("{line:?} has no three fields")
        };
        assert!(["server", "client", "both"].contains(&binds), "{line:?}: nobody is called {binds}");
        let (words, twins) = words.split_once("= ").unwrap_or((words, ""));
        let twins: Vec<_> = twins
            .split(", ")
            .filter(|twin| !twin.is_empty())
            .map(|twin| {
                let found = v5.iter().find(|it| it.number.text == twin);
                found.unwrap_or_else(|| panic!("{line:?}: 5.0 has no {twin}"))
            })
            .collect();
        Statement {
            number: Number { text: number.to_owned(), v311 },
            binds,
            asks: if words.is_empty() { twins[0].asks } else { words.trim_end() },
            same_as: twins.into_iter().map(|it| it.number.clone()).collect(),
            left_out: field(),
        }
    });
    List { version, statements: statements.collect() }
}

impl Statement {
    /// Whether this citation is one of it.
    pub(crate) fn is_named_by(&self, citation: &Citation) -> bool {
        citation.number == self.number || self.same_as.contains(&citation.number)
    }

    /// Whether it binds servers, so that what the client session does is not enough.
    pub(crate) fn is_of_servers(&self) -> bool {
        self.binds != "client"
    }

    /// Where it is obeyed, or where it is proved; each place once.
    pub(crate) fn places<'a>(&self, citations: &'a [Citation], proved: bool) -> Vec<&'a str> {
        let mut places: Vec<&str> = Vec::new();
        for citation in citations.iter().filter(|it| it.proves == proved && self.is_named_by(it)) {
            if !places.contains(&citation.place.as_str()) {
                places.push(&citation.place);
            }
        }
        places
    }
}
