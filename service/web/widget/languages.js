// The languages of the interface. One more is one more module like languages/de.js, named here.
import { words as de } from "./languages/de.js";
import { words as en } from "./languages/en.js";

const LANGUAGES = { de, en };
export const DEFAULT_LANGUAGE = "de";

/** The code of a supported language for a tag such as "en-GB"; German for unsupported ones. */
export function known(wish) {
  const code = (wish ?? "").toLowerCase().split("-")[0];
  return code in LANGUAGES ? code : DEFAULT_LANGUAGE;
}

/** The words of a language. */
export function wordsOf(language) {
  return LANGUAGES[known(language)];
}

/** The first other language that both service and widget support, null without one. */
export function otherLanguage(language, offered) {
  return offered.find((code) => code in LANGUAGES && code !== language) ?? null;
}

/** An ISO date, month or year in German order: "01.03.2026", "03.2026", "2026". */
export function shownDate(iso) {
  return String(iso).split("-").reverse().join(".");
}
