// The broker goes and comes back, and the page is honest about what it did not see.

import { test } from 'node:test';

import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** The browser itself notes that nobody answered. */
const NO_ANSWER = /WebSocket connection to .* failed/;

for (const [how, end] of [
  ['is restarted', (server) => server.stop()],
  ['crashes', (server) => server.kill()],
]) {
  test(`the broker ${how}: the page comes back by itself, with a gap row`, async (t) => {
    const { server, monitor, assertWell } = await watch(t);
    await mqttJs(t, { url: server.url(), id: 'before' });
    await monitor.row('before', 'connected');

    await end(server);
    await monitor.status.filter({ hasText: /^Reconnecting/ }).waitFor();
    await monitor.page.getByText(/^As of \d\d:\d\d:\d\d: the page is not connected\.$/).waitFor();
    await monitor.gaps.filter({ hasText: 'so far' }).waitFor();

    await server.startAgain();
    await monitor.live();
    await monitor.gaps.filter({ hasNotText: 'so far' }).waitFor();
    await expect(monitor.gaps).toHaveCount(1);
    // What was seen is still there.
    await expect(monitor.rowsOf('before', 'connected')).toHaveCount(1);
    await monitor.gone('before');

    await mqttJs(t, { url: server.url(), id: 'after' });
    await monitor.row('after', 'connected');
    await monitor.here('after');
    await expect(monitor.rows.first()).toContainText('after');
    await expect(monitor.gaps).toHaveCount(1);
    assertWell([NO_ANSWER]);
  });
}
