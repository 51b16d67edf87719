//! A WebSocket with its closures, which are dropped with it.

use std::{
    rc::Rc,
    sync::atomic::{AtomicU32, Ordering},
};

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{closure::Closure, prelude::*};
use web_sys::{BinaryType, MessageEvent, WebSocket};

/// What a socket has to say.
pub(super) enum Heard {
    /// It is open.
    Opened,
    /// Bytes came.
    Bytes(Vec<u8>),
    /// It could not be opened, or is at its end; it says nothing more.
    Closed,
}

#[wasm_bindgen]
extern "C" {
    /// Notes what a connection said, for the wire view; index.html has the notebook.
    #[wasm_bindgen(js_namespace = wire, js_name = add)]
    fn note(connection: u32, kind: u8, bytes: &[u8]);
}

const OPENED: u8 = 0;
const RECEIVED: u8 = 1;
const SENT: u8 = 2;
const CLOSED: u8 = 3;

/// The number of the connection begun last: each has its own within its program.
static LAST: AtomicU32 = AtomicU32::new(0);

pub(super) struct Socket {
    inner: WebSocket,
    connection: u32,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

impl Socket {
    /// Begins to open a WebSocket to `address`; `hear` is told everything else, never before this returns.
    ///
    /// # Errors
    /// The address is none, or the page may not open it.
    pub(super) fn open(address: &str, hear: impl Fn(Heard) + 'static) -> Result<Self, JsValue> {
        let socket = if is_proxied(address) {
            WebSocket::new(address)?
        } else {
            // [MQTT-6.0.0-3]
            WebSocket::new_with_str(address, "mqtt")?
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let connection = LAST.fetch_add(1, Ordering::Relaxed);
        let hear: Rc<dyn Fn(Heard)> = Rc::new(hear);
        let on_open = Closure::new({
            let hear = Rc::clone(&hear);
            move || {
                note(connection, OPENED, &[]);
                hear(Heard::Opened);
            }
        });
        let on_message = Closure::new({
            let hear = Rc::clone(&hear);
            move |message: MessageEvent| match message.data().dyn_into::<ArrayBuffer>() {
                Ok(buffer) => {
                    let bytes = Uint8Array::new(&buffer).to_vec();
                    note(connection, RECEIVED, &bytes);
                    hear(Heard::Bytes(bytes));
                }
                // A text frame ends the connection [MQTT-6.0.0-1].
                Err(_) => hear(Heard::Closed),
            }
        });
        let on_close = Closure::new(move || hear(Heard::Closed));
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // An error is always followed by a close.
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self {
            inner: socket,
            connection,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        })
    }

    /// Sends bytes, one WebSocket message.
    pub(super) fn send(&self, bytes: &[u8]) {
        note(self.connection, SENT, bytes);
        // It fails before the socket is open only, and then nothing is sent; after its end the close tells.
        let _ = self.inner.send_with_u8_array(bytes);
    }
}

/// Closes when what was sent before is out, and says nothing more.
impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        note(self.connection, CLOSED, &[]);
        let _ = self.inner.close();
    }
}

/// Whether `address` is that of the development server, whose proxy answers without the subprotocol that it was
/// offered; it offers `mqtt` to the broker by itself.
fn is_proxied(address: &str) -> bool {
    let own_host = || web_sys::window()?.location().host().ok();
    cfg!(debug_assertions)
        && own_host().is_some_and(|host| host.ends_with(TRUNK) && address.contains(&format!("://{host}/")))
}

/// The port of `trunk serve`, by Trunk.toml. A development build that the broker itself serves has no proxy.
const TRUNK: &str = ":8081";
