// Channels: values as they come, in pictures and as they were sent.

import { test } from 'node:test';

import { assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { SCREENS, openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { ChannelsPage } from '../pages/things.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** A server with a device of minh's that is connected: it may publish to channel 1. */
async function begin(t) {
  const server = await startServer(t);
  const url = server.url('secure', 'tcp');
  const owner = await mqttJs(t, { url, id: 'owner', username: 'minh', password: 'test', version: '5.0' });
  await owner.subscribe('$headcount/minh/devices/+/owner');
  const answer = new Promise((resolve) => owner.client.once('message', (_, payload) => resolve(JSON.parse(payload))));
  await owner.publish('$headcount/minh/devices/add', '{"name":"Roof","channels":[{"id":1,"publish":true}]}', { qos: 1 });
  const { device, credentials } = await answer;
  const { client_id: id, user_name: username, password } = credentials;
  const peer = await mqttJs(t, { url, id, username, password });
  const publish = (body) => peer.publish('channels/1/publish', body, { qos: 1 });
  const remove = () => owner.publish('$headcount/minh/devices/remove', JSON.stringify({ id: device.id }), { qos: 1 });
  return { server, browser: await openBrowser(t), publish, remove };
}

test('values come into the picture as they were sent', async (t) => {
  const { server, browser, publish, remove } = await begin(t);
  const { page, record } = await openPage(browser);
  const channels = await ChannelsPage.open(page, server.page);
  await page.getByText('No value has come yet.').waitFor();
  await page.getByText('Used by Roof').waitFor();
  for (const body of ['field1=021.50&field2=on', 'field1=-3e1', 'field1=22.0&status=%3Cb%3Ehot']) await publish(body);
  await channels.picture('field1').waitFor();
  await channels.entry(3).getByText('<b>hot').waitFor();
  await expect(channels.numbers('field1')).toHaveText(['22.0', '-3e1', '22.0']);
  await expect(channels.picture('field1')).toHaveAttribute('aria-label', /^field1: 3 numbers from -3e1 to 22\.0, last 22\.0, /);
  await expect(channels.picture('field2')).toHaveAttribute('aria-label', /^field2: no numbers, 1 value that is none, last on, /);
  await page.getByText('1 value is no number: it is marked at the foot.').waitFor();

  await t.test('the account publishes as well, and is told what came of it', async () => {
    await channels.publish({ field1: '23', field3: 'ä+b&c' }, 'by hand');
    await channels.entry(4).getByText('ä+b&c').waitFor();
    await page.getByText('Published.').waitFor();
    await expect(channels.numbers('field1').first()).toHaveText('23');
  });

  await t.test('paused, it stands still and counts what comes', async () => {
    await channels.button('Pause').click();
    await publish('field1=99');
    await page.getByText('Paused, 1 new entry since.').waitFor();
    await expect(channels.numbers('field1').first()).toHaveText('23');
    await expect(channels.entry(5)).toHaveCount(0);
    await channels.button('Resume').click();
    await channels.entry(5).waitFor();
    await expect(channels.numbers('field1').last()).toHaveText('99');
  });

  await t.test('a channel that no device uses can be removed', async () => {
    await expect(channels.button('Remove the channel')).toHaveCount(0);
    await remove();
    await page.getByText('Used by no device').waitFor();
    await channels.button('Remove the channel').click();
    await channels.dialog('Remove channel 1?').getByRole('button', { name: 'Remove the channel' }).click();
    await page.getByText('No channels yet').waitFor();
  });
  record.assertQuiet();
  record.assertOnly([server.host]);
});

for (const screen of Object.keys(SCREENS)) {
  test(`nothing stands in anybody's way among channels: ${screen}`, async (t) => {
    const { server, browser, publish } = await begin(t);
    const { page } = await openPage(browser, { screen });
    const channels = await ChannelsPage.open(page, server.page);
    await page.getByText('No value has come yet.').waitFor();
    await assertAccessibleInBothThemes(page);
    for (let at = 0; at < 12; at++) await publish(`field1=${20 + (at % 5)}&field2=${at % 3 ? 'dry' : at}&field8=${at ** 9}&status=${'long '.repeat(20)}`);
    await channels.entry(12).waitFor();
    await channels.button('Pause').click();
    await page.getByText('Paused.').waitFor();
    await assertAccessibleInBothThemes(page);
    await assertNoSideways(page);
  });
}
