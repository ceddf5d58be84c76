// The view of an overview: its text, counts by group as filters, and a folded list of all records.
import { el, freshId, literal, unseen } from "./dom.js";
import { itemBadge, DOCUMENTS_LANGUAGE, named } from "./record_words.js";
import { outsideLink } from "./source_card.js";

const FIELDS = { status: "status", theme: "theme", document: "document_id" };
const SHOWN = { status: 5, theme: 3, document: 3 };
const SENTENCE_END = /(?<!\d)[.:!?]["“»]?\s+|\n+/g;

/** The view of an overview: lead, groups with counts, the records that the text describes, and all records. */
export function overview(context, sources, answer, parts) {
  const { rows, groups } = answer.data;
  const { lead, entries } = splitByRow(parts, rows, sources);
  const all = new Everything(context, sources, answer.data);
  const paragraph = (text) => el("p", { class: "block", lang: answer.language }, sources.marked(text));
  const items = entries.map(({ text, row }) => el("li", { class: "block item" }, el("span", { lang: answer.language }, sources.marked(text)), text.includes(context.words.itemStatuses[row.status]) ? null : itemBadge(row.status, context.words)));
  return [
    lead.map(paragraph),
    el("div", { class: "groups" }, ...(publishersOf(answer).size > 1 ? columns(context, answer, all) : groupsOf(context, groups, all))),
    items.length ? el("ul", { class: "items" }, items) : null,
    all.element,
  ];
}

/** Split paragraphs into `lead` and `entries`, each of which is the text about one row. */
function splitByRow(parts, rows, sources) {
  const lead = [];
  const entries = [];
  for (const part of parts) {
    const row = citedEntry(part, rows, sources);
    const start = row ? sentenceStart(part, row) : -1;
    if (start > 0) lead.push(part.slice(0, start).trim());
    if (start >= 0) entries.push({ text: part.slice(start), row });
    else if (!entries.length) lead.push(part);
    else if (row && row !== entries.at(-1).row) entries.push({ text: part, row });
    else entries.at(-1).text += ` ${part}`;
  }
  return { lead, entries };
}

/** The only row that a paragraph cites; undefined if it cites none or several. */
function citedEntry(part, rows, sources) {
  const cited = new Set([...part.matchAll(/\[(\d{1,4})\]/g)].map((match) => sources.find(Number(match[1]))?.url));
  const matching = rows.filter((row) => cited.has(row.url));
  return matching.length === 1 ? matching[0] : undefined;
}

/** The offset of the sentence that names a row by its title, or by its number before a marker; -1 without one. */
function sentenceStart(part, { ref, title }) {
  const offsets = [title && part.indexOf(title.replace(/[.!?]$/, "")), ref && part.search(new RegExp(`(?<![\\p{L}\\p{N}.])${literal(ref)}(?= \\[)`, "u"))];
  const hits = offsets.filter((offset) => typeof offset === "number" && offset >= 0);
  if (!hits.length) return -1;
  const before = part.slice(0, Math.min(...hits));
  return Math.max(0, ...[...before.matchAll(SENTENCE_END)].map((end) => end.index + end[0].length));
}

function publishersOf({ citations }) {
  return new Set(citations.map((citation) => citation.publisher).filter(Boolean));
}

/** The groups of one county by status, theme and document; null for one with a single value. */
function groupsOf(context, groups, all) {
  const { words } = context;
  return Object.keys(FIELDS).map((by) => {
    const values = groups[by];
    if (values.length < 2) return null;
    const chips = values.map((value) => all.chip({ [FIELDS[by]]: value.id }, by === "status" ? itemBadge(value.id, words) : titled(value.title), value.count));
    return group(words.groups[by], chips, SHOWN[by], words);
  });
}

/** A column for each document with its statuses, for several counties side by side. */
function columns(context, answer, all) {
  const { rows, groups } = answer.data;
  const { words } = context;
  return groups.document.map((document) => {
    const ownRows = rows.filter((row) => row.document_id === document.id);
    const statuses = groups.status.map(({ id }) => [id, ownRows.filter((row) => row.status === id).length]).filter(([, count]) => count);
    const chips = statuses.map(([status, count]) => all.chip({ document_id: document.id, status }, itemBadge(status, words), count, document.title));
    const publisher = answer.citations.find((citation) => citation.document_id === document.id)?.publisher;
    const title = [titled(document.title), publisher && el("span", { class: "meta", lang: DOCUMENTS_LANGUAGE }, publisher)];
    return group(title, [all.chip({ document_id: document.id }, words.everything, document.count, document.title), ...chips], SHOWN.status + 1, words, "column");
  });
}

/** Chips under a title; the first `shown` are visible, the others folded. */
function group(title, chips, shown, words, name = "group") {
  const id = freshId("group");
  const list = (shownChips) => el("ul", { class: "chips" }, shownChips.map((chip) => el("li", {}, chip)));
  const foldedChips = chips.slice(shown);
  const more = foldedChips.length ? el("details", {}, el("summary", {}, words.others(foldedChips.length)), list(foldedChips)) : null;
  return el("div", { class: name, role: "group", "aria-labelledby": id }, el("h4", { id }, title), list(chips.slice(0, shown)), more);
}

function titled(title) {
  return el("span", { lang: DOCUMENTS_LANGUAGE }, title);
}

/** The folded list of all rows, and chips that filter it; at most one chip is active. */
class Everything {
  #words;
  #data;
  #items;
  #note;
  #chosen = null;

  constructor({ words, service }, sources, data) {
    this.#words = words;
    this.#data = data;
    this.#items = data.rows.map((row) => entry(row, words, service, sources));
    this.#note = el("div", { class: "chosen", tabindex: "-1", role: "group", hidden: true });
    const counted = data.complete !== false && data.total !== null;
    const summary = el("summary", {}, counted ? words.showAll(data.rows.length) : words.showAllRead);
    this.element = el("details", { class: "everything" }, summary, this.#note, el("ul", { class: "items" }, this.#items));
  }

  /** A button that shows only rows with the `wanted` values; `about` is added to its name for screen readers. */
  chip(wanted, title, count, about = "") {
    const number = el("span", { class: "tally", "aria-hidden": "true" }, String(count));
    const countText = unseen(` ${this.#words.entries(count)}`);
    const chip = el("button", { type: "button", class: "chip", "aria-pressed": "false" }, title, countText, about && unseen(` ${about}`), number);
    const name = [about, chip.firstChild.textContent].filter(Boolean).join(", ");
    chip.addEventListener("click", () => (this.#chosen === chip ? this.#clear() : this.#choose(chip, wanted, name)));
    return chip;
  }

  #choose(chip, wanted, name) {
    this.#clear(false);
    this.#chosen = chip;
    chip.setAttribute("aria-pressed", "true");
    this.#filter(wanted);
    const shown = this.#items.filter((item) => !item.hidden).length;
    const description = `${this.#words.some(shown, this.#items.length)}: ${name}`;
    this.#note.setAttribute("aria-label", description);
    this.#note.replaceChildren(el("p", {}, description), el("button", { type: "button", class: "as-link", onclick: () => this.#clear() }, this.#words.unchoose));
    this.#note.hidden = false;
    this.element.open = true;
    this.#note.focus();
  }

  #clear(returnFocus = true) {
    const before = this.#chosen;
    this.#chosen = null;
    this.#note.hidden = true;
    this.#filter({});
    before?.setAttribute("aria-pressed", "false");
    if (returnFocus) before?.focus();
  }

  #filter(wanted) {
    this.#data.rows.forEach((row, index) => {
      this.#items[index].hidden = Object.entries(wanted).some(([field, value]) => row[field] !== value);
    });
  }
}

function entry(row, words, service, sources) {
  const link = row.url && outsideLink(service.address(row.url), named(row), words);
  const markers = (row.citations ?? []).map((marker) => [" ", sources.marker(marker)]);
  const where = [words.kinds[row.kind], row.document].filter(Boolean).join(" · ");
  return el("li", { class: "block item" }, el("span", {}, link || named(row), markers, el("span", { class: "meta where" }, where)), itemBadge(row.status, words));
}
