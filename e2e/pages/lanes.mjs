// The lanes and the histogram of the Monitor, by roles and visible text.

export class Lanes {
  /** @param {import('playwright').Page} page */
  constructor(page) {
    this.page = page;
  }

  /** The strip above list and lanes. */
  get moments() {
    return this.page.getByRole('region', { name: 'Moments' });
  }

  /** A button of the strip. */
  button(name) {
    return this.moments.getByRole('button', { name, exact: true });
  }

  async show() {
    await this.button('Lanes').click();
    await this.region.waitFor();
  }

  async showList() {
    await this.button('List').click();
  }

  get region() {
    return this.page.getByRole('region', { name: 'Lanes' });
  }

  /** What takes the keys for all lanes. */
  get scroller() {
    return this.region.getByRole('group', { name: /^Lanes/ });
  }

  get histogram() {
    return this.moments.getByRole('application', { name: 'Connects and disconnects over time' });
  }

  get all() {
    return this.scroller.getByRole('listitem');
  }

  /** The names on the lanes that are drawn, from the top. */
  async names() {
    return (await this.all.getByRole('button', { name: /^(?!Keep )/ }).allInnerTexts()).map((name) => name.trim());
  }

  lane(id) {
    return this.all.filter({ has: this.page.getByRole('button', { name: id, exact: true }) });
  }

  /** The ends of a lane's bars for this reason; a lane without a bar has none. */
  ends(id, reason) {
    return this.lane(id).locator(`[data-reason="${reason}"]`);
  }

  pin(id) {
    return this.lane(id).getByRole('button', { name: `Keep ${id} on top` });
  }

  /** What the line below the histogram says. */
  get told() {
    return this.moments.locator('#moments-told');
  }

  /** What hides a time of which the page knows nothing. */
  get hatching() {
    return this.region.locator('.lanes-over .lanes-gap');
  }

  /** Milliseconds in sight. */
  async length() {
    return Number(await this.moments.getAttribute('data-length'));
  }

  /**
   * Waits until this is in sight.
   * @param {'all' | 'newest' | 'fixed'} view
   */
  async shows(view) {
    await this.page.locator(`.moments[data-view="${view}"]`).waitFor();
  }

  /** Drags on an element from one part of its width to another. */
  async drag(element, from, to) {
    const { x, y, width, height } = await element.boundingBox();
    await this.page.mouse.move(x + width * from, y + height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(x + width * (from + to) / 2, y + height / 2);
    await this.page.mouse.move(x + width * to, y + height / 2);
    await this.page.mouse.up();
  }

  /** Opens the table and gives the cells of its rows. */
  async table() {
    const rows = this.region.getByRole('table', { name: 'Sessions' }).getByRole('row');
    if (!(await rows.first().isVisible())) await this.region.getByText('Show as table').click();
    await rows.nth(1).waitFor();
    const cells = await rows.evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText)));
    return cells.slice(1).map(([client, connected, ended, long, reason]) => ({ client, connected, ended, long, reason }));
  }
}
