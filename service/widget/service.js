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

export class Service {
  #base;
  #language;

  constructor(address, language) {
    this.#base = new URL(address.endsWith("/") ? address : `${address}/`, document.baseURI);
    this.#language = language;
  }

  /** The full address of a path of the service; null for what is no web address ("javascript:…"). */
  address(path) {
    try {
      const url = new URL(String(path).replace(/^\/+/, ""), this.#base);
      return /^https?:$/.test(url.protocol) ? url.href : null;
    } catch {
      return null;
    }
  }

  /** The configuration, with defaults for what it leaves out; throws a Failure. */
  async config() {
    const response = await this.#send("config", {}, CONFIG_SECONDS);
    return { ...ABSENT, ...(await response.json()) };
  }

  /** Ask; `heard` gets each sentence as it comes. Resolves to the whole answer, throws a Failure. */
  async answer(body, heard, signal) {
    const sent = { method: "POST", headers: { "Content-Type": "application/json", Accept: "text/event-stream" }, body, signal };
    return await this.#within(ANSWER_SECONDS, signal, async (limit) => {
      const response = await this.#fetch("chat", { ...sent, signal: limit });
      return await readAnswer(response, heard);
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
    const response = await fetch(this.address(API + path), whole);
    if (!response.ok) throw await failureOf(response);
    return response;
  }

  /** Run work with a time limit; what fails without a response becomes a Failure that says why. */
  async #within(seconds, outer, work) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort("timeout"), seconds * 1000);
    const stop = () => limit.abort("stopped");
    outer?.addEventListener("abort", stop);
    try {
      return await work(limit.signal);
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
