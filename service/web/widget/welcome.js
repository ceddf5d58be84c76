// The welcome view: the note on the automatic assistant, its documents, what is stored, and start questions.
import { noticeEntry, questionButtons } from "./answer_view.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { shownDate } from "./languages.js";

/** The welcome view; `questions` of the element replace those of the service. */
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
    config.notices.length ? el("ul", { class: "notices" }, config.notices.map((notice) => noticeEntry(notice, words.served ?? words.code, words))) : null,
    chosen.length ? [el("h4", {}, words.startQuestions), questionButtons(chosen, ask, words.served ?? words.code)] : null,
  );
}

/** The note on how long questions are stored; "" while the configuration is unknown. */
function keeping({ questions_kept_days: days }, words) {
  if (days === undefined) return "";
  return days ? words.privacyKept(days) : words.privacy;
}
