// The field for a question with its button, which aborts while a request is running.
import { el, freshId, unseen } from "./dom.js";
import { icon } from "./icons.js";

const WARN_BELOW = 80;

export class Field {
  #words;
  #input;
  #error;
  #note;
  #button;
  #busy = false;

  constructor(words, ask, stop) {
    this.#words = words;
    const [input, error, note] = [freshId("field"), freshId("error"), freshId("note")];
    this.#input = el("textarea", { id: input, part: "input", rows: 1, placeholder: words.placeholder, maxlength: 500, "aria-describedby": `${error} ${note}`, autocomplete: "off", enterkeyhint: "send" });
    this.#error = el("p", { class: "error", id: error });
    this.#note = el("p", { class: "hint", id: note });
    this.#button = el("button", { type: "submit", class: "send", part: "send" });
    const row = el("div", { class: "row" }, this.#input, this.#button);
    this.element = el("form", { class: "ask", novalidate: true }, el("label", { for: input }, words.field), row, this.#error, this.#note);
    this.busy(false);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#busy) stop();
      else ask(this.#input.value);
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#busy) ask(this.#input.value);
    });
    this.#input.addEventListener("input", () => this.#changed());
  }

  /** Set the focus to the field. */
  focus() {
    this.#input.focus();
  }

  get text() {
    return this.#input.value;
  }

  set text(value) {
    this.#input.value = value;
  }

  /** Empty the field. */
  clear() {
    this.#input.value = "";
    this.#tell("");
    this.#changed();
  }

  /** Fill the empty field with a shared question, with a note that it comes from a link. */
  share(question) {
    if (this.#input.value) return;
    this.#input.value = question;
    this.#changed();
    this.#note.textContent = this.#words.shared;
  }

  /** Set the maximum length in characters. */
  limit(length) {
    this.#input.maxLength = length;
  }

  /** Show the error of an empty or too long question; true if there is one. */
  mistake(question, limit) {
    const text = !question ? this.#words.empty : question.length > limit ? this.#words.tooLong(limit) : "";
    this.#tell(text);
    if (text) this.focus();
    return Boolean(text);
  }

  /** Set whether the button sends or aborts. */
  busy(on) {
    this.#busy = on;
    this.#button.replaceChildren(icon(on ? "stop" : "send"), unseen(on ? this.#words.stop : this.#words.send));
  }

  #tell(text) {
    this.#error.textContent = text;
    if (text) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  #changed() {
    const left = this.#input.maxLength - this.#input.value.length;
    this.#note.textContent = left < WARN_BELOW ? this.#words.left(left) : "";
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight + 4, 160)}px`;
  }
}
