// The head and foot of the panel: heading and buttons, notes and links.
import { el, freshId } from "./dom.js";
import { compass, icon } from "./icons.js";
import { otherLanguage, wordsOf } from "./languages.js";

/** The head: heading, and buttons for language, a new conversation, size and closing. */
export function head({ words, heading, title, config, mode, kept, begun, close, resize, speak }, { restart }) {
  const other = otherLanguage(words.code, config.languages);
  const tools = [
    other && el("button", { type: "button", class: "tool language", lang: other, onclick: () => speak(other) }, wordsOf(other).switchTo),
    begun && el("button", { type: "button", class: "tool restart", "aria-label": words.restart, title: words.restart, onclick: restart }, icon("renew"), el("span", { class: "label" }, words.restart)),
    mode !== "page" && el("button", { type: "button", class: "tool icon-only resize", part: "resize", "aria-label": words.large, title: words.large, "aria-expanded": String(kept.large), onclick: resize }, icon(kept.large ? "reduce" : "enlarge")),
    mode === "floating" && el("button", { type: "button", class: "tool icon-only close", "aria-label": words.closeChat, title: words.closeChat, onclick: close }, icon("close")),
  ];
  return [
    compass(),
    el("div", { class: "titles" }, el("h2", { id: title }, heading), el("p", {}, words.assistant)),
    el("div", { class: "tools" }, ...tools.filter(Boolean)),
  ];
}

/** The foot: a note to check answers, contact and links, and the switch for easy language where it is offered. */
export function foot({ words, config, easy }, { openContact, setStyle }) {
  const links = Object.entries(words.links)
    .filter(([name]) => /^https?:\/\//.test(config[name] ?? ""))
    .map(([name, text]) => el("a", { href: config[name], target: "_blank", rel: "noopener noreferrer" }, text));
  const contact = config.contact.form ? el("button", { type: "button", class: "as-link", onclick: openContact }, words.contact) : null;
  return [
    el("p", {}, words.check, " ", contact, links.map((link) => [" ", link])),
    config.styles.includes("einfach") ? easySwitch(easy, words.easy, setStyle) : "",
  ];
}

function easySwitch(easy, label, setStyle) {
  const id = freshId("easy");
  const input = el("input", { type: "checkbox", id, checked: easy, onchange: () => setStyle(input.checked) });
  return el("div", { class: "choice" }, input, el("label", { for: id }, label));
}
