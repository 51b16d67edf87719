// What everybody needs to use a page: axe-core's judgement against WCAG 2.2 AA, and a width that fits.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The rules that look at colours: a theme changes nothing else. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const SERIOUS = ['serious', 'critical'];

/** axe finds nothing serious; each finding names its rule and its elements. */
export async function assertAccessible(page, rules = RULES) {
  await settled(page);
  // Through the debugger's door: the page's Content-Security-Policy rightly lets no other script in.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }), rules);
  assert.ok(passes.length > 0, 'axe judged something');
  const findings = violations
    .filter(({ impact }) => SERIOUS.includes(impact))
    .map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`);
  assert.deepEqual(findings, []);
}

/** The same in both themes, of a page that follows the system's; it is left in light. */
export async function assertAccessibleInBothThemes(page) {
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertAccessible(page, COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  await assertAccessible(page);
}

/** Nothing is wider than the screen. */
export async function assertNoSideways(page) {
  const { content, screen } = await page.evaluate(() => {
    const root = document.documentElement;
    const main = document.querySelector('main');
    return { content: Math.max(root.scrollWidth, main.scrollWidth), screen: root.clientWidth };
  });
  assert.ok(content <= screen, `${content} pixels of content on ${screen} of screen`);
}

/**
 * Waits until nothing moves or changes its colour, but for what does so for ever. It is asked frame by frame: the promise
 * `finished` of an animation whose element is drawn anew may never be settled.
 */
async function settled(page) {
  await page.waitForFunction(() => {
    const ends = ({ playState, effect }) => playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime);
    return !document.getAnimations().some(ends);
  });
}
