// The basket's own page: the entries come from the server as a part of the form, order, notes and removal are done here.
import { read, say, write } from "./basket_store.js";

const form = document.getElementById("merkliste");
const list = document.getElementById("gemerkt");
const heading = document.getElementById("ueberschrift");
const empty = document.getElementById("leer");
const state = document.getElementById("stand");
const tools = document.getElementById("mitnehmen");

const entries = () => [...list.querySelectorAll("[data-entry]")];

function save() {
  const told = entries().map((one) => ({ id: one.dataset.entry, note: one.querySelector("textarea").value }));
  write({ heading: heading.value, entries: told });
  show();
}

function show() {
  const all = entries();
  empty.hidden = all.length > 0 || list.dataset.state === "failed";
  tools.hidden = all.length === 0;
  all.forEach((one, place) => {
    one.querySelector("[data-move=up]").disabled = place === 0;
    one.querySelector("[data-move=down]").disabled = place === all.length - 1;
  });
}

function move(entry, button) {
  const up = button.dataset.move === "up";
  const other = up ? entry.previousElementSibling : entry.nextElementSibling;
  if (!other) return;
  if (up) other.before(entry);
  else other.after(entry);
  save();
  (button.disabled ? entry.querySelector(`[data-move=${up ? "down" : "up"}]`) : button).focus();
  say(`${entry.dataset.name} steht jetzt an Stelle ${entries().indexOf(entry) + 1} von ${entries().length}.`);
}

function remove(entry) {
  const next = entry.nextElementSibling ?? entry.previousElementSibling;
  entry.remove();
  save();
  (next?.querySelector("[data-remove]") ?? document.getElementById("titel")).focus();
  say(`${entry.dataset.name} ist entfernt. Noch auf der Merkliste: ${entries().length}.`);
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const entry = button?.closest("[data-entry]");
  if (!entry) return;
  if (button.dataset.move) move(entry, button);
  else if ("remove" in button.dataset) remove(entry);
});
list.addEventListener("input", save);
heading.addEventListener("input", save);
document.getElementById("leeren").addEventListener("click", () => {
  if (!confirm("Alle Einträge und Anmerkungen von der Merkliste nehmen?")) return;
  list.replaceChildren();
  heading.value = "";
  save();
  document.getElementById("titel").focus();
  say("Die Merkliste ist leer.");
});

function failed(text) {
  list.dataset.state = "failed";
  state.textContent = text;
  state.hidden = false;
  show();
}

async function load() {
  const basket = read();
  heading.value = basket.heading;
  if (!basket.entries.length) return show();
  const body = new URLSearchParams(basket.entries.map((one) => ["id", one.id]));
  try {
    const response = await fetch(form.dataset.list, { method: "POST", body, headers: { Accept: "text/html" } });
    if (response.status === 401 || response.status === 403) {
      return failed("Die Anmeldung ist abgelaufen. Melden Sie sich in diesem Tab neu an; die Merkliste bleibt darin.");
    }
    if (!response.ok) throw new Error(String(response.status));
    const part = new DOMParser().parseFromString(await response.text(), "text/html");
    list.replaceChildren(...part.body.childNodes);
  } catch {
    return failed("Die Merkliste ließ sich nicht laden. Sie bleibt in diesem Tab; bitte laden Sie die Seite noch einmal.");
  }
  const notes = new Map(basket.entries.map((one) => [one.id, one.note]));
  for (const one of entries()) one.querySelector("textarea").value = notes.get(one.dataset.entry) ?? "";
  show();
}

form.hidden = false;
load();
