// The Monitor page, by roles and visible text, as a person or a screen reader finds things on it.

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {import('playwright').Locator} Locator
 */

export class MonitorPage {
  /** @type {Page} */
  page;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Opens the page and waits until it is live. */
  static async open(page, url) {
    const monitor = new MonitorPage(page);
    await page.goto(url);
    await monitor.live();
    return monitor;
  }

  /** The state pill. */
  get status() {
    return this.page.getByRole('status');
  }

  /** Waits until the page is connected and has subscribed. */
  async live() {
    await this.status.filter({ hasText: /^Live, MQTT / }).waitFor();
  }

  get timeline() {
    return this.page.getByRole('table', { name: 'Events, newest first' });
  }

  /** All rows in sight, newest first, gaps among them. */
  get rows() {
    return this.timeline.getByRole('row').filter({ has: this.page.getByRole('cell') });
  }

  /**
   * The rows of a client, newest first.
   * @param {string} id
   * @param {'connected' | 'disconnected' | 'refused' | 'denied' | 'conflict'} [what] the word on the row
   * @param {string} [why] the words beside it, as `silent for longer than its keep alive allows`
   */
  rowsOf(id, what, why) {
    let rows = this.rows.filter({ has: this.page.getByRole('button', { name: id, exact: true }) });
    if (what !== undefined) rows = rows.filter({ has: this.page.getByText(what, { exact: true }) });
    if (why !== undefined) rows = rows.filter({ has: this.page.getByText(why, { exact: true }) });
    return rows;
  }

  /** Waits for the newest such row, and gives it. */
  async row(id, what, why) {
    const row = this.rowsOf(id, what, why).first();
    await row.waitFor();
    return row;
  }

  /** The rows that say for how long the page was not watching. */
  get gaps() {
    return this.rows.filter({ hasText: /^Not watching for / });
  }

  /** Opens a row to its details and gives them: all fields, and the message as it came. */
  async details(row) {
    await row.getByRole('button', { expanded: false }).first().click();
    return { fields: row.getByLabel('Fields', { exact: true }), message: row.getByLabel('Message', { exact: true }) };
  }

  /** Who is here. */
  get presence() {
    return this.page.getByRole('complementary');
  }

  /** Waits until a client is listed as here. */
  async here(id) {
    await this.guest(id).waitFor();
  }

  /** Waits until a client is not listed. */
  async gone(id) {
    await this.guest(id).waitFor({ state: 'detached' });
  }

  /** A client in the list of who is here. */
  guest(id) {
    return this.presence.getByRole('listitem').filter({ has: this.page.getByText(id, { exact: true }) });
  }

  /** Waits until the page says that so many are here. */
  async count(number) {
    await this.presence.getByRole('heading', { name: `${number} here now`, exact: true }).waitFor();
  }

  /** The line about the feeds of other brokers and of devices, which opens to their table. */
  get feeds() {
    return this.page.locator('summary', { hasText: 'Feeds read here' });
  }

  /** Opens the table of feeds where it is closed, and gives its row of a Topic Filter. */
  async feed(filter) {
    const table = this.page.getByRole('group', { name: 'Feeds read here', exact: true }).last();
    if (!(await table.isVisible())) await this.feeds.click();
    return table.getByRole('row').filter({ has: this.page.getByText(filter, { exact: true }) });
  }

  /** The lines of errors and throttle beside the timeline. */
  get trouble() {
    return this.page.getByRole('region', { name: 'Errors and throttle' });
  }

  /** A line of errors or throttle that has these words. */
  line(words) {
    return this.trouble.getByRole('listitem').filter({ hasText: words });
  }

  /** The cards over the timeline that speak of this client. */
  card(id) {
    const own = this.page.getByText(id, { exact: true });
    return this.page.getByRole('region', { name: 'Connection' }).getByRole('listitem').filter({ has: own });
  }

  get searchField() {
    return this.page.getByRole('searchbox', { name: 'Search the timeline' });
  }

  /** The button that pauses and resumes, whatever it says at the moment. */
  get pauseButton() {
    return this.page.getByRole('button', { name: /^Pause/ });
  }

  /** The pill that brings one who has scrolled away back to the newest row. */
  get newPill() {
    return this.page.getByRole('button', { name: /^[0-9,]+ new$/ });
  }

  /** The buttons that bring a demo client: in the toolbar, and while nothing has happened in the middle. */
  get connectDemo() {
    return this.page.getByRole('button', { name: 'Connect a demo client' }).first();
  }

  get disconnectDemo() {
    return this.page.getByRole('button', { name: 'Disconnect demo client' }).first();
  }

  /** The command that the empty timeline offers. */
  get command() {
    return this.page.getByText(/mosquitto_sub .* -t /);
  }

  /** Opens the connect panel where it is closed, and gives its fields by their labels. */
  async connectPanel() {
    const field = (label) => this.page.getByLabel(label, { exact: true });
    if (!(await field('Address').isVisible())) await this.page.getByText('Connection', { exact: true }).click();
    return {
      address: field('Address'),
      realm: field('Realm'),
      clientId: field('Client id'),
      userName: field('User name'),
      password: field('Password'),
      version: field('MQTT version'),
      connect: this.page.getByRole('button', { name: /^Connect( with these)?$/ }),
      disconnect: this.page.getByRole('button', { name: 'Disconnect', exact: true }),
    };
  }

  /** Waits until the page has drawn what it knows. */
  async drawn() {
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }

  /**
   * Connects as the panel says, and waits until the page is live there. Until the next frame it would still say that it
   * is live where it was.
   * @param {Awaited<ReturnType<MonitorPage['connectPanel']>>} panel
   */
  async connectAs(panel) {
    await panel.connect.click();
    await this.drawn();
    await this.live();
  }

  /**
   * Begins to note when each row is put into the page. The function it gives tells, by client and word, the milliseconds
   * from the broker's time of the event to the row's being there; both clocks are this machine's. `stall` is the longest
   * that the page waited for a frame meanwhile: what the machine had no time for.
   * @returns {Promise<() => Promise<{text: string, delay: number, stall: number}[]>>}
   */
  async watchDelays() {
    await this.timeline.evaluate((table) => {
      globalThis.journeyDelays = [];
      const frames = [Date.now()];
      const note = () => {
        frames.push(Date.now());
        requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
      const stallSince = (begin) => {
        const gaps = [...frames, Date.now()].map((at, index, all) => (at > begin ? at - (all[index - 1] ?? at) : 0));
        return Math.max(...gaps);
      };
      new MutationObserver((changes) => {
        for (const row of changes.flatMap((change) => [...change.addedNodes])) {
          const time = row instanceof HTMLTableRowElement && row.querySelector('time');
          if (!time) continue;
          const at = Date.parse(time.dateTime);
          globalThis.journeyDelays.push({ text: row.innerText, delay: Date.now() - at, stall: stallSince(at) });
        }
      }).observe(table, { childList: true, subtree: true });
    });
    return () => this.page.evaluate(() => globalThis.journeyDelays);
  }
}
