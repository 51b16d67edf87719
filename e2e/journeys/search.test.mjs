// Search and share: terms, values to click, the page's address, and records that leave the page and come back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible, assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { MonitorPage } from '../pages/monitor.mjs';
import { SearchView } from '../pages/search.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** Each of these clients comes over TCP and leaves. */
async function visit(t, server, ids) {
  for (const id of ids) await (await mqttJs(t, { url: server.url('open', 'tcp'), id })).leave();
}

/** A live Monitor that has seen these visits, and its search. */
async function seen(t, ids, options) {
  const all = await watch(t, options);
  await visit(t, all.server, ids);
  await all.monitor.row(ids.at(-1), 'disconnected');
  return { ...all, search: new SearchView(all.page) };
}

/** The cells of a CSV file, by RFC 4180. */
function cells(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  assert.deepEqual(rows.pop(), [], 'the last line ends');
  return rows;
}

test('terms narrow the rows, and a mistake names its term', async (t) => {
  const { page, monitor, search, assertWell } = await seen(t, ['lamp', 'Lamp-2', 'door']);
  const cases = [
    ['lamp', 4],
    ['client:"lamp"', 2],
    ['client:=Lamp-2 client:door', 4],
    ['client:lamp -status:connected', 2],
    ['transport:tcp status:disconnected', 3],
    ['reason:goodbye', 3],
    ['topic:$headcount/anonymous/events client:door', 2],
    ['/^LAMP-\\d$/', 2],
    ['/^lamp-\\d$/c', 0],
    // What would keep a browser's engine busy for good.
    ['client:/^(d|o+|(r*)*)*$/', 2],
    ['client:lamp since:2100-01-01', 0],
  ];
  for (const [text, count] of cases) {
    await search.field.fill(text);
    await search.finds(count);
  }
  await search.field.fill('client:lamp /(/ since:soon');
  await search.fault('a bracket has no partner').waitFor();
  await search.fault('it is no moment of ISO 8601').waitFor();
  await search.finds(4);
  await expect(search.field).toHaveAttribute('aria-invalid', 'true');
  await expect(search.terms).toHaveCount(1);
  await assertAccessible(page);
  await search.terms.first().click();
  await expect(search.field).toHaveValue('/(/ since:soon');
  await page.keyboard.press('/');
  await expect(search.field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search.field).toHaveValue('');
  await monitor.row('lamp', 'connected');
  assertWell();
});

