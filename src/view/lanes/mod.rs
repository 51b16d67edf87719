//! Lanes: a bar from connect to disconnect for every session, a lane per client, and the histogram above.
//!
//! What is drawn is arithmetic on a scene (`store::lanes`), drawn as the inside of one SVG for each lane in sight.

pub mod draw;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod bars;
#[cfg(target_arch = "wasm32")]
mod lane;
#[cfg(target_arch = "wasm32")]
mod legend;
#[cfg(target_arch = "wasm32")]
mod moments;
#[cfg(target_arch = "wasm32")]
mod remember;
#[cfg(target_arch = "wasm32")]
mod sight;
#[cfg(target_arch = "wasm32")]
mod table;

#[cfg(target_arch = "wasm32")]
pub(super) use {bars::Lanes, moments::Moments, sight::Sight};
