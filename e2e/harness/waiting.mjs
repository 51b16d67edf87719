// What the page and the broker wait for, where a journey has to know.

/** Seconds of Keep Alive that the impatient broker asks for: it gives up after one and a half of it [MQTT-3.1.2-22]. */
export const KEEP_ALIVE = 2;

/** Milliseconds that a badge waits before a Will turns it to offline. */
export const BADGE_GRACE = 5_000;

/** The open realm of the embedded default, to which a test adds its own limits. */
export const open = `
[http]
listen = "127.0.0.1:8080"

[[realm]]
name = "open"
websocket_paths = ["/mqtt", "/"]
listen = ["127.0.0.1:1883"]
allow_anonymous = true
trust_user_names = true
observers = "everybody"
`;

/** The same with a Keep Alive that a test can wait for. */
export const impatient = `${open}
[realm.limits]
max_keepalive = ${KEEP_ALIVE}
`;
