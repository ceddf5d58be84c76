// Copy, print and share an answer. A shared question is in the fragment of the address, which is sent to no server.
import { disclosure } from "./disclosure.js";
import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { bindingOf, citedStand, DOCUMENTS_LANGUAGE, nameOf, pageOf } from "./record_words.js";
import { passageAddress } from "./source_card.js";
import { webAddress } from "./service.js";
import { sheetOf, sheets } from "./style.js";

const FRAGMENT = "#frage=";
const PRINTING = "@media print { body > :not(strategielotse-print) { display: none !important; } }";
const MAX_SHARED = 500;

/** The question in the fragment of the page's address, "" without one. */
export function sharedQuestion() {
  if (!location.hash.startsWith(FRAGMENT)) return "";
  try {
    return decodeURIComponent(location.hash.slice(FRAGMENT.length)).slice(0, MAX_SHARED).trim();
  } catch {
    return "";
  }
}

/** The address of a page with a question in its fragment: of `page`, where that is a web address, else of this one. */
export function shareAddress(question, page = "") {
  return (webAddress(page) ?? location.href).split("#")[0] + FRAGMENT + encodeURIComponent(question);
}

/** The row of buttons below an answer. */
export function actions(context, turn, body) {
  const { words } = context;
  const status = el("span", { class: "said-done meta" });
  const showStatus = (text) => {
    status.textContent = text;
    context.announce(text);
  };
  const copyAndReport = async (text, done) => showStatus((await copyText(text, status)) ? done : words.copyFailed);
  const button = (drawing, text, onclick, name) => el("button", { type: "button", class: "quiet", "aria-label": name, onclick }, icon(drawing), text);
  return el(
    "div",
    { class: "actions", role: "group", "aria-label": words.actions },
    button("copy", words.copy, () => copyAndReport(asText(context, turn), words.copied)),
    button("print", words.print, () => printAnswer(context, turn, body)),
    button("link", words.share, () => copyAndReport(shareAddress(turn.question, context.page), words.shareDone), words.shareLong),
    status,
  );
}

function asText({ words, service }, { question, answer }) {
  const sources = answer.citations.map((citation) => `${sourceLine(citation, words)}\n${passageAddress(service, citation) ?? ""}`);
  const title = sources.length ? `\n\n${words.sources}:\n` : "";
  return `${question}\n\n${answer.answer}${title}${sources.join("\n")}\n\n${words.generatedBy(answer.generated_by)}`;
}

/** A source in one line: marker, record, document, page, date, and the status of both. */
function sourceLine(citation, words) {
  const page = pageOf(citation);
  const status = [words.itemStatuses[citation.item_status], bindingOf(citation, words)];
  const where = [citation.document_title, page && `${words.page} ${page}`, citation.scanned && words.scanned, citedStand(citation, words), ...status].filter(Boolean).join(", ");
  return `[${citation.marker}] ${nameOf(citation)} – ${where}`;
}

async function copyText(text, sibling) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByField(text, sibling);
  }
}

/** Copy by a selected field, for pages without https. */
function copyByField(text, sibling) {
  const before = sibling.getRootNode().activeElement;
  const field = el("textarea", { class: "unseen", "aria-hidden": "true", tabindex: "-1" });
  field.value = text;
  sibling.parentElement.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}

/** Print one answer: add a copy of it to the page, and hide everything else while printing. */
function printAnswer(context, turn, body) {
  const sheet = sheetOf(PRINTING);
  const host = el("strategielotse-print", { id: freshId("print") });
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = sheets();
  shadow.append(paper(context, [[turn, body]]));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  document.body.append(host);
  const clean = () => {
    host.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  window.addEventListener("afterprint", clean, { once: true });
  window.print();
}

/** The printed view of turns, given as pairs of a turn and the element with its answer's body; hidden on screens. */
export function paper(context, turns) {
  const { words, service } = context;
  const article = ([{ question, answer }, body]) => el("article", {}, el("h1", {}, question), printedBody(body), printedSources(answer.citations, words, service), disclosure(context, answer));
  return el("div", { class: "root printed", lang: words.code }, turns.map(article), el("p", {}, words.check));
}

/** A copy of an answer's body for print: markers as text, lists unfolded, without buttons, cards and pictures. */
function printedBody(body) {
  const copy = body.cloneNode(true);
  for (const marker of copy.querySelectorAll(".marker")) marker.replaceWith(`[${marker.textContent}]`);
  for (const chip of copy.querySelectorAll(".chip")) chip.replaceWith(el("span", { class: "chip" }, ...chip.childNodes));
  for (const list of copy.querySelectorAll(".groups details, .everything")) list.open = true;
  for (const part of copy.querySelectorAll(".source-card, button, figure")) part.remove();
  return copy;
}

/** The sources with their quotes, and addresses without the quote, short enough to be typed. */
function printedSources(citations, words, service) {
  if (!citations.length) return null;
  const entry = (citation) => el("li", {}, el("p", {}, sourceLine(citation, words)), el("blockquote", { lang: DOCUMENTS_LANGUAGE }, citation.quote), el("p", { class: "address" }, service.address(citation.url)));
  return [el("h2", {}, words.sources), el("ul", { class: "paper-sources" }, citations.map(entry))];
}
