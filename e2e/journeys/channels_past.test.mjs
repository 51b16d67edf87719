// The past of a channel: the same chart after a reload, a crash of the broker, and in another browser.

import { test } from 'node:test';

import { assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { SCREENS, openBrowser, openPage } from '../harness/browser.mjs';
import { layCable } from '../harness/cable.mjs';
import { expect } from '../harness/expect.mjs';
import { startMachine } from '../harness/machine.mjs';
import { startServer } from '../harness/server.mjs';
import { ChannelsPage } from '../pages/things.mjs';
import { mosquittoPub } from '../peers/mosquitto_pub.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** The realm `secure` with minh alone, whose channels keep but three entries. */
const short = `
[http]
listen = "127.0.0.1:0"

[[realm]]
name = "open"
websocket_paths = ["/mqtt"]
listen = ["127.0.0.1:0"]
allow_anonymous = true

[[realm]]
name = "secure"
websocket_paths = ["/secure/mqtt"]
listen = ["127.0.0.1:0"]
devices = true

[realm.accounts]
minh = "test"

[realm.limits]
max_channel_entries = 3
`;

/** A server with a device of minh's that may publish to channel 1, and mosquitto_pub in its name. */
async function begin(t, options = {}) {
  const server = await startServer(t, options);
  const owner = await mqttJs(t, { url: server.url('secure', 'tcp'), id: 'owner', username: 'minh', password: 'test', version: '5.0' });
  await owner.subscribe('$headcount/minh/devices/+/owner');
  const answer = new Promise((resolve) => owner.client.once('message', (_, payload) => resolve(JSON.parse(payload))));
  await owner.publish('$headcount/minh/devices/add', '{"name":"Roof","channels":[{"id":1,"publish":true}]}', { qos: 1 });
  const { credentials } = await answer;
  const { client_id: id, user_name: username, password } = credentials;
  const port = server.tcpPort('secure');
  const publish = (payload) => mosquittoPub(t, { port, id, username, password, topic: 'channels/1/publish', payload });
  const flood = async (bodies) => {
    for (const body of bodies) await owner.publish('channels/1/publish', body, { qos: 1 });
  };
  return { server, browser: await openBrowser(t), publish, flood };
}

/** What is charted of field 1, which is whole: the path, the numbers beside it and what is said of it. */
async function charted(channels, entries) {
  await channels.entry(entries).waitFor();
  await channels.entry(1).waitFor();
  const picture = channels.picture('field1');
  await expect(picture).toHaveAttribute('aria-label', new RegExp(`^field1: ${entries} numbers from 19 to 22\\.50, last 20, `));
  await expect(channels.numbers('field1')).toHaveText(['20', '19', '22.50']);
  return picture.evaluate((svg) => [svg.getAttribute('aria-label'), svg.querySelector('.plot-line').getAttribute('d')]);
}

/** The page shows the same chart. */
async function assertSame(channels, entries, [label, path]) {
  await channels.entry(1).waitFor();
  await expect(channels.picture('field1')).toHaveAttribute('aria-label', label);
  await expect(channels.picture('field1').locator('.plot-line')).toHaveAttribute('d', path);
  await expect(channels.numbers('field1')).toHaveText(['20', '19', '22.50']);
  await expect(channels.page.getByRole('rowheader', { name: /^#/ })).toHaveCount(entries);
}

test('a chart is the same after a reload, a crash of the broker and in a second browser', async (t) => {
  const { server, browser, publish } = await begin(t, { stored: true });
  const { page, record } = await openPage(browser);
  let channels = await ChannelsPage.open(page, server.page);
  await page.getByText('No value has come yet.').waitFor();
  for (const body of ['field1=22.50&status=begun', 'field1=19', 'field1=21', 'field1=20']) await publish(body);
  const chart = await charted(channels, 4);

  await page.reload();
  await channels.logIn('minh');
  await assertSame(channels, 4, chart);

  const machine = await startMachine(t);
  const { page: other } = await openPage(machine.browser);
  const elsewhere = await ChannelsPage.open(other, server.page);
  await assertSame(elsewhere, 4, chart);
  record.assertQuiet();

  await server.kill();
  await page.getByText('Not connected: this is what was known').waitFor();
  await server.startAgain();
  for (const there of [channels, elsewhere]) {
    await there.live();
    await assertSame(there, 4, chart);
  }
  await page.reload();
  await channels.logIn('minh');
  await assertSame(channels, 4, chart);
  await publish('field1=25');
  for (const there of [channels, elsewhere]) {
    await there.entry(5).waitFor();
    await expect(there.numbers('field1')).toHaveText(['25', '19', '25']);
  }
});

test('what came while the page was away is filled in', async (t) => {
  const { server, browser, flood } = await begin(t);
  const cable = await layCable(t, server.httpPort);
  const { page } = await openPage(browser);
  const channels = await ChannelsPage.open(page, cable.page);
  await flood(['field1=1', 'field1=2']);
  await channels.entry(2).waitFor();
  cable.cut();
  cable.reset();
  await page.getByText('Not connected: this is what was known').waitFor();
  await flood(['field1=3', 'field1=4', 'field1=5']);
  cable.mend();
  await channels.live();
  await channels.entry(4).waitFor();
  await flood(['field1=6']);
  await channels.entry(6).waitFor();
  await expect(page.getByRole('rowheader', { name: /^#/ })).toHaveText(['#6', '#5', '#4', '#3', '#2', '#1']);
  await expect(page.getByText('not seen here')).toHaveCount(0);
  // One line without a break.
  await expect(channels.picture('field1').locator('.plot-line')).toHaveAttribute('d', /^M[^M]+$/);
});

test('the table has all that is charted, and says where the page has no more room', async (t) => {
  const { server, browser, flood } = await begin(t);
  await flood(Array.from({ length: 510 }, (_, at) => `field1=${at + 1}`));
  const { page } = await openPage(browser);
  const channels = await ChannelsPage.open(page, server.page);
  await expect(channels.picture('field1')).toHaveAttribute('aria-label', /^field1: 500 numbers from 11 to 510, last 510, /);
  await page.getByText('100 of 500 kept here').waitFor();
  for (const kept of [200, 300, 400, 500]) {
    await channels.button('Show older entries').click();
    await page.getByText(`${kept} of 500 kept here`).waitFor();
  }
  await expect(channels.button('Show older entries')).toHaveCount(0);
  await expect(page.getByRole('rowheader', { name: /^#/ })).toHaveCount(500);
  await page.getByRole('row', { name: '10 entries for which this page has no room' }).waitFor();
});

for (const screen of Object.keys(SCREENS)) {
  test(`what the broker keeps no longer is said, and stands in nobody's way: ${screen}`, async (t) => {
    const { server, browser, flood } = await begin(t, { config: short });
    await flood(Array.from({ length: 8 }, (_, at) => `field1=${20 + (at % 5)}`));
    const cable = await layCable(t, server.httpPort);
    const { page } = await openPage(browser, { screen });
    const channels = await ChannelsPage.open(page, cable.page);
    await page.getByRole('row', { name: '5 entries which the broker keeps no longer' }).waitFor();
    await expect(page.getByRole('rowheader', { name: /^#/ })).toHaveText(['#8', '#7', '#6']);
    cable.cut();
    cable.reset();
    await page.getByText('Not connected: this is what was known').waitFor();
    await flood(['field1=1', 'field1=2', 'field1=3', 'field1=4', 'field1=5']);
    cable.mend();
    await channels.live();
    await page.getByRole('row', { name: '2 entries which the broker keeps no longer' }).waitFor();
    // The line is broken once.
    await expect(channels.picture('field1').locator('.plot-line')).toHaveAttribute('d', /^M[^M]+M[^M]+$/);
    await assertAccessibleInBothThemes(page);
    await assertNoSideways(page);
  });
}
