// Texts for records and documents: names, status badges, dates, field values.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { shownDate } from "./languages.js";

const ITEM_ICONS = { idea: "bulb", planned: "calendar", in_progress: "half", implemented: "checked", archived: "archive" };
const DOCUMENT_ICONS = { adopted: "checked", published: "document", draft: "pencil", proposed: "pencil" };
/** Documents and what is quoted from them are in German, whatever the language of the interface. */
export const DOCUMENTS_LANGUAGE = "de";
/** A ref that is a number: "2.1.2.1", "01", "Ziel 3", "IV", "A"; not a word such as "Einleitung". */
const NUMBER = /\d|^(?:\p{L}+ )?[IVXLC]+(?!\p{L})|^\p{L}(?!\p{L})/u;

/** The number to print before a title; "" if the title begins with it or the ref is a word. */
export function numberOf({ ref, title }) {
  return !ref || ref === title || title?.startsWith(`${ref} `) || !NUMBER.test(ref) ? "" : ref;
}

/** The title; without one the ref if it is a word. */
function titleOf(record) {
  return record.title || (numberOf(record) ? "" : record.ref ?? "");
}

/** Number and title as one text. */
export function nameOf(record) {
  return [numberOf(record), titleOf(record)].filter(Boolean).join(" ");
}

/** Number and title as elements, in the documents' language. */
export function named(record) {
  const number = numberOf(record);
  return el("span", { lang: DOCUMENTS_LANGUAGE }, number && el("span", { class: "ref" }, number), number && " ", titleOf(record));
}

/** A badge with a record's status; null without one. */
export function itemBadge(status, words) {
  return status ? badge(status, ITEM_ICONS[status], words.itemStatuses[status] ?? words.documentStatuses[status]) : null;
}

/** A badge with the status of a citation's document, also for an unknown one. */
export function documentBadge(citation, words) {
  return badge(citation.document_status ?? "unknown", DOCUMENT_ICONS[citation.document_status], bindingOf(citation, words));
}

/** The status of a citation's document in words. */
export function bindingOf(citation, words) {
  const status = citation.document_status;
  return status ? confirmed(words.documentStatuses[status] ?? status, "status", citation, words) : words.noStatus;
}

/** A text of the document metadata, with a note if its `part` is unconfirmed. */
export function confirmed(text, part, citation, words) {
  return text && citation.unconfirmed?.includes(part) ? `${text} (${words.unconfirmed})` : text;
}

/** The date of a citation's document as text, with a note if it is unconfirmed. */
export function citedStand(citation, words) {
  return citation.as_of ? confirmed(stand(citation.as_of, words), "as_of", citation, words) : words.undated;
}

/** A badge for a quote from a scanned page. */
export function scannedBadge(words) {
  return badge("scanned", "document", words.scanned);
}

function badge(status, drawing, text) {
  return el("span", { class: "badge", "data-status": status }, icon(drawing ?? "document"), text ?? status);
}

/** The date of a document's contents as text. */
export function stand(asOf, words) {
  return asOf ? `${words.asOf} ${shownDate(asOf)}` : words.undated;
}

/** The printed page label, else the page number; null without a page. */
export function pageOf(source) {
  return source.page_label ?? source.page ?? null;
}

/** A field value as text, "" for none. */
export function shownValue(value, words) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return words.truth[value];
  if (Array.isArray(value)) return value.map((part) => shownValue(part, words)).join(", ");
  if (typeof value === "object") return Object.values(value).map((part) => shownValue(part, words)).join(" ");
  const text = String(value);
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(text)) return shownDate(text);
  return words.itemStatuses[text] ?? words.documentStatuses[text] ?? words.kinds[text] ?? text;
}
