//! Makes Cargo build the server again when the page in `dist/` has changed.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    // A folder that does not exist would count as changed each time. Where it cannot be made, it does.
    let _ = std::fs::create_dir(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
}
