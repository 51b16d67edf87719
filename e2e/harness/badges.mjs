// What a chat window showed of somebody, moment by moment.

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
