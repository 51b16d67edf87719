// Aedes, the broker for Node.js, in this process: one that has no `$headcount` topics and speaks MQTT 3.1.1 alone.

import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

import { Aedes } from 'aedes';
import { WebSocketServer, createWebSocketStream } from 'ws';

/** The port of a server that listens on this machine alone, until the test ends. */
async function listen(t, server) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  return server.address().port;
}

/**
 * A running Aedes with a WebSocket and a TCP listener that admit everybody.
 * @param {import('node:test').TestContext} t
 */
export async function aedes(t) {
  const broker = await Aedes.createBroker();
  t.after(() => new Promise((resolve) => broker.close(resolve)));
  const tcp = await listen(t, createServer((socket) => broker.handle(socket)));
  const http = createHttpServer();
  const websockets = new WebSocketServer({ server: http });
  websockets.on('connection', (websocket, request) => {
    const stream = createWebSocketStream(websocket);
    stream.on('error', () => {});
    broker.handle(stream, request);
  });
  const host = `127.0.0.1:${await listen(t, http)}`;
  return { url: `ws://${host}/`, host, tcpUrl: `mqtt://127.0.0.1:${tcp}`, port: tcp };
}
