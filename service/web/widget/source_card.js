// Source markers as buttons, and the source card that they open below their text.
import { el, freshId, inPlace, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { citedStand, confirmed, DOCUMENTS_LANGUAGE, documentBadge, itemBadge, named, nameOf, pageOf, scannedBadge } from "./record_words.js";
import { webAddress } from "./service.js";

const LINK_QUOTE = 600;
const PICTURE_WIDTH = 900;
// The cropped picture: width of the whole page in pixels, so that letters stay sharp; margin in points, one line each.
const CROPPED_WIDTH = 1400;
const CROPPED_MARGIN = 28;

/** The sources of one answer; at most one card is open. */
export class Sources {
  #context;
  #citations;
  #open = null;

  constructor(context, citations) {
    this.#context = context;
    this.#citations = new Map(citations.map((citation) => [citation.marker, citation]));
  }

  /** The citation of a marker, undefined where the answer has none. */
  find(marker) {
    return this.#citations.get(marker);
  }

  /** The button of a marker; the marker as text without such a source. */
  marker(number) {
    const citation = this.find(number);
    if (!citation) return `[${number}]`;
    const name = this.#context.words.source(number, nameOf(citation));
    return this.#disclosure(citation, { class: "marker", "aria-label": name }, String(number));
  }

  /** The nodes of a text with its markers as buttons; punctuation is kept on the line of the marker before it. */
  marked(text) {
    return text.split(/(\[\d{1,4}\][.,;:!?)“”"»]*)/).map((part) => {
      const match = /^\[(\d{1,4})\](.*)$/s.exec(part);
      if (!match) return part;
      const marker = this.marker(Number(match[1]));
      return match[2] ? el("span", { class: "held" }, marker, match[2]) : marker;
    });
  }

  /** The list item for the sources of one document: the document, below it each cited item and page once. */
  entry(citations) {
    const { words } = this.#context;
    const [first] = citations;
    const title = el("span", { lang: DOCUMENTS_LANGUAGE }, confirmed(first.document_title, "title", first, words));
    const about = el("p", { class: "meta" }, title, " · ", citedStand(first, words));
    const keys = new Set(citations.map(placeKey));
    const entries = [...keys].map((key) => {
      const [shown, ...further] = citations.filter((citation) => placeKey(citation) === key);
      const more = further.length ? el("span", { class: "more-markers" }, further.map(({ marker }) => this.marker(marker))) : null;
      return el("li", { class: "block" }, this.#passageButton(shown), more);
    });
    return el("li", {}, about, el("ul", {}, entries));
  }

  #passageButton(citation) {
    const { words } = this.#context;
    const page = pageOf(citation);
    const where = page && el("span", { class: "meta" }, `${words.page} ${page}`);
    const name = where && citation.title === citation.document_title ? null : named(citation);
    return this.#disclosure(
      citation,
      { class: "source-button" },
      el("span", { class: "marker-look" }, unseen(`${words.sourceTitle("")} `), String(citation.marker)),
      el("span", { class: "source-name" }, name, where),
    );
  }

  #disclosure(citation, attributes, ...children) {
    const button = el("button", { type: "button", "aria-expanded": "false", ...attributes }, ...children);
    button.addEventListener("click", () => (this.#open?.button === button ? this.#close() : this.#show(button, citation)));
    return button;
  }

  #show(button, citation) {
    this.#close(false);
    const card = sourceCard(this.#context, citation, () => this.#close());
    card.id = freshId("source");
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#close();
    });
    const block = button.closest(".block");
    if (block.matches("p")) block.after(card);
    else block.append(card);
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-controls", card.id);
    this.#open = { button, card };
    card.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  #close(returnFocus = true) {
    if (!this.#open) return;
    const { button, card } = this.#open;
    this.#open = null;
    card.remove();
    button.setAttribute("aria-expanded", "false");
    button.removeAttribute("aria-controls");
    if (returnFocus) button.focus();
  }
}

/** A key for the item and page of a citation. */
function placeKey(citation) {
  return `${citation.key} ${pageOf(citation)}`;
}

/** The address that opens the cited passage with its quote highlighted. */
export function passageAddress(service, citation) {
  return service.address(`${citation.url}?${new URLSearchParams({ quote: linkQuote(citation.quote) })}#zitat`);
}

function linkQuote(quote) {
  return quote.length <= LINK_QUOTE ? quote : quote.slice(0, quote.slice(0, LINK_QUOTE).lastIndexOf(" "));
}

