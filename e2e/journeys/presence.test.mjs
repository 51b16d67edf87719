// Presence is right in every case: vy watches, and sees of each of the others what is so, and when.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openTab } from '../harness/background.mjs';
import { noteBadges, noteReload } from '../harness/badges.mjs';
import { openBrowser, openPage } from '../harness/browser.mjs';
import { layCable } from '../harness/cable.mjs';
import { expect } from '../harness/expect.mjs';
import { startMachine } from '../harness/machine.mjs';
import { startServer } from '../harness/server.mjs';
import { BADGE_GRACE, KEEP_ALIVE, impatient } from '../harness/waiting.mjs';
import { ChatPage } from '../pages/chat.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A badge that was to turn would have done so. */
const graceIsOver = () => sleep(BADGE_GRACE + 1_000);

/** A chat at stage 30 with somebody logged in, in a profile of its own. */
async function come(browser, address, name) {
  const { page } = await openPage(browser);
  const chat = await ChatPage.open(page, address, 30);
  const window = await chat.window().logIn(name);
  return { page, chat, window };
}

/** A server, and vy at it. */
async function vyWatches(t, options) {
  const server = await startServer(t, options);
  const vy = await come(await openBrowser(t), server.page, 'vy');
  return { server, vy };
}

/** Somebody whom vy watches from here on, behind a cable of their own; on a machine of their own where one is given. */
async function comes(t, { server, vy }, name, machine) {
  const cable = await layCable(t, server.httpPort);
  const one = await come(machine?.browser ?? (await openBrowser(t)), cable.page, name);
  await vy.window.badge(name, 'Online');
  return { ...one, cable, seen: await noteBadges(vy.window, name) };
}

/** Somebody in a tab like a person's, and what vy sees of them from then on. */
async function comesInTab(t, { server, vy }, name) {
  const tab = await openTab(t, `${server.page}?stage=30&user=${name}`);
  await tab.until(`document.querySelector('.login [type=submit]') !== null`);
  await tab.evaluate(`document.querySelector('.login [type=submit]').click()`);
  await vy.window.badge(name, 'Online');
  return { tab, seen: await noteBadges(vy.window, name) };
}

/** What happens where connections end, by its title. */
const ends = {
  'a tab that is closed: offline, after a grace': async (t, world) => {
    const { page, seen } = await comes(t, world, 'ada');
    const closed = Date.now();
    await page.close();
    await world.vy.window.badge('ada', 'Offline');
    assert.deepEqual(await seen.shown(), ['Online', 'Offline']);
    const waited = (await seen.when('Offline')) - closed;
    assert.ok(waited >= BADGE_GRACE, `after ${waited} ms`);
  },

  'a logout: offline at once, and said so': async (t, world) => {
    const { window, seen } = await comes(t, world, 'ben');
    await window.logOut();
    await world.vy.window.badge('ben', 'Offline');
    const peer = await mqttJs(t, { url: world.server.url(), id: 'reader' });
    const said = new Promise((resolve) => peer.client.once('message', (_, payload) => resolve(JSON.parse(payload))));
    await peer.subscribe('chat/status/ben');
    const { reason, lastOnlineTimestamp } = await said;
    assert.equal(reason, 'logout');
    const waited = (await seen.when('Offline')) - Date.parse(lastOnlineTimestamp);
    assert.ok(waited < BADGE_GRACE, `after ${waited} ms`);
  },

  'a tab that is killed: offline': async (t, world) => {
    const machine = await startMachine(t);
    const { seen } = await comes(t, world, 'cem', machine);
    machine.killTabs();
    await world.vy.window.badge('cem', 'Offline');
    assert.deepEqual(await seen.shown(), ['Online', 'Offline']);
  },

  'a reload: online throughout': async (t, world) => {
    const dan = await comes(t, world, 'dan');
    let seen;
    for (let times = 0; times < 3; times += 1) {
      seen = await noteReload(world.vy.window, 'dan', dan);
      assert.deepEqual(await seen.shown(), ['Online']);
    }
    await graceIsOver();
    assert.deepEqual(await seen.shown(), ['Online']);
  },

  'two tabs of one user: one holds the connection, the other says which and can take it back': async (t, world) => {
    const { server, vy } = world;
    const { page, window, cable, seen } = await comes(t, world, 'eve');
    const second = await ChatPage.open(await page.context().newPage(), cable.page, 30);
    await second.window().logIn('eve');
    await window.note(/^Another tab of this browser has logged in as eve/).waitFor();
    await window.section.getByRole('button', { name: 'Take it back' }).click();
    await second.window().note(/^Another tab of this browser has logged in as eve/).waitFor();
    await window.live();

    // On another device there is no word of tabs.
    const elsewhere = await come(await openBrowser(t), server.page, 'eve');
    await window.note(/^Another device or program has logged in as eve/).waitFor();
    await graceIsOver();
    assert.deepEqual(await seen.shown(), ['Online']);
    await elsewhere.window.live();

    await elsewhere.page.close();
    await vy.window.badge('eve', 'Offline');
  },

  'whoever comes late sees what is, and not what was': async (t, world) => {
    const { server, vy } = world;
    const fay = await comes(t, world, 'fay');
    const lee = await comes(t, world, 'lee');
    await lee.window.badge('fay', 'Online');
    await lee.window.badge('vy', 'Online');
    await fay.page.close();
    await lee.window.badge('fay', 'Offline');
    const late = await come(await openBrowser(t), server.page, 'late');
    await late.window.badge('fay', 'Offline');
    await late.window.badge('vy', 'Online');
    await vy.window.badge('fay', 'Offline');
  },
};

