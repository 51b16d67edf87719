// The first stages of the chat: what each adds, and what still breaks, seen by two people with browsers of their own.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { noteReload } from '../harness/badges.mjs';
import { openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { ChatPage } from '../pages/chat.mjs';

/** A server, and a chat for each name, each in a profile of its own. */
async function people(t, stage, names, { stored = false, ...looks } = {}) {
  const server = await startServer(t, { stored });
  const browser = await openBrowser(t);
  const chats = [];
  for (const name of names) {
    const { page, record } = await openPage(browser, looks);
    const chat = await ChatPage.open(page, server.page, stage);
    await chat.window().logIn(name);
    chats.push({ page, record, chat, window: chat.window() });
  }
  return { server, browser, chats };
}

test('stage 10: two write to each other, and what is sent to somebody who is away is gone', async (t) => {
  const { server, chats: [vy, jo] } = await people(t, 10, ['vy', 'jo']);
  await vy.window.open('jo');
  await vy.window.say('jo', 'hello');
  await vy.window.marked('hello', 'sent');
  await jo.window.conversation('vy').getByText('1 new').waitFor();
  await jo.window.conversation('vy').getByRole('button').click();
  await jo.window.message('hello').waitFor();
  await jo.window.say('vy', 'hi');
  await vy.window.message('hi').waitFor();

  await jo.page.goto('about:blank');
  await vy.window.say('jo', 'are you there?');
  await vy.window.marked('are you there?', 'sent');
  await jo.page.goto(`${server.page}?stage=10`);
  await jo.window.live();
  await vy.window.say('jo', 'and now?');
  await jo.window.message('and now?').waitFor();
  await expect(jo.window.texts).toHaveText(['hello', 'hi', 'and now?']);
  for (const { record } of [vy, jo]) {
    record.assertQuiet();
    record.assertOnly([server.host]);
  }
});

test('stage 20: what was sent meanwhile waits at the broker, and what was written offline waits here', async (t) => {
  const { server, chats: [vy, jo] } = await people(t, 20, ['vy', 'jo'], { stored: true });
  await vy.window.open('jo');
  await vy.window.say('jo', 'one');
  await vy.window.marked('one', 'acknowledged');
  await jo.window.conversation('vy').getByRole('button').click();
  await jo.page.goto('about:blank');
  for (const text of ['two', 'three']) {
    await vy.window.say('jo', text);
    await vy.window.marked(text, 'acknowledged');
  }
  await jo.page.goto(`${server.page}?stage=20`);
  await jo.window.note('2 messages waited for you at the broker.').waitFor();
  await expect(jo.window.texts).toHaveText(['one', 'two', 'three']);

  await server.kill();
  await vy.window.note(/^Not connected: /).waitFor();
  await vy.window.say('jo', 'four');
  await vy.window.marked('four', 'sending');
  await vy.page.goto('about:blank');
  await server.startAgain();
  await vy.page.goto(`${server.page}?stage=20`);
  await vy.window.say('jo', 'five');
  await vy.window.marked('five', 'acknowledged');
  await jo.window.message('five').waitFor();
  await expect(jo.window.texts).toHaveText(['one', 'two', 'three', 'four', 'five']);

  await vy.window.message('five').getByRole('button', { name: 'Repeat' }).click();
  await vy.window.say('jo', 'six');
  await jo.window.message('six').waitFor();
  await expect(jo.window.message('five')).toHaveCount(1);
  await jo.chat.box('Remove duplicates').uncheck();
  await jo.window.message('five').getByText('duplicate', { exact: true }).waitFor();
  await expect(jo.window.message('five')).toHaveCount(2);
  await expect(jo.window.message('five').locator('del')).toHaveCount(1);
});

test('stage 30: who is there, who left, and who closed the tab', async (t) => {
  const { server, chats: [vy, jo] } = await people(t, 30, ['vy', 'jo']);
  await jo.window.open('vy');
  await jo.window.badge('vy', 'Online');
  await vy.window.logOut();
  await jo.window.badge('vy', 'Offline');
  await jo.window.note(/^Offline, last seen (just now|\d+ s ago)$/).waitFor();
  await vy.window.logIn('vy');
  await jo.window.badge('vy', 'Online');
  const seen = await noteReload(jo.window, 'vy', vy);
  assert.deepEqual(await seen.shown(), ['Online'], 'a reload is no absence');
  await vy.page.goto('about:blank');
  await jo.window.badge('vy', 'Offline');
  await jo.window.open('nobody');
  await jo.window.badge('nobody', 'Unknown');

  await jo.chat.box('Use status messages').uncheck();
  await jo.chat.atStage(20);
  await expect(jo.window.conversation('vy').locator('.badge')).toHaveCount(0);
  await jo.chat.box('Use QoS 1').uncheck();
  await jo.chat.atStage(10);
  await jo.chat.box('Use status messages').check();
  await jo.chat.atStage(30);
  await expect(jo.chat.box('Use QoS 1')).toBeChecked();
  await jo.window.badge('vy', 'Offline');
  jo.record.assertOnly([server.host]);
});

test('two windows of one page talk to each other, and of one name only one is connected', async (t) => {
  const { chats: [vy] } = await people(t, 30, ['vy']);
  const second = await vy.chat.second();
  await second.logIn('a/b+#مريم');
  await vy.window.open('a/b+#مريم');
  await vy.window.say('a/b+#مريم', 'hello');
  await second.conversation('vy').getByRole('button').click();
  await second.message('hello').waitFor();
  await assertAccessible(vy.page);
  await second.logOut();
  await second.logIn('vy');
  await vy.window.note(/^The other window of this page has logged in as vy/).waitFor();
  await vy.window.section.getByRole('button', { name: 'Take it back' }).click();
  await vy.window.live();
  await second.note(/^The other window of this page has logged in as vy/).waitFor();
});

test('two tabs of one name: the older one says so, keeps still, and takes it back', async (t) => {
  for (const version of ['5', '3.1.1']) {
    const server = await startServer(t);
    const browser = await openBrowser(t);
    const { page } = await openPage(browser);
    const first = await ChatPage.open(page, server.page, 30, `&mqtt=${version}`);
    await first.window().logIn('vy');
    const second = await ChatPage.open(await page.context().newPage(), server.page, 30, `&mqtt=${version}`);
    await second.window().logIn('vy');
    await first.window().note(/^Another tab of this browser has logged in as vy/).waitFor();
    await first.window().section.getByRole('button', { name: 'Take it back' }).click();
    await first.window().live();
    await second.window().note(/^Another tab of this browser has logged in as vy/).waitFor();
  }
});

test('on a phone, list and messages take turns', async (t) => {
  const { chats: [vy] } = await people(t, 30, ['vy'], { screen: 'phone', theme: 'dark' });
  await vy.window.open('jo');
  await vy.window.say('jo', 'hello');
  await vy.window.marked('hello', 'acknowledged');
  await expect(vy.window.conversation('jo')).toBeHidden();
  await vy.window.section.getByRole('button', { name: 'Back to the conversations' }).click();
  await vy.window.conversation('jo').getByRole('button').click();
  await assertAccessible(vy.page);

  const second = await vy.chat.second();
  await second.logIn('jo');
  await second.open('vy');
  await expect(vy.window.section).toBeHidden();
  await second.say('vy', 'psst');
  await vy.page.waitForFunction(() => document.title.startsWith('(1) '));
  await vy.page.getByRole('group', { name: 'Windows' }).getByRole('button', { name: 'vy', exact: true }).click();
  await vy.window.message('psst').waitFor();
  await vy.page.waitForFunction(() => !document.title.startsWith('('));
});

test('everything by keyboard: conversations by arrows, Enter sends, Escape goes back', async (t) => {
  const { chats: [vy] } = await people(t, 20, ['vy']);
  const { page, window } = vy;
  for (const name of ['jo', 'mo']) {
    await window.section.getByLabel('Start a conversation with').fill(name);
    await page.keyboard.press('Enter');
    await expect(window.composer(name)).toBeFocused();
  }
  await page.keyboard.type('first');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second');
  await page.keyboard.press('Enter');
  await window.marked('first', 'acknowledged');
  await expect(window.texts).toHaveText([/^first\nsecond$/]);
  await page.keyboard.type('a draft');
  await page.keyboard.press('Escape');
  await window.note('Choose a conversation, or start one with any name.').waitFor();
  const inList = (name) => window.conversation(name).getByRole('button');
  await expect(inList('mo')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(inList('jo')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(window.composer('jo')).toBeFocused();
  await page.reload();
  await window.conversation('mo').getByRole('button').click();
  await expect(window.composer('mo')).toHaveValue('a draft');
});
