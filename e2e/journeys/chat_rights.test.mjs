// The chat with rights: passwords and rules, and rooms that change while everybody is connected.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { ChatPage } from '../pages/chat.mjs';

/** A window in a profile of its own. */
async function enter(browser, server, stage, name, password = stage < 40 ? undefined : 'test') {
  const { page, record } = await openPage(browser);
  const chat = await ChatPage.open(page, server.page, stage);
  await chat.window().logIn(name, password);
  return { page, record, chat, window: chat.window() };
}

test('stage 40: who writes as somebody else is refused, and the rule is marked', async (t) => {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const { page, record } = await openPage(browser);
  const chat = await ChatPage.open(page, server.page, 40);
  const window = chat.window();
  await window.tryLogIn('vy', 'guess');
  await window.note(/^The broker refused vy: bad user name or password/).waitFor();
  await window.section.getByRole('button', { name: 'vy, password test' }).click();
  await window.section.getByRole('button', { name: 'Log in', exact: true }).click();
  await window.live();

  const jenny = await enter(browser, server, 40, 'jenny');
  await window.open('jenny');
  await window.badge('jenny', 'Online');
  await window.rule('pattern read chat/messages/%u/+').waitFor();
  await window.pretend('minh');
  await window.refusingRule.filter({ hasText: 'everything else is refused' }).waitFor();
  await window.note(/^mqtt-chat-client-vy may not publish to chat\/messages\/jenny\/minh: denied by default/).waitFor();
  await window.say('jenny', 'as myself');
  await jenny.window.conversation('vy').getByRole('button').click();
  await jenny.window.message('as myself').waitFor();
  // It came after the refused one.
  await expect(jenny.window.conversation('minh')).toHaveCount(0);
  await assertAccessible(page);

  const admin = await enter(browser, server, 40, 'admin', 'admin');
  await window.say('jenny', 'does anybody listen?');
  await admin.window.conversation('jenny and vy').getByRole('button').click();
  await admin.window.message('does anybody listen?').waitFor();
  await admin.window.note('You may read this, and not write here.').waitFor();

  assert.ok(!page.url().includes('test'));
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!stored.includes('"test"'), `the password is not in ${stored}`);
  record.assertOnly([server.host]);
});

test('before stage 40, who writes as somebody else is believed', async (t) => {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const vy = await enter(browser, server, 30, 'vy');
  const jo = await enter(browser, server, 30, 'jo');
  await vy.window.open('jo');
  await vy.window.pretend('minh');
  await vy.window.note('The broker took a message to jo in the name of minh.').waitFor();
  await jo.window.conversation('minh').getByRole('button').click();
  await jo.window.message('This is not minh, but vy.').waitFor();
});

test('stage 50: a room is made, joined and left while all are connected', async (t) => {
  const server = await startServer(t, { stored: true });
  const browser = await openBrowser(t);
  const admin = await enter(browser, server, 50, 'admin', 'admin');
  const vy = await enter(browser, server, 50, 'vy');
  const peter = await enter(browser, server, 50, 'peter');
  await admin.window.makeRoom('garden');
  await admin.window.conversation('garden').getByRole('button').click();
  await admin.window.letIn('vy');
  await vy.window.conversation('garden').getByRole('button').click();
  await vy.window.say('garden', 'alone here');
  await admin.window.message('alone here').waitFor();
  // What comes to peter behind it comes alone.
  await vy.window.open('peter');
  await vy.window.say('peter', 'a word');
  await peter.window.conversation('vy').getByText('1 new').waitFor();
  await expect(peter.window.conversation('garden')).toHaveCount(0);
  await vy.window.conversation('garden').getByRole('button').click();
  await admin.window.letIn('peter');
  await peter.window.conversation('garden').getByRole('button').click();
  await peter.window.say('garden', 'hello');
  await vy.window.message('hello').waitFor();
  await assertAccessible(admin.page);
  await admin.window.section.getByRole('button', { name: 'Remove peter' }).click();
  await peter.window.note('You are not a member of this room.').waitFor();
  await vy.window.say('garden', 'gone?');
  await admin.window.message('gone?').waitFor();
  await vy.window.conversation('peter').getByRole('button').click();
  await vy.window.say('peter', 'another word');
  await peter.window.conversation('vy').getByText('2 new').waitFor();
  await expect(peter.window.texts).toHaveText(['hello']);
  await vy.window.conversation('garden').getByRole('button').click();

  await server.kill();
  await server.startAgain();
  await vy.window.live();
  await admin.window.live();
  await vy.window.say('garden', 'still members');
  await admin.window.message('still members').waitFor();
});

test('a wrong password in another tab disturbs nobody, and the right one takes the connection', async (t) => {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const { page } = await openPage(browser);
  const first = (await ChatPage.open(page, server.page, 40, '&mqtt=3.1.1')).window();
  await first.logIn('vy', 'test');
  const other = await page.context().newPage();
  const second = (await ChatPage.open(other, server.page, 40, '&mqtt=3.1.1')).window();
  await second.tryLogIn('vy', 'guess');
  await second.note(/^The broker refused vy: /).waitFor();
  await first.open('vy');
  await first.say('vy', 'still connected');
  await first.marked('still connected', 'acknowledged');
  await second.logIn('vy', 'test');
  await first.note(/^Another tab of this browser has logged in as vy/).waitFor();
  await second.message('still connected').first().waitFor();
});
