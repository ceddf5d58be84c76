// Shows the answer without loading the page anew: the server's page is fetched and its answer put in place.
const form = document.getElementById("frage");
const field = document.getElementById("q");
const button = form.querySelector("button");
const card = document.getElementById("antwort");
const state = document.getElementById("stand");
let latest = 0;

function problem(title, detail) {
  const heading = Object.assign(document.createElement("h2"), { id: "antwort-titel", tabIndex: -1, textContent: title });
  const notice = Object.assign(document.createElement("p"), { className: "notice", textContent: detail });
  return [heading, notice];
}

function address(question) {
  return `/ask?${new URLSearchParams({ q: question })}`;
}

/** What the server's page says: its answer, or its problem. */
async function fetched(question) {
  const response = await fetch(address(question), { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const answer = page.getElementById("antwort");
  if (answer?.children.length) return answer;
  const said = page.querySelector("main .notice")?.textContent ?? "";
  return { childNodes: problem(page.querySelector("h1")?.textContent ?? "", said) };
}

async function ask(question) {
  const turn = ++latest;
  button.disabled = true;
  state.textContent = "Die Antwort wird gesucht.";
  let answer;
  try {
    answer = await fetched(question);
  } catch {
    answer = { childNodes: problem("Keine Verbindung", "Der Dienst ist gerade nicht erreichbar.") };
  }
  if (turn !== latest) return;
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
  history.pushState({ question }, "", address(question));
  ask(question);
});

window.addEventListener("popstate", () => {
  const question = new URLSearchParams(location.search).get("q") ?? "";
  if (question === field.value.trim() && location.hash) return;
  field.value = question;
  if (question) ask(question);
  else card.hidden = true;
});
