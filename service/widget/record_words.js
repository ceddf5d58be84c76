// Records in words: names, statuses with an icon, values of facts.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { shownDate } from "./languages.js";

const ITEM_ICONS = { idea: "bulb", planned: "calendar", in_progress: "half", implemented: "checked", archived: "archive" };
const DOCUMENT_ICONS = { adopted: "checked", published: "document", draft: "pencil", proposed: "pencil" };
/** Documents and what is quoted from them are in German, whatever the language of the interface. */
export const DOCUMENTS_LANGUAGE = "de";
/** What can stand before a title as its number: "2.1.2.1", "01", "Ziel 3", "IV", "A"; not a word such as "Einleitung". */
const NUMBER = /\d|^(?:\p{L}+ )?[IVXLC]+(?!\p{L})|^\p{L}(?!\p{L})/u;

/** The number to print before a title; "" where the title begins with it, or where a word stands in its place. */
export function numberOf({ ref, title }) {
  return !ref || ref === title || title?.startsWith(`${ref} `) || !NUMBER.test(ref) ? "" : ref;
}

/** The title; a record without one is named by the word that stands in its number's place. */
function titleOf(one) {
  return one.title || (numberOf(one) ? "" : one.ref ?? "");
}

/** Number and title as one text. */
export function nameOf(one) {
  return [numberOf(one), titleOf(one)].filter(Boolean).join(" ");
}

/** Number and title as elements, in the documents' language. */
export function named(one) {
  const number = numberOf(one);
  return el("span", { lang: DOCUMENTS_LANGUAGE }, number && el("span", { class: "ref" }, number), number && " ", titleOf(one));
}

/** A status as a word with an icon; null where there is none. */
export function itemBadge(status, words) {
  return status ? badge(status, ITEM_ICONS[status], words.itemStatuses[status] ?? words.documentStatuses[status]) : null;
}

/** How binding the document of a citation is, as a word with an icon; that it is not known where it does not say it. */
export function documentBadge(citation, words) {
  return badge(citation.document_status ?? "unknown", DOCUMENT_ICONS[citation.document_status], bindingOf(citation, words));
}

/** How binding the document of a citation is, in words. */
export function bindingOf(citation, words) {
  const status = citation.document_status;
  return status ? confirmed(words.documentStatuses[status] ?? status, "status", citation, words) : words.noStatus;
}

/** A part of what is known of a document, marked where nobody has confirmed it. */
export function confirmed(text, part, citation, words) {
  return text && citation.unconfirmed?.includes(part) ? `${text} (${words.unconfirmed})` : text;
}

/** The date of the contents of a citation's document as people read it, marked where nobody has confirmed it. */
export function citedStand(citation, words) {
  return citation.as_of ? confirmed(stand(citation.as_of, words), "as_of", citation, words) : words.undated;
}

/** That a quote was read from the picture of its page. */
export function scannedBadge(words) {
  return badge("scanned", "document", words.scanned);
}

function badge(status, drawing, text) {
  return el("span", { class: "badge", "data-status": status }, icon(drawing ?? "document"), text ?? status);
}

/** The date of a document's contents as people read it. */
export function stand(asOf, words) {
  return asOf ? `${words.asOf} ${shownDate(asOf)}` : words.undated;
}

/** The page as printed, else as counted; null where there is none. */
export function pageOf(one) {
  return one.page_label ?? one.page ?? null;
}

/** A value of a fact as people read it, "" for nothing. */
export function shownValue(value, words) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return words.truth[value];
  if (Array.isArray(value)) return value.map((one) => shownValue(one, words)).join(", ");
  if (typeof value === "object") return Object.values(value).map((one) => shownValue(one, words)).join(" ");
  const text = String(value);
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(text)) return shownDate(text);
  return words.itemStatuses[text] ?? words.documentStatuses[text] ?? words.kinds[text] ?? text;
}
