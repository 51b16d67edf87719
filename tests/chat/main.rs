//! Chat windows around one broker core, on a virtual clock: what one does is what the other one shows.

mod crowd;
mod outbox;
mod presence;
mod queue;
mod rooms;
mod secure;
mod stages;
mod take_over;
mod town;
mod validation;
