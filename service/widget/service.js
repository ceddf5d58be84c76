// The service as the widget uses it: its addresses, its configuration, and requests that end as answer or Failure.
import { Failure, failureOf } from "./failures.js";
import { readAnswer } from "./stream.js";

const API = "api/v1/";
const CONFIG_SECONDS = 10;
const ANSWER_SECONDS = 30;
const SEND_SECONDS = 60;
export const ABSENT = {
  name: "Strategielotse", county: "", languages: ["de", "en"], styles: ["standard"], start_questions: [], documents: 0, as_of: null, notices: [],
  contact: { text: "", form: false, ways: [] }, feedback: { enabled: false, text: false }, limits: { question: 500, history_turns: 20 },
};

const told = new Set();

/** A text that is the address of a page on the web; null for any other ("javascript:…", "lotse.example.org"). */
export function webAddress(text) {
  return /^https?:\/\/[^/]/i.test(text ?? "") ? text : null;
}

export class Service {
  #base;
  #language;
  #documents;

  /**
   * `address`: of the service, with its scheme, or from the root of the page's own website ("/lotse").
   * `documents`: the ids of those to answer from, none for all.
   */
  constructor(address, language, documents = []) {
    this.#base = baseOf(address);
    this.#language = language;
    this.#documents = documents;
  }

  /** The full address of a path of the service; null for what is no web address ("javascript:…"), or where the service has none. */
  address(path) {
    if (!this.#base) return null;
    try {
      const url = new URL(String(path).replace(/^\/+/, ""), this.#base);
      return /^https?:$/.test(url.protocol) ? url.href : null;
    } catch {
      return null;
    }
  }

  /** The configuration, with defaults for what it leaves out; throws a Failure. */
  async config() {
    const chosen = new URLSearchParams(this.#documents.map((id) => ["documents", id]));
    const response = await this.#send(this.#documents.length ? `config?${chosen}` : "config", {}, CONFIG_SECONDS);
    return { ...ABSENT, ...(await response.json()) };
  }

  /** The ids of the documents to answer from, undefined for all. */
  get documents() {
    return this.#documents.length ? this.#documents : undefined;
  }

  /** Ask; `heard` gets each step and sentence as it comes. Resolves to the whole answer, throws a Failure. */
  async answer(body, heard, signal) {
    const sent = { method: "POST", headers: { "Content-Type": "application/json", Accept: "text/event-stream" }, body, signal };
    return await this.#within(ANSWER_SECONDS, signal, async (limit, alive) => {
      const response = await this.#fetch("chat", { ...sent, signal: limit });
      return await readAnswer(response, (name, data) => {
        alive();
        heard(name, data);
      });
    });
  }

  /** Send feedback; throws a Failure. */
  async feedback(said) {
    const headers = { "Content-Type": "application/json" };
    await this.#send("feedback", { method: "POST", headers, body: JSON.stringify(said) }, SEND_SECONDS);
  }

  /** Send the contact form; throws a Failure. */
  async contact(form) {
    await this.#send("contact", { method: "POST", body: form }, SEND_SECONDS);
  }

  async #send(path, options, seconds) {
    return await this.#within(seconds, undefined, (signal) => this.#fetch(path, { ...options, signal }));
  }

  async #fetch(path, options) {
    const headers = { Accept: "application/json", ...options.headers, "Accept-Language": this.#language };
    const whole = { ...options, headers, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
    const address = this.address(API + path);
    if (!address) throw new Failure("unreachable");
    const response = await fetch(address, whole);
    if (!response.ok) throw await failureOf(response);
    return response;
  }

  /** Run work with a time limit, which begins anew with each sign of life; what fails without a response becomes a Failure that says why. */
  async #within(seconds, outer, work) {
    const limit = new AbortController();
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => limit.abort("timeout"), seconds * 1000);
    };
    alive();
    const stop = () => limit.abort("stopped");
    outer?.addEventListener("abort", stop);
    try {
      return await work(limit.signal, alive);
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (limit.signal.aborted) throw new Failure(limit.signal.reason);
      throw new Failure(navigator.onLine === false ? "offline" : "unreachable");
    } finally {
      clearTimeout(timer);
      outer?.removeEventListener("abort", stop);
    }
  }
}

/** The service's address as a URL; null, with a word to who maintains the page, where a question could go astray. */
function baseOf(text) {
  const address = text.trim();
  const whole = webAddress(address) ?? (/^\/(?!\/)/.test(address) ? address : null);
  try {
    const base = new URL(whole.endsWith("/") ? whole : `${whole}/`, document.baseURI);
    if (/^https?:$/.test(base.protocol)) return base;
  } catch {
    // Told below, as any other text that is no address.
  }
  if (!told.has(address)) console.error(`<strategielotse-chat>: the attribute "service" is no http(s) address: ${address}`);
  told.add(address);
  return null;
}
