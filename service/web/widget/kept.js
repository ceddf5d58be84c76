// The stored state of a widget: its conversation and whether the large view is on. It is in the browser's sessionStorage,
// never on the server; without sessionStorage it is in the memory of the page.

const NAME = "strategielotse-1";
const MOST_TURNS = 20;
const KEPT_LISTS = ["citations", "nearest", "suggestions", "notices"];

export class Kept {
  #key;
  #storage;
  #state;

  /** `parts`: the texts of the storage key, unique to this widget; `wanted`: whether sessionStorage may be used. */
  constructor(parts, wanted) {
    this.#key = [NAME, ...parts].join(" ");
    this.#storage = wanted ? storage() : null;
    this.#state = this.#read();
  }

  /** Whether the conversation is stored for the tab, not only in the page's memory. */
  get inTab() {
    return this.#storage !== null;
  }

  /** The stored turns, all of them answered. */
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

  /** Store the newest answered turns, replacing the stored ones. */
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

  /** Write the newest turns that fit into the storage; an empty state is removed. */
  #write() {
    const { turns = [], large } = this.#state;
    if (!turns.length && !large) return this.#storage?.removeItem(this.#key);
    for (let first = 0; first <= turns.length; first += 1) {
      try {
        return this.#storage?.setItem(this.#key, JSON.stringify({ large, turns: turns.slice(first) }));
      } catch {
        // The storage is full: try again without the oldest turn.
      }
    }
  }
}

function storage() {
  try {
    const session = window.sessionStorage;
    session.getItem(NAME);
    return session;
  } catch {
    return null;
  }
}

function isTurn(turn) {
  return typeof turn?.question === "string" && typeof turn.answer?.answer === "string" && KEPT_LISTS.every((name) => Array.isArray(turn.answer[name]));
}
