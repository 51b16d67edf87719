// Devices: from the form to the first entry, and whatever is done to them later.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { SCREENS, openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { DevicesPage } from '../pages/things.mjs';
import { WireView } from '../pages/wire.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';
import { runShell, startPython } from '../peers/snippet.mjs';

/** The configuration inside the program: its last realm is the one of accounts. */
const DEFAULT = new URL('../../server/default/headcount.toml', import.meta.url);

/** A server, and a function that opens the devices of an account in a fresh profile. */
async function begin(t, options) {
  const server = await startServer(t, options);
  const browser = await openBrowser(t);
  const records = [];
  const open = async (account, looks) => {
    const { page, record } = await openPage(browser, looks);
    records.push(record);
    return DevicesPage.open(page, server.page, account);
  };
  const assertWell = (provoked = []) => {
    for (const record of records) {
      record.assertQuiet(provoked);
      record.assertOnly([server.host]);
    }
  };
  return { server, browser, open, assertWell };
}

/** A device that is connected over TCP. */
function connect(t, server, credentials, version = '5.0') {
  const { clientId: id, username, password } = credentials;
  return mqttJs(t, { url: server.url('secure', 'tcp'), id, username, password, version });
}

test('a device from its form to its first entries, by the code as it is printed', async (t) => {
  const { server, open, assertWell } = await begin(t);
  const devices = await open();
  await devices.page.getByText('No devices yet.').waitFor();
  const credentials = await devices.add('Roof', { subscribes: true });
  const dialog = devices.dialog('Credentials of “Roof”');

  await t.test('the saved file has what is shown', async () => {
    const [download] = await Promise.all([devices.page.waitForEvent('download'), devices.button('Save as file').click()]);
    assert.equal(download.suggestedFilename(), `headcount-${credentials.clientId}.json`);
    const file = JSON.parse(await readFile(await download.path(), 'utf8'));
    assert.deepEqual(file, {
      name: 'Roof',
      client_id: credentials.clientId,
      user_name: credentials.username,
      password: credentials.password,
      host: '127.0.0.1',
      port: server.tcpPort('secure'),
      tls: false,
      websocket: `ws://${server.host}/secure/mqtt`,
      channels: [{ id: 1, publish: true, subscribe: true }],
    });
  });

  await t.test('each value can be copied', async () => {
    for (const [what, value] of [['client id', credentials.clientId], ['password', credentials.password]]) {
      await dialog.getByRole('button', { name: `Copy the ${what}` }).click();
      await dialog.getByRole('button', { name: `Copied the ${what}` }).waitFor();
      assert.equal(await devices.page.evaluate(() => navigator.clipboard.readText()), value);
    }
  });

  const shell = await devices.code(dialog, 'mosquitto_pub');
  const python = await devices.code(dialog, 'Python');
  const arduino = await devices.code(dialog, 'Arduino');
  await devices.saved();
  const card = devices.device('Roof');

  await t.test('mosquitto_pub', async (t) => {
    const { code, lines } = await runShell(t, shell);
    assert.equal(code, 0, lines.join('\n'));
    assert.equal(JSON.parse(lines.at(-1)).entry_id, 2, 'what the channel relays of its own');
    await card.getByText(/^#2, /).waitFor();
    await card.getByText('field1 21.7, field2 41').waitFor();
    await card.getByText('disconnected').first().waitFor();
    await card.getByText(/^Offline, /).waitFor();
  });

  await t.test('Python', async (t) => {
    const program = await startPython(t, python);
    await program.line('answer to what it published', (line) => (line === 'Published: Success' ? true : undefined));
    await card.getByText(/^#3, /).waitFor();
    await card.getByText('field1 21.5, field2 40, “Hello”').waitFor();
    await card.getByText(/^Online since .*, WebSocket, /).waitFor();
  });

  await t.test('Arduino: the same values', () => {
    for (const value of [`mqtt.setServer("127.0.0.1", ${server.tcpPort('secure')})`, credentials.password, 'channels/1/publish'])
      assert.ok(arduino.includes(value), value);
  });

  await t.test('later the code has a place where the password was', async () => {
    await card.getByText('Code for this device').click();
    const later = await devices.code(card, 'mosquitto_pub');
    assert.equal(later, shell.replaceAll(credentials.password, 'PASSWORD-SHOWN-ONCE'));
    assert.ok(!(await devices.page.content()).includes(credentials.password), 'nowhere in the page');
    const wire = await WireView.open(devices.page);
    await wire.topic.fill('$headcount/minh/devices/add/+');
    await (await wire.row('PUBLISH', '/devices/add/')).click();
    await wire.panel.getByText('*'.repeat(credentials.password.length)).first().waitFor();
    assert.ok(!(await devices.page.content()).includes(credentials.password), 'nor in what came over the wire');
    await card.getByText(/^The password was shown once/).waitFor();
  });
  assertWell();
});

test('whoever leaves with an unsaved password is warned', async (t) => {
  const { open } = await begin(t);
  const devices = await open();
  const { page } = devices;
  await devices.add('Roof');
  await page.keyboard.press('Escape');
  const warning = page.getByText('The password is shown only here.');
  await warning.waitFor();
  await devices.button('Stay').click();
  await warning.waitFor({ state: 'detached' });
  await devices.credentials('Roof');

  const asked = page.waitForEvent('dialog');
  await page.evaluate(() => setTimeout(() => location.reload()));
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  await devices.credentials('Roof');

  await page.keyboard.press('Escape');
  await devices.button('Leave without it').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect(devices.button('Add device')).toBeFocused();
  // No question where there is nothing to lose.
  await page.reload();
  await devices.device('Roof').waitFor();
});

test('a device as it comes and goes, and what it may not do', async (t) => {
  const { server, open, assertWell } = await begin(t);
  const devices = await open();
  const credentials = await devices.add('Lamp');
  await devices.saved();
  const card = devices.device('Lamp');
  await card.getByText('Not seen yet').waitFor();
  const lamp = await connect(t, server, credentials);
  await card.getByText(/^Online since .*, TCP, 127\.0\.0\.1:\d+$/).waitFor();
  await lamp.publish('channels/1/publish', 'field3=7', { qos: 1 });
  await card.getByText('field3 7').waitFor();

  await t.test('to its channel and back, on the same connection', async () => {
    const { page } = devices;
    await page.evaluate(() => (globalThis.isSame = true));
    await card.getByRole('link', { name: 'Channel 1' }).click();
    await page.getByRole('img', { name: /^field3: one number/ }).waitFor();
    await expect(page).toHaveTitle('Headcount: Channels');
    await expect(page.locator('.views [aria-current]')).toHaveText(['Channels']);
    await page.goBack();
    await card.getByText('field3 7').waitFor();
    await page.getByRole('link', { name: 'Channels', exact: true }).click();
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await card.waitFor();
    assert.ok(await page.evaluate(() => globalThis.isSame));
  });

  await t.test('rights that are taken away hold at once', async () => {
    await card.getByRole('button', { name: 'Edit' }).click();
    const dialog = devices.dialog('Edit “Lamp”');
    await dialog.getByRole('group', { name: 'Channel 1' }).getByLabel('Allow publish').uncheck();
    await devices.field('Name').fill('Lamp of 温度');
    await devices.button('Save').click();
    await dialog.waitFor({ state: 'detached' });
    await devices.device('Lamp of 温度').getByText('may do nothing').waitFor();
    await assert.rejects(lamp.publish('channels/1/publish', 'field3=8', { qos: 1 }));
    const refused = devices.page.getByRole('region', { name: /^What was refused/ });
    await refused.getByText(/channels\/1\/publish/).first().waitFor();
  });

  const renamed = devices.device('Lamp of 温度');
  await t.test('a rotation ends the old connection and shows a new password', async (t) => {
    const ended = once(lamp.client, 'close');
    await renamed.getByRole('button', { name: 'Rotate password' }).click();
    await devices.button('Rotate the password').click();
    const next = await devices.credentials('Lamp of 温度');
    await ended;
    await devices.saved();
    assert.equal(next.clientId, credentials.clientId);
    assert.notEqual(next.password, credentials.password);
    await assert.rejects(connect(t, server, credentials));
    Object.assign(credentials, next);
  });

  await t.test('a device that is removed is disconnected at once', async (t) => {
    const again = await connect(t, server, credentials);
    await renamed.getByText(/^Online since /).waitFor();
    const ended = once(again.client, 'close');
    await renamed.getByRole('button', { name: 'Remove' }).click();
    await devices.dialog('Remove “Lamp of 温度”?').getByText('It is disconnected at once').waitFor();
    await devices.button('Remove the device').click();
    await renamed.waitFor({ state: 'detached' });
    await ended;
    await assert.rejects(connect(t, server, credentials));
    await devices.page.getByText('0 of 100').waitFor();
  });
  assertWell();
});

test('limits are said where they are met', async (t) => {
  const config = `${await readFile(DEFAULT, 'utf8')}\n[realm.limits]\nmax_devices = 12\n`;
  const { server, open, assertWell } = await begin(t, { config });
  const devices = await open();
  await devices.button('Add device').click();
  await devices.button('Add the device').click();
  await devices.page.getByText('Enter a name.').waitFor();
  await devices.field('Name').fill('Many');
  for (let more = 0; more < 10; more++) await devices.button('Add channel').click();
  await devices.page.getByText('11 of 10').waitFor();
  await devices.button('Add the device').click();
  const refusal = devices.dialog('Add a device').getByRole('alert').filter({ hasText: /10/ });
  await refusal.waitFor();
  await devices.button('New channel: remove from the list').first().click();
  await refusal.waitFor({ state: 'hidden' });
  await devices.button('Add the device').click();
  await devices.credentials('Many');
  await devices.saved();

  await t.test('one device too many', async (t) => {
    const owner = await mqttJs(t, { url: server.url('secure', 'tcp'), id: 'owner', username: 'minh', password: 'test', version: '5.0' });
    await owner.subscribe('$headcount/minh/devices/+/owner');
    for (let number = 2; number <= 12; number++) {
      const answer = once(owner.client, 'message');
      await owner.publish('$headcount/minh/devices/add', `{"name":"n${number}"}`, { qos: 1 });
      await answer;
    }
    await devices.page.getByText('12 of 12').waitFor();
    await devices.button('Add device').click();
    await devices.field('Name').fill('One more');
    await devices.button('Add the device').click();
    await devices.dialog('Add a device').getByRole('alert').filter({ hasText: /12/ }).waitFor();
    await devices.button('Cancel').click();
  });
  assertWell();
});

test('two tabs show the same', async (t) => {
  const { open, assertWell } = await begin(t);
  const [one, other] = [await open(), await open()];
  await one.add('Roof');
  await one.saved();
  await other.device('Roof').waitFor();
  await other.device('Roof').getByRole('button', { name: 'Remove' }).click();
  await other.button('Remove the device').click();
  await one.device('Roof').waitFor({ state: 'detached' });
  assertWell();
});

test('devices and the numbers of entries outlive the broker', async (t) => {
  const { server, open, assertWell } = await begin(t, { stored: true });
  const devices = await open();
  const credentials = await devices.add('Roof');
  await devices.saved();
  const card = devices.device('Roof');
  await (await connect(t, server, credentials)).publish('channels/1/publish', 'field1=1', { qos: 1 });
  await card.getByText(/^#1, /).waitFor();
  await server.kill();
  await devices.page.getByText('Not connected: this is what was known').waitFor();
  await card.getByText('Unknown, was online').waitFor();
  await card.getByRole('button', { name: 'Rotate password' }).click();
  await devices.button('Rotate the password').click();
  await devices.page.getByText('The broker is out of reach: nothing was sent.').waitFor();
  await devices.button('Cancel').click();
  await server.startAgain();
  await devices.live();
  await (await connect(t, server, credentials)).publish('channels/1/publish', 'field1=2', { qos: 1 });
  await card.getByText(/^#2, /).waitFor();
  assertWell([/WebSocket connection to/, /ERR_CONNECTION_REFUSED/]);
});

test('a wrong password is refused in words', async (t) => {
  const { server, browser } = await begin(t);
  const { page } = await openPage(browser);
  const devices = new DevicesPage(page);
  await page.goto(`${server.page}?use=devices`);
  await devices.field('Name').fill('minh');
  await devices.button('Log in').click();
  await page.getByText('Enter the password.').waitFor();
  await devices.field('Password').fill('guess');
  await devices.button('Log in').click();
  await page.getByText(/^The broker refused minh: bad user name or password/).waitFor();
  await devices.field('Password').fill('test');
  await devices.button('Log in').click();
  await devices.loggedIn.waitFor();
});

test('a device is added by keyboard alone', async (t) => {
  const { open } = await begin(t);
  const { page } = await open();
  /** Goes on by Tab until the focus is on what has this name. */
  const reach = async (name) => {
    for (let steps = 0; steps < 40; steps++) {
      const [label, text] = await page.evaluate(() => {
        const { activeElement: element } = document;
        return [element.labels?.[0]?.textContent ?? element.ariaLabel ?? '', element.textContent ?? ''];
      });
      if ([label.trim(), text.trim()].includes(name)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`no way to ${name} by Tab`);
  };
  await reach('Add device');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await reach('Name');
  await page.keyboard.type('Keys');
  await reach('Allow subscribe');
  await page.keyboard.press('Space');
  await reach('Add channel');
  await page.keyboard.press('Enter');
  await reach('Add the device');
  await page.keyboard.press('Enter');
  const devices = new DevicesPage(page);
  await devices.credentials('Keys');
  await reach('mosquitto_pub');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Python', selected: true }).waitFor();
  await reach('I have saved it');
  await page.keyboard.press('Enter');
  await devices.device('Keys').getByText('may publish and subscribe').waitFor();
});

for (const screen of Object.keys(SCREENS)) {
  test(`nothing stands in anybody's way among devices: ${screen}`, async (t) => {
    const { server, browser } = await begin(t);
    const { page } = await openPage(browser, { screen });
    const devices = new DevicesPage(page);
    const look = async () => {
      await assertAccessibleInBothThemes(page);
      await assertNoSideways(page);
    };
    await page.goto(`${server.page}?use=devices`);
    await devices.button('minh, password test').waitFor();
    await look();
    await devices.logIn('minh');
    await page.getByText('No devices yet.').waitFor();
    await look();
    await devices.button('Add device').click();
    await devices.button('Add the device').click();
    await page.getByText('Enter a name.').waitFor();
    await look();
    const name = 'A device with a name of a length that no card has room for on any screen';
    await devices.field('Name').fill(name);
    await devices.button('Add the device').click();
    const credentials = await devices.credentials(name);
    await page.keyboard.press('Escape');
    await devices.button('Stay').waitFor();
    await look();
    await devices.saved();
    const peer = await connect(t, server, credentials);
    await peer.publish('channels/1/publish', `field1=21.5&status=${'x'.repeat(200)}`, { qos: 1 });
    await page.getByText(/^#1, /).waitFor();
    await page.getByText('Code for this device').click();
    await page.getByRole('tab', { name: 'Arduino' }).click();
    await look();
  });
}
