//! The wire view: what the page's connections said, packet by packet. Trunk builds it for wasm32; index.html loads it
//! when somebody opens it.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    headcount_page::wire::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    headcount_page::explain_that_a_browser_is_needed()
}
