//! Addresses and networks by their texts.

use super::error::{ConfigError, Source};
use crate::network::{Network, Networks};
use std::net::SocketAddr;
use toml::Spanned;

/// Networks by their texts.
pub(super) fn networks(
    source: &Source<'_>,
    option: &str,
    texts: &[Spanned<String>],
) -> Result<Networks, ConfigError> {
    let network = |text: &Spanned<String>| {
        let network = text.get_ref().parse::<Network>();
        network.map_err(|sentence| source.error(&text.span(), &format!("{option}: {sentence}")))
    };
    texts.iter().map(network).collect::<Result<_, _>>().map(Networks::new)
}

/// An address to listen on.
pub(super) fn address(source: &Source<'_>, text: &Spanned<String>) -> Result<SocketAddr, ConfigError> {
    text.get_ref().parse().map_err(|_| {
        let sentence = format!(
            "listen: `{}` is not an address and a port; write 127.0.0.1:1883, or [::]:1883 for every interface",
            text.get_ref()
        );
        source.error(&text.span(), &sentence)
    })
}
