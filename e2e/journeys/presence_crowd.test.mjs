// A crowd reloads, is cut off, killed and sleeps at random; whenever it comes to rest, no badge is wrong.
//
// HEADCOUNT_CROWD_SIZE, HEADCOUNT_CROWD_SECONDS and HEADCOUNT_CROWD_SEED make it larger, longer, or the same again.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chance, gather } from '../harness/crowd.mjs';
import { startServer } from '../harness/server.mjs';
import { impatient } from '../harness/waiting.mjs';

const number = (name, fallback) => Number(process.env[`HEADCOUNT_CROWD_${name}`] ?? fallback);

const SIZE = number('SIZE', 5);
const SECONDS = number('SECONDS', 20);
const SEED = number('SEED', Date.now() % 1_000_000);

/** Seconds of chaos between two times of rest. */
const ROUND = 20;

test(`${SIZE} people for ${SECONDS} s, seed ${SEED}`, async (t) => {
  const random = chance(SEED);
  const server = await startServer(t, { stored: true, config: impatient });
  const crowd = await gather(t, server, SIZE, random);
  const end = Date.now() + SECONDS * 1_000;
  let rounds = 0;
  while (Date.now() < end) {
    const rest = Math.min(end, Date.now() + ROUND * 1_000);
    while (Date.now() < rest) await crowd.happen();
    assert.deepEqual(await crowd.settle(), [], crowd.story.join('\n'));
    rounds += 1;
  }
  t.diagnostic(`${crowd.story.length} things happened in ${rounds} rounds`);
  assert.ok(rounds > 0 && crowd.story.length > 0);
});
