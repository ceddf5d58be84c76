// The element <strategielotse-progress>: the progress of projects and measures, as HTML from the service. Registered in
// widget.js. Its own content in the website is shown until the HTML is loaded, and if it cannot be loaded.
import { el } from "./dom.js";

const PROGRESS_ATTRIBUTES = ["service", "document", "theme", "language"];

export class StrategielotseProgress extends HTMLElement {
  static home = document.baseURI;
  static observedAttributes = PROGRESS_ATTRIBUTES;
  #request = 0;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(el("slot"));
  }

  connectedCallback() {
    this.#load();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#load();
  }

  async #load() {
    const request = (this.#request += 1);
    let shown = [el("slot")];
    try {
      const home = new URL(`${this.getAttribute("service") || StrategielotseProgress.home}/`.replace(/\/+$/, "/"), document.baseURI);
      const [markup, css] = await Promise.all([fetchText(this.#address(home)), fetchText(new URL("static/progress.css", home))]);
      shown = parseNodes(home, markup);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      this.shadowRoot.adoptedStyleSheets = [sheet];
    } catch {
      this.#emit("error", { kind: "unreachable" });
    }
    if (request === this.#request) this.shadowRoot.replaceChildren(...shown);
  }

  #address(home) {
    const address = new URL("fortschritt/eingebettet", home);
    const language = this.getAttribute("language") || document.documentElement.lang;
    address.searchParams.set("language", language.startsWith("en") ? "en" : "de");
    for (const name of ["document", "theme"]) address.searchParams.set(name, this.getAttribute(name) ?? "");
    return address;
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`strategielotse-${name}`, { bubbles: true, composed: true, detail }));
  }
}

/** The body of a page of the service as nodes, with absolute links to the service. */
function parseNodes(home, markup) {
  const page = new DOMParser().parseFromString(markup, "text/html");
  for (const link of page.querySelectorAll("a")) link.href = new URL(link.getAttribute("href").replace(/^\//, ""), home).href;
  return [...page.body.childNodes];
}

async function fetchText(address) {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error(response.status);
  return response.text();
}
