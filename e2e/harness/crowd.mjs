// A crowd that comes and goes at random: people with tabs, lines and machines, and what has to be true of each.

import { openPage } from './browser.mjs';
import { layCable } from './cable.mjs';
import { startMachine } from './machine.mjs';
import { BADGE_GRACE, KEEP_ALIVE } from './waiting.mjs';
import { ChatPage } from '../pages/chat.mjs';

/** People to a machine: when it sleeps, they all do. */
const HOUSEHOLD = 5;

/** People to whom something happens at one time. */
const HANDFUL = 4;

/** Milliseconds until everything that was done has had its effect: a reconnect waits for up to a minute. */
const SETTLED = 120_000;

/**
 * Milliseconds that nothing has to be wrong in: longer than a page takes to notice that its connection is half open
 * (Keep Alive, 10 s for the answer to its ping) and a Will that comes late takes to change a badge.
 */
const REST = KEEP_ALIVE * 1_000 + 10_000 + BADGE_GRACE;

/** Numbers between 0 and 1 that a seed repeats (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * So many people, none of whom has come yet.
 * @param {import('node:test').TestContext} t
 */
export async function gather(t, server, size, random) {
  const crowd = new Crowd(server, random);
  for (let number = 0; number < size; number += 1) {
    if (number % HOUSEHOLD === 0) crowd.machines.push(await startMachine(t));
    const machine = crowd.machines.at(-1);
    const cable = await layCable(t, server.httpPort);
    const { page } = await openPage(machine.browser);
    await page.close();
    crowd.people.push(new Person(`person-${number}`, page.context(), cable));
  }
  return crowd;
}

class Crowd {
  machines = [];
  /** @type {Person[]} */
  people = [];
  /** What was done, for whoever has to find out what went wrong. */
  story = [];
  #server;
  #random;

  constructor(server, random) {
    this.#server = server;
    this.#random = random;
  }

