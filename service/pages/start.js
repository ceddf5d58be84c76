// Asks by fetch instead of loading the page anew; without this script the form does the same on the server.
const form = document.getElementById("frage");
const field = document.getElementById("q");
const button = form.querySelector("button");
const card = document.getElementById("antwort");
const state = document.getElementById("stand");
const words = JSON.parse(card.dataset.words);
const LINK_QUOTE = 600;
let latest = 0;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function shown(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "ja" : "nein";
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (typeof value === "object") return Object.values(value).map(shown).join(" ");
  return words.values[value] ?? String(value);
}

function shownDate(iso) {
  return iso ? iso.split("-").reverse().join(".") : "ohne Datum";
}

function citedUrl(citation) {
  let quote = citation.quote;
  if (quote.length > LINK_QUOTE) quote = quote.slice(0, quote.slice(0, LINK_QUOTE).lastIndexOf(" "));
  return `${citation.url}?${new URLSearchParams({ quote })}#zitat`;
}

function marker(number) {
  return element("a", { class: "marker", href: `#quelle-${number}`, "aria-label": `Quelle ${number}` }, `[${number}]`);
}

function answerText(answer) {
  const known = new Set(answer.citations.map((citation) => citation.marker));
  const parts = answer.answer.split(/(\[\d{1,4}\])/).map((part) => {
    const found = /^\[(\d{1,4})\]$/.exec(part);
    return found && known.has(Number(found[1])) ? marker(Number(found[1])) : part;
  });
  return element("p", { class: "answer-text", lang: answer.language }, ...parts);
}

function named(one) {
  const repeats = one.ref === one.title || one.title.startsWith(`${one.ref} `);
  return repeats ? [one.title] : [element("span", { class: "ref" }, one.ref), ` ${one.title}`];
}

function badge(status) {
  return status ? element("span", { class: `badge status-${status}` }, shown(status)) : null;
}

function rowsCounted(number, complete) {
  const rows = `${number} ${number === 1 ? "Zeile" : "Zeilen"}`;
  if (complete === null) return words.unsure;
  return complete === false ? `${rows}, ${words.incomplete}` : rows;
}

function table(data) {
  const head = [...data.columns.map((name) => words.columns[name] ?? name), "Quellen"];
  const rows = data.rows.map((row) => {
    const cells = data.columns.map((name) => element("td", {}, shown(row[name])));
    const sources = (row.citations ?? []).flatMap((number) => [marker(number), " "]);
    return element("tr", {}, ...cells, element("td", {}, ...sources));
  });
  const header = element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)));
  const whole = element("table", {}, element("thead", {}, header), element("tbody", {}, ...rows));
  const count = rowsCounted(rows.length, data.complete);
  const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Tabelle zur Antwort" }, whole);
  return element("details", { class: "rows", open: rows.length <= 12 ? "" : null }, element("summary", {}, `Als Tabelle (${count})`), scroll);
}

function legible(quote) {
  const cells = quote.includes("\t") ? quote.split(/[\t\n]+/).map((cell) => cell.trim()).filter(Boolean) : [];
  return cells.length ? `${words.row}: ${cells.join(" · ")}` : quote;
}

function citationEntry(citation) {
  const page = citation.page_label ?? citation.page;
  const sure = (text, part) => (text && citation.unconfirmed?.includes(part) ? `${text} (${words.unconfirmed})` : text);
  const names = [sure(citation.document_title, "title"), sure(citation.publisher, "publisher")].filter(Boolean).join(", ");
  const status = citation.document_status ? sure(words.documents[citation.document_status], "status") : words.noStatus;
  const date = citation.as_of ? sure(`Stand ${shownDate(citation.as_of)}`, "as_of") : `Stand ${shownDate(null)}`;
  const meta = [names, status, date, page && `Seite ${page}`].filter(Boolean).join(" · ");
  return element(
    "li", { id: `quelle-${citation.marker}`, value: citation.marker },
    element("a", { href: citedUrl(citation) }, ...named(citation)),
    " ", badge(citation.item_status),
    element("blockquote", {}, legible(citation.quote)),
    element("span", { class: "meta" }, meta),
  );
}

function nearestEntry(record) {
  return element(
    "li", {},
    element("a", { href: record.url }, ...named(record)),
    " ", element("span", { class: "meta" }, words.kinds[record.kind]), " ", badge(record.status),
  );
}

function suggestionEntry(question) {
  return element("li", {}, element("a", { href: `/?${new URLSearchParams({ q: question })}` }, question));
}

function section(title, list, entries) {
  return entries.length ? [element("h3", {}, title), element(list.name, { class: list.class }, ...entries)] : [];
}

function heading(text) {
  return element("h2", { id: "antwort-titel", tabindex: "-1" }, text);
}

function show(answer) {
  card.replaceChildren(
    heading(words.answers[answer.status]),
    ...answer.notices.map((notice) => element("p", { class: "notice" }, notice.text)),
    answerText(answer),
    ...(answer.data?.rows.length ? [table(answer.data)] : []),
    ...section("Quellen", { name: "ol", class: "citations" }, answer.citations.map(citationEntry)),
    ...section("Am nächsten kommt", { name: "ul", class: "records" }, answer.nearest.map(nearestEntry)),
    ...section("Weiter fragen", { name: "ul", class: "chips" }, answer.suggestions.map(suggestionEntry)),
  );
}

function showProblem(problem) {
  card.replaceChildren(heading(problem.title), element("p", { class: "notice" }, problem.detail));
}

async function fetchAnswer(question) {
  const response = await fetch("/api/v1/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ question }),
  });
  const body = await response.json();
  return response.ok ? () => show(body) : () => showProblem(body);
}

async function ask(question) {
  const turn = ++latest;
  button.disabled = true;
  state.textContent = "Die Antwort wird gesucht.";
  let present;
  try {
    present = await fetchAnswer(question);
  } catch {
    present = () => showProblem({ title: "Keine Verbindung", detail: "Der Dienst ist gerade nicht erreichbar." });
  }
  if (turn !== latest) return;
  present();
  button.disabled = false;
  card.hidden = false;
  state.textContent = "Die Antwort ist da.";
  document.getElementById("antwort-titel").focus();
}

form.addEventListener("submit", (event) => {
  const question = field.value.trim();
  if (!question) return;
  event.preventDefault();
  history.pushState({ question }, "", `/?${new URLSearchParams({ q: question })}`);
  ask(question);
});

window.addEventListener("popstate", () => {
  const question = new URLSearchParams(location.search).get("q") ?? "";
  if (question === field.value.trim() && location.hash) return;
  field.value = question;
  if (question) ask(question);
  else card.hidden = true;
});
