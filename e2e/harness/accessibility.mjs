// axe-core's judgement of a page against WCAG 2.2 AA.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SERIOUS = ['serious', 'critical'];

/** axe finds nothing serious; each finding names its rule and its elements. */
export async function assertAccessible(page) {
  // Through the debugger's door: the page's Content-Security-Policy rightly lets no other script in.
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }),
    RULES,
  );
  assert.ok(passes.length > 0, 'axe judged something');
  const findings = violations
    .filter(({ impact }) => SERIOUS.includes(impact))
    .map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`);
  assert.deepEqual(findings, []);
}
