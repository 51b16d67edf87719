// Emitter's public SDK runs unchanged: in Node, and its bundle in a browser.

import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';

import { openBrowser, openPage } from '../harness/browser.mjs';
import { folderFor } from '../harness/files.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { emitterClient, KEY } from '../peers/emitter.mjs';

const CHANNEL = 'presence-demo/8758f6d3/';

/** A presence message without its time, which has to be a recent second. */
function timeless({ time, ...rest }) {
  assert.ok(Number.isInteger(time) && Math.abs(time - Date.now() / 1000) < 60, `time is ${time}`);
  return rest;
}

test('the transcript of the article: nobody, Alan, Margaret, Alan leaves', async (t) => {
  const server = await startServer(t);
  const port = server.httpPort;
  const watcher = await emitterClient(t, { port });
  const told = watcher.heard.presence;
  watcher.client.presence({ key: KEY, channel: CHANNEL });
  await until(() => told.length === 1);
  const alan = await emitterClient(t, { port, id: 'Alan' });
  alan.client.subscribe({ key: KEY, channel: CHANNEL });
  await until(() => told.length === 2);
  const margaret = await emitterClient(t, { port, id: 'Margaret' });
  margaret.client.subscribe({ key: KEY, channel: CHANNEL });
  await until(() => told.length === 3);
  alan.client.disconnect();
  await until(() => told.length === 4);
  // A socket that breaks is a leave, too, and each is told once.
  margaret.crash();
  await until(() => told.length === 5);
  const keys = ['event', 'channel', 'occupancy', 'time', 'who'];
  for (const said of told) assert.deepEqual(Object.keys(said), keys);
  assert.deepEqual(told.map(timeless), [
    { event: 'status', channel: CHANNEL, occupancy: 0, who: [] },
    { event: 'subscribe', channel: CHANNEL, occupancy: 1, who: 'Alan' },
    { event: 'subscribe', channel: CHANNEL, occupancy: 2, who: 'Margaret' },
    { event: 'unsubscribe', channel: CHANNEL, occupancy: 1, who: 'Alan' },
    { event: 'unsubscribe', channel: CHANNEL, occupancy: 0, who: 'Margaret' },
  ]);
  watcher.client.presence({ key: KEY, channel: CHANNEL, changes: false, status: true });
  await until(() => told.length === 6);
  const late = await emitterClient(t, { port, id: 'Grace' });
  late.client.subscribe({ key: KEY, channel: CHANNEL });
  late.client.me();
  await until(() => late.heard.me.length === 1);
  // A change would have come before this answer.
  watcher.client.me();
  await until(() => watcher.heard.me.length === 1);
  assert.equal(told.length, 6, 'changes were no longer wanted');
  await server.stop();
});

