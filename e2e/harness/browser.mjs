// The system's Chromium, and pages in it that notice everything that should not happen.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { chromium } from 'playwright';

import { fromEnvironment } from './environment.mjs';
import { PATIENCE } from './program.mjs';

/** Chromium's own requests to the outside are off, so that a request to the outside is the page's. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** The two screens that a change must look right on, in CSS pixels. */
export const SCREENS = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 412, height: 915 },
};

/** The one of this file's tests: to start a browser takes longer than most of them need it. */
let started;
after(async () => (await started)?.close());

/**
 * A browser, where each page that is opened has a fresh profile; they are closed when the test ends.
 * @param {import('node:test').TestContext} t
 */
export async function openBrowser(t) {
  started ??= chromium.launch({ executablePath: fromEnvironment('HEADCOUNT_CHROMIUM'), args: FLAGS });
  const browser = await started;
  // Tests that run beside this one have theirs.
  const contexts = [];
  t.after(() => Promise.all(contexts.map((context) => context.close())));
  return {
    newContext: async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return context;
    },
  };
}

/**
 * A page in a fresh context, with a record of what went wrong on it.
 * @param {Pick<import('playwright').Browser, 'newContext'>} browser
 * @param {{screen?: keyof typeof SCREENS, theme?: 'light' | 'dark', reducedMotion?: boolean}} options
 */
export async function openPage(browser, { screen = 'desktop', theme = 'light', reducedMotion = false } = {}) {
  const context = await browser.newContext({
    viewport: SCREENS[screen],
    colorScheme: theme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    hasTouch: screen === 'phone',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  return { page, record: new Record(page) };
}

/** Everything that a page complained of or asked for. */
class Record {
  #complaints = [];
  #origins = new Set();

  constructor(page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.#complaints.push(`uncaught: ${error.message}`));
    page.on('request', (request) => this.#ask(request.url()));
    page.on('websocket', (socket) => this.#ask(socket.url()));
  }

  #ask(url) {
    const { protocol, host } = new URL(url);
    if (!['data:', 'blob:', 'about:'].includes(protocol)) this.#origins.add(host);
  }

  /**
   * Nothing on the console, but for what the journey itself provoked.
   * @param {RegExp[]} provoked
   */
  assertQuiet(provoked = []) {
    const complaints = this.#complaints.filter((text) => !provoked.some((expected) => expected.test(text)));
    assert.deepEqual(complaints, []);
  }

  /** No request left for anywhere but these hosts (`name:port`). */
  assertOnly(hosts) {
    assert.deepEqual([...this.#origins].filter((host) => !hosts.includes(host)), []);
  }
}
