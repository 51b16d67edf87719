// Presence is right in every case: two people with machines of their own, and what the other one sees, and when.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { openTab } from '../harness/background.mjs';
import { noteBadges } from '../harness/badges.mjs';
import { openBrowser, openPage } from '../harness/browser.mjs';
import { layCable } from '../harness/cable.mjs';
import { startMachine } from '../harness/machine.mjs';
import { startServer } from '../harness/server.mjs';
import { BADGE_GRACE, KEEP_ALIVE, impatient } from '../harness/waiting.mjs';
import { ChatPage } from '../pages/chat.mjs';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A chat at stage 30 with somebody logged in, in a profile of its own. */
async function come(browser, address, name, looks = {}) {
  const { page } = await openPage(browser, looks);
  const chat = await ChatPage.open(page, address, 30);
  const window = await chat.window().logIn(name);
  return { page, chat, window };
}

/** A server, vy who watches, and jo who is watched, on a machine and behind a cable of his own. */
async function vyWatchesJo(t, { stored = false } = {}) {
  const server = await startServer(t, { stored, config: impatient });
  const cable = await layCable(t, server.httpPort);
  const machine = await startMachine(t);
  const vy = await come(await openBrowser(t), server.page, 'vy');
  const jo = await come(machine.browser, cable.page, 'jo');
  await vy.window.badge('jo', 'Online');
  const seen = await noteBadges(vy.window, 'jo');
  return { server, cable, machine, vy, jo, seen };
}

/** A tab like a person's, in which lee is logged in; and what vy sees of it from then on. */
async function leeComes(t, server, vy) {
  const tab = await openTab(t, `${server.page}?stage=30&user=lee`);
  await tab.until(`document.querySelector('.login [type=submit]') !== null`);
  await tab.evaluate(`document.querySelector('.login [type=submit]').click()`);
  await vy.window.badge('lee', 'Online');
  return { tab, seen: await noteBadges(vy.window, 'lee') };
}

