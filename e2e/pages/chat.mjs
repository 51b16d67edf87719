// The chat, by roles and visible text, as a person or a screen reader finds things on it.

import { expect } from '../harness/expect.mjs';

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {import('playwright').Locator} Locator
 */

/** The page: the stage, and one or two windows. */
export class ChatPage {
  /** @type {Page} */
  page;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Opens the chat at a stage. */
  static async open(page, url, stage, query = '') {
    const chat = new ChatPage(page);
    await page.goto(`${url}?stage=${stage}${query}`);
    await chat.window().section.waitFor();
    return chat;
  }

  /** The first or the second window. */
  window(number = 1) {
    return new ChatWindow(this.page.getByRole('region', { name: `Window ${number}`, exact: true }));
  }

  /** Opens the second window. */
  async second() {
    await this.page.getByRole('button', { name: 'Open a second window' }).click();
    return this.window(2);
  }

  /** A check box, by its words. */
  box(label) {
    return this.page.getByRole('checkbox', { name: label, exact: true });
  }

  /** Waits until the page's address has this stage. */
  async atStage(stage) {
    await expect(this.page).toHaveURL((url) => url.searchParams.get('stage') === String(stage));
  }
}

/** One window of it. */
export class ChatWindow {
  /** @type {Locator} */
  section;

  /** @param {Locator} section */
  constructor(section) {
    this.section = section;
  }

  /** Logs in, and waits until that is done. */
  async logIn(name, password) {
    await this.tryLogIn(name, password);
    await this.live();
    return this;
  }

  /** Logs in, whatever comes of it; with a password where the stage asks for one. */
  async tryLogIn(name, password) {
    await this.section.getByLabel('Name', { exact: true }).fill(name);
    if (password !== undefined) await this.section.getByLabel('Password', { exact: true }).fill(password);
    await this.section.getByRole('button', { name: 'Log in', exact: true }).click();
  }

  async logOut() {
    await this.section.getByRole('button', { name: 'Log out', exact: true }).click();
    await this.section.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  }

  /** Waits until the window is connected and has subscribed. */
  async live() {
    await this.section.getByText(/^Live, MQTT /).waitFor();
  }

  /** The sentences below the window's head. */
  note(words) {
    return this.section.getByText(words);
  }

  /** A conversation in the list. */
  conversation(name) {
    return this.section.getByRole('navigation', { name: 'Conversations' }).getByRole('listitem')
      .filter({ has: this.section.page().getByText(name, { exact: true }) });
  }

  /** Shows a conversation, which is begun where there is none. */
  async open(name) {
    await this.section.getByLabel('Start a conversation with').fill(name);
    await this.section.getByRole('button', { name: 'Start', exact: true }).click();
    await this.composer(name).waitFor();
    await this.settleFocus(this.composer(name));
  }

  /** The focus goes where a click sent it a frame later; not with fingers, where it would bring up a keyboard. */
  async settleFocus(place) {
    const isCoarse = await this.section.page().evaluate(() => matchMedia('(pointer: coarse)').matches);
    if (!isCoarse) await expect(place).toBeFocused();
  }

  composer(name) {
    return this.section.getByRole('textbox', { name: `Message to ${name}`, exact: true });
  }

  /** Writes to somebody whose conversation is shown. */
  async say(name, text) {
    const composer = this.composer(name);
    await composer.fill(text);
    await composer.press('Enter');
  }

  /** All messages shown, oldest first. */
  get messages() {
    return this.section.getByRole('log').getByRole('article');
  }

  /** The messages that hold this text. */
  message(text) {
    return this.messages.filter({ hasText: text });
  }

  /** What each message shown says, without time and marks. */
  get texts() {
    return this.messages.locator('.message-content');
  }

  /** Waits until a message is shown that has come this far, as `acknowledged`. */
  async marked(text, mark) {
    await this.message(text).filter({ has: this.section.page().getByText(mark, { exact: true }) }).first().waitFor();
  }

  /** Waits until a conversation's badge in the list says this: `Online`, `Offline`, `Unknown`. */
  async badge(name, badge, options) {
    await this.conversation(name).getByText(badge, { exact: true }).waitFor({ state: 'attached', ...options });
  }

  /** The words of a conversation's badge in the list. */
  badgeWords(name) {
    return this.conversation(name).locator('.badge-words');
  }

  /** Writes to the person whose conversation is shown in the name of somebody else. */
  async pretend(name) {
    const field = this.section.getByLabel('In the name of', { exact: true });
    if (!(await field.isVisible())) await this.section.getByText('Write as somebody else').click();
    await field.fill(name);
    await this.section.getByRole('button', { name: 'Try', exact: true }).click();
  }

  /** A rule in force, by its text. */
  rule(text) {
    return this.section.getByText(text, { exact: true });
  }

  /** The rule that refused something last. */
  get refusingRule() {
    return this.section.getByRole('listitem').filter({ hasText: 'refused the last one' });
  }

  /** Makes a room. */
  async makeRoom(name) {
    await this.section.getByLabel('Make a room called', { exact: true }).fill(name);
    await this.section.getByRole('button', { name: 'Make', exact: true }).click();
    await this.conversation(name).waitFor();
  }

  /** Lets somebody into the room that is shown. */
  async letIn(name) {
    await this.section.getByLabel('Let in', { exact: true }).fill(name);
    await this.section.getByRole('button', { name: 'Add', exact: true }).click();
    await this.section.getByRole('button', { name: `Remove ${name}`, exact: true }).waitFor();
  }
}
