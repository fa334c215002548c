/** The reader's language: Indonesian unless they chose English on this device. */

const STORE = 'antrean.language';
const LANGUAGES = ['id', 'en'];
let texts = {};
let chosen = 'id';

export const language = () => chosen;

/** The language this device was last set to. */
export function remembered() {
  try {
    const kept = localStorage.getItem(STORE);
    return LANGUAGES.includes(kept) ? kept : 'id';
  } catch {
    return 'id';
  }
}

/** Load a language and make it that of the document. */
export async function speak(code) {
  texts = (await import(`./texts/${code}.js`)).default;
  chosen = code;
  document.documentElement.lang = code;
  try {
    localStorage.setItem(STORE, code);
  } catch {
    // A device that keeps nothing: the choice lasts until the page is closed.
  }
}

/** The text `key` with its {values} filled in. */
export function t(key, values = {}) {
  const text = texts[key];
  if (typeof text === 'function') return text(values);
  return (text === undefined ? key : text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The text `key` if there is one, else `otherwise`. */
export const tOr = (key, otherwise) => (texts[key] === undefined ? otherwise : t(key));
