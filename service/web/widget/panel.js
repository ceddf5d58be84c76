// The panel of a conversation: head, turns, question field and foot, or the contact form instead of them. element.js opens and closes it, kept.js keeps it open.
import { contactForm } from "./contact_form.js";
import { Conversation } from "./conversation.js";
import { el, freshId } from "./dom.js";
import { Failure } from "./failures.js";
import { Field } from "./question_field.js";
import { foot, head } from "./panel_frame.js";
import { Scrolling } from "./scrolling.js";
import { ABSENT } from "./service.js";
import { paper } from "./sharing.js";
import { hear, settle, spoken, turnView } from "./turn_view.js";
import { welcomeView } from "./welcome.js";

export class Panel {
  #options;
  #context;
  #conversation;
  #field;
  #log;
  #main;
  #head;
  #foot;
  #configured = null;
  #running = null;
  #again;
  #scrolling;
  #style = "standard";
  #title;

  /** `options`: words, turns, draft, shared, service, page, heading, label, questions, mode, kept, again, close, resize, speak, emit. */
  constructor(options) {
    this.#options = options;
    const { words, service, page } = options;
    this.#conversation = new Conversation(options.turns);
    this.#again = options.again && options.turns.length > 0;
    this.#context = {
      words,
      service,
      page,
      config: ABSENT,
      kept: options.kept,
      ask: (question) => this.ask(question),
      retry: (turn) => this.#retry(turn),
      announce: (text) => this.#announce(text),
      openContact: (question) => this.#openContact(question),
    };
    this.status = el("p", { class: "unseen", role: "status" });
    this.#log = el("div", { class: "log", part: "log", role: "log", "aria-live": "off", "aria-label": words.log, tabindex: options.mode === "page" ? "-1" : "0" });
    this.#field = new Field(words, (question) => this.ask(question), () => this.#running?.abort());
    this.#main = el("div", { class: "main" }, this.#log, this.#field.element);
    this.#head = el("div", { class: "head", part: "header" });
    this.#foot = el("div", { class: "foot" });
    const title = freshId("title");
    const role = options.mode === "floating" ? { role: "dialog", "aria-modal": "false", "aria-labelledby": title } : {};
    this.element = el("div", { class: "panel", part: "panel", hidden: true, ...role }, this.#head, this.#main, this.#foot);
    this.#title = title;
    this.#scrolling = new Scrolling({ panel: this.element, log: this.#log, head: this.#head, ask: this.#field.element, page: options.mode === "page" });
    this.#field.text = options.draft;
    this.#drawFrame();
    this.#drawTurns();
  }

