// The pictures of the README, taken of the real page: `cargo xtask pictures`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { openBrowser, openPage } from '../harness/browser.mjs';
import { startServer } from '../harness/server.mjs';
import { open } from '../harness/waiting.mjs';
import { startWorker } from '../harness/workers.mjs';
import { ChatPage } from '../pages/chat.mjs';
import { Lanes } from '../pages/lanes.mjs';
import { MonitorPage } from '../pages/monitor.mjs';
import { PresencePage } from '../pages/presence_channel.mjs';
import { SearchView } from '../pages/search.mjs';
import { ChannelsPage, DevicesPage } from '../pages/things.mjs';
import { AuctionsPage, NewsPage, TasksPage } from '../pages/uses.mjs';
import { WireView } from '../pages/wire.mjs';
import { mosquitto } from '../peers/mosquitto.mjs';
import { mosquittoPub } from '../peers/mosquitto_pub.mjs';
import { mosquittoSub } from '../peers/mosquitto_sub.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** Small enough to be read in a column of text. */
const SIZE = { width: 1080, height: 640 };

/** A page of that size; `take` writes what it shows into `docs/`. */
async function easel(t) {
  const browser = await openBrowser(t);
  const { page } = await openPage(browser, { reducedMotion: true });
  await page.setViewportSize(SIZE);
  const take = async (name) => {
    const path = fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url));
    await page.screenshot({ path });
    const { status } = spawnSync('pngquant', ['--force', '--strip', '--ext', '.png', '--quality', '50-90', path]);
    assert.equal(status, 0, `pngquant ${path}`);
  };
  return { browser, page, take };
}

/** Two people side by side in one page. */
async function two(page, server, stage, password, names = ['vy', 'jenny']) {
  const chat = await ChatPage.open(page, server.page, stage);
  const first = await chat.window().logIn(names[0], password);
  const second = await (await chat.second()).logIn(names[1], password);
  return { chat, first, second };
}

test('the Monitor', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const monitor = await MonitorPage.open(page, server.page);
  const url = server.url('open', 'tcp');
  for (const id of ['hall/thermometer', 'cellar/pump']) await mqttJs(t, { url, id, username: 'alice' });
  const door = await mqttJs(t, { url: server.url(), id: 'front-door', version: '5.0' });
  await (await mqttJs(t, { url, id: 'io-mqtt-39dc5a71' })).crash();
  await mqttJs(t, { url: server.url(), id: 'cellar/pump', username: 'alice', version: '5.0' });
  await door.leave();
  await mosquittoSub(t, { port: server.tcpPort('open'), id: 'مصباح' });
  await monitor.details(await monitor.row('io-mqtt-39dc5a71', 'disconnected'));
  await take('monitor');
});

test('errors, throttle and fights', async (t) => {
  const config = `${open}\n[realm.account_limits."*"]\nmax_publish_rate = 2\n`;
  const server = await startServer(t, { config });
  const { page, take } = await easel(t);
  const monitor = await MonitorPage.open(page, server.page);
  const [tcp, webSocket] = [server.url('open', 'tcp'), server.url()];
  const common = { id: 'lamp', username: 'alice', returns: 400 };
  await mqttJs(t, { ...common, url: tcp, keepAlive: 30 });
  const second = await mqttJs(t, { ...common, url: webSocket, version: '5.0' });
  const wrong = { port: server.tcpPort('open'), id: 'door', username: 'peter', topic: '$headcount/peter/events' };
  for (let times = 0; times < 3; times += 1) await mosquittoPub(t, wrong);
  const hose = await mqttJs(t, { url: tcp, id: 'hose', username: 'garden' });
  for (let number = 0; number < 30; number += 1) await hose.publish('garden/water', `${number}`);
  await monitor.card('lamp').getByText(/ [4-9] take-overs in /).waitFor();
  await second.client.endAsync();
  await monitor.line('may not publish').waitFor();
  await take('fights');
});

test('another broker', async (t) => {
  const broker = await mosquitto(t, ['log_dest stderr', 'log_dest topic', 'connection_messages true']);
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const query = new URLSearchParams({ address: broker.url, feeds: 'tasmota' });
  const monitor = await MonitorPage.open(page, `${server.page}?${query}`);
  const log = await monitor.feed('$SYS/broker/log/N');
  await log.getByText(/granted|heard/).waitFor();
  const { port } = broker;
  const plug = { topic: 'tele/plug-7/LWT', payload: 'Offline' };
  const socket = await mqttJs(t, { url: `mqtt://127.0.0.1:${port}`, id: 'DVES_7', will: plug });
  await socket.publish(plug.topic, 'Online');
  const polite = await mosquittoSub(t, { port, id: 'polite', username: 'alice', version: '5.0' });
  await polite.leave();
  await mosquittoSub(t, { port, id: 'thermometer' });
  await socket.crash();
  await monitor.row('DVES_7', 'disconnected');
  await take('brokers');
});

