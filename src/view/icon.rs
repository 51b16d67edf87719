//! Pictures of 16 by 16, drawn in the colour of the text beside them. None stands without a word.

use leptos::prelude::*;

use super::part::{Part, part};

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// Someone came: a full disc.
    Came,
    /// Someone left and said so: a ring.
    Left,
    /// Someone left without a word: a broken ring.
    Lost,
    /// An attempt failed: a cross.
    Refused,
    /// A rule said no: a ring with a bar.
    Denied,
    /// Two at odds: opposing arrows.
    Conflict,
    /// A limit was hit: an hourglass.
    Throttle,
    /// Someone comes again and again: two arrows in a round.
    Again,
    /// An event without a picture of its own: a small diamond.
    Other,
    /// Points to what opens.
    Chevron,
    Search,
    Clear,
    Pause,
    Play,
    Up,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Came => "M8 4.2a3.8 3.8 0 1 1 0 7.6a3.8 3.8 0 1 1 0-7.6Z",
            Self::Left => "M8 3.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4Z",
            Self::Lost => "M6.2 4.2a4.2 4.2 0 0 0-1.3 6.6M9.8 11.8a4.2 4.2 0 0 0 1.3-6.6M4.6 13.2 11.4 2.8",
            Self::Refused => "m4.2 4.2 7.6 7.6M11.8 4.2 4.2 11.8",
            Self::Denied => "M8 3a5 5 0 1 1 0 10A5 5 0 1 1 8 3ZM5.5 8h5",
            Self::Conflict => "M2.5 5.8h9M9 3.2l2.6 2.6L9 8.4M13.5 10.2h-9M7 7.6l-2.6 2.6L7 12.8",
            Self::Throttle => "M4.5 3h7M4.5 13h7M5.3 3c0 4.4 5.4 5.6 5.4 10M10.7 3c0 4.4-5.4 5.6-5.4 10",
            Self::Again => {
                "M12.6 6.2a4.9 4.9 0 0 0-8.9-.6M3.4 9.8a4.9 4.9 0 0 0 8.9.6M3.6 2.8v2.9h2.9M12.4 13.2v-2.9H9.5"
            }
            Self::Other => "M8 4.5 11.5 8 8 11.5 4.5 8Z",
            Self::Chevron => "m6 3.5 4.5 4.5L6 12.5",
            Self::Search => "M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM10.3 10.3l3.4 3.4",
            Self::Clear => "m4.5 4.5 7 7M11.5 4.5l-7 7",
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Play => "M5 3.2 12.5 8 5 12.8Z",
            Self::Up => "M8 13V3.5M4 7.2l4-4 4 4",
        }
    }
}

/// The picture, hidden from screen readers.
pub(crate) fn icon(icon: Icon) -> Part {
    let full = (icon == Icon::Came).then_some("true");
    part(view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" data-full=full>
            <path d=icon.path() />
        </svg>
    })
}
