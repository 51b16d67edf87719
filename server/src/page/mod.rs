//! The page's files, held in memory with everything that an answer needs.

mod asset;
mod policy;
mod precondition;
mod site;

pub(crate) use site::Site;
