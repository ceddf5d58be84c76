// What a widget keeps for as long as its tab: the conversation and how it is looked at. In the browser only
// (sessionStorage), never on the server; where the browser allows none, it is in the page's memory and gone with it.

const NAME = "strategielotse-1";
const MOST_TURNS = 20;
const LISTS = ["citations", "nearest", "suggestions", "notices"];

export class Kept {
  #key;
  #storage;
  #state;

  /** `parts`: what tells this widget from others of the website; `wanted`: whether the tab may keep anything. */
  constructor(parts, wanted) {
    this.#key = [NAME, ...parts].join(" ");
    this.#storage = wanted ? storage() : null;
    this.#state = this.#read();
  }

  /** Whether the conversation outlives the page. */
  get inTab() {
    return this.#storage !== null;
  }

  /** The turns that were answered, as they were kept. */
  get turns() {
    return (this.#state.turns ?? []).map((turn) => ({ ...turn, failure: null }));
  }

  /** Whether the large view was chosen. */
  get large() {
    return this.#state.large === true;
  }

  set large(large) {
    this.#state.large = large;
    this.#write();
  }

  /** Keep the answered turns in place of what was kept. */
  keep(turns) {
    this.#state.turns = turns.filter((turn) => turn.answer).slice(-MOST_TURNS).map(({ question, answer }) => ({ question, answer }));
    this.#write();
  }

  #read() {
    try {
      const state = JSON.parse(this.#storage?.getItem(this.#key) ?? "{}");
      return { large: state.large, turns: Array.isArray(state.turns) ? state.turns.filter(isTurn) : [] };
    } catch {
      return {};
    }
  }

  /** Write what fits: of a long conversation the newest turns; nothing of an empty one is left. */
  #write() {
    const { turns = [], large } = this.#state;
    if (!turns.length && !large) return this.#storage?.removeItem(this.#key);
    for (let first = 0; first <= turns.length; first += 1) {
      try {
        return this.#storage?.setItem(this.#key, JSON.stringify({ large, turns: turns.slice(first) }));
      } catch {
        // The browser's room is full: try again with one turn less.
      }
    }
  }
}

function storage() {
  try {
    const found = window.sessionStorage;
    found.getItem(NAME);
    return found;
  } catch {
    return null;
  }
}

function isTurn(turn) {
  return typeof turn?.question === "string" && typeof turn.answer?.answer === "string" && LISTS.every((name) => Array.isArray(turn.answer[name]));
}
