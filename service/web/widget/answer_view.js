// The view of an answer: status, text, lists and tables with sources, suggestions, buttons and feedback.
import { facts } from "./data_view.js";
import { disclosure } from "./disclosure.js";
import { el, literal } from "./dom.js";
import { feedbackView } from "./feedback.js";
import { icon } from "./icons.js";
import { itemList, runOf } from "./item_list.js";
import { overview } from "./overview_view.js";
import { citedStand, DOCUMENTS_LANGUAGE, documentBadge, itemBadge, named, nameOf, pageOf } from "./record_words.js";
import { actions } from "./sharing.js";
import { outsideLink, Sources } from "./source_card.js";

const ICONS = { answered: "checked", found: "document", not_in_documents: "search", out_of_scope: "external", refused: "stop", needs_clarification: "question", about_service: "chat", emergency: "phone", unavailable: "alert" };
const PROVEN = /\][.!?]+["“»]?\s+|[.!?]["“»]?(?:\s?\[\d+\])+\s+/g;
const LISTS = new Set(["list", "count"]);
const PASSAGES = new Set(["found", "comparison"]);
const WITH_SOURCES = new Set([...LISTS, ...PASSAGES, "overview"]);
const UNDECIDED = new Set(["draft", "proposed"]);
const FIXED = new Set(["emergency", "about_service"]);
const SHORT_PASSAGE = 300; // characters of a passage that is shown unfolded
const EMERGENCY_NUMBERS = ["112", "110"];

/** Draw an answer. */
export function answerView(context, turn) {
  const { answer } = turn;
  const { words } = context;
  const sources = new Sources(context, answer.citations);
  const body = el("div", { class: "answer-body" }, answerBody(context, sources, answer));
  const unclear = answer.status === "needs_clarification";
  const view = el(
    "div",
    { class: "answer", part: "answer", "data-status": answer.status, "data-generated-by": answer.generated_by.kind, itemscope: "", itemtype: "https://schema.org/CreativeWork" },
    el("h3", {}, icon(ICONS[answer.status] ?? "question"), el("span", {}, words.statuses[answer.status] ?? words.statuses.answered), answer.mode && el("span", { class: "mode" }, words.modes[answer.mode])),
    body,
    answer.passage && !PASSAGES.has(answer.data?.kind) && el("details", {}, el("summary", {}, words.passage), passageCards(context, sources, [citedRow(sources, answer.passage)])),
    unclear && suggestions(context, answer),
    answer.status === "emergency" ? null : notices(context, answer),
    sourceList(context, sources, answer),
    nearest(context, answer),
    contact(context, turn),
    disclosure(context, answer),
    !FIXED.has(answer.status) && el("div", { class: "after" }, actions(context, turn, body), feedbackView(context, answer)),
    !unclear && suggestions(context, answer),
  );
  return view;
}

/** The paragraphs of an answer's text, cut after each sentence that ends with markers, so that each has its sources. */
export function paragraphs(text) {
  const cuts = [...text.matchAll(PROVEN)].map((match) => match.index + match[0].length);
  const edges = [0, ...cuts.filter((cut) => cut < text.length), text.length];
  return edges.slice(1).map((end, index) => text.slice(edges[index], end).trim()).filter(Boolean);
}

function answerBody(context, sources, answer) {
  const { data } = answer;
  const parts = paragraphs(answer.answer);
  const text = () => parts.map((part) => el("p", { class: "block", lang: answer.language }, linked(context, sources.marked(part), answer.nearest)));
  if (!data?.rows.length) return text();
  if (data.kind === "overview") return [overview(context, sources, answer, parts), hasAll(data) ? null : countLine(context, data)];
  if (LISTS.has(data.kind)) return listBody(context, sources, answer);
  if (PASSAGES.has(data.kind)) return passageEntries(context, sources, answer);
  return [text(), facts(context, sources, data), hasAll(data) ? null : countLine(context, data)];
}

/** The lead of the answer, if it claims nothing, and a card for each passage. */
function passageEntries(context, sources, { data, language }) {
  return [data.lead && el("p", { class: "block lead", lang: language }, data.lead), passageCards(context, sources, data.rows)];
}

function passageCards({ words, service }, sources, rows) {
  return el("ul", { class: "passages" }, rows.map((row, index) => passageCard(service, sources, row, words, index)));
}

/** The passage that a citation is from, as the row of a card. */
function citedRow(sources, { marker, text }) {
  const cited = sources.find(marker);
  return { ...cited, citations: [marker], status: cited.item_status, document: cited.document_title, passage: text, responsible: [] };
}

