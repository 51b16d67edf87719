// The wire view, by roles and visible text.

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {import('playwright').Locator} Locator
 */

export class WireView {
  /** @type {Page} */
  page;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Opens it from whatever view the page shows. */
  static async open(page) {
    await page.getByRole('button', { name: 'Wire', exact: true }).click();
    const wire = new WireView(page);
    await wire.list.waitFor();
    return wire;
  }

  get panel() {
    return this.page.getByRole('region', { name: 'Wire', exact: true });
  }

  get list() {
    return this.panel.getByRole('listbox', { name: 'Packets, oldest first' });
  }

  /** The rows in sight, oldest first. */
  get rows() {
    return this.list.getByRole('option');
  }

  /** The rows that hold all of these words. */
  rowsOf(...words) {
    return words.reduce((rows, word) => rows.filter({ hasText: word }), this.rows);
  }

  /** Waits for the newest such row, and gives it. */
  async row(...words) {
    const row = this.rowsOf(...words).last();
    await row.waitFor();
    return row;
  }

  /** `12 of 34 packets`, in words. */
  get count() {
    return this.panel.getByRole('status');
  }

  get search() {
    return this.panel.getByRole('searchbox', { name: 'Find in packets' });
  }

  get topic() {
    return this.panel.getByRole('searchbox', { name: 'Topic or Topic Filter' });
  }

  get type() {
    return this.panel.getByRole('combobox', { name: 'Packet type' });
  }

  /** `↑ out`, `↓ in` or `pings`. */
  way(name) {
    return this.panel.getByRole('button', { name, exact: true });
  }

  get pauseButton() {
    return this.panel.getByRole('button', { name: /^Pause/ });
  }

  get closeButton() {
    return this.panel.getByRole('button', { name: 'Close the wire view' });
  }

  /** The packet that is opened. */
  get opened() {
    return this.panel.getByRole('region', { name: 'Opened packet' });
  }

  /** A field of the opened packet; `value` narrows it down. */
  field(name, value = '') {
    const label = this.page.getByText(name, { exact: true });
    return this.opened.getByRole('treeitem').filter({ has: label }).filter({ hasText: value });
  }

  /** The value of a field of the opened packet, as it is shown. */
  value(name) {
    return this.field(name).first().locator('.field-value');
  }

  /** The bytes of the opened packet as the dump shows them, without offsets and characters. */
  async hex() {
    await this.opened.locator('.dump-hex').first().waitFor();
    const rows = await this.opened.locator('.dump-hex').allInnerTexts();
    return rows.join(' ').trim().split(/\s+/).join(' ');
  }

  /** The bytes that are lit. */
  async lit() {
    const parts = await this.opened.locator('.dump-hex [data-lit]').allInnerTexts();
    return parts.join(' ').trim().split(/\s+/).join(' ');
  }

  /** Saves the record, and gives the file's text. */
  async export() {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.panel.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  /** Opens a file of packets. */
  async import(name, text) {
    const file = { name, mimeType: 'application/x-ndjson', buffer: Buffer.from(text) };
    await this.panel.getByLabel('File of packets').setInputFiles(file);
  }

  /** What is said about a file. */
  notice(words) {
    return this.panel.getByText(words);
  }
}
