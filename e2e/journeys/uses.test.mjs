// The news ticker, the progress of tasks and the auctions, against the real broker and the real workers.

import { test } from 'node:test';

import { assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { SCREENS, openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { startWorker } from '../harness/workers.mjs';
import { AuctionsPage, NewsPage, TasksPage } from '../pages/uses.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** A server, and a function that opens a use in a fresh profile. */
async function begin(t) {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const records = [];
  const open = async (Use, looks) => {
    const { page, record } = await openPage(browser, looks);
    records.push(record);
    return Use.open(page, server.page);
  };
  const assertWell = () => {
    for (const record of records) {
      record.assertQuiet();
      record.assertOnly([server.host]);
    }
  };
  return { server, open, assertWell };
}

test('news reach those who subscribed to them, and say why', async (t) => {
  const { server, open, assertWell } = await begin(t);
  const news = await open(NewsPage);
  await news.subscription('news/sport/#').filter({ hasText: '0 articles' }).waitFor();
  await news.publish('news/sport/football', 'Late goal decides the derby');
  const goal = news.article('Late goal decides the derby');
  await goal.getByText('news/sport/football', { exact: true }).waitFor();
  await goal.getByText('news/sport/#', { exact: true }).waitFor();

  await t.test('overlapping filters show an article once, with both', async () => {
    await news.subscribe('news/+/football');
    await news.publish('news/sport/football', 'Cup draw tonight');
    const draw = news.article('Cup draw tonight');
    await draw.getByText('news/+/football', { exact: true }).waitFor();
    await draw.getByText('news/sport/#', { exact: true }).waitFor();
    // A copy of it would have come before what is published behind it.
    await news.publish('news/sport/football', 'Cup drawn');
    await news.article('Cup drawn').waitFor();
    await expect(draw).toHaveCount(1);
  });

  await t.test('a section that is not read stays out, and comes in once it is checked', async () => {
    await news.section(/^Sport/).uncheck();
    await news.page.getByRole('button', { name: 'Remove news/+/football' }).click();
    await news.subscription('news/sport/#').waitFor({ state: 'detached' });
    await news.publish('news/sport/formula-1', 'Rain delays the start');
    await news.publish('news/politics/europe', 'Night trains agreed');
    await news.article('Night trains agreed').waitFor();
    await expect(news.article('Rain delays the start')).toHaveCount(0);
    await news.section(/^Formula 1/).check();
    await news.subscription('news/sport/formula-1').filter({ hasText: 'article' }).waitFor();
    await news.publish('news/sport/formula-1', 'Rain stops');
    await news.article('Rain stops').waitFor();
  });

  await t.test('filters are judged while they are typed', async () => {
    const field = news.field('Any Topic Filter');
    for (const [filter, words] of [
      ['room/hall+/temperature', 'Not valid. + stands for a whole level'],
      ['room/#/temperature', 'Not valid. # has to be the last level.'],
      ['room/#', 'Valid. room and everything below.'],
    ]) {
      await field.fill(filter);
      await news.page.getByText(words).first().waitFor();
      await expect(news.button('Subscribe')).toBeEnabled({ enabled: words.startsWith('Valid') });
      await expect(field).toHaveAttribute('aria-invalid', String(!words.startsWith('Valid')));
    }
    await news.page.getByText('Filters, good and bad').click();
    await expect(news.page.getByRole('table').getByRole('row')).toHaveCount(11);
    await expect(news.page.getByRole('cell', { name: 'not valid', exact: true })).toHaveCount(3);
    await news.field('Topic').fill('news/+');
    await news.page.getByText('Wildcards are for readers').waitFor();
  });

  await t.test('anybody publishes, and the wire service does by itself', async () => {
    const peer = await mqttJs(t, { url: server.url(), id: 'paper' });
    await peer.publish('news/politics/us/utah', '<b>A third tram line</b>');
    await news.article('<b>A third tram line</b>').waitFor();
    const before = await news.panel('Articles, newest first').getByRole('listitem').count();
    await news.button('Wire service').click();
    await news.panel('Articles, newest first').getByRole('listitem').nth(before).waitFor();
    await news.button('Wire service').click();
    await expect(news.button('Wire service')).toHaveAttribute('aria-pressed', 'false');
  });
  assertWell();
});

test('a task goes on, whoever watches and whatever happens to its worker', async (t) => {
  const { server, open, assertWell } = await begin(t);
  const tasks = await open(TasksPage);
  await tasks.noWorker.filter({ hasText: 'headcount-worker tasks --broker' }).waitFor();
  const worker = await startWorker(t, server, 'tasks');
  await tasks.page.getByText('A worker is here.').waitFor();
  await tasks.start('Long one', '1 million', '2 minutes');
  await tasks.task('Long one').getByText('running', { exact: true }).waitFor();
  await tasks.task('Long one').getByText(/^([1-9]|\d\d) %$/).waitFor();

  await t.test('who comes late sees the newest state at once', async () => {
    const late = await open(TasksPage);
    await late.task('Long one').getByText('running', { exact: true }).waitFor();
    await expect.poll(() => late.percent('Long one')).toBeGreaterThanOrEqual(1);
    await late.page.getByText('1 task told at once, retained').waitFor();
    await tasks.button('Open a second watcher').click();
    await tasks.task('Long one', 'Second watcher').getByText('running', { exact: true }).waitFor();
  });

  await t.test('a killed worker leaves it interrupted, and the next goes on', async () => {
    await worker.kill();
    await tasks.task('Long one').getByText('interrupted', { exact: true }).waitFor();
    await tasks.noWorker.filter({ hasText: 'It was last here' }).waitFor();
    const at = await tasks.percent('Long one');
    await tasks.start('While nobody is here', '100,000', 'as fast as it can');
    await tasks.task('While nobody is here').getByText('The broker has it').waitFor();
    await startWorker(t, server, 'tasks');
    await tasks.task('While nobody is here').getByText('found 9592 primes below 100000').waitFor();
    await tasks.task('Long one').getByText('running', { exact: true }).waitFor();
    await expect.poll(() => tasks.percent('Long one')).toBeGreaterThanOrEqual(at);
  });

  await t.test('it is cancelled for everybody', async () => {
    await tasks.task('Long one').getByRole('button', { name: 'Cancel Long one' }).click();
    await tasks.task('Long one', 'Second watcher').getByText('cancelled', { exact: true }).waitFor();
    await tasks.button('Close the second watcher').click();
    await tasks.button('Open a second watcher').click();
    await tasks.task('Long one', 'Second watcher').getByText('cancelled', { exact: true }).waitFor();
  });
  assertWell();
});

test('of two who bid at the same moment one wins, and both see it', async (t) => {
  const { server, open, assertWell } = await begin(t);
  const worker = await startWorker(t, server, 'auctions');
  const [minh, vy] = [await open(AuctionsPage), await open(AuctionsPage)];
  await minh.bidAs('minh');
  await vy.bidAs('v/y');
  await minh.offer('Brass lamp', '10', '10 minutes');
  await vy.item('Brass lamp').getByText('starting price, no bids').waitFor();

  await t.test('sellers do not bid on their own items', async () => {
    await minh.bid('Brass lamp', '11');
    await minh.item('Brass lamp').getByText('refused: sellers do not bid on their own items').waitFor();
    await minh.bidAs('minh the second');
  });

  await t.test('the same amount at the same moment', async () => {
    await Promise.all([minh.bid('Brass lamp', '12.50'), vy.bid('Brass lamp', '12.50')]);
    for (const one of [minh, vy]) {
      await one.item('Brass lamp').getByText('12.50').first().waitFor();
      await one.item('Brass lamp').getByText(/12\.50 (accepted|refused: 12\.50 is not above the current bid of 12\.50)/).waitFor();
    }
    // Both have their answers: one of them won.
    const isMinhs = (await minh.item('Brass lamp').getByText('accepted').count()) > 0;
    const [winner, loser] = isMinhs ? [minh, vy] : [vy, minh];
    await winner.item('Brass lamp').getByText('yours, 1 bid').waitFor();
    await loser.item('Brass lamp').getByText(/12\.50 refused: /).waitFor();
    await loser.item('Brass lamp').getByText(isMinhs ? 'by minh the second, 1 bid' : 'by v/y, 1 bid').waitFor();
  });

  await t.test('bids wait for a worker that was killed', async () => {
    await worker.kill();
    await vy.noWorker.waitFor();
    await vy.bid('Brass lamp', '20');
    await vy.item('Brass lamp').getByText('the broker has it; the worker has not judged it').waitFor();
    await startWorker(t, server, 'auctions');
    await vy.item('Brass lamp').getByText('yours, 2 bids').waitFor();
    await minh.item('Brass lamp').getByText('by v/y, 2 bids').waitFor();
    await minh.bid('Brass lamp', 'much');
    await minh.item('Brass lamp').getByText('Write an amount such as 12 or 12.50.').waitFor();
  });
  assertWell();
});

for (const [Use, worker] of [[NewsPage], [TasksPage, 'tasks'], [AuctionsPage, 'auctions']]) {
  test(`nothing serious stands in anybody's way: ${Use.use}`, async (t) => {
    const { server, open, assertWell } = await begin(t);
    const act = async (use) => {
      if (Use === NewsPage) await use.publish('news/sport/football', 'Late goal decides the derby');
      if (Use === TasksPage) await use.start('Primes', '100,000', '10 seconds');
      if (Use === AuctionsPage) await use.offer('Brass lamp', '10', '10 minutes');
    };
    const look = async (use, shown) => {
      await shown.first().waitFor();
      await assertAccessibleInBothThemes(use.page);
      await assertNoSideways(use.page);
    };
    const uses = [];
    for (const screen of Object.keys(SCREENS)) {
      const use = await open(Use, { screen });
      if (Use === NewsPage) await use.page.getByText('Filters, good and bad').click();
      await act(use);
      await look(use, worker ? use.noWorker : use.article('Late goal'));
      uses.push(use);
    }
    if (worker) await startWorker(t, server, worker);
    // Where nobody was, nobody heard it.
    for (const use of worker ? uses : []) {
      await use.page.getByText('A worker is here.').waitFor();
      await act(use);
      await look(use, use.page.getByRole('heading', { name: 'Brass lamp' }).or(use.page.getByRole('progressbar')));
    }
    assertWell();
  });
}
