// One turn: the question, and below it what became of it: waiting, an answer or a failure.
import { answerView, paragraphs } from "./answer_view.js";
import { el, freshId, unseen } from "./dom.js";
import { icon } from "./icons.js";

/** Draw a turn as it stands. */
export function turnView(context, turn) {
  const id = freshId("question");
  const question = el("div", { class: "question", part: "question" }, el("h3", { class: "unseen" }, context.words.you), el("p", { id }, turn.question));
  const view = el("article", { class: "turn", "aria-labelledby": id }, question, outcome(context, turn));
  return view;
}

/** Replace what is below the question by what became of it. */
export function settle(context, turn, view) {
  view.lastElementChild.replaceWith(outcome(context, turn));
}

/** Show a sentence of an answer that is on its way. */
export function hear(view, text) {
  const box = view.querySelector(".waiting");
  if (!box) return;
  const streamed = box.querySelector(".streamed") ?? el("div", { class: "streamed" });
  for (const part of paragraphs(text)) streamed.append(el("p", {}, part));
  box.prepend(streamed);
}

/** What a screen reader says once about a settled turn. */
export function spoken({ words }, { answer, failure }) {
  if (failure) return `${words.failure}. ${failure.sentence(words)}`;
  const plain = answer.answer.replace(/\s?\[\d{1,4}\]/g, "");
  const text = plain.length > 600 ? `${plain.slice(0, plain.lastIndexOf(" ", 500))} … ${words.announcedLong}` : plain;
  return words.announced(`${words.statuses[answer.status] ?? ""}: ${text}`, answer.citations.length);
}

function outcome(context, turn) {
  if (turn.answer) return answerView(context, turn);
  if (turn.failure) return failureView(context, turn);
  return el("div", { class: "waiting" }, el("p", {}, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), context.words.waiting));
}

function failureView({ words, retry }, turn) {
  return el(
    "div",
    { class: "answer failure" },
    el("h3", {}, icon("alert"), el("span", {}, words.failure)),
    el("p", {}, turn.failure.sentence(words)),
    el("button", { type: "button", class: "primary retry", onclick: () => retry(turn) }, icon("renew"), words.retry, unseen(`: ${turn.question}`)),
  );
}
