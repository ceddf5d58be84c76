// Scrolls the conversation: a new turn is moved to the top, below a sticky head.

// In pixels: above a turn, and between a focused element and the head or field.
const GAP = 12;
const FOCUS_GAP = 8;

export class Scrolling {
  #panel;
  #head;
  #ask;
  #boxes;
  #page;
  #places = [];
  #observer;

  /** `page`: whether the page scrolls, with sticky head and field; else the log scrolls, or in low windows the panel. */
  constructor({ panel, log, head, ask, page }) {
    this.#panel = panel;
    this.#head = head;
    this.#ask = ask;
    this.#page = page;
    this.#boxes = page ? [document.scrollingElement] : [log, panel];
    this.#observer = new ResizeObserver(() => this.#keepClear());
    for (const element of [head, ask]) this.#observer.observe(element);
  }

  /** Scroll a turn to the top. */
  reveal(view) {
    for (const box of this.#boxes) box.scrollTop += view.getBoundingClientRect().top - this.#edge(box);
    this.#places = this.#boxes.map((box) => [box, box.scrollTop]);
  }

  /** Run `change` on a turn, and scroll it to the top again unless the reader has scrolled since. */
  changing(view, change) {
    const stayed = this.#places.every(([box, top]) => Math.abs(box.scrollTop - top) < 4);
    change();
    if (stayed) this.reveal(view);
  }

  /** Scroll the page to the top of the panel. */
  toStart() {
    if (this.#page && this.#panel.getBoundingClientRect().top < 0) this.#panel.scrollIntoView();
  }

  /** Undo what was set outside of the panel. */
  leave() {
    this.#observer.disconnect();
    if (this.#page) document.documentElement.style.scrollPaddingBlock = "";
  }

  #edge(box) {
    const above = this.#sticks(this.#head) ? this.#head.offsetHeight : 0;
    if (this.#page) return above + GAP;
    return box.getBoundingClientRect().top + GAP + (box === this.#panel ? above : 0);
  }

  #sticks(element) {
    return getComputedStyle(element).position === "sticky";
  }

  /** Set scroll paddings so that sticky elements never cover the focused element. */
  #keepClear() {
    this.#panel.style.setProperty("--head", `${this.#head.offsetHeight}px`);
    if (!this.#page) return;
    const [above, below] = [this.#head, this.#ask].map((element) => (this.#sticks(element) ? element.offsetHeight : 0) + FOCUS_GAP);
    document.documentElement.style.scrollPaddingBlock = `${above}px ${below}px`;
  }
}