test('search', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  for (const id of ['kitchen-lamp', 'front-door', 'greenhouse-7', 'car', 'hall-lamp']) {
    await (await mqttJs(t, { url: server.url('open', 'tcp'), id })).leave();
  }
  const monitor = await MonitorPage.open(page, server.page);
  const search = new SearchView(page);
  await search.field.fill('client:/lamp|door/ -status:connected since:2026-01-01');
  await search.finds(3);
  await monitor.details(await monitor.row('front-door', 'disconnected'));
  await search.openMenu();
  await take('search');
});

test('stage 10', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const { first, second } = await two(page, server, 10);
  await first.open('jenny');
  await first.say('jenny', 'Good morning! Coffee at ten?');
  await second.conversation('vy').getByRole('button').click();
  await second.say('vy', 'With pleasure ☕');
  await first.message('With pleasure').waitFor();
  await take('chat-10');
});

test('stage 20', async (t) => {
  const server = await startServer(t, { stored: true });
  const { page, take } = await easel(t);
  const { chat, first, second } = await two(page, server, 20);
  await second.open('vy');
  await second.logOut();
  await first.open('jenny');
  for (const text of ['Are you still there?', 'I leave it with the broker then.']) {
    await first.say('jenny', text);
    await first.marked(text, 'acknowledged');
  }
  await chat.window(2).logIn('jenny');
  await second.note(/waited for you at the broker/).waitFor();
  await take('chat-20');
});

test('stage 30', async (t) => {
  const server = await startServer(t);
  const { browser, page, take } = await easel(t);
  const { first, second } = await two(page, server, 30);
  const { page: other } = await openPage(browser);
  const peter = (await ChatPage.open(other, server.page, 30)).window();
  await peter.logIn('peter');
  await first.open('peter');
  await first.badge('peter', 'Online');
  await other.close();
  await first.badge('peter', 'Offline');
  await second.open('vy');
  await second.say('vy', 'Peter closed his tab, and the broker said so.');
  await first.conversation('jenny').getByRole('button').click();
  await first.say('jenny', 'In his name: that is a Will.');
  await second.message('In his name').waitFor();
  await take('chat-30');
});

test('stage 40', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const { first, second } = await two(page, server, 40, 'test');
  await first.open('jenny');
  await first.say('jenny', 'It is really me.');
  await second.conversation('vy').getByRole('button').click();
  await first.pretend('minh');
  await first.section.getByText('Rules in force').click();
  await first.refusingRule.scrollIntoViewIfNeeded();
  await take('chat-40');
});

test('stage 50', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const chat = await ChatPage.open(page, server.page, 50);
  const admin = await chat.window().logIn('admin', 'admin');
  const vy = await (await chat.second()).logIn('vy', 'test');
  await admin.makeRoom('garden');
  await admin.conversation('garden').getByRole('button').click();
  await admin.letIn('vy');
  await admin.letIn('peter');
  await vy.conversation('garden').getByRole('button').click();
  await vy.say('garden', 'Who waters the tomatoes?');
  await admin.message('tomatoes').waitFor();
  await take('chat-50');
});

test('stage 60', async (t) => {
  const server = await startServer(t);
  await startWorker(t, server, 'chat');
  const { page, take } = await easel(t);
  const { first, second } = await two(page, server, 60, 'test');
  await first.open('jenny');
  await first.say('jenny', 'Good morning');
  await first.marked('Good morning', 'accepted');
  await first.say('jenny', 'Where is the darn key?');
  await first.message('darn').getByText(/^rejected: /).waitFor();
  await second.conversation('vy').getByRole('button').click();
  await take('chat-60');
});

test('presence', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const presence = await PresencePage.open(page, server.page, '8758f6d3');
  await presence.client('Alan').check();
  await presence.present('Alan');
  await presence.client('Margaret').check();
  await presence.present('Alan', 'Margaret');
  await presence.client('Alan').uncheck();
  await presence.client('Grace').check();
  await presence.present('Margaret', 'Grace');
  await take('presence');
});

