// The element <strategielotse-chat>: its button, its panel, its attributes and events. Registered in widget.js.
import { ATTRIBUTES, listed, paint, reflect } from "./attributes.js";
import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { known, wordsOf } from "./languages.js";
import { Panel } from "./panel.js";
import { Service } from "./service.js";
import { sharedQuestion } from "./sharing.js";
import { sheets } from "./style.js";

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
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.#online);
    window.removeEventListener("hashchange", this.#followed);
    labels.delete(this);
    if (sharer === this) sharer = null;
    this.#panel?.stop();
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

  get #floating() {
    return this.mode !== "inline";
  }

  #online = () => this.#panel?.online();

  /** A link to a question has been followed on this page. */
  #followed = () => {
    const question = sharer === this ? sharedQuestion() : "";
    if (!question) return;
    this.#panel?.share(question);
    this.#launcher?.querySelector("span").replaceChildren(this.#words().launcherShared);
  };

  #words() {
    return wordsOf(this.#spoken || this.language || document.documentElement.lang);
  }

  #build() {
    const words = this.#words();
    const kept = this.#panel?.leave() ?? { turns: [], draft: "", shared: this.#shared };
    this.#label = unique(this, this.heading || words.heading);
    this.#root.lang = words.code;
    this.#paint();
    this.#panel = this.#newPanel(words, kept);
    this.#launcher = this.#floating ? this.#newLauncher(words) : null;
    this.#frame = el("section", { class: "frame", "aria-label": this.#label }, this.#launcher, this.#panel.element, this.#panel.status);
    this.#root.replaceChildren(this.#frame);
    this.#openOrClose(false);
  }

  #paint() {
    Object.assign(this.#root.dataset, { mode: this.#floating ? "floating" : "inline", theme: this.theme, position: this.position });
    paint(this.#root, this.color, this.colorText);
  }

  #newPanel(words, kept) {
    return new Panel({
      words,
      ...kept,
      service: new Service(this.service || StrategielotseChat.home, words.code),
      heading: this.heading || words.heading,
      label: this.#label,
      questions: listed(this.questions),
      page: this.page,
      floating: this.#floating,
      close: () => this.close(),
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
    this.#spoken = known(language);
    this.#build();
    this.#panel.focusLanguage();
  }

  #openOrClose(byPerson = true) {
    const shown = this.open || !this.#floating;
    const was = !this.#panel.element.hidden;
    this.#panel.element.hidden = !shown;
    if (this.#launcher) {
      this.#launcher.hidden = shown;
      this.#launcher.setAttribute("aria-expanded", String(shown));
    }
    if (shown) this.#panel.opened(byPerson && this.#floating);
    if (!byPerson || !this.#floating) return;
    if (shown) this.#emit("open");
    else if (was) {
      this.#launcher.focus();
      this.#emit("close");
    }
  }

  #escape(event) {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !this.#floating || !this.open) return;
    event.preventDefault();
    this.close();
  }

  #emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`strategielotse-${name}`, { bubbles: true, composed: true, detail }));
  }
}

reflect(StrategielotseChat);

/** The heading, with a number where another widget of this page has it already: landmarks need names of their own. */
function unique(element, heading) {
  labels.delete(element);
  const taken = new Set(labels.values());
  let label = heading;
  for (let number = 2; taken.has(label); number += 1) label = `${heading} (${number})`;
  labels.set(element, label);
  return label;
}
