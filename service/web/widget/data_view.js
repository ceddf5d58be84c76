// The rows of an answer as a table or a list of facts.
import { el } from "./dom.js";
import { DOCUMENTS_LANGUAGE, itemBadge, named, shownValue } from "./record_words.js";

const HIDDEN_COLUMNS = new Set(["document_id", "key", "silent", "refs", "citations", "dates", "amounts"]);
const NAME_COLUMNS = new Set(["document_id", "ref", "title"]);

/** The fields of one item as a list below its name, of several as a table; null with fewer than two fields or without a known item. */
export function facts(context, sources, data) {
  const columns = data.columns.filter((name) => !HIDDEN_COLUMNS.has(name));
  if (data.rows.length > 1) return factTable(context, sources, data, columns);
  const fields = columns.filter((name) => !NAME_COLUMNS.has(name)).map((name) => [name, data.rows[0][name]]);
  const rows = fields.filter(([, value]) => shownValue(value, context.words) !== "");
  const about = subject(data.rows[0], sources);
  if (rows.length < 2 || !about) return null;
  const list = el("dl", {}, rows.map(([name, value]) => el("div", {}, el("dt", {}, columnName(name, context.words)), el("dd", {}, shownFact(name, value, context.words)))));
  return el("div", { class: "facts" }, el("h4", {}, context.words.facts, ": ", named(about)), list);
}

/** The record that a row describes: the row if it has a title, else the only record that its citations have; null otherwise. */
function subject(row, sources) {
  if (row.title) return row;
  const cited = (row.citations ?? []).map((marker) => sources.find(marker)).filter(Boolean);
  return new Set(cited.map((citation) => citation.url)).size === 1 ? cited[0] : null;
}

function shownFact(name, value, words) {
  return name === "status" ? itemBadge(value, words) : el("span", { lang: DOCUMENTS_LANGUAGE }, shownValue(value, words));
}

function factTable({ words }, sources, data, columns) {
  const rows = data.rows.map((row) => {
    const cells = columns.map((name) => el("td", { lang: DOCUMENTS_LANGUAGE, class: typeof row[name] === "number" ? "number" : null }, shownValue(row[name], words)));
    const markers = (row.citations ?? []).map((marker) => [sources.marker(marker), " "]);
    return el("tr", {}, cells, el("td", { class: "block" }, markers));
  });
  return scroll(words.table, table([...columns.map((name) => columnName(name, words)), words.sources], rows, words.table));
}

function table(heads, rows, caption) {
  const header = el("tr", {}, heads.map((text) => el("th", { scope: "col" }, text)));
  return el("table", {}, el("caption", { class: "unseen" }, caption), el("thead", {}, header), el("tbody", {}, rows));
}

function scroll(name, inner) {
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": name }, inner);
}

function columnName(name, words) {
  return words.columns[name] ?? name;
}
