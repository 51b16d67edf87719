//! `emitter_keys`: which open Emitter's interface.

use super::error::{ConfigError, Source};
use headcount_broker::{EmitterKeys, MAX_EMITTER_KEY_BYTES};
use toml::Spanned;

/// Keys, each of which can be the first level of a topic.
pub(super) fn keys(source: &Source<'_>, keys: Vec<Spanned<String>>) -> Result<EmitterKeys, ConfigError> {
    for key in &keys {
        let text = key.get_ref();
        let mistake = if text.is_empty() || text.len() > MAX_EMITTER_KEY_BYTES {
            Some(format!("a key has 1 to {MAX_EMITTER_KEY_BYTES} bytes"))
        } else if text.starts_with('$') || text.contains(['/', '+', '#', '\0']) {
            Some(format!("`{text}` cannot be the first level of a topic; take letters and digits"))
        } else if text == "emitter" {
            Some("`emitter` is where requests go; take another word".to_owned())
        } else {
            None
        };
        if let Some(mistake) = mistake {
            return Err(source.error(&key.span(), &format!("emitter_keys: {mistake}")));
        }
    }
    Ok(keys.into_iter().map(Spanned::into_inner).collect::<Vec<_>>().into())
}
