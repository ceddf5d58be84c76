// The turns of a conversation, and the request body for a new question.

const MAX_BODY = 60_000;
const MAX_TURN = 4000;
// Of each answer; more would leave no room for earlier turns.
const MOST_CITED = 500;

/** The beginning of a text that fits a turn: the service counts characters in Unicode's form NFKC. */
function fitTurn(text) {
  return text.slice(0, MAX_TURN + text.length - text.normalize("NFKC").length);
}

export class Conversation {
  constructor(turns = []) {
    this.turns = turns;
  }

  /** Begin a turn; its answer or failure is set later. */
  begin(question) {
    const turn = { question, answer: null, failure: null };
    this.turns.push(turn);
    return turn;
  }

  /** Remove a failed turn. */
  drop(turn) {
    this.turns.splice(this.turns.indexOf(turn), 1);
  }

  /** The request body for a question, as JSON, with as many of the newest answered turns as fit. */
  body(question, { language, style, documents, limit }) {
    const history = this.#history().slice(-limit);
    const whole = () => JSON.stringify({ question, history, language, style, documents });
    while (history.length && new Blob([whole()]).size > MAX_BODY) history.splice(0, 2);
    return whole();
  }

  #history() {
    return this.turns
      .filter((turn) => turn.answer)
      .flatMap(({ question, answer }) => [
        { role: "user", content: question },
        { role: "assistant", content: fitTurn(answer.answer), citations: citedItems(answer) },
      ]);
  }
}

/** The items of an answer as [document, key], in the order in which it shows them: its rows, without rows its citations. */
function citedItems({ data, citations }) {
  const rows = (data?.rows ?? []).filter(({ key }) => key);
  const shown = rows.length ? rows : (citations ?? []).filter(({ key }) => key);
  return shown.slice(0, MOST_CITED).map(({ document_id, key }) => [document_id, key]);
}
