// The languages of the interface: German and English here, further ones are loaded from the service when they are needed.
import { german } from "./languages/de.js";
import { english } from "./languages/en.js";

const LANGUAGES = { de: german, en: english };
const FURTHER = ["ar", "es", "fr", "nl", "pl", "ru", "tr", "uk"];
export const DEFAULT_LANGUAGE = "de";

const codeOf = (tag) => (tag ?? "").toLowerCase().split("-")[0];

/** The tag of a person's browser if it is of a further language; else "". */
export function ownLanguage() {
  return FURTHER.includes(codeOf(navigator.language)) ? navigator.language : "";
}

/** The words of a language for a tag such as "en-GB"; German for one that is not loaded or not supported. */
export function wordsOf(tag) {
  return LANGUAGES[codeOf(tag)] ?? german;
}

/** Load the words of a further language, once, from the service; true if they are new. What they lack is English. */
export async function learn(tag, service) {
  const code = codeOf(tag);
  if (code in LANGUAGES || !FURTHER.includes(code)) return false;
  try {
    const response = await fetch(service.address(`widget/words/${code}.json`), { credentials: "omit" });
    LANGUAGES[code] = { ...fill(english, await response.json()), code, served: "en" };
    return true;
  } catch {
    return false;
  }
}

/** English words with own texts in their place; "{0}" is the first value of a text. */
function fill(words, own) {
  const result = { ...words };
  for (const [key, text] of Object.entries(own)) {
    if (typeof text !== "string") result[key] = fill(words[key], text);
    else result[key] = typeof words[key] === "function" ? (...values) => text.replace(/\{(\d)}/g, (_, place) => values[place]) : text;
  }
  return result;
}

/** The language after this one, of those that the service offers and further ones that are loaded; null without another. */
export function otherLanguage(language, offered) {
  const codes = Object.keys(LANGUAGES).filter((code) => offered.includes(code) || FURTHER.includes(code));
  const other = codes[(codes.indexOf(language) + 1) % codes.length];
  return other === language ? null : other;
}

/** An ISO date, month or year in German order: "01.03.2026", "03.2026", "2026". */
export function shownDate(iso) {
  return String(iso).split("-").reverse().join(".");
}
