// Emitter's own SDK for JavaScript from npm, unchanged, in this process.

import emitter from 'emitter-io';

/** The key that the embedded default has. */
export const KEY = 'demo';

/**
 * A connected client of the SDK.
 * @param {import('node:test').TestContext} t
 * @param {{port: number, id?: string, username?: string}} options `port`: of the HTTP listener
 */
export async function emitterClient(t, { port, id, username }) {
  const options = { host: '127.0.0.1', port, secure: false, reconnectPeriod: 0 };
  if (id !== undefined) options.clientId = id;
  if (username !== undefined) options.username = username;
  const client = await new Promise((resolve) => {
    const made = emitter.connect(options, () => resolve(made));
  });
  // The SDK keeps the MQTT client that it wraps for itself; an end that a test did not ask for needs it.
  t.after(() => client._mqtt.end(true));
  const heard = { presence: [], keygen: [], me: [], message: [], disconnect: [] };
  for (const [event, all] of Object.entries(heard)) {
    client.on(event, (it) => {
      all.push(event === 'message' ? { channel: it.channel, text: it.asString() } : it);
    });
  }
  return {
    client,
    /** Everything that came, by the SDK's events. */
    heard,
    /** Ends the socket without a word. */
    crash: () => client._mqtt.stream.destroy(),
  };
}
