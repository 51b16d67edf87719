// Waiting for something that no event tells of.

import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';

import { PATIENCE } from './program.mjs';

/** Waits until `is` is true; says what it was when it never became so. */
export async function until(is) {
  const end = Date.now() + PATIENCE;
  while (!is()) {
    assert.ok(Date.now() < end, `not within ${PATIENCE} ms: ${is}`);
    await setTimeout(5);
  }
}