/** A text with the labels that the document prints ("Sachstand:") as small heads. */
function headed(text, labels) {
  const label = labels.find((each) => text.includes(each));
  if (!label) return [text];
  const start = text.indexOf(label);
  const head = el("b", { class: "label" }, label.slice(0, -1));
  return [...headed(text.slice(0, start), labels), head, ...headed(text.slice(start + label.length), labels)];
}

/** The card of a row, or that its document is silent: title as a link, status, document status if undecided, the sentence that answers best, its passage, responsible units, document and page.
 * The first card shows its sentence large and folds a long passage; of the others all but title, status and sentence opens by a click. */
function passageCard(service, sources, row, words, index) {
  if (row.silent) return el("li", {}, el("h4", { lang: DOCUMENTS_LANGUAGE }, row.document), el("p", { class: "silent" }, icon("close"), words.silent));
  const cited = sources.find(row.citations[0]);
  const undecided = UNDECIDED.has(row.document_status) && documentBadge(cited, words);
  const page = cited && pageOf(cited);
  const where = [cited && citedStand(cited, words), page && `${words.page} ${page}`].filter(Boolean).join(" · ");
  const markers = () => row.citations.map((marker) => [" ", sources.marker(marker)]);
  const marked = (row.marked ?? []).join(" … ");
  const said = (...text) => el("span", { lang: DOCUMENTS_LANGUAGE, class: "said-text" }, text);
  const labels = row.labels ?? [];
  const passage = el("p", {}, said((row.parts ?? [row.passage]).map((part, place) => (place % 2 ? el("mark", {}, part) : headed(part, labels)))), markers());
  const badges = el("span", { class: "badges" }, itemBadge(row.status, words), undecided);
  const link = el("h4", {}, recordLink(service, row, words));
  const meta = [
    row.responsible[0] && el("p", { class: "meta", lang: DOCUMENTS_LANGUAGE }, `${words.columns.responsible}: ${row.responsible.join(", ")}`),
    el("p", { class: "meta" }, el("span", { lang: DOCUMENTS_LANGUAGE }, row.document), where && ` · ${where}`),
  ];
  if (!marked) return el("li", { class: "block" }, link, badges, passage, meta);
  if (index) return el("li", { class: "block" }, el("details", {}, el("summary", {}, el("b", { lang: DOCUMENTS_LANGUAGE }, nameOf(row)), " ", badges, el("span", { lang: DOCUMENTS_LANGUAGE, class: "in-short" }, marked)), link, passage, meta));
  const whole = row.passage === marked ? null : el("details", { open: row.passage.length <= SHORT_PASSAGE }, el("summary", {}, words.passage), passage);
  return el("li", { class: "block" }, link, badges, el("p", { class: "best" }, said(marked), markers()), whole, meta);
}

/** The text of a list answer, in which the rows that it names become a list; rows that it does not name are added to it. */
function listBody(context, sources, answer) {
  const all = hasAll(answer.data);
  let rows = answer.data.rows;
  const block = (text) => text && el("p", { class: "block", lang: answer.language }, sources.marked(text));
  const parts = paragraphs(answer.answer).map((part) => {
    const run = runOf(part, rows);
    if (!run) return block(part);
    const listed = new Set(run.entries.map((entry) => entry.row));
    const unnamed = rows.filter((row) => !listed.has(row)).map(unnamedEntry);
    rows = [];
    const lead = run.lead.replace(/\s*[–:-]\s*$/, ":");
    const remaining = (unnamed.length ? run.rest.replace(/^[^.]*/, "") : run.rest).replace(/^[\s.;,]+/, "");
    return [el("p", { class: "block lead", lang: answer.language }, sources.marked(lead)), itemList(context, sources, [...run.entries, ...unnamed], all), block(remaining)];
  });
  return [parts, rows.length ? itemList(context, sources, rows.map(unnamedEntry), all) : null, countLine(context, answer.data)];
}

function unnamedEntry(row) {
  return { row, text: row.title, markers: row.citations ?? [] };
}

/** Whether the rows are complete; `total` is null where the number of records is unknown. */
function hasAll({ complete, total, truncated }) {
  return complete !== false && total !== null && !truncated;
}