  /** Does one thing to everybody, or to a handful each their own. */
  async happen() {
    const roll = this.#random();
    if (roll < 0.06) return this.#tell('everybody', 'broker killed', () => this.#restart('kill'));
    if (roll < 0.1) return this.#tell('everybody', 'broker restarted', () => this.#restart('stop'));
    if (roll < 0.2) {
      const machine = this.#pick(this.machines);
      return this.#tell(`machine ${this.machines.indexOf(machine)}`, 'sleeps', () => nap(machine, 1_000 + this.#random() * 6_000));
    }
    const some = new Set(Array.from({ length: HANDFUL }, () => this.#pick(this.people)));
    await Promise.all(
      [...some].map((person) => {
        const [what, act] = this.#pick(person.choices());
        return this.#tell(person.name, what, act);
      }),
    );
  }

  /**
   * Lines are mended, and everything is where it should be for a stretch; else what is not, as sentences. Whoever is
   * half open is Online, then Offline, then Online again until both ends have noticed: that is right at each moment,
   * and no rest.
   */
  async settle() {
    for (const person of this.people) await person.mend();
    const deadline = Date.now() + SETTLED;
    let since = Date.now();
    for (;;) {
      const wrong = await this.wrong();
      const now = Date.now();
      if (wrong.length > 0) since = now;
      if (now - since >= REST) return [];
      if (now > deadline) return wrong.length > 0 ? wrong : ['what is right does not stay so'];
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Badges that are not what is so, over all pages that are open. */
  async wrong() {
    const here = this.people.filter((person) => person.isHere);
    const wrong = await Promise.all(
      here.map(async (watcher) => {
        const badges = await watcher.badges();
        return this.people.flatMap((person) => {
          if (person === watcher || !person.wasHere) return [];
          const truth = person.isHere ? 'Online' : 'Offline';
          const badge = badges[person.name] ?? 'nothing';
          return badge === truth ? [] : [`${watcher.name} shows ${badge} beside ${person.name}, who is ${truth}`];
        });
      }),
    );
    return wrong.flat();
  }

  async #restart(how) {
    await this.#server[how]();
    await this.#server.startAgain();
  }

  async #tell(who, what, act) {
    this.story.push(`${new Date().toISOString()} ${who}: ${what}`);
    await act();
  }

  #pick(things) {
    return things[Math.floor(this.#random() * things.length)];
  }
}

async function nap(machine, ms) {
  machine.fallAsleep();
  await new Promise((resolve) => setTimeout(resolve, ms));
  machine.wakeUp();
}

class Person {
  name;
  /** Whether a tab of theirs is open and logged in. */
  isHere = false;
  /** Whether one ever was. */
  wasHere = false;
  #context;
  #cable;
  #isCut = false;
  /** @type {import('playwright').Page | undefined} */
  #page;

  constructor(name, context, cable) {
    this.name = name;
    this.#context = context;
    this.#cable = cable;
  }

  /** What may happen to this person as things are. */
  choices() {
    if (this.#isCut) {
      const mended = ['line mended', () => this.mend()];
      return this.isHere ? [mended, mended, ['closes the tab behind a cut line', () => this.#close()]] : [mended];
    }
    if (!this.isHere) return [['comes', () => this.#come()]];
    return [
      ['reloads', () => this.#reload()],
      ['reloads', () => this.#reload()],
      ['closes the tab', () => this.#close()],
      ['is killed', () => this.#crash()],
      ['logs out', () => this.#logOut()],
      ['line cut', () => this.#cut()],
      ['line reset', async () => this.#cable.reset()],
      ['line half open', async () => this.#cable.strand()],
      ['line half open, and reloads', () => (this.#cable.strand(), this.#reload())],
      ['goes on in another tab', () => this.#move()],
    ];
  }

  /** The badge beside each name in the first window's list. */
  async badges() {
    const { page } = this.#chat;
    return page.evaluate(() => {
      const badges = {};
      for (const line of document.querySelectorAll('.window[data-number="1"] .conversation')) {
        const name = line.querySelector('.conversation-name')?.textContent;
        badges[name] = line.querySelector('.badge-words')?.textContent ?? 'no badge';
      }
      return badges;
    });
  }

  async mend() {
    if (!this.#isCut) return;
    this.#isCut = false;
    this.#cable.mend();
    // The system tells a browser that its network is back.
    if (this.isHere) await this.#page.evaluate(() => window.dispatchEvent(new Event('online')));
  }

  async #come() {
    this.#page = await this.#context.newPage();
    await this.#logIn();
  }

  async #logIn() {
    this.#chat = await ChatPage.open(this.#page, this.#cable.page, 30);
    const window = this.#chat.window();
    // Who was here before comes back by themselves.
    const form = window.section.getByRole('button', { name: 'Log in', exact: true });
    const back = window.section.getByRole('button', { name: 'Log out', exact: true });
    await form.or(back).waitFor();
    if (await form.isVisible()) await window.tryLogIn(this.name);
    await back.waitFor();
    this.isHere = true;
    this.wasHere = true;
  }

  async #reload() {
    await this.#page.reload();
  }

  async #close() {
    this.isHere = false;
    await this.#page?.close();
    this.#page = undefined;
  }

  async #crash() {
    this.isHere = false;
    const session = await this.#context.newCDPSession(this.#page);
    // Nobody is left to answer.
    session.send('Page.crash').catch(() => {});
    await this.#page.waitForEvent('crash');
    await this.#page.close();
    this.#page = undefined;
  }

  async #logOut() {
    await this.#chat.window().section.getByRole('button', { name: 'Log out', exact: true }).click();
    await this.#close();
  }

  async #cut() {
    this.#isCut = true;
    this.#cable.cut();
  }

  /** A second tab takes over, and the first is closed. */
  async #move() {
    const old = this.#page;
    await this.#come();
    await old.close();
  }

  /** @type {ChatPage} */
  #chat;
}
