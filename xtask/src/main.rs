//! Headcount.

fn main() {}
