//! The two letters in a client's own colour.

use leptos::prelude::*;

use super::part::{Part, part};

use crate::store::identity::face;

/// The avatar of a Client Identifier. Decoration: the id itself always stands beside it.
pub(crate) fn avatar(client_id: &str) -> Part {
    let face = face(client_id);
    part(view! {
        <span class="avatar" data-hue=face.hue.to_string() aria-hidden="true">
            {face.letters}
        </span>
    })
}
