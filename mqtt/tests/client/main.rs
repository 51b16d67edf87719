//! The client session, driven by scripts on a virtual clock against a server played by hand.

mod connecting;
mod disconnecting;
mod exactly_once;
mod keep_alive;
mod manual_acks;
mod publishing;
mod receiving;
mod reconnecting;
mod script;
mod sessions;
mod subscribing;
