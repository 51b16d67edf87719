//! The page's start. Trunk builds it for wasm32; see `cargo xtask serve`.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    headcount_page::app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    eprintln!("This program runs in a browser. `cargo xtask serve` builds it and serves it.");
    std::process::ExitCode::FAILURE
}