  /** Request the configuration, and set the focus if a person opened the panel. */
  async opened(focus) {
    if (focus) (this.element.querySelector(".contact-form h3") ?? this.#field).focus();
    this.#takeShared();
    await this.#configure();
  }

  /** Put a shared question into the field, now or when the panel is opened; not while a request is running. */
  share(question) {
    if (this.#running) return;
    this.#options.shared = question;
    this.#field.clear();
    if (!this.element.hidden) this.#takeShared();
  }

  /** Ask a question; an empty or too long one is reported at the field. */
  async ask(text) {
    const question = text.trim();
    const hasMistake = this.#field.mistake(question, this.#context.config.limits.question);
    if (hasMistake || this.#running) return;
    this.#field.clear();
    this.#options.emit("question");
    const turn = this.#conversation.begin(question);
    const view = turnView(this.#context, turn);
    if (this.#conversation.turns.length === 1) this.#log.replaceChildren();
    this.#log.append(view);
    this.#drawFrame();
    this.#scrolling.reveal(view);
    if (!this.#active) this.#log.focus({ preventScroll: true });
    await this.#answer(turn, view);
  }

  /** Abort the running request. */
  stop() {
    this.#running?.abort();
  }

  /** Abort, and return the state for the next panel: answered turns, shared question, and an unanswered question as draft. */
  leave() {
    this.stop();
    this.#scrolling.leave();
    const { turns } = this.#conversation;
    const open = turns.find((turn) => !turn.answer && !turn.failure);
    return { turns: turns.filter((turn) => turn !== open), draft: this.#field.text || open?.question || "", shared: this.#options.shared, again: this.#again };
  }

  /** The printed view of the answered turns; null without any, or if the panel is closed. */
  printed() {
    const bodies = this.#log.querySelectorAll(".answer-body");
    const turns = this.#conversation.turns.filter((turn) => turn.answer).map((turn, index) => [turn, bodies[index]]);
    return turns.length && !this.element.hidden ? paper(this.#context, turns) : null;
  }

  /** Announce that the connection is back, if a question failed offline. */
  online() {
    if (this.#context.config === ABSENT && !this.element.hidden) this.#configure();
    if (this.#conversation.turns.some((turn) => turn.failure?.kind === "offline")) this.#announce(this.#context.words.backOnline);
  }

  /** Whether the button that changes the panel's size is visible. */
  get resizable() {
    const button = this.#head.querySelector(".resize");
    return button !== null && getComputedStyle(button).display !== "none";
  }

  /** Update the button after the size changed. */
  resized() {
    this.#drawFrame();
  }

  /** Set the focus to the button that changes the language. */
  focusLanguage() {
    this.#head.querySelector(".language")?.focus();
  }

  async #configure() {
    this.#configured ??= this.#context.service.config();
    try {
      this.#context.config = await this.#configured;
    } catch {
      this.#configured = null;
      return;
    }
    this.#drawFrame();
    if (!this.#conversation.turns.length) this.#drawTurns();
  }

  async #answer(turn, view) {
    const { words, config } = this.#context;
    this.#begin(words.waiting);
    const running = (this.#running = new AbortController());
    const options = { language: words.code === "de" ? undefined : words.code, style: this.#style, documents: this.#context.service.documents, limit: config.limits.history_turns };
    try {
      turn.answer = await this.#context.service.answer(this.#conversation.body(turn.question, options), (name, data) => this.#scrolling.changing(view, () => hear(this.#context, view, name, data)), running.signal);
    } catch (failure) {
      turn.failure = failure instanceof Failure ? failure : new Failure("other");
    }
    this.#running = null;
    this.#options.kept.keep(this.#conversation.turns);
    if (!this.#conversation.turns.includes(turn)) return this.#field.busy(false);
    this.#scrolling.changing(view, () => settle(this.#context, turn, view));
    this.#end(turn);
  }

  #begin(waiting) {
    this.#log.setAttribute("aria-busy", "true");
    this.#field.busy(true);
    this.#announce(waiting);
  }

  #end(turn) {
    this.#log.removeAttribute("aria-busy");
    this.#field.busy(false);
    this.#announce(spoken(this.#context, turn), turn.answer?.language);
    if (turn.failure) this.#options.emit("error", { kind: turn.failure.kind });
    else this.#options.emit("answer", { status: turn.answer.status, mode: turn.answer.mode, citations: turn.answer.citations.length });
    if (this.#context.config === ABSENT) this.#configure();
  }

  async #retry(turn) {
    const view = this.#log.querySelectorAll(".turn")[this.#conversation.turns.indexOf(turn)];
    this.#conversation.drop(turn);
    view.remove();
    await this.ask(turn.question);
  }

  /** The focused element of this widget, null without one. */
  get #active() {
    return this.element.getRootNode().activeElement ?? null;
  }

  #announce(text, language = this.#context.words.code) {
    this.status.lang = language;
    this.status.textContent = text;
  }

  #takeShared() {
    if (this.#options.shared) this.#field.share(this.#options.shared);
    this.#options.shared = "";
  }

  #drawTurns() {
    const { turns } = this.#conversation;
    const views = turns.map((turn) => turnView(this.#context, turn));
    const again = this.#again ? [el("p", { class: "again meta" }, this.#context.words.keptAgain)] : [];
    this.#log.replaceChildren(...(views.length ? [...again, ...views] : [welcomeView(this.#context, this.#options.questions)]));
  }

  #drawFrame() {
    const { config } = this.#context;
    const focusedClass = this.#head.contains(this.#active) ? this.#active.className : "";
    const state = { ...this.#options, config, title: this.#title, begun: this.#conversation.turns.length > 0, easy: this.#style === "einfach" };
    const restart = () => this.#restart();
    this.#head.replaceChildren(...head(state, { restart }));
    this.#foot.replaceChildren(...foot(state, { openContact: () => this.#openContact(""), setStyle: (easy) => (this.#style = easy ? "einfach" : "standard") }));
    this.#field.limit(config.limits.question);
    if (focusedClass) this.#head.getElementsByClassName(focusedClass)[0]?.focus();
  }

  #restart() {
    this.stop();
    this.#conversation.turns.length = 0;
    this.#again = false;
    this.#options.kept.keep([]);
    this.#drawTurns();
    this.#drawFrame();
    this.#scrolling.toStart();
    this.#field.focus();
  }

  #openContact(question) {
    const about = question || this.#conversation.turns.at(-1)?.question || "";
    const before = this.#active;
    const form = contactForm(this.#context, about, () => {
      form.remove();
      this.#main.hidden = this.#foot.hidden = false;
      this.#drawFrame();
      (before?.isConnected ? before : this.#log).focus();
    });
    this.#main.hidden = this.#foot.hidden = true;
    for (const tool of this.#head.querySelectorAll(".language, .restart")) tool.hidden = true;
    this.#main.after(form);
    form.querySelector("h3").focus();
  }
}