/** A link that opens a new window, with a note of that for screen readers. */
export function outsideLink(address, text, words, attributes = {}) {
  if (!address) return null;
  const whole = { href: address, target: "_blank", rel: "noopener noreferrer", ...attributes };
  return el("a", whole, text, " ", icon("external"), unseen(` ${words.newWindow}`));
}

function sourceCard({ words, service }, citation, close) {
  const title = words.sourceTitle(citation.marker);
  const head = el("p", { class: "source-title" }, unseen(`${title}: `), citation.kind !== "section" && el("span", { class: "kind" }, words.kinds[citation.kind]), named(citation));
  const button = el("button", { type: "button", class: "quiet icon-only", "aria-label": words.closeSource, onclick: close }, icon("close"));
  return el(
    "div",
    { class: "source-card", part: "source", role: "group", tabindex: "-1", "aria-label": title },
    el("div", { class: "source-head" }, head, button),
    el("div", { class: "badges" }, itemBadge(citation.item_status, words), documentBadge(citation, words), citation.scanned && scannedBadge(words)),
    el("blockquote", { lang: DOCUMENTS_LANGUAGE }, citation.quote),
    picture(citation, words, service),
    citedFacts(citation, words),
    corrections(citation, words),
    links(citation, words, service),
  );
}

function links(citation, words, service) {
  const passage = outsideLink(passageAddress(service, citation), words.openPassage, words, { class: "passage-link" });
  return el("p", { class: "links" }, passage, outsideLink(webAddress(citation.source_url), words.original, words));
}

function citedFacts(citation, words) {
  const rows = [
    [words.document, el("span", { lang: DOCUMENTS_LANGUAGE }, confirmed(citation.document_title, "title", citation, words))],
    [words.publisher, citation.publisher ? el("span", { lang: DOCUMENTS_LANGUAGE }, confirmed(citation.publisher, "publisher", citation, words)) : null],
    [words.asOf, citation.as_of ? citedStand(citation, words).slice(words.asOf.length + 1) : words.undated],
    [words.page, citation.scanned ? `${pageOf(citation)} (${words.scanned})` : pageOf(citation)],
  ];
  return el("dl", {}, rows.filter(([, value]) => value !== null).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, typeof value === "number" ? String(value) : value))));
}

/** The administration's corrections of the record, and a note if the quote is not the document's wording. */
function corrections(citation, words) {
  const lines = (citation.corrected ?? []).map((correction) => el("li", { lang: DOCUMENTS_LANGUAGE }, correctedLine(correction, words)));
  if (!lines.length) return null;
  const about = citation.verbatim === false ? words.notVerbatim : "";
  return el("div", { class: "corrected" }, el("p", {}, el("strong", {}, words.corrected), about && ` ${about}`), el("ul", {}, lines));
}

function correctedLine(correction, words) {
  const shown = (value) => words.itemStatuses[value] ?? value;
  const read = correction.read ? ` (${words.insteadOf} „${shown(correction.read)}“)` : "";
  return `„${shown(correction.value)}“${read}: ${correction.reason}`;
}

/** A picture of the passage cropped from its page; of the whole page if it cannot be cropped; none if neither loads. */
function picture(citation, words, service) {
  if (!citation.page) return null;
  const document = `/api/v1/documents/${encodeURIComponent(citation.document_id)}`;
  const quote = linkQuote(citation.quote);
  const address = (query) => service.address(`${document}/pages/${citation.page}.png?${new URLSearchParams({ quote, ...query })}`);
  const image = el("img", { class: "place", alt: quote, lang: DOCUMENTS_LANGUAGE, referrerpolicy: "no-referrer" });
  const original = { href: service.address(`${document}/original#page=${citation.page}`), target: "_blank", rel: "noopener noreferrer" };
  const figure = el("figure", { hidden: true }, el("a", original, image, el("span", {}, words.wholePage(pageOf(citation)), icon("external"), unseen(` ${words.newWindow}`))));
  image.addEventListener("load", () => inPlace(figure, () => (figure.hidden = false)));
  image.addEventListener("error", () => {
    if (!image.srcset) return figure.remove();
    image.alt = words.picture(pageOf(citation));
    image.lang = words.code;
    image.className = "";
    image.removeAttribute("srcset");
    image.src = address({ width: PICTURE_WIDTH });
  });
  image.srcset = `${address({ width: CROPPED_WIDTH, crop: CROPPED_MARGIN })} 2x`;
  return figure;
}