test('news', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const news = await NewsPage.open(page, server.page);
  await news.subscribe('news/sport/#');
  await news.subscribe('news/+/us/+');
  await news.publish('news/sport/football', 'Late goal decides the derby');
  await news.publish('news/politics/us/utah', 'Utah votes on water');
  await news.article('Utah votes').waitFor();
  await take('news');
});

test('tasks', async (t) => {
  const server = await startServer(t);
  await startWorker(t, server, 'tasks');
  const { page, take } = await easel(t);
  const tasks = await TasksPage.open(page, server.page);
  await tasks.start('Primes for breakfast', '1000000', '30');
  await tasks.task('Primes for breakfast').getByText(/running/i).first().waitFor();
  await take('tasks');
});

test('auctions', async (t) => {
  const server = await startServer(t);
  await startWorker(t, server, 'auctions');
  const { page, take } = await easel(t);
  const auctions = await AuctionsPage.open(page, server.page);
  await auctions.bidAs('jenny');
  await auctions.offer('A teapot', '12.00', '10 minutes');
  await auctions.item('A teapot').waitFor();
  await auctions.bidAs('vy');
  await auctions.bid('A teapot', '15.00');
  await auctions.item('A teapot').getByText('15.00').first().waitFor();
  await page.getByRole('main').evaluate((main) => main.scrollTo(0, 0));
  await take('auctions');
});

/** A device of minh's, Weather, and a function that publishes as it. */
async function weather(t, server, page) {
  const devices = await DevicesPage.open(page, server.page);
  const { clientId: id, username, password } = await devices.add('Weather, roof');
  await devices.saved();
  const station = await mqttJs(t, { url: server.url('secure', 'tcp'), id, username, password });
  const publish = async (count) => {
    for (let at = 0; at < count; at++) {
      const [warm, moist] = [14 + 6 * Math.sin(at / 7), 55 - 9 * Math.sin(at / 7 + 0.4)].map((value) => value.toFixed(1));
      const made = new Date(Date.UTC(2026, 10, 21, 8, 10 * at)).toISOString();
      const body = `field1=${warm}&field2=${moist}&field3=${at % 12 ? 0 : 4}&status=${at % 12 ? 'dry' : 'rain'}&created_at=${made}`;
      await station.publish('channels/1/publish', body, { qos: 1 });
    }
  };
  return { devices, publish };
}

test('lanes', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  await MonitorPage.open(page, `${server.page}?show=lanes`);
  const lanes = new Lanes(page);
  const url = server.url('open', 'tcp');
  const join = (id, options) => mqttJs(t, { url, id, ...options });
  for (const id of ['hall/thermometer', 'cellar/pump', 'kitchen/lamp']) await join(id);
  for (let round = 0; round < 5; round += 1) {
    const [door, phone] = [await join('door-bell'), await join('phone-of-vy')];
    await page.waitForTimeout(500);
    await door.crash();
    await join('twin');
    await page.waitForTimeout(400);
    await phone.leave();
  }
  await lanes.ends('twin', 'taken-over').waitFor({ state: 'attached' });
  await lanes.button('Zoom in').click();
  await lanes.button('Zoom in').click();
  await lanes.region.getByText('Legend').click();
  await page.getByRole('button', { name: 'Dismiss: twin' }).click();
  await page.getByRole('button', { name: 'Dismiss: door-bell' }).click();
  await take('lanes');
});

test('devices', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const { devices, publish } = await weather(t, server, page);
  await devices.add('Lamp, hall');
  await devices.saved();
  await publish(3);
  const card = devices.device('Weather, roof');
  await card.getByText(/^#3, /).waitFor();
  await card.getByText('Code for this device').click();
  await take('devices');
});

test('channels', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const { publish } = await weather(t, server, page);
  const channels = await ChannelsPage.open(page, server.page);
  await publish(60);
  await channels.entry(60).waitFor();
  await page.setViewportSize({ ...SIZE, height: 800 });
  await take('channels');
});

test('the wire view', async (t) => {
  const server = await startServer(t);
  const { page, take } = await easel(t);
  const first = await (await ChatPage.open(page, server.page, 30)).window().logIn('vy');
  await first.open('jenny');
  await first.say('jenny', 'What does this look like on the wire?');
  await page.setViewportSize({ ...SIZE, height: 800 });
  const wire = await WireView.open(page);
  await (await wire.row('PUBLISH', 'chat/messages')).click();
  await take('wire');
});
