// Files that a journey hands to a program.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder, gone with the test.
 * @param {import('node:test').TestContext} t
 */
export async function folderFor(t) {
  const folder = await mkdtemp(join(tmpdir(), 'headcount-journey-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/**
 * A folder with this one file in it, gone with the test.
 * @param {import('node:test').TestContext} t
 * @param {string} name
 * @param {string} text
 * @returns {Promise<{folder: string, file: string}>}
 */
export async function fileFor(t, name, text) {
  const folder = await folderFor(t);
  const file = join(folder, name);
  await writeFile(file, text);
  return { folder, file };
}
