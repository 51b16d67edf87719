// A person's machine: a browser of its own, whose processes can be stopped and killed as a system does it.

import { readFileSync, readdirSync } from 'node:fs';

import { chromium } from 'playwright';

import { FLAGS } from './browser.mjs';
import { fromEnvironment } from './environment.mjs';

/**
 * A browser in processes of its own; it is closed with the test.
 * @param {import('node:test').TestContext} t
 */
export async function startMachine(t) {
  const executablePath = fromEnvironment('HEADCOUNT_CHROMIUM');
  const program = await chromium.launchServer({ executablePath, args: FLAGS });
  const browser = await chromium.connect(program.wsEndpoint());
  const machine = new Machine(browser, program.process().pid);
  t.after(async () => {
    machine.wakeUp();
    await program.kill();
  });
  return machine;
}

class Machine {
  #pid;

  constructor(browser, pid) {
    this.browser = browser;
    this.#pid = pid;
  }

  /** The lid is closed: nothing of the browser runs. */
  fallAsleep() {
    this.#signal('SIGSTOP');
  }

  /** The lid is opened. */
  wakeUp() {
    this.#signal('SIGCONT');
  }

  /** The system kills every tab, as it does when memory is short; the browser itself stands. */
  killTabs() {
    for (const pid of this.#family()) {
      if (words(pid).includes('--type=renderer')) signal(pid, 'SIGKILL');
    }
  }

  #signal(name) {
    for (const pid of this.#family()) signal(pid, name);
  }

  /** The browser's process and all that stem from it. */
  #family() {
    const parents = new Map();
    for (const entry of readdirSync('/proc')) {
      if (/^\d+$/.test(entry)) parents.set(Number(entry), parent(entry));
    }
    const family = [this.#pid];
    for (const member of family) {
      for (const [pid, of] of parents) if (of === member) family.push(pid);
    }
    return family;
  }
}

function parent(pid) {
  try {
    // The name, in parentheses, may hold spaces; behind it stand the state and the parent (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

function words(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').split(' ');
  } catch {
    return [];
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It ended before us.
  }
}
