// The languages of the interface. One more is one more module like languages/de.js, named here.
import { words as de } from "./languages/de.js";
import { words as en } from "./languages/en.js";

const LANGUAGES = { de, en };
export const DEFAULT_LANGUAGE = "de";

/** The language to use for a wish such as "en-GB"; German where we do not speak it. */
export function known(wish) {
  const code = (wish ?? "").toLowerCase().split("-")[0];
  return code in LANGUAGES ? code : DEFAULT_LANGUAGE;
}

/** The words of a language. */
export function wordsOf(language) {
  return LANGUAGES[known(language)];
}

/** The next language that the service offers and we speak, null where there is only one. */
export function otherLanguage(language, offered) {
  return offered.find((code) => code in LANGUAGES && code !== language) ?? null;
}

/** A date as people write it; the source gives "2026-03-01", "2026-03" or "2026". */
export function shownDate(iso) {
  return String(iso).split("-").reverse().join(".");
}
