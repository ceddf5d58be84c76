// Where the conversation is scrolled: a new turn comes to the top, below the head where that sticks there.

const AIR = 12;
const ROOM = 8;

export class Scrolling {
  #panel;
  #head;
  #ask;
  #boxes;
  #page;
  #places = [];
  #observer;

  /** `page`: the page itself scrolls, with the head above and the field below in sight; else the log, or in low windows the panel. */
  constructor({ panel, log, head, ask, page }) {
    this.#panel = panel;
    this.#head = head;
    this.#ask = ask;
    this.#page = page;
    this.#boxes = page ? [document.scrollingElement] : [log, panel];
    this.#observer = new ResizeObserver(() => this.#keepClear());
    for (const one of [head, ask]) this.#observer.observe(one);
  }

  /** Bring a turn to the top. */
  reveal(view) {
    for (const box of this.#boxes) box.scrollTop += view.getBoundingClientRect().top - this.#edge(box);
    this.#places = this.#boxes.map((box) => [box, box.scrollTop]);
  }

  /** Change a turn; it comes to the top again, unless the reader has scrolled since it did. */
  changing(view, change) {
    const stayed = this.#places.every(([box, place]) => Math.abs(box.scrollTop - place) < 4);
    change();
    if (stayed) this.reveal(view);
  }

  /** Go to the beginning of what the page shows of the conversation. */
  toStart() {
    if (this.#page && this.#panel.getBoundingClientRect().top < 0) this.#panel.scrollIntoView();
  }

  /** Let go of what was set outside of the panel. */
  leave() {
    this.#observer.disconnect();
    if (this.#page) document.documentElement.style.scrollPaddingBlock = "";
  }

  #edge(box) {
    const above = this.#sticks(this.#head) ? this.#head.offsetHeight : 0;
    if (this.#page) return above + AIR;
    return box.getBoundingClientRect().top + AIR + (box === this.#panel ? above : 0);
  }

  #sticks(element) {
    return getComputedStyle(element).position === "sticky";
  }

  /** Whatever gets the focus is scrolled to where nothing that sticks covers it. */
  #keepClear() {
    this.#panel.style.setProperty("--head", `${this.#head.offsetHeight}px`);
    if (!this.#page) return;
    const [above, below] = [this.#head, this.#ask].map((one) => (this.#sticks(one) ? one.offsetHeight : 0) + ROOM);
    document.documentElement.style.scrollPaddingBlock = `${above}px ${below}px`;
  }
}
