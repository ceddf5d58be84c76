// The element <strategielotse-chat>: its button, its panel, its attributes and events. Registered in widget.js.
import { ATTRIBUTES, listed, paint, reflect } from "./attributes.js";
import { el, freshId, setLanguage } from "./dom.js";
import { icon } from "./icons.js";
import { Kept } from "./kept.js";
import { learn, ownLanguage, wordsOf } from "./languages.js";
import { Panel } from "./panel.js";
import { Service } from "./service.js";
import { sharedQuestion } from "./sharing.js";
import { sheets } from "./style.js";

const MODES = new Set(["inline", "page"]);
const LOOKS = new Set(["color", "color-text", "position", "theme"]);
const labels = new Map();
let sharer = null;

export class StrategielotseChat extends HTMLElement {
  static home = document.baseURI;
  static observedAttributes = ATTRIBUTES;
  #root;
  #launcher = null;
  #frame = null;
  #panel = null;
  #label = "";
  #shared = "";
  #spoken = "";
  #kept = null;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = sheets();
    this.#root = el("div", { class: "root" });
    shadow.append(this.#root);
    shadow.addEventListener("keydown", (event) => this.#escape(event));
  }

  connectedCallback() {
    sharer ??= this;
    this.#shared = sharer === this ? sharedQuestion() : "";
    this.#build();
    window.addEventListener("online", this.#online);
    window.addEventListener("hashchange", this.#followed);
    window.addEventListener("beforeprint", this.#print);
    window.addEventListener("afterprint", this.#printed);
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.#online);
    window.removeEventListener("hashchange", this.#followed);
    window.removeEventListener("beforeprint", this.#print);
    window.removeEventListener("afterprint", this.#printed);
    labels.delete(this);
    if (sharer === this) sharer = null;
    this.#panel?.leave();
    this.#panel = this.#frame = null;
    this.#root.replaceChildren();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#frame || before === now) return;
    if (name === "open") this.#openOrClose();
    else if (LOOKS.has(name)) this.#paint();
    else this.#build();
  }

  /** Open the widget and set the focus to its question field. */
  show() {
    this.open = true;
  }

  /** Close the widget; the focus returns to its button. */
  close() {
    this.open = false;
  }

  /** Open the widget and ask a question. */
  async ask(question) {
    this.show();
    await this.#panel?.ask(String(question));
  }

  get #mode() {
    return MODES.has(this.mode) ? this.mode : "floating";
  }

  get #floating() {
    return this.#mode === "floating";
  }

  #online = () => this.#panel?.online();

  /** Called when the fragment of the address changes: a link to a question may have been followed. */
  #followed = () => {
    const question = sharer === this ? sharedQuestion() : "";
    if (!question) return;
    this.#panel?.share(question);
    this.#launcher?.querySelector("span").replaceChildren(this.#words().launcherShared);
  };

  /** Called before the page is printed: add the printed view of the conversation. */
  #print = () => {
    this.#printed();
    this.#root.after(this.#panel?.printed() ?? "");
  };

  #printed = () => {
    this.shadowRoot.querySelector(".printed")?.remove();
  };

  get #wish() {
    return this.#spoken || this.language || ownLanguage() || document.documentElement.lang;
  }

  #words() {
    return wordsOf(this.#wish);
  }

  #build() {
    const words = this.#words();
    const before = this.#panel?.leave();
    const documents = listed(this.documents);
    const address = this.service || StrategielotseChat.home;
    this.#kept = new Kept([address, documents.join("|"), this.id], this.keep !== "page");
    const kept = before ?? { turns: this.#kept.turns, draft: "", shared: this.#shared, again: true };
    this.#label = unique(this, this.heading || words.heading);
    setLanguage(this.#root, words.code);
    this.#paint();
    const service = new Service(address, words.served ?? words.code, documents);
    this.#panel = this.#newPanel(words, service, kept);
    this.#launcher = this.#floating ? this.#newLauncher(words) : null;
    this.#frame = el("section", { class: "frame", "aria-label": this.#label }, this.#launcher, this.#panel.element, this.#panel.status);
    this.#root.replaceChildren(this.#frame);
    this.#openOrClose(false);
    learn(this.#wish, service).then((isNew) => isNew && this.#frame && this.#build());
  }

  #paint() {
    Object.assign(this.#root.dataset, { mode: this.#mode, theme: this.theme, position: this.position });
    this.#root.toggleAttribute("data-large", this.#kept.large && this.#mode !== "page");
    paint(this.#root, this.color, this.colorText);
  }

  /** Change between the large view and the usual one. */
  #resize() {
    this.#kept.large = !this.#kept.large;
    this.#paint();
    this.#panel.resized();
  }

  #newPanel(words, service, before) {
    const kept = this.#kept;
    return new Panel({
      words,
      ...before,
      service,
      kept,
      heading: this.heading || words.heading,
      label: this.#label,
      questions: listed(this.questions),
      page: this.page,
      mode: this.#mode,
      close: () => this.close(),
      resize: () => this.#resize(),
      speak: (language) => this.#speak(language),
      emit: (name, detail) => this.#emit(name, detail),
    });
  }

  #newLauncher(words) {
    const id = this.#panel.element.id = freshId("panel");
    const text = this.#shared ? words.launcherShared : words.launcher;
    return el(
      "button",
      { class: "launcher", part: "launcher", type: "button", "aria-expanded": "false", "aria-controls": id, onclick: () => this.show() },
      icon("chat"),
      el("span", {}, text),
    );
  }

  #speak(language) {
    this.#spoken = language;
    this.#build();
    this.#panel.focusLanguage();
  }

  #openOrClose(byPerson = true) {
    const shown = this.open || !this.#floating;
    const wasShown = !this.#panel.element.hidden;
    this.#panel.element.hidden = !shown;
    if (this.#launcher) {
      this.#launcher.hidden = shown;
      this.#launcher.setAttribute("aria-expanded", String(shown));
    }
    if (shown) this.#panel.opened(byPerson && this.#floating);
    if (!byPerson || !this.#floating) return;
    if (shown) this.#emit("open");
    else if (wasShown) {
      this.#launcher.focus();
      this.#emit("close");
    }
  }

  #escape(event) {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    const large = this.#root.hasAttribute("data-large") && this.#panel.resizable;
    if (!large && !(this.#floating && this.open)) return;
    event.preventDefault();
    if (large) this.#resize();
    else this.close();
  }

  #emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`strategielotse-${name}`, { bubbles: true, composed: true, detail }));
  }
}

reflect(StrategielotseChat);

/** The heading, with a number if another widget of this page has the same: landmarks need unique names. */
function unique(element, heading) {
  labels.delete(element);
  const taken = new Set(labels.values());
  let label = heading;
  for (let number = 2; taken.has(label); number += 1) label = `${heading} (${number})`;
  labels.set(element, label);
  return label;
}
