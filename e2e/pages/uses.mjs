// The three uses, by roles and visible text.

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {import('playwright').Locator} Locator
 */

class Use {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Opens a use and waits until it is live. */
  static async open(page, url) {
    const use = new this(page);
    await page.goto(`${url}?use=${this.use}`);
    await use.live();
    return use;
  }

  /** Waits until the page is connected. */
  async live() {
    await this.page.getByRole('status').filter({ hasText: /^Live, MQTT / }).waitFor();
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  panel(name) {
    return this.page.getByRole('region', { name });
  }

  /** The sentence that says that no worker answers. */
  get noWorker() {
    return this.page.getByRole('note').filter({ hasText: 'No worker answers here.' });
  }
}

export class NewsPage extends Use {
  static use = 'news';

  section(name) {
    return this.page.getByRole('checkbox', { name });
  }

  /** An article by its headline. */
  article(headline) {
    return this.panel('Articles, newest first').getByRole('listitem').filter({ hasText: headline });
  }

  subscription(filter) {
    return this.panel('What you read')
      .getByRole('listitem')
      .filter({ has: this.page.getByText(filter, { exact: true }) });
  }

  async subscribe(filter) {
    await this.field('Any Topic Filter').fill(filter);
    await this.button('Subscribe').click();
    await this.subscription(filter).filter({ hasText: 'article' }).waitFor();
  }

  async publish(topic, headline) {
    await this.field('Topic').fill(topic);
    await this.field('Headline').fill(headline);
    await this.button('Publish').click();
  }
}

export class TasksPage extends Use {
  static use = 'tasks';

  async start(title, below, seconds) {
    await this.field('Title').fill(title);
    await this.field('Count primes below').selectOption(below);
    await this.field('Take at least').selectOption(seconds);
    await this.button('Start').click();
  }

  /** A task in one of the watchers. */
  task(title, watcher = 'Watcher') {
    return this.page.getByRole('region', { name: watcher, exact: true }).getByRole('listitem').filter({ hasText: title });
  }

  /** How far a task is, of a hundred, as its bar says at the moment. */
  async percent(title, watcher) {
    return this.task(title, watcher).getByRole('progressbar').evaluate((bar) => bar.value);
  }
}

export class AuctionsPage extends Use {
  static use = 'auctions';

  async bidAs(name) {
    await this.field('Name').fill(name);
    await this.button('Use it').click();
    await this.page.getByText(`You bid as ${name}.`).waitFor();
  }

  async offer(title, price, length) {
    await this.field('Item').fill(title);
    await this.field('Starting price').fill(price);
    await this.field('Open for').selectOption(length);
    await this.button('Offer').click();
  }

  /** An item's card. */
  item(title) {
    return this.panel(/^Items/).getByRole('listitem', { name: title });
  }

  async bid(title, amount) {
    await this.item(title).getByLabel('Your bid').fill(amount);
    await this.item(title).getByRole('button', { name: 'Bid' }).click();
  }
}
