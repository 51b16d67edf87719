// Nobody has come yet: what the page offers works as it says.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fileFor } from '../harness/files.mjs';
import { start } from '../harness/program.mjs';
import { until } from '../harness/until.mjs';
import { watch } from '../harness/watching.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** The command in a terminal of its own, line by line, once it has subscribed. `typed` answers what it asks. */
async function inTerminal(t, command, typed = '') {
  // mosquitto_sub's file of default options: the command stays as printed, and says when SUBACK came.
  const { folder } = await fileFor(t, 'mosquitto_sub', '-d\n');
  const terminal = ['script', '--quiet', '--return', '--command', command, '/dev/null'];
  const program = start(t, 'env', [`XDG_CONFIG_HOME=${folder}`, ...terminal]);
  program.write(typed);
  await program.line('SUBACK', (line) => (line.includes('received SUBACK') ? true : undefined));
  return program;
}

/** The program prints the feed's message of a client that comes now. */
async function says(t, program, peer) {
  const { id, username = 'anonymous' } = peer;
  await mqttJs(t, peer);
  const line = await program.line(`message about ${id}`, (line) => (line.includes(`"${id}"`) ? line : undefined));
  const [topic, message] = line.split(/ (.*)/);
  assert.equal(topic, `${username}/clients`);
  const { status, client } = JSON.parse(message);
  assert.deepEqual({ status, client }, { status: 'connected', client: { id } });
}

test('the command works as printed and as copied', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  const command = await monitor.command.innerText();
  await page.getByRole('button', { name: /^Copy/ }).click();
  await page.getByRole('button', { name: /^Copied/ }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);

  const program = await inTerminal(t, command);
  await monitor.rows.filter({ hasText: 'connected' }).filter({ hasText: 'TCP' }).waitFor();
  await says(t, program, { url: server.url(), id: 'someone' });
  assertWell();
});

test('the command asks for the password instead of showing it', async (t) => {
  const { server, monitor, assertWell } = await watch(t);
  const panel = await monitor.connectPanel();
  await panel.realm.selectOption('secure');
  await panel.userName.fill('peter');
  await panel.password.fill('test');
  await monitor.connectAs(panel);
  const command = await monitor.command.innerText();
  assert.ok(!/\btest\b/.test(command), command);

  const program = await inTerminal(t, command, 'test');
  await monitor.rows.filter({ hasText: 'connected' }).filter({ hasText: 'TCP' }).waitFor();
  await says(t, program, { url: server.url('secure'), id: 'someone', username: 'peter', password: 'test' });
  assertWell();
});

test('a demo client comes from the page and leaves again', async (t) => {
  const { server, monitor, assertWell } = await watch(t);
  const observer = await mqttJs(t, { url: server.url(), id: 'observer' });
  await observer.subscribe('anonymous/clients');
  await monitor.count(2);
  await monitor.connectDemo.click();
  await monitor.rows.filter({ hasText: /demo/ }).first().waitFor();
  await monitor.count(3);
  const heard = () => observer.messages.map(({ payload }) => JSON.parse(payload)).filter(({ client }) => client.id.includes('demo'));
  await until(() => heard().length > 0);
  assert.deepEqual(heard().map(({ status }) => status), ['connected']);
  await monitor.disconnectDemo.click();
  await monitor.rows.filter({ hasText: /demo/ }).filter({ hasText: 'said goodbye' }).first().waitFor();
  await until(() => heard().length > 1);
  assert.deepEqual(heard().map(({ status }) => status), ['connected', 'disconnected']);
  await monitor.count(2);
  assertWell();
});

test('the page shows its frame before the WebAssembly is there', async (t) => {
  const { server, browser } = await watch(t);
  const page = await (await browser.newContext()).newPage();
  let letIn;
  const held = new Promise((resolve) => { letIn = resolve; });
  await page.route('**/*.wasm', async (route) => { await held; await route.continue(); });
  await page.goto(server.page, { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Headcount' }).waitFor();
  await page.getByText('Loading').waitFor();
  const frame = await page.getByRole('heading', { name: 'Headcount' }).boundingBox();
  letIn();
  await page.getByRole('status').filter({ hasText: /^Live, MQTT / }).waitFor();
  assert.deepEqual(await page.getByRole('heading', { name: 'Headcount' }).boundingBox(), frame, 'nothing jumps');
});