test('keys, messages and what the client is', async (t) => {
  const server = await startServer(t);
  const port = server.httpPort;
  const maker = await emitterClient(t, { port, id: 'maker', username: 'alice' });
  maker.client.me();
  await until(() => maker.heard.me.length === 1);
  assert.deepEqual(maker.heard.me, [{ status: 200, id: 'maker', username: 'alice' }]);

  maker.client.keygen({ key: KEY, channel: 'news/#/', type: 'rwsl', ttl: 600 });
  await until(() => maker.heard.keygen.length === 1);
  const { key, ...rest } = maker.heard.keygen[0];
  assert.deepEqual(rest, { status: 200, channel: 'news/#/' });
  assert.match(key, /^[\w-]{32}$/);

  const [writer, reader] = [await emitterClient(t, { port }), await emitterClient(t, { port })];
  for (const { client } of [writer, reader]) client.subscribe({ key, channel: 'news' });
  for (const { client, heard } of [writer, reader]) {
    client.me();
    await until(() => heard.me.length === 1);
  }
  writer.client.publish({ key, channel: 'news', message: 'to all' });
  writer.client.publish({ key, channel: 'news/', message: 'to others', me: false, ttl: 60 });
  writer.client.publish({ key, channel: 'news/local/', message: 'below' });
  await until(() => reader.heard.message.length === 3 && writer.heard.message.length === 2);
  assert.deepEqual(reader.heard.message, [
    { channel: 'news/', text: 'to all' },
    { channel: 'news/', text: 'to others' },
    { channel: 'news/local/', text: 'below' },
  ]);
  assert.deepEqual(writer.heard.message.map(({ text }) => text), ['to all', 'below']);

  const late = await emitterClient(t, { port });
  late.client.subscribe({ key, channel: 'news', last: 5 });
  await until(() => late.heard.message.length === 1);
  assert.deepEqual(late.heard.message, [{ channel: 'news/', text: 'to others' }]);
  late.client.unsubscribe({ key, channel: 'news' });
  late.client.publish({ key, channel: 'news', message: 'unheard' });
  await until(() => reader.heard.message.length === 4);
  late.client.publish({ key, channel: 'elsewhere', message: 'refused' });
  await until(() => late.heard.message.length === 2);
  assert.deepEqual(late.heard.message[1], {
    channel: 'emitter/error/',
    text: '{"status":401,"message":"the key is not for the channel elsewhere/"}',
  });
  late.client.presence({ key, channel: 'news' });
  await until(() => late.heard.presence.length === 1);
  assert.equal(late.heard.presence[0].status, 401, 'the key has no p');

  // A link: a short name for a channel.
  maker.client.link({ key, channel: 'news', name: 'n', private: false, subscribe: false, me: false });
  maker.client.publishWithLink({ link: 'n', message: 'by its link' });
  await until(() => reader.heard.message.length === 5);
  assert.equal(reader.heard.message[4].text, 'by its link');
  await server.stop();
});

test('its bundle in a browser', async (t) => {
  const folder = path.join(await folderFor(t), 'site');
  await mkdir(folder);
  const bundle = createRequire(import.meta.url).resolve('emitter-io/build/emitter.js');
  await copyFile(bundle, path.join(folder, 'emitter.js'));
  await writeFile(
    path.join(folder, 'index.html'),
    '<!doctype html><html lang="en"><title>SDK</title><link rel="icon" href="data:,"><script src="emitter.js"></script></html>',
  );
  const config = `
[http]
listen = "127.0.0.1:0"
page_dir = "${folder}"
[[realm]]
name = "open"
websocket_paths = ["/"]
allow_anonymous = true
trust_user_names = true
observers = "everybody"
emitter_keys = ["${KEY}"]
`;
  const server = await startServer(t, { config });
  const browser = await openBrowser(t);
  const { page, record } = await openPage(browser);
  await page.goto(server.page);
  const port = server.httpPort;
  const node = await emitterClient(t, { port, id: 'Alan' });
  const told = page.evaluate(
    ([port, key, channel]) =>
      new Promise((resolve) => {
        const told = [];
        const client = window.emitter.connect({ host: '127.0.0.1', port, clientId: 'in-a-browser' }, () => {
          client.subscribe({ key, channel });
          client.presence({ key, channel });
        });
        client.on('presence', (said) => {
          told.push([said.event, said.occupancy, said.who]);
          if (told.length === 2) client.publish({ key, channel, message: 'hello', me: true });
        });
        client.on('message', (message) => {
          told.push(message.asString());
          if (told.length >= 4) resolve(told);
        });
        client.on('me', () => {});
      }),
    [port, KEY, CHANNEL],
  );
  node.client.presence({ key: KEY, channel: CHANNEL });
  // It is there already, or comes.
  await until(() => node.heard.presence.some(({ occupancy }) => occupancy === 1));
  node.client.subscribe({ key: KEY, channel: CHANNEL });
  await until(() => node.heard.message.some(({ text }) => text === 'hello'));
  node.client.publish({ key: KEY, channel: CHANNEL, message: 'hello from Node' });
  assert.deepEqual(await told, [
    ['status', 1, ['in-a-browser']],
    ['subscribe', 2, 'Alan'],
    'hello',
    'hello from Node',
  ]);
  record.assertQuiet();
  record.assertOnly([server.host]);
  await page.close();
  await until(() => node.heard.presence.some(({ event, who }) => event === 'unsubscribe' && who === 'in-a-browser'));
  await server.stop();
});
