//! The things: presence by channel, devices and their channels. Trunk builds it for wasm32; index.html starts it.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    headcount_page::things::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    headcount_page::explain_that_a_browser_is_needed()
}