/** What happens where the broker has to miss somebody: its Keep Alive is short. */
const silences = {
  'a network that goes silent: offline to the other, unknown to oneself, and back': async (t, world) => {
    const { page, window, cable } = await comes(t, world, 'gus');
    await window.badge('vy', 'Online');
    cable.cut();
    await world.vy.window.badge('gus', 'Offline');
    await window.badge('vy', 'Unknown');
    cable.mend();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await world.vy.window.badge('gus', 'Online');
    await window.badge('vy', 'Online');
  },

  'a laptop that sleeps: offline, and back when it is opened': async (t, world) => {
    const machine = await startMachine(t);
    const { window, seen } = await comes(t, world, 'hal', machine);
    machine.fallAsleep();
    await world.vy.window.badge('hal', 'Offline');
    machine.wakeUp();
    await world.vy.window.badge('hal', 'Online');
    await window.badge('vy', 'Online');
    assert.deepEqual(await seen.shown(), ['Online', 'Offline', 'Online']);
  },

  'an old connection that is half open: the new one counts': async (t, world) => {
    const { page, window, cable, seen } = await comes(t, world, 'ida');
    cable.strand();
    await page.reload();
    await window.live();
    // The broker would have given the old one up by then, and its Will spoken.
    await sleep(KEEP_ALIVE * 1_500);
    await graceIsOver();
    assert.deepEqual(await seen.shown(), ['Online']);
  },

  'a tab out of sight, with its timers throttled, keeps its connection': async (t, world) => {
    const { tab, seen } = await comesInTab(t, world, 'jan');
    await tab.hide();
    await tab.evaluate('globalThis.beats = 0; setInterval(() => (beats += 1), 100); 0');
    await sleep(KEEP_ALIVE * 3_000);
    await graceIsOver();
    // One beat in five at most: the page's own timers were throttled, as they are in a hidden tab.
    assert.ok((await tab.evaluate('beats')) < (KEEP_ALIVE * 3_000 + BADGE_GRACE) / 500);
    assert.deepEqual(await seen.shown(), ['Online']);
  },

  'a tab that the browser freezes: offline while it is, and back when it is thawed': async (t, world) => {
    const { tab, seen } = await comesInTab(t, world, 'kim');
    await tab.hide();
    await tab.freeze();
    await world.vy.window.badge('kim', 'Offline');
    await tab.thaw();
    await world.vy.window.badge('kim', 'Online');
    assert.deepEqual(await seen.shown(), ['Online', 'Offline', 'Online']);
  },
};

const KILLED = 'a broker that is killed and comes back: everybody who is there is online, and nobody else';

/** It has a broker of its own. */
async function brokerIsKilled(t) {
  const world = await vyWatches(t, { stored: true, config: impatient });
  const { server, vy } = world;
  const [jo, lee] = [await comes(t, world, 'jo'), await comes(t, world, 'lee')];
  await server.kill();
  await vy.window.badge('jo', 'Unknown');
  await vy.window.badge('lee', 'Unknown');
  await lee.page.close();
  await server.startAgain();
  await vy.window.badge('jo', 'Online');
  await jo.window.badge('vy', 'Online');
  await vy.window.badge('lee', 'Offline');
  const [seen, seenByJo] = [await noteBadges(vy.window, 'jo'), await noteBadges(jo.window, 'vy')];
  await graceIsOver();
  assert.deepEqual(await seen.shown(), ['Online']);
  assert.deepEqual(await seenByJo.shown(), ['Online']);
  await expect(jo.window.badgeWords('lee')).toHaveText('Offline');
}

// They wait for Wills and graces rather than for the machine.
test('presence', { concurrency: 4 }, async (t) => {
  const patient = await vyWatches(t);
  const impatientOne = await vyWatches(t, { config: impatient });
  await Promise.all([
    ...Object.entries(silences).map(([title, story]) => t.test(title, (t) => story(t, impatientOne))),
    t.test(KILLED, brokerIsKilled),
    ...Object.entries(ends).map(([title, story]) => t.test(title, (t) => story(t, patient))),
  ]);
});
