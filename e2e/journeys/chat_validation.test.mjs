// Stage 60: a worker judges every message, and may be killed and started again.

import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { startWorker } from '../harness/workers.mjs';
import { ChatPage } from '../pages/chat.mjs';

test('stage 60: messages wait for the worker, and come back where it does not pass them on', async (t) => {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const [vy, jenny] = await Promise.all(['vy', 'jenny'].map(async (name) => {
    const { page } = await openPage(browser);
    const window = (await ChatPage.open(page, server.page, 60)).window();
    return { page, window: await window.logIn(name, 'test') };
  }));
  await vy.window.note(/^No worker was ever here: /).waitFor();
  const worker = await startWorker(t, server, 'chat');
  await vy.window.note(/^No worker was ever here: /).waitFor({ state: 'detached' });

  await vy.window.open('jenny');
  await vy.window.say('jenny', 'good morning');
  await vy.window.marked('good morning', 'accepted');
  await jenny.window.conversation('vy').getByRole('button').click();
  await jenny.window.message('good morning').waitFor();
  await vy.window.say('jenny', 'darn it');
  await vy.window.message('darn it').getByText(/^rejected: /).waitFor();

  await worker.kill();
  await vy.window.note(/^The worker is offline: /).waitFor();
  await vy.window.say('jenny', 'is it back?');
  await vy.window.marked('is it back?', 'waits to be judged');
  await assertAccessible(vy.page);
  await startWorker(t, server, 'chat');
  await vy.window.marked('is it back?', 'accepted');
  await jenny.window.message('is it back?').waitFor();
  await expect(jenny.window.texts).toHaveText(['good morning', 'is it back?']);
});
