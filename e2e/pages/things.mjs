// Page objects of the devices and the channels: everything by role and visible words.

import { expect } from '../harness/expect.mjs';

/** What both have. */
class Things {
  constructor(page) {
    this.page = page;
  }

  /** The page of this class, where somebody of the demo is logged in. */
  static async open(page, address, account = 'minh', query = '') {
    const things = new this(page);
    await page.goto(`${address}?use=${this.use}${query}`);
    await things.logIn(account);
    return things;
  }

  async logIn(account) {
    const demo = this.button(`${account}, password ${account === 'admin' ? 'admin' : 'test'}`);
    await demo.or(this.loggedIn).first().waitFor();
    if (await demo.isVisible()) {
      await demo.click();
      await this.button('Log in').click();
    }
    await this.live();
    // The list is asked for behind all that is subscribed to, so nothing can be missed from here on.
    await expect(this.page.getByText('Asking the broker…')).toHaveCount(0);
  }

  get loggedIn() {
    return this.page.getByText(/^Logged in as /);
  }

  /** The connection stands. */
  async live() {
    await this.page.getByText(/^Live, MQTT /).waitFor();
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  dialog(name) {
    return this.page.getByRole('dialog', { name });
  }
}

export class DevicesPage extends Things {
  static use = 'devices';

  /** A device by its name. */
  device(name) {
    return this.page.getByRole('main').getByRole('listitem', { name, exact: true });
  }

  /** Adds a device with a channel of its own, and gives its credentials, which are shown still. */
  async add(name, { subscribes = false } = {}) {
    await this.button('Add device').click();
    await this.field('Name').fill(name);
    if (subscribes) await this.field('Allow subscribe').check();
    await this.button('Add the device').click();
    return this.credentials(name);
  }

  async credentials(name) {
    const dialog = this.dialog(`Credentials of “${name}”`);
    await expect(dialog.locator('#secret')).toHaveText(/./);
    const text = (id) => dialog.locator(`#${id}`).innerText();
    return { clientId: await text('client-id'), username: await text('user-name'), password: await text('secret') };
  }

  /** Puts the credentials away. */
  async saved() {
    await this.button('I have saved it').click();
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** The code of a tab, within a dialog or a card. */
  async code(within, label) {
    await within.getByRole('tab', { name: label }).click();
    await within.getByRole('tab', { name: label, selected: true }).waitFor();
    return within.getByRole('tabpanel', { name: label }).locator('pre').innerText();
  }
}

export class ChannelsPage extends Things {
  static use = 'channels';

  /** The picture of a field. */
  picture(field) {
    return this.page.getByRole('img', { name: new RegExp(`^${field}: `) });
  }

  /** What is printed beside the picture of a field: the last, the least and the greatest. */
  numbers(field) {
    const plot = this.page.getByRole('listitem').filter({ has: this.page.getByRole('heading', { name: field, exact: true }) });
    return plot.locator('dd');
  }

  /** An entry's row. */
  entry(number) {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: `#${number}`, exact: true }) });
  }

  async publish(values, status = '') {
    for (const [field, value] of Object.entries(values)) await this.field(field).fill(value);
    await this.field('status').fill(status);
    await this.button('Publish').click();
  }
}
