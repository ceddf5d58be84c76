// The view of a turn: the question, and below it a waiting line, an answer or a failure.
import { answerView, paragraphs } from "./answer_view.js";
import { el, freshId, unseen } from "./dom.js";
import { icon } from "./icons.js";

const STEP_ICONS = { read: "document", documents: "document", changes: "renew" };

/** The view of a turn. */
export function turnView(context, turn) {
  const id = freshId("question");
  const question = el("div", { class: "question", part: "question" }, el("h3", { class: "unseen" }, context.words.you), el("p", { id }, turn.question));
  const view = el("article", { class: "turn", "aria-labelledby": id }, question, outcome(context, turn));
  return view;
}

/** Replace the waiting line of a turn by its answer or failure. */
export function settle(context, turn, view) {
  view.lastElementChild.replaceWith(outcome(context, turn));
}

/** Show a streamed step, which is announced too, or sentence above the waiting line. */
export function hear({ announce }, view, name, { tool, text }) {
  const wait = view.querySelector(".waiting > p");
  if (!wait) return;
  const step = name === "step";
  if (step) announce(text);
  const list = view.querySelector(step ? ".steps" : ".streamed") ?? el(step ? "ul" : "div", { class: step ? "steps" : "streamed" });
  if (step) list.append(el("li", {}, icon(STEP_ICONS[tool] ?? "search"), el("span", {}, text)));
  else list.append(...paragraphs(text).map((part) => el("p", {}, part)));
  wait.before(list);
}

/** The text that is announced once for a finished turn. */
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
