//! The search: the one filter of the Monitor, as text.
//!
//! `client:lamp -status:connected /timed? out/`: terms, of which all must hold, and of several with one key any. The
//! grammar stands in `docs/search.md`. A term that means nothing is left out and says why; what the text asks for
//! depends on nothing but the text, so that a link asks for the same wherever it is opened.

mod ask;
mod edit;
mod read;
mod term;

pub use ask::host;
pub use term::{Key, Term, Value};

use ask::Ask;
use read::Piece;

use super::{
    clock::Millis,
    event::Event,
    row::{Body, Row},
};

/// Regular expressions at most: each looks at every character of a row.
const PATTERNS_MAX: usize = 8;

/// A search, ready to be tried on rows.
#[derive(Debug, Default)]
pub struct Search {
    text: String,
    pieces: Vec<Piece>,
    /// Those that stand beside each other follow each other.
    asks: Vec<Ask>,
    since: Option<Millis>,
    until: Option<Millis>,
}

/// A term that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault<'a> {
    /// The term as it was typed.
    pub term: &'a str,
    /// Why, as half a sentence without a full stop.
    pub why: &'a str,
}

impl Search {
    /// Reads a text; there is none that cannot be read, see [`Search::faults`].
    pub fn new(text: &str) -> Self {
        let mut search = Self { text: text.to_owned(), pieces: read::read(text), ..Self::default() };
        let mut pieces = std::mem::take(&mut search.pieces);
        for piece in &mut pieces {
            if let Ok(term) = &piece.term
                && let Err(why) = search.take(term)
            {
                piece.term = Err(why);
            }
        }
        Self { pieces, ..search }
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether every row matches.
    pub fn is_empty(&self) -> bool {
        self.asks.is_empty() && self.since.is_none() && self.until.is_none()
    }

    /// The terms in force, in the order of the text.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.pieces.iter().filter_map(|piece| piece.term.as_ref().ok())
    }

    /// The terms that are left out.
    pub fn faults(&self) -> impl Iterator<Item = Fault<'_>> {
        self.pieces
            .iter()
            .filter_map(|piece| piece.term.as_ref().err().map(|why| Fault { term: &piece.text, why }))
    }

    /// From when on events are shown, and before when; half open, so that spans that touch share no event.
    pub fn span(&self) -> (Option<Millis>, Option<Millis>) {
        (self.since, self.until)
    }

    /// Whether the row is shown. A gap is, unless it lies outside of the span: what was searched for may have happened
    /// in it.
    pub fn matches(&self, row: &Row) -> bool {
        match &row.body {
            _ if self.is_empty() => true,
            Body::Event(event) => self.finds(event),
            Body::Gap(gap) => {
                self.until.is_none_or(|until| gap.from < until)
                    && self.since.is_none_or(|since| gap.to.is_none_or(|to| to >= since))
            }
            Body::Started(_) => false,
        }
    }

    /// Whether the event is shown.
    pub fn finds(&self, event: &Event) -> bool {
        self.since.is_none_or(|since| event.at >= since)
            && self.until.is_none_or(|until| event.at < until)
            && self.asks.chunk_by(Ask::is_beside).all(|asks| asks.iter().any(|ask| ask.lets(event)))
    }

    fn take(&mut self, term: &Term) -> Result<(), String> {
        let Some(key) = term.key.filter(|key| key.is_moment()) else {
            let patterns = self.asks.iter().filter(|ask| ask.is_pattern()).count();
            for ask in Ask::of(term)? {
                if ask.is_pattern() && patterns == PATTERNS_MAX {
                    return Err("there are too many regular expressions".to_owned());
                }
                let beside = self.asks.iter().rposition(|known| known.is_beside(&ask));
                self.asks.insert(beside.map_or(self.asks.len(), |at| at + 1), ask);
            }
            return Ok(());
        };
        if term.excluded {
            return Err("a moment cannot be excluded; since: and until: are each other's opposite".to_owned());
        }
        let at = match &term.value {
            Value::Part(text) | Value::Whole(text) => ask::moment(text),
            Value::Pattern(..) => None,
        };
        let at = at.ok_or("it is no moment of ISO 8601, such as 2026-11-22T08:30:00Z")?;
        // Of several the narrowest.
        if key == Key::Since {
            self.since = self.since.max(Some(at));
        } else {
            self.until = Some(self.until.map_or(at, |until| until.min(at)));
        }
        Ok(())
    }
}
