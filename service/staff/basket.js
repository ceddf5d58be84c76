// Buttons that put records onto the basket, and those that copy; the staff pages work without this script.
import { element, kept, read, say, showCount, write } from "./basket_store.js";

const MOST = 200;

function counted(number) {
  return number === 1 ? "1 Eintrag" : `${number} Einträge`;
}

function add(places) {
  const basket = read();
  const known = new Set(basket.entries.map((one) => one.id));
  const fresh = [...new Set(places.map((place) => place.dataset.take))].filter((id) => !known.has(id));
  const fitting = fresh.slice(0, Math.max(0, MOST - basket.entries.length));
  basket.entries.push(...fitting.map((id) => ({ id, note: "" })));
  write(basket);
  const full = fitting.length < fresh.length ? ` Mehr als ${MOST} passen nicht darauf.` : "";
  say(`${counted(fitting.length)} gemerkt. Auf der Merkliste: ${counted(basket.entries.length)}.${full}`);
}

function remove(id) {
  const basket = read();
  basket.entries = basket.entries.filter((one) => one.id !== id);
  write(basket);
  say(`Von der Merkliste genommen. Noch darauf: ${counted(basket.entries.length)}.`);
}

function mark(place) {
  const taken = read().entries.some((one) => one.id === place.dataset.take);
  const button = place.querySelector("button");
  button.setAttribute("aria-pressed", String(taken));
  button.firstElementChild.textContent = taken ? "Gemerkt" : "Merken";
}

function offer(places) {
  for (const place of places) {
    const name = element("span", { class: "hidden-text" }, `: ${place.dataset.name}`);
    const button = element("button", { type: "button", class: "take-button" }, element("span"), name);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") remove(place.dataset.take);
      else add([place]);
      places.filter((one) => one.dataset.take === place.dataset.take).forEach(mark);
    });
    place.replaceChildren(button);
    mark(place);
  }
}

function offerAll(places) {
  for (const place of document.querySelectorAll("[data-take-all]")) {
    const button = element("button", { type: "button", class: "take-button" }, place.dataset.takeAll);
    button.addEventListener("click", () => {
      add(places);
      places.forEach(mark);
    });
    place.replaceChildren(button);
  }
}

async function copy(target) {
  if (target instanceof HTMLTextAreaElement) target.select();
  else getSelection().selectAllChildren(target);
  if (document.execCommand("copy")) return true;
  const text = target.value ?? target.innerText;
  return Boolean(await navigator.clipboard?.writeText(text).then(() => true, () => false));
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(document.getElementById(button.dataset.copy));
    getSelection().removeAllRanges();
    button.focus();
    const state = document.getElementById(button.getAttribute("aria-describedby"));
    state.textContent = done ? "Kopiert." : "Der Browser erlaubt das Kopieren nicht. Bitte markieren und mit Strg+C kopieren.";
  });
}

const places = [...document.querySelectorAll("[data-take]")];
if (kept()) {
  showCount(read().entries.length);
  offer(places);
  if (places.length > 1) offerAll(places);
  addEventListener("pageshow", (event) => event.persisted && (showCount(read().entries.length), places.forEach(mark)));
}
