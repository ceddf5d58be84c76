// The client of the service: addresses, configuration, and requests that return an answer or throw a Failure.
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

const reported = new Set();

/** The text if it is an http(s) address; null for others ("javascript:…", "lotse.example.org"). */
export function webAddress(text) {
  return /^https?:\/\/[^/]/i.test(text ?? "") ? text : null;
}

export class Service {
  #base;
  #language;
  #documents;

  /**
   * `address`: of the service, with its scheme, or a path on the page's own website ("/lotse").
   * `documents`: the ids of those to answer from, none for all.
   */
  constructor(address, language, documents = []) {
    this.#base = baseOf(address);
    this.#language = language;
    this.#documents = documents;
  }

  /** The absolute address of a path of the service; null without a path, if that is no web address, or if the service has none. */
  address(path) {
    if (!this.#base || !path) return null;
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

  /** Ask; `onEvent` is called with each step and sentence of the stream. Resolves to the whole answer, throws a Failure. */
  async answer(body, onEvent, signal) {
    const request = { method: "POST", headers: { "Content-Type": "application/json", Accept: "text/event-stream" }, body, signal };
    return await this.#within(ANSWER_SECONDS, signal, async (limit, alive) => {
      const response = await this.#fetch("chat", { ...request, signal: limit });
      return await readAnswer(response, (name, data) => {
        alive();
        onEvent(name, data);
      });
    });
  }

  /** Send feedback; throws a Failure. */
  async feedback(report) {
    const headers = { "Content-Type": "application/json" };
    await this.#send("feedback", { method: "POST", headers, body: JSON.stringify(report) }, SEND_SECONDS);
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

  /** Run `work` with a time limit that each call of `alive` restarts; an error without a response is thrown as a Failure. */
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

/** The service's address as a URL; null, with an error on the console, if it is no http(s) address. */
function baseOf(text) {
  const address = text.trim();
  const whole = webAddress(address) ?? (/^\/(?!\/)/.test(address) ? address : null);
  try {
    const base = new URL(whole.endsWith("/") ? whole : `${whole}/`, document.baseURI);
    if (/^https?:$/.test(base.protocol)) return base;
  } catch {
    // Reported below, like other texts that are no address.
  }
  if (!reported.has(address)) console.error(`<strategielotse-chat>: the attribute "service" is no http(s) address: ${address}`);
  reported.add(address);
  return null;
}
