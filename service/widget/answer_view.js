// An answer as people read it: its status, text, lists and tables with sources, what comes next, what to do with it.
import { comparison, facts } from "./data_view.js";
import { el } from "./dom.js";
import { feedbackView } from "./feedback.js";
import { icon } from "./icons.js";
import { itemList, runOf } from "./item_list.js";
import { itemBadge, named } from "./record_words.js";
import { actions } from "./sharing.js";
import { outsideLink, Sources } from "./source_card.js";

const ICONS = { answered: "checked", not_in_documents: "search", out_of_scope: "question", refused: "stop", needs_clarification: "question", emergency: "phone", unavailable: "alert" };
const PROVEN = /\][.!?]+["“»]?\s+|[.!?]["“»]?(?:\s?\[\d+\])+\s+/g;
const LISTS = new Set(["list", "count"]);
const EMERGENCY_NUMBERS = ["112", "110"];

/** Draw an answer. */
export function answerView(context, turn) {
  const { answer } = turn;
  const { words } = context;
  const sources = new Sources(context, answer.citations);
  const body = el("div", { class: "answer-body" }, answerBody(context, sources, answer));
  const view = el(
    "div",
    { class: "answer", part: "answer", "data-status": answer.status },
    el("h3", {}, icon(ICONS[answer.status] ?? "chat"), el("span", {}, words.statuses[answer.status] ?? words.statuses.answered), answer.mode && el("span", { class: "mode" }, words.modes[answer.mode])),
    body,
    answer.status === "emergency" ? null : notices(context, answer),
    sourceList(context, sources, answer),
    nearest(context, answer),
    contact(context, turn),
    answer.status === "emergency" ? null : el("div", { class: "after" }, actions(context, turn, body), feedbackView(context, answer)),
    suggestions(context, answer),
  );
  return view;
}

/** The paragraphs of an answer's text: cut where a sentence has been proved, so that each has its sources. */
export function paragraphs(text) {
  const cuts = [...text.matchAll(PROVEN)].map((match) => match.index + match[0].length);
  const edges = [0, ...cuts.filter((cut) => cut < text.length), text.length];
  return edges.slice(1).map((end, place) => text.slice(edges[place], end).trim()).filter(Boolean);
}

function answerBody(context, sources, answer) {
  const { data } = answer;
  const text = () => paragraphs(answer.answer).map((part) => el("p", { class: "block", lang: answer.language }, sources.marked(part)));
  if (!data?.rows.length) return text();
  if (data.kind === "comparison") return [comparison(context, sources, data), el("details", {}, el("summary", {}, context.words.asText), text())];
  if (LISTS.has(data.kind)) return listBody(context, sources, answer);
  return [text(), facts(context, sources, data), isComplete(data) ? null : countLine(context, data)];
}

function listBody(context, sources, answer) {
  let rows = answer.data.rows;
  const { words } = context;
  const parts = paragraphs(answer.answer).map((part) => {
    const run = runOf(part, rows);
    if (!run) return el("p", { class: "block", lang: answer.language }, sources.marked(part));
    const listed = new Set(run.entries.map((entry) => entry.row));
    rows = rows.filter((row) => !listed.has(row));
    const lead = run.lead.replace(/\s*[–:-]\s*$/, ":");
    const rest = run.rest.replace(/^[\s.;,]+/, "");
    return [el("p", { class: "block lead", lang: answer.language }, sources.marked(lead)), itemList(context, sources, run.entries, isComplete(answer.data)), rest && el("p", { class: "block", lang: answer.language }, sources.marked(rest))];
  });
  return [parts, countLine(context, answer.data)];
}

function isComplete({ complete }) {
  return complete !== false && complete !== null;
}

/** How many there are: all of them, at least so many, or that nobody may say. */
function countLine({ words }, data) {
  const count = words.entries(data.total ?? data.rows.length);
  if (isComplete(data)) return el("p", { class: "count meta" }, `${count}, ${words.complete}`);
  const text = data.complete === null ? words.unsure : LISTS.has(data.kind) ? words.atLeast(count) : words.incomplete;
  return el("p", { class: "count unsure" }, icon("alert"), el("span", {}, text));
}

function notices({ words }, answer) {
  const told = answer.notices.filter(({ text }) => !answer.answer.includes(text));
  return told.length ? el("ul", { class: "notices" }, told.map((one) => noticeEntry(one, answer.language, words))) : null;
}

/** Something the reader must know; that all is sample data is said quietly, and in the interface's language. */
export function noticeEntry({ code, text }, language, words) {
  const sample = code === "sample_data";
  return el("li", { lang: sample ? words.code : language, class: sample ? "sample" : null }, icon("alert"), el("span", {}, sample ? words.sampleData : text));
}

function sourceList({ words }, sources, answer) {
  if (!answer.citations.length || LISTS.has(answer.data?.kind) || answer.data?.kind === "comparison") return null;
  return el("div", { class: "sources" }, el("h4", {}, words.sources), el("ul", {}, answer.citations.map((one) => sources.entry(one))));
}

function nearest({ words, service }, answer) {
  if (!answer.nearest.length) return null;
  const entries = answer.nearest.map((one) => {
    const kind = el("span", { class: "meta" }, words.kinds[one.kind]);
    return el("li", {}, outsideLink(service.address(one.url), named(one), words) ?? named(one), el("div", { class: "nearest-meta" }, kind, itemBadge(one.status, words)));
  });
  return el("div", { class: "nearest" }, el("h4", {}, words.nearest), el("ul", {}, entries));
}

function contact({ words, config, openContact }, turn) {
  const { status, answer: text } = turn.answer;
  if (status === "emergency") {
    const numbers = EMERGENCY_NUMBERS.filter((number) => text.includes(number));
    return el("p", { class: "calls" }, numbers.map((number) => el("a", { href: `tel:${number}`, class: "call" }, icon("phone"), words.call(number))));
  }
  if (status === "answered" || status === "needs_clarification") return null;
  const said = config.contact.text && !text.includes(config.contact.text) ? el("p", { lang: "de" }, config.contact.text) : null;
  const button = config.contact.form ? el("button", { type: "button", class: "contact-button", onclick: () => openContact(turn.question) }, icon("mail"), words.contactButton) : null;
  return said || button ? el("div", { class: "contact" }, said, button) : null;
}

function suggestions({ words, ask }, answer) {
  if (!answer.suggestions.length) return null;
  const title = answer.status === "needs_clarification" ? words.choose : words.next;
  return el("div", { class: "suggestions" }, el("h4", {}, title), questionButtons(answer.suggestions, ask, answer.language));
}

/** Questions as buttons that ask them. */
export function questionButtons(questions, ask, language) {
  return el("ul", { class: "questions" }, questions.map((text) => el("li", {}, el("button", { type: "button", lang: language, onclick: () => ask(text) }, el("span", {}, text), icon("arrow")))));
}
