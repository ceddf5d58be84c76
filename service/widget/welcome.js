// What stands at the beginning: that this is an automatic assistant, what it answers from, what it keeps, first questions.
import { noticeEntry, questionButtons } from "./answer_view.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { shownDate } from "./languages.js";

/** Draw the beginning; `questions` of the element win over those of the service. */
export function welcomeView({ words, config, kept, ask }, questions) {
  const chosen = questions.length ? questions : config.start_questions;
  const scope = config.documents ? words.scope(config.documents, config.as_of && shownDate(config.as_of)) : "";
  const privacy = keeping(config, words);
  return el(
    "div",
    { class: "welcome" },
    el("h3", {}, words.greeting),
    el("p", {}, words.intro(config.county)),
    scope && el("p", { class: "scope" }, icon("document"), scope),
    privacy && el("p", { class: "scope" }, icon("checked"), privacy),
    el("p", { class: "scope" }, icon("chat"), kept.inTab ? words.keptInTab : words.keptOnPage),
    config.notices.length ? el("ul", { class: "notices" }, config.notices.map((one) => noticeEntry(one, words.code, words))) : null,
    chosen.length ? [el("h4", {}, words.startQuestions), questionButtons(chosen, ask, words.code)] : null,
  );
}

/** What is kept of questions; nothing where the service has not said so yet. */
function keeping({ questions_kept_days: days }, words) {
  if (days === undefined) return "";
  return days ? words.privacyKept(days) : words.privacy;
}
