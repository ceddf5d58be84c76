// The element <strategielotse-progress>: how far projects and measures have come, as the service draws it. Registered in widget.js.
// What a website writes inside of it is shown until then, and where it cannot be loaded.
import { el } from "./dom.js";

const ATTRIBUTES = ["service", "document", "theme", "language"];

export class StrategielotseProgress extends HTMLElement {
  static home = document.baseURI;
  static observedAttributes = ATTRIBUTES;
  #asked = 0;

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
    const asked = (this.#asked += 1);
    let shown = [el("slot")];
    try {
      const home = new URL(`${this.getAttribute("service") || StrategielotseProgress.home}/`.replace(/\/+$/, "/"), document.baseURI);
      const [markup, css] = await Promise.all([sent(this.#address(home)), sent(new URL("static/progress.css", home))]);
      shown = drawn(home, markup);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      this.shadowRoot.adoptedStyleSheets = [sheet];
    } catch {
      this.#emit("error", { kind: "unreachable" });
    }
    if (asked === this.#asked) this.shadowRoot.replaceChildren(...shown);
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

/** The parts of a page of the service; its links lead there from any website. */
function drawn(home, markup) {
  const page = new DOMParser().parseFromString(markup, "text/html");
  for (const link of page.querySelectorAll("a")) link.href = new URL(link.getAttribute("href").replace(/^\//, ""), home).href;
  return [...page.body.childNodes];
}

async function sent(address) {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error(response.status);
  return response.text();
}
