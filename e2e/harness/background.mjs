// A browser whose tabs are looked at or not, as a person's are. Playwright keeps every page visible, so this speaks the
// DevTools protocol itself.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { FLAGS } from './browser.mjs';
import { fromEnvironment } from './environment.mjs';
import { folderFor } from './files.mjs';
import { PATIENCE } from './program.mjs';

/** Chromium slows the timers of a hidden page to one a minute after five minutes; here after a second. */
const THROTTLING = '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1';

/**
 * A tab at this address, which is looked at until it is hidden.
 * @param {import('node:test').TestContext} t
 * @param {string} url
 */
export async function openTab(t, url) {
  const folder = await folderFor(t);
  const child = spawn(
    fromEnvironment('HEADCOUNT_CHROMIUM'),
    [...FLAGS, THROTTLING, '--headless', '--remote-debugging-pipe', `--user-data-dir=${folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const tab = new Tab(child);
  await tab.open(url);
  return tab;
}

class Tab {
  #pipe;
  #waiting = new Map();
  #last = 0;
  #session;

  constructor(child) {
    this.#pipe = child.stdio[3];
    this.#pipe.on('error', () => {});
    let heard = '';
    child.stdio[4].on('data', (bytes) => {
      const messages = (heard + bytes).split('\0');
      heard = messages.pop();
      for (const message of messages) this.#take(JSON.parse(message));
    });
  }

  async open(url) {
    const { targetId } = await this.#send('Target.createTarget', { url });
    const { sessionId } = await this.#send('Target.attachToTarget', { targetId, flatten: true });
    this.#session = sessionId;
  }

  /** What an expression is in the page. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', { expression, awaitPromise: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  }

  /** Waits until an expression is true in the page. */
  async until(expression) {
    const deadline = Date.now() + PATIENCE;
    // Between two documents there is nowhere to ask.
    const isSo = () => this.evaluate(expression).catch(() => false);
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error(`never true: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Another tab is looked at. */
  async hide() {
    const { targetId } = await this.#send('Target.createTarget', { url: 'about:blank' });
    await this.#send('Target.activateTarget', { targetId });
    await this.until('document.hidden');
  }

  /** The browser runs nothing of the hidden tab any longer, as it does to save power; or does again. */
  async freeze(state = 'frozen') {
    await this.#send('Page.setWebLifecycleState', { state });
  }

  async thaw() {
    await this.freeze('active');
  }

  #send(method, params) {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
      this.#pipe.write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    });
  }

  #take({ id, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(error);
    else waiting?.resolve(result);
  }
}
