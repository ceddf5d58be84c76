// Shows the answer without loading the page anew: the server's page is fetched and its answer put in place.
const form = document.getElementById("frage");
const field = document.getElementById("q");
const button = form.querySelector("button");
const conversation = document.getElementById("gespraech");
const card = document.getElementById("antwort");
const state = document.getElementById("stand");
let latest = 0;

function problem(title, detail) {
  const heading = Object.assign(document.createElement("h2"), { id: "antwort-titel", tabIndex: -1, textContent: title });
  const notice = Object.assign(document.createElement("p"), { className: "notice", textContent: detail });
  return [heading, notice];
}

/** What the server's page says: its answer, with the conversation for the next question, or its problem. */
async function fetched(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const answer = page.getElementById("antwort");
  const next = page.getElementById("gespraech");
  if (answer?.children.length) return { answer, next };
  const said = page.querySelector("main .notice")?.textContent ?? "";
  return { answer: { childNodes: problem(page.querySelector("h1")?.textContent ?? "", said) }, next };
}

async function ask(address) {
  const turn = ++latest;
  button.disabled = true;
  state.textContent = "Die Antwort wird gesucht.";
  let answer;
  let next = null;
  try {
    ({ answer, next } = await fetched(address));
  } catch {
    answer = { childNodes: problem("Keine Verbindung", "Der Dienst ist gerade nicht erreichbar.") };
  }
  if (turn !== latest) return;
  if (next) conversation.replaceChildren(...next.childNodes);
  if (answer.dataset) Object.assign(card.dataset, answer.dataset);
  card.replaceChildren(...answer.childNodes);
  button.disabled = false;
  card.hidden = false;
  state.textContent = "Die Antwort ist da.";
  document.getElementById("antwort-titel").focus();
}

form.addEventListener("submit", (event) => {
  const question = field.value.trim();
  if (!question) return;
  event.preventDefault();
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  history.pushState({ question }, "", address);
  ask(address);
});

window.addEventListener("popstate", () => {
  const question = new URLSearchParams(location.search).get("q") ?? "";
  if (question === field.value.trim() && location.hash) return;
  field.value = question;
  if (question) ask(location.href);
  else card.hidden = true;
});
