// The feedback below an answer: whether it was helpful, and why not.
import { el, freshId } from "./dom.js";

/** The view that asks whether an answer was helpful; null where the service takes no feedback. */
export function feedbackView(context, answer) {
  if (!context.config.feedback.enabled) return null;
  const { words } = context;
  const box = el("div", { class: "feedback" });
  const label = freshId("helpful");
  const button = (text, onclick) => el("button", { type: "button", class: "quiet", onclick }, text);
  const yes = button(words.yes, () => send(context, box, { answer_id: answer.answer_id, helpful: true, reason: null, text: null }));
  const no = button(words.no, () => {
    const form = reasonForm(context, answer, box);
    box.replaceChildren(form);
    form.querySelector("input").focus();
  });
  box.append(el("div", { class: "feedback-row", role: "group", "aria-labelledby": label }, el("span", { id: label }, words.helpful), yes, no));
  return box;
}

function reasonForm(context, answer, box) {
  const { words } = context;
  const name = freshId("reason");
  const choices = Object.entries(words.reasons).map(([value, text]) => {
    const id = freshId("choice");
    return el("div", { class: "choice" }, el("input", { type: "radio", name, id, value }), el("label", { for: id }, text));
  });
  const error = el("p", { class: "error", id: freshId("error"), hidden: true }, words.chooseReason);
  const group = el("fieldset", { "aria-describedby": error.id }, el("legend", {}, words.why), choices);
  const text = context.config.feedback.text ? textField(words) : null;
  const cancel = el("button", { type: "button", class: "quiet", onclick: () => box.replaceWith(reopened(context, answer)) }, words.cancel);
  const form = el("form", { novalidate: true }, group, error, text, el("div", { class: "buttons" }, el("button", { type: "submit", class: "primary" }, words.sendFeedback), cancel));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input:checked");
    error.hidden = Boolean(chosen);
    if (!chosen) return form.querySelector("input").focus();
    send(context, box, { answer_id: answer.answer_id, helpful: false, reason: chosen.value, text: form.querySelector("textarea")?.value.trim() || null });
  });
  return form;
}

function reopened(context, answer) {
  const view = feedbackView(context, answer);
  queueMicrotask(() => view.querySelector("button").focus());
  return view;
}

function textField(words) {
  const id = freshId("text");
  return el("div", { class: "field" }, el("label", { for: id }, words.feedbackText), el("textarea", { id, rows: 2, maxlength: 1000 }));
}

async function send({ words, service, announce }, box, report) {
  const note = (text, kind) => {
    box.querySelector(".sent, .error:last-child")?.remove();
    const line = el("p", { class: kind, tabindex: "-1" }, text);
    if (kind === "sent") box.replaceChildren(line);
    else box.append(line);
    line.focus();
    announce(text);
  };
  if (box.hasAttribute("aria-busy")) return;
  box.setAttribute("aria-busy", "true");
  try {
    await service.feedback(report);
    note(words.thanks, "sent");
  } catch (failure) {
    note(failure.sentence(words), "error");
  } finally {
    box.removeAttribute("aria-busy");
  }
}
