// The list in a list answer: rows that its text names one after the other become a list in their place.
import { el } from "./dom.js";
import { DOCUMENTS_LANGUAGE, itemBadge, numberOf } from "./record_words.js";

const SHORT = 10;
const FOLD_FROM = 13;
// First characters of a title that are searched in a text, which shortens long titles.
const LABEL = 60;
const BETWEEN = /^\s*(?:,|;|und|and|sowie)?\s*$/;
const MARKERS = /^(?:\s?\[\d{1,4}\])+/;

/** Find two or more rows that a paragraph names in a run: {lead, entries: [{row, text, markers}], rest}; null without such a run. */
export function runOf(paragraph, rows) {
  const entries = [];
  let begin = -1;
  let end = 0;
  for (const row of rows) {
    const entry = entryOf(paragraph, row, end);
    if (!entry || (entries.length && !BETWEEN.test(paragraph.slice(end, entry.start)))) {
      if (entries.length) break;
      continue;
    }
    if (!entries.length) begin = entry.start;
    entries.push({ row, text: entry.text, markers: entry.markers });
    end = entry.end;
  }
  return entries.length < 2 ? null : { lead: paragraph.slice(0, begin), entries, rest: paragraph.slice(end) };
}

function entryOf(paragraph, row, from) {
  const shortTitle = (row.title || "\0").slice(0, LABEL);
  const title = paragraph.indexOf(shortTitle, from);
  if (title < 0) return null;
  const number = row.ref ? `${row.ref} ` : "";
  const start = number && paragraph.slice(from, title).endsWith(number) ? title - number.length : title;
  const marker = paragraph.indexOf("[", title + shortTitle.length);
  const markers = marker < 0 ? null : MARKERS.exec(paragraph.slice(marker));
  if (!markers || !(row.citations ?? []).some((cited) => markers[0].includes(`[${cited}]`))) return null;
  return { start, text: paragraph.slice(title, marker).trim(), markers: markers[0].match(/\d+/g).map(Number), end: marker + markers[0].length };
}

/** The view of entries as a list; a long one is folded, with a button for all that names their number if `counted`. */
export function itemList({ words }, sources, entries, counted) {
  const items = entries.map(({ row, text, markers }) => {
    const number = row.ref === row.title ? "" : numberOf({ ref: row.ref, title: text });
    const shownTitle = text.replace(/ \(([^()]*)\)/, (whole, bracketed) => (row.status && bracketed.startsWith(words.itemStatuses[row.status]) ? "" : whole));
    const title = el("span", { lang: DOCUMENTS_LANGUAGE }, number && el("span", { class: "ref" }, number), number && " ", shownTitle);
    return el("li", { class: "block item" }, el("span", {}, title, " ", markers.map((marker) => [sources.marker(marker), " "])), itemBadge(row.status, words));
  });
  const list = el("ul", { class: "items" }, items);
  return items.length < FOLD_FROM ? list : el("div", {}, list, foldButton(items.slice(SHORT), counted ? words.showAll(items.length) : words.showAllRead, words));
}

function foldButton(hidden, all, words) {
  const button = el("button", { type: "button", class: "quiet fold", "aria-expanded": "false" }, all);
  const fold = (folded) => {
    hidden.forEach((item) => item.classList.toggle("folded", folded));
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? all : words.showFewer;
  };
  button.addEventListener("click", () => fold(button.getAttribute("aria-expanded") === "true"));
  fold(true);
  return button;
}
