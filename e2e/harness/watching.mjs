// What most journeys begin with: a server, a browser, and the Monitor open in it.

import { MonitorPage } from '../pages/monitor.mjs';
import { openBrowser, openPage } from './browser.mjs';
import { startServer } from './server.mjs';

/**
 * A live Monitor of a fresh server.
 * @param {import('node:test').TestContext} t
 * @param {{config?: string, query?: string} & Parameters<typeof openPage>[1]} options
 */
export async function watch(t, { config, query = '', ...looks } = {}) {
  const server = await startServer(t, { config });
  const browser = await openBrowser(t);
  const { page, record } = await openPage(browser, looks);
  const monitor = await MonitorPage.open(page, `${server.page}${query}`);
  return {
    server,
    browser,
    page,
    monitor,
    record,
    /**
     * The page complained of nothing but what the journey provoked, and asked nobody but its server.
     * @param {RegExp[]} provoked
     */
    assertWell: (provoked = []) => {
      record.assertQuiet(provoked);
      record.assertOnly([server.host]);
    },
  };
}