test('a click on a value searches it, with Alt it hides, and Back takes it back', async (t) => {
  const { page, monitor, search, assertWell } = await seen(t, ['lamp', 'door']);
  await search.value(await monitor.row('lamp', 'disconnected'), 'disconnected').click();
  await search.finds(2);
  await expect(search.field).toHaveValue('status:"disconnected"');
  await search.inAddress('status:"disconnected"');
  const row = await monitor.row('door', 'disconnected');
  const { fields } = await monitor.details(row);
  await search.value(fields, 'door').click({ modifiers: ['Alt'] });
  await expect(search.field).toHaveValue('status:"disconnected" -client:"door"');
  await search.finds(1);
  await monitor.row('lamp', 'disconnected');
  await page.goBack();
  await search.inAddress('status:"disconnected"');
  await search.finds(2);
  await page.goBack();
  await search.inAddress('');
  await monitor.row('lamp', 'connected');
  await expect(search.field).toHaveValue('');

  // The same without a pointer: the values stand in the details.
  await monitor.rowsOf('lamp', 'connected').getByRole('button', { name: 'lamp', exact: true }).focus();
  await page.keyboard.press('Enter');
  const opened = (await monitor.row('lamp', 'connected')).getByLabel('Fields', { exact: true });
  await search.value(opened, 'TCP').focus();
  await page.keyboard.press('Enter');
  await search.finds(4);
  await search.value(opened, 'connected').focus();
  await page.keyboard.press('Alt+Enter');
  await search.finds(2);
  await expect(search.field).toHaveValue('transport:"TCP" -status:"connected"');
  await page.waitForFunction(() => document.activeElement.id === 'search');
  // And out again, by the terms in force.
  await search.terms.first().focus();
  await page.keyboard.press('Enter');
  await expect(search.field).toHaveValue('-status:"connected"');
  // Who is here is a value, too.
  await monitor.presence.getByRole('button', { name: /^headcount-page-/ }).click();
  await expect(search.field).toHaveValue(/^-status:"connected" client:"headcount-page-/);
  assertWell();
});

test('a reload and a link show the same, and never who one is', async (t) => {
  const { server, browser, page, monitor, search, assertWell } = await seen(t, ['lamp', 'zwölf "%&+#', 'door']);
  const text = 'client:"zwölf \\"%&+#" -status:=connected';
  await search.field.fill(text);
  await search.inAddress(text);
  await search.finds(1);
  await page.reload();
  await monitor.live();
  await search.finds(1);
  await expect(search.field).toHaveValue(text);

  // Whoever logs in leaves nothing of it in the address, and no client id in the link.
  const panel = await monitor.connectPanel();
  await panel.realm.selectOption('secure');
  await panel.clientId.fill('the-operator');
  await panel.userName.fill('admin');
  await panel.password.fill('admin');
  await monitor.connectAs(panel);
  await search.field.fill(`${text} x`);
  await search.inAddress(`${text} x`);
  assert.ok(!page.url().includes('admin'), page.url());
  const link = await search.link();
  for (const secret of ['admin', 'the-operator']) assert.ok(!link.includes(secret), link);
  await search.menu.getByRole('button', { name: /^Copy/ }).click();
  await search.menu.getByRole('button', { name: /^Copied/ }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  await page.keyboard.press('Escape');
  await search.menu.waitFor({ state: 'hidden' });

  const { page: theirs, record } = await openPage(browser);
  const guest = await MonitorPage.open(theirs, link.replace('%2Fsecure%2Fmqtt', '%2Fmqtt').replace('%20x', ''));
  const their = new SearchView(theirs);
  await expect(their.field).toHaveValue(text);
  await their.finds(1);
  await guest.row('zwölf "%&+#', 'disconnected');
  record.assertQuiet();
  record.assertOnly([server.host]);
  assertWell();
});

test('what is shown is saved, opened elsewhere and saved again byte for byte', async (t) => {
  const ids = ['=HYPERLINK("http://x","y")', 'two\nlines', '🪔 lamp', '-1', '@SUM(A1)', 'hidden'];
  const { server, browser, search, assertWell } = await seen(t, ids);
  await search.field.fill('transport:tcp -client:hidden');
  await search.finds(10);
  const { name, text } = await search.save('NDJSON');
  assert.match(name, /^headcount-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.ndjson$/);
  const [header, ...lines] = text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(header, { headcount: 'record', version: 1, rows: 10 });
  assert.deepEqual(
    lines.map(({ topic, payload }) => [topic, JSON.parse(payload).event, JSON.parse(payload).client.id]),
    ids.slice(0, 5).flatMap((id) => ['connected', 'disconnected'].map((event) => ['$headcount/anonymous/events', event, id])),
  );

  const table = await search.save('CSV');
  assert.match(table.name, /\.csv$/);
  const [head, ...rows] = cells(table.text);
  assert.deepEqual(head.slice(0, 4), ['time', 'status', 'reason', 'client']);
  assert.deepEqual(rows.map((row) => row.length), Array(10).fill(head.length));
  const guarded = ['\'=HYPERLINK("http://x","y")', 'two\nlines', '🪔 lamp', "'-1", "'@SUM(A1)"];
  assert.deepEqual(rows.map((row) => row[3]), guarded.flatMap((id) => [id, id]));
  for (const row of rows) assert.equal(new Date(row[0]).toISOString(), row[0]);

  // Another browser profile, where other things happened.
  const { page: theirs, record } = await openPage(browser);
  const guest = await MonitorPage.open(theirs, server.page);
  const their = new SearchView(theirs);
  await their.open(name, text);
  await their.recorded.filter({ hasText: `Showing ${name}, 10 rows.` }).waitFor();
  await expect(guest.rows).toHaveCount(10);
  assert.equal((await their.save('NDJSON')).text, text);
  await assertAccessible(theirs);
  // The live timeline records on, and who is here stays live.
  await visit(t, server, ['meanwhile']);
  await their.field.fill('lamp');
  await their.finds(2);
  const { message } = await guest.details(await guest.row('🪔 lamp', 'connected'));
  await message.waitFor();
  await their.field.fill('');
  await expect(guest.rows).toHaveCount(10);
  await expect(guest.rowsOf('meanwhile')).toHaveCount(0);
  await theirs.getByRole('button', { name: 'Back to live' }).click();
  await guest.row('meanwhile', 'disconnected');
  await their.recorded.waitFor({ state: 'detached' });

  // A file that is not whole changes nothing, and says why; a whole one may be dropped as well.
  await their.drop('cut.ndjson', text.split('\n').slice(0, 4).join('\n'));
  await their.complaint.filter({ hasText: 'cut.ndjson was not opened: its first line promises 10 rows and it has 3' }).waitFor();
  await guest.row('meanwhile', 'disconnected');
  await assertAccessible(theirs);
  await their.drop('bad.ndjson', text.replace('"received":"2', '"received":"x'));
  await their.complaint.filter({ hasText: 'line 2: "received" is x' }).waitFor();
  await their.drop(name, text);
  await their.recorded.filter({ hasText: '10 rows' }).waitFor();
  await their.complaint.waitFor({ state: 'detached' });
  assert.equal((await their.save('NDJSON')).text, text);
  record.assertQuiet();
  assertWell();
});

test('help, terms and menu fit a phone', async (t) => {
  const query = `?search=${encodeURIComponent('client:"a rather long name of a client, as there are some" -status:refused since:soon')}`;
  const { page, assertWell } = await watch(t, { query, screen: 'phone', reducedMotion: true });
  const search = new SearchView(page);
  const assertFits = async () => {
    await assertNoSideways(page);
    await assertAccessibleInBothThemes(page);
  };
  await search.fault('it is no moment').waitFor();
  await assertFits();
  await search.openHelp();
  await assertFits();
  await search.openMenu();
  await search.help.waitFor({ state: 'hidden' });
  await assertFits();
  assertWell();
});
