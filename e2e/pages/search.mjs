// The Monitor's search, its values to click, and what one shares of it.

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {import('playwright').Locator} Locator
 */

export class SearchView {
  /** @type {Page} */
  page;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  get field() {
    return this.page.getByRole('searchbox', { name: 'Search the timeline' });
  }

  /** Waits until so many rows are found. */
  async finds(count) {
    await this.page.getByText(count === 1 ? '1 row' : `${count} rows`, { exact: true }).waitFor();
  }

  /** The terms in force, each a button that takes it out. */
  get terms() {
    return this.page.getByRole('list', { name: 'Terms in force' }).getByRole('button');
  }

  /** The sentence about a term that is left out. */
  fault(words) {
    return this.page.getByRole('paragraph').filter({ hasText: `is left out: ${words}` });
  }

  /** A value to click, in a row or its details. */
  value(inside, text) {
    return inside.getByRole('button', { name: text, exact: true });
  }

  /** Waits until the page's address asks for this; `''`: for nothing. */
  async inAddress(text) {
    await this.page.waitForURL((url) => (url.searchParams.get('search') ?? '') === text);
  }

  get help() {
    return this.page.getByRole('region', { name: 'How to search' });
  }

  async openHelp() {
    await this.page.getByTitle('How to search').click();
    await this.help.waitFor();
  }

  get menu() {
    return this.page.getByRole('region', { name: 'Share and files' });
  }

  async openMenu() {
    if (!(await this.menu.isVisible())) await this.page.getByTitle('Share and files').click();
    await this.menu.waitFor();
  }

  /** The link that the menu offers. */
  async link() {
    await this.openMenu();
    return this.menu.getByText(/^https?:/).innerText();
  }

  /**
   * Saves what is shown; gives the file's name and text.
   * @param {'NDJSON' | 'CSV'} kind
   */
  async save(kind) {
    await this.openMenu();
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.menu.getByRole('button', { name: `Save as ${kind}` }).click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString() };
  }

  /** Opens a record as a person does who chooses a file. */
  async open(name, text) {
    await this.openMenu();
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.menu.getByRole('button', { name: 'Open a record…' }).click(),
    ]);
    await chooser.setFiles({ name, mimeType: 'application/x-ndjson', buffer: Buffer.from(text) });
  }

  /** Drops a file onto the page. */
  async drop(name, text) {
    const transfer = await this.page.evaluateHandle(
      ([fileName, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content], fileName));
        return data;
      },
      [name, text],
    );
    for (const type of ['dragover', 'drop']) await this.page.dispatchEvent('main', type, { dataTransfer: transfer });
  }

  /** The sentence that says that a record is shown. */
  get recorded() {
    return this.page.getByRole('paragraph').filter({ hasText: /^Showing / });
  }

  get complaint() {
    return this.page.getByRole('alert');
  }
}
