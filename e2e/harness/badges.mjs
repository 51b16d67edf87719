// What a chat window showed of somebody, moment by moment.

/**
 * Notes each badge that a window shows beside a name from here on; gives what was shown so far, without repeats.
 * @param {import('../pages/chat.mjs').ChatWindow} window
 * @param {string} name
 */
export async function noteBadges(window, name) {
  const item = await window.conversation(name).elementHandle();
  const notes = await item.evaluateHandle((element) => {
    const shown = [];
    const note = () => {
      const words = element.querySelector('.badge-words')?.textContent;
      if (words && shown.at(-1) !== words) shown.push(words);
    };
    note();
    new MutationObserver(note).observe(element, { childList: true, characterData: true, subtree: true });
    return shown;
  });
  return () => notes.jsonValue();
}