/** The line with the number of rows: all, those found on a topic, at least so many, or unknown. */
function countLine({ words, service }, data) {
  const count = words.entries(data.total ?? data.rows.length);
  const meta = (...text) => el("p", { class: "count meta" }, ...text);
  if (data.truncated) return meta(outsideLink(service.address(data.url), words.some(data.rows.length, data.total), words));
  if (hasAll(data)) return meta(`${count}, ${data.complete === null ? words.perhapsMore : words.complete}`);
  const text = data.complete === null ? words.unsure : words.atLeast(count);
  return el("p", { class: "count unsure" }, icon("alert"), el("span", {}, text));
}

function notices({ words, service }, answer) {
  const quiet = answer.status === "about_service" ? "sample_data" : null;
  const shown = answer.notices.filter(({ code, text }) => code !== quiet && !answer.answer.includes(text));
  return shown.length ? el("ul", { class: "notices" }, shown.map((notice) => noticeEntry(notice, answer.language, words, service.address(notice.url)))) : null;
}

/** A notice as a list item; the one about sample data is muted. */
export function noticeEntry({ code, text }, language, words, address) {
  return el("li", { lang: language, class: code === "sample_data" && "sample" }, icon("alert"), el("span", {}, outsideLink(address, text, words) ?? text));
}

function sourceList({ words }, sources, answer) {
  if (!answer.citations.length || WITH_SOURCES.has(answer.data?.kind)) return null;
  const documents = new Set(answer.citations.map((citation) => citation.document_id));
  const entries = [...documents].map((id) => sources.entry(answer.citations.filter((citation) => citation.document_id === id)));
  return el("div", { class: "sources" }, el("h4", {}, words.sources), el("ul", {}, entries));
}

/** Links to the most similar records in one line, without those that the text names (they are links there). */
function nearest({ words, service }, answer) {
  const unnamed = answer.nearest.filter((record) => !namedIn(answer.answer, record));
  if (!unnamed.length) return null;
  const entries = unnamed.map((record, index) => {
    const about = [words.kinds[record.kind], words.itemStatuses[record.status]].filter(Boolean).join(", ");
    return [index ? "; " : " ", recordLink(service, record, words), el("span", { class: "meta" }, ` (${about})`)];
  });
  return el("p", { class: "nearest" }, el("strong", {}, `${words.nearest}:`), entries);
}

function recordLink(service, record, words) {
  return outsideLink(service.address(record.url), named(record), words) ?? named(record);
}

/** The match of a record's name or title in a text as whole words, null without one. */
function namedIn(text, record) {
  const names = [nameOf(record), record.title].filter(Boolean).map(literal);
  return names.length ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${names.join("|")})(?![\\p{L}\\p{N}])`, "u").exec(text) : null;
}

/** The nodes of a text with the names of records turned into links. */
function linked({ words, service }, nodes, records) {
  return records.reduce((before, record) => before.flatMap((node) => {
    const match = typeof node === "string" && namedIn(node, record);
    return match ? [node.slice(0, match.index), recordLink(service, record, words), node.slice(match.index + match[0].length)] : [node];
  }), nodes);
}

function contact({ words, config, openContact }, turn) {
  const { status, answer: text } = turn.answer;
  if (status === "emergency") {
    const numbers = EMERGENCY_NUMBERS.filter((number) => text.includes(number));
    return el("p", { class: "calls" }, numbers.map((number) => el("a", { href: `tel:${number}`, class: "call" }, icon("phone"), words.call(number))));
  }
  if (status === "answered" || status === "needs_clarification") return null;
  const isShown = config.contact.text && text.includes(config.contact.text);
  if (status === "about_service" && !isShown) return null;
  const note = config.contact.text && !isShown ? el("p", { lang: "de" }, config.contact.text) : null;
  const button = config.contact.form ? el("button", { type: "button", class: "contact-button", onclick: () => openContact(turn.question) }, icon("mail"), words.contactButton) : null;
  return note || button ? el("div", { class: "contact" }, note, button) : null;
}

function suggestions({ words, ask }, answer) {
  if (!answer.suggestions.length) return null;
  const title = { needs_clarification: words.choose, about_service: words.startQuestions }[answer.status] ?? words.next;
  return el("div", { class: "suggestions" }, el("h4", {}, title), questionButtons(answer.suggestions, ask, answer.language));
}

/** Questions as buttons that ask them. */
export function questionButtons(questions, ask, language) {
  return el("ul", { class: "questions" }, questions.map((text) => el("li", {}, el("button", { type: "button", lang: language, onclick: () => ask(text) }, el("span", {}, text), icon("arrow")))));
}
