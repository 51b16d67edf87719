// What a chat window showed of somebody, moment by moment.

import { BADGE_GRACE } from './waiting.mjs';

/**
 * Notes each badge that a window shows beside a name from here on.
 * @param {import('../pages/chat.mjs').ChatWindow} window
 * @param {string} name
 */
export async function noteBadges(window, name) {
  const item = await window.conversation(name).elementHandle();
  const notes = await item.evaluateHandle((element) => {
    const shown = [];
    const note = () => {
      const words = element.querySelector('.badge-words')?.textContent;
      if (words && shown.at(-1)?.words !== words) shown.push({ words, at: Date.now() });
    };
    note();
    new MutationObserver(note).observe(element, { childList: true, characterData: true, subtree: true });
    return shown;
  });
  return {
    /** What was shown so far, without repeats. */
    shown: async () => (await notes.jsonValue()).map(({ words }) => words),
    /** When this was shown first, in milliseconds since 1970 by the page's clock. */
    when: async (badge) => (await notes.jsonValue()).find(({ words }) => words === badge)?.at,
  };
}

/**
 * Loads somebody's page anew within the grace of a badge, and gives what a window showed of them meanwhile. Whoever is
 * away for longer is away, so a machine that was too busy gets another try.
 * @param {import('../pages/chat.mjs').ChatWindow} watcher
 * @param {string} name
 * @param {{page: import('playwright').Page, window: import('../pages/chat.mjs').ChatWindow}} somebody
 */
export async function noteReload(watcher, name, { page, window }) {
  for (let tries = 0; tries < 5; tries += 1) {
    await watcher.badge(name, 'Online');
    const seen = await noteBadges(watcher, name);
    const begun = Date.now();
    await page.reload();
    await window.live();
    if (Date.now() - begun < BADGE_GRACE) return seen;
  }
  throw new Error(`no page was loaded within ${BADGE_GRACE} ms`);
}
