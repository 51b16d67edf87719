//! The two letters in a client's own colour.

use leptos::prelude::*;

use crate::store::identity::face;

/// The avatar of a Client Identifier. Decoration: the id itself always stands beside it.
#[component]
pub(super) fn Face<'a>(
    /// Whose.
    client_id: &'a str,
) -> impl IntoView + use<> {
    let face = face(client_id);
    view! {
        <span class="avatar" data-hue=face.hue.to_string() aria-hidden="true">
            {face.letters}
        </span>
    }
}
