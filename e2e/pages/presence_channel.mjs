// The page of presence by channel, by roles and visible text.

import { expect } from '../harness/expect.mjs';

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {import('playwright').Locator} Locator
 */

export class PresencePage {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Opens the page, on the channel of these digits or on one of its own, and waits until it is live. */
  static async open(page, url, digits) {
    const presence = new this(page);
    await page.goto(`${url}?use=presence${digits === undefined ? '' : `&channel=${digits}`}`);
    await presence.live();
    return presence;
  }

  /** Waits until the watcher is connected and has its first answer. */
  async live() {
    await this.page.getByRole('status').filter({ hasText: /^Live, MQTT / }).waitFor();
    await this.messages.first().waitFor();
  }

  panel(name) {
    return this.page.getByRole('region', { name });
  }

  /** The channel's name, as it is shown. */
  channel() {
    return this.page.locator('#channel').innerText();
  }

  /** The messages, newest first. */
  get messages() {
    return this.panel(/^Messages, newest first/).getByRole('listitem');
  }

  /** Waits until so many are on the channel, and these are their names in their order. */
  async present(...names) {
    const room = this.panel('Who is there');
    await expect(room.locator('#occupancy')).toHaveText(String(names.length));
    await expect(room.getByRole('listitem').locator('bdi')).toHaveText(names);
  }

  /** The switch of a client in this window. */
  client(name) {
    return this.page.getByRole('switch', { name, exact: true });
  }

  /** The line of a client in this window, with what it says of itself. */
  seat(name) {
    return this.panel('Clients in this window').getByRole('listitem').filter({ has: this.client(name) });
  }

  /** Connects one more client under this name. */
  async add(name) {
    await this.page.getByLabel('One more').fill(name);
    await this.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await this.seat(name).getByText('connected and subscribed').waitFor();
  }

  /** A text to be used elsewhere: `sdk`, `join` or `ask`. */
  async text(id) {
    const summary = this.page.getByText('Join from elsewhere');
    if (!(await this.page.locator(`#${id}`).isVisible())) await summary.click();
    return this.page.locator(`#${id}`).innerText();
  }
}
