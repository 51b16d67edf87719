// A program of the journeys' own: its lines as they come, and its end.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Milliseconds that anything awaited may take: a machine of two cores also runs a browser and a build. */
export const PATIENCE = 20_000;

/**
 * Starts a program that is killed when the test ends.
 * @param {import('node:test').TestContext} t
 * @param {string} command
 * @param {string[]} args
 */
export function start(t, command, args) {
  const program = new Program(command, args);
  t.after(() => program.kill());
  return program;
}

class Program {
  #child;
  #name;
  #exited;
  #waiting = new Set();
  /** Every line printed so far, errors among them, in order. */
  lines = [];

  constructor(command, args) {
    this.#name = command.split('/').at(-1);
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    // A write to a program that has ended is answered by its end, which `exited` reports.
    this.#child.stdin.on('error', () => {});
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#take(line));
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve({ error }));
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.#exited.then((end) => {
      for (const waiting of this.#waiting) waiting.fail(end);
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Whether it has neither ended nor been ended. */
  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #take(line) {
    this.lines.push(line);
    for (const waiting of this.#waiting) waiting.see(line);
  }

  /**
   * The first result that is not undefined of `read` over the lines, those before the call included.
   * @template T
   * @param {string} what for the error's sentence
   * @param {(line: string) => T | undefined} read
   * @returns {Promise<T>}
   */
  line(what, read) {
    for (const line of this.lines) {
      const found = read(line);
      if (found !== undefined) return Promise.resolve(found);
    }
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        settle(value);
      };
      const fail = (why) => finish(reject, new Error(`${this.#name}: no ${what}: ${why}\n${this.lines.join('\n')}`));
      const waiting = {
        see: (line) => {
          const found = read(line);
          if (found !== undefined) finish(resolve, found);
        },
        fail: (end) => fail(`it ended (${JSON.stringify(end.error?.message ?? end)})`),
      };
      const timer = setTimeout(() => fail(`nothing within ${PATIENCE} ms`), PATIENCE);
      this.#waiting.add(waiting);
      if (!this.running) this.#exited.then((end) => waiting.fail(end));
    });
  }

  /** Writes a line to its standard input. */
  write(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Sends a signal; SIGSTOP makes it silent without ending it. */
  signal(name) {
    this.#child.kill(name);
  }

  /** Asks it to end, and gives its exit code and signal. */
  async stop() {
    this.signal('SIGTERM');
    return this.ended();
  }

  /** Ends it as a crash would. A stopped process dies of SIGKILL too. */
  async kill() {
    if (this.running) this.signal('SIGKILL');
    return this.#exited;
  }

  /** Its end, which must come in time. */
  async ended() {
    let timer;
    const late = new Promise((_, reject) => {
      const fail = () => reject(new Error(`${this.#name} did not end\n${this.lines.join('\n')}`));
      timer = setTimeout(fail, PATIENCE);
    });
    return Promise.race([this.#exited, late]).finally(() => clearTimeout(timer));
  }
}