// They wait for Wills and graces rather than for the machine.
describe('presence', { concurrency: 3 }, () => {
  test('a tab that is closed: offline, after a grace', async (t) => {
    const { vy, jo, seen } = await vyWatchesJo(t);
    const closed = Date.now();
    await jo.page.close();
    await vy.window.badge('jo', 'Offline');
    const waited = Date.now() - closed;
    assert.ok(waited >= BADGE_GRACE && waited < BADGE_GRACE + 4_000, `after ${waited} ms`);
    assert.deepEqual(await seen(), ['Online', 'Offline']);
  });

  test('a logout: offline at once, and said so', async (t) => {
    const { vy, jo } = await vyWatchesJo(t);
    const left = Date.now();
    await jo.window.logOut();
    await vy.window.badge('jo', 'Offline');
    assert.ok(Date.now() - left < BADGE_GRACE - 1_000);
  });

  test('a tab that is killed: offline', async (t) => {
    const { vy, machine, seen } = await vyWatchesJo(t);
    machine.killTabs();
    await vy.window.badge('jo', 'Offline');
    assert.deepEqual(await seen(), ['Online', 'Offline']);
  });

  test('a network that goes silent: offline to the other, unknown to oneself, and back', async (t) => {
    const { vy, jo, cable } = await vyWatchesJo(t);
    await jo.window.badge('vy', 'Online');
    cable.cut();
    await vy.window.badge('jo', 'Offline');
    await jo.window.badge('vy', 'Unknown');
    cable.mend();
    await jo.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await vy.window.badge('jo', 'Online');
    await jo.window.badge('vy', 'Online');
  });

  test('a laptop that sleeps: offline, and back when it is opened', async (t) => {
    const { vy, jo, machine, seen } = await vyWatchesJo(t);
    machine.fallAsleep();
    await vy.window.badge('jo', 'Offline');
    machine.wakeUp();
    await vy.window.badge('jo', 'Online');
    await jo.window.badge('vy', 'Online');
    assert.deepEqual(await seen(), ['Online', 'Offline', 'Online']);
  });

  test('a reload: online throughout', async (t) => {
    const { vy, jo, seen } = await vyWatchesJo(t);
    for (let times = 0; times < 3; times += 1) {
      await jo.page.reload();
      await jo.window.live();
    }
    await sleep(BADGE_GRACE + 1_000);
    assert.deepEqual(await seen(), ['Online']);
    assert.equal(await vy.window.badgeNow('jo'), 'Online');
  });

  test('a broker that is killed and comes back: everybody who is there is online, and nobody else', async (t) => {
    const { server, vy, jo, machine } = await vyWatchesJo(t, { stored: true });
    const lee = await come(machine.browser, server.page, 'lee');
    await vy.window.badge('lee', 'Online');
    await server.kill();
    await vy.window.badge('jo', 'Unknown');
    await vy.window.badge('lee', 'Unknown');
    await lee.page.close();
    await server.startAgain();
    await vy.window.badge('jo', 'Online');
    await jo.window.badge('vy', 'Online');
    await vy.window.badge('lee', 'Offline');
    await sleep(BADGE_GRACE + 1_000);
    assert.equal(await vy.window.badgeNow('jo'), 'Online');
    assert.equal(await jo.window.badgeNow('vy'), 'Online');
    assert.equal(await jo.window.badgeNow('lee'), 'Offline');
  });

  test('two tabs of one user: one holds the connection, the other says which and can take it back', async (t) => {
    const { server, vy, jo, cable, seen } = await vyWatchesJo(t);
    const page = await jo.page.context().newPage();
    const second = await ChatPage.open(page, cable.page, 30);
    await second.window().logIn('jo');
    await jo.window.note(/^Another tab of this browser has logged in as jo/).waitFor();
    await jo.window.section.getByRole('button', { name: 'Take it back' }).click();
    await second.window().note(/^Another tab of this browser has logged in as jo/).waitFor();
    await jo.window.live();

    // On another device there is no word of tabs.
    const elsewhere = await come(await openBrowser(t), server.page, 'jo');
    await jo.window.note(/^Another device or program has logged in as jo/).waitFor();
    await sleep(BADGE_GRACE + 1_000);
    assert.deepEqual(await seen(), ['Online']);
    await elsewhere.window.section.getByText(/^Live, MQTT /).waitFor();

    await elsewhere.page.close();
    await vy.window.badge('jo', 'Offline');
  });

  test('an old connection that is half open: the new one counts', async (t) => {
    const { vy, jo, cable, seen } = await vyWatchesJo(t);
    cable.strand();
    await jo.page.reload();
    await jo.window.live();
    // The broker would have given the old one up by now, and its Will spoken.
    await sleep(KEEP_ALIVE * 1_500 + BADGE_GRACE + 2_000);
    assert.deepEqual(await seen(), ['Online']);
    assert.equal(await vy.window.badgeNow('jo'), 'Online');
  });

  test('a tab out of sight, with its timers throttled, keeps its connection', async (t) => {
    const { server, vy } = await vyWatchesJo(t);
    const { tab, seen } = await leeComes(t, server, vy);
    await tab.evaluate('globalThis.beats = 0; setInterval(() => (beats += 1), 100); 0');
    await tab.hide();
    await sleep(KEEP_ALIVE * 5_000 + BADGE_GRACE);
    // One beat in five at most: the page's own timers were throttled, as they are in a hidden tab.
    assert.ok((await tab.evaluate('beats')) < 30);
    assert.deepEqual(await seen(), ['Online']);
  });

  test('a tab that the browser freezes: offline while it is, and back when it is thawed', async (t) => {
    const { server, vy } = await vyWatchesJo(t);
    const { tab, seen } = await leeComes(t, server, vy);
    await tab.hide();
    await tab.freeze();
    await vy.window.badge('lee', 'Offline');
    await tab.thaw();
    await vy.window.badge('lee', 'Online');
    assert.deepEqual(await seen(), ['Online', 'Offline', 'Online']);
  });

  test('whoever comes late sees what is, and not what was', async (t) => {
    const { server, vy, jo } = await vyWatchesJo(t);
    const browser = await openBrowser(t);
    const lee = await come(browser, server.page, 'lee');
    await lee.window.badge('jo', 'Online');
    await lee.window.badge('vy', 'Online');
    await jo.page.close();
    await lee.window.badge('jo', 'Offline');
    const late = await come(browser, server.page, 'late');
    await late.window.badge('jo', 'Offline');
    await late.window.badge('vy', 'Online');
    assert.equal(await vy.window.badgeNow('jo'), 'Offline');
  });
});
