// Asks by fetch instead of loading the page anew; without this script the form does the same on the server.
const form = document.getElementById("frage");
const field = document.getElementById("q");
const button = form.querySelector("button");
const card = document.getElementById("antwort");
const state = document.getElementById("stand");
const words = JSON.parse(card.dataset.words);
const LINK_QUOTE = 600;
const GROUP_FIELDS = { status: "status", theme: "theme", document: "document_id" };
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

function withMarkers(text, known) {
  return text.split(/(\[\d{1,4}\])/).map((part) => {
    const found = /^\[(\d{1,4})\]$/.exec(part);
    return found && known.has(Number(found[1])) ? marker(Number(found[1])) : part;
  });
}

function answerText(answer) {
  const known = new Set(answer.citations.map((citation) => citation.marker));
  const linked = answer.nearest.reduce((before, record) => before.flatMap((node) => {
    const found = typeof node === "string" && namedIn(node, record);
    if (!found) return [node];
    const end = found.index + found[0].length;
    return [node.slice(0, found.index), element("a", { href: record.url }, found[0]), node.slice(end)];
  }), [answer.answer]);
  const parts = linked.flatMap((node) => (typeof node === "string" ? withMarkers(node, known) : [node]));
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
  const date = citation.as_of ? sure(`Stand ${shownDate(citation.as_of)}`, "as_of") : shownDate(null);
  const meta = [names, status, date, page && `Seite ${page}`].filter(Boolean).join(" · ");
  return element(
    "li", { id: `quelle-${citation.marker}`, value: citation.marker },
    element("a", { href: citedUrl(citation) }, ...named(citation)),
    " ", badge(citation.item_status),
    element("blockquote", {}, legible(citation.quote)),
    element("span", { class: "meta" }, meta),
  );
}

/** A record's title, with its number where that stands before it, as whole words of a text; null where it is not there. */
function namedIn(text, record) {
  const literal = (part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const name = `(?:${literal(record.ref)} )?${literal(record.title)}`;
  return record.title ? new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u").exec(text) : null;
}

function nearestLine(answer) {
  const rest = answer.nearest.filter((record) => !namedIn(answer.answer, record));
  if (!rest.length) return [];
  const entries = rest.flatMap((record, place) => [
    place ? "; " : " ", element("a", { href: record.url }, ...named(record)), " ", element("span", { class: "meta" }, `(${[record.kind, record.status].filter(Boolean).map(shown).join(", ")})`),
  ]);
  return [element("p", { class: "nearest" }, element("b", {}, "Am nächsten kommt:"), ...entries)];
}

function overviewRows(rows) {
  const entry = (row) => element(
    "li", {}, ...(row.url ? [element("a", { href: row.url }, ...named(row))] : named(row)),
    " ", element("span", { class: "meta" }, `${words.kinds[row.kind]} · ${row.document}`), " ", badge(row.status),
  );
  return element("ul", { class: "records" }, ...rows.map(entry));
}

function groupEntry([title, rows]) {
  const summary = element("summary", {}, `${title} `, element("b", {}, String(rows.length)));
  return element("li", {}, element("details", {}, summary, overviewRows(rows)));
}

function column(title, about, groups) {
  const more = about ? element("span", { class: "meta" }, about) : null;
  const heading = element("h3", {}, title, more && " ", more);
  return element("div", { role: "group", "aria-label": title }, heading, element("ul", { class: "counts" }, ...groups.map(groupEntry)));
}

function split(rows, field, groups) {
  const lists = groups.map((group) => [shown(group.title), rows.filter((row) => row[field] === group.id)]);
  return lists.filter(([, some]) => some.length);
}

/** The columns of an overview: a document each where several counties are told of, else what is grouped by. */
function columns({ citations, data }) {
  const publishers = new Map(citations.filter((one) => one.publisher).map((one) => [one.document_id, one.publisher]));
  if (new Set(publishers.values()).size > 1) {
    return data.groups.document.map((document) => {
      const rows = data.rows.filter((row) => row.document_id === document.id);
      return column(document.title, publishers.get(document.id), [["alle", rows], ...split(rows, "status", data.groups.status)]);
    });
  }
  const made = Object.entries(GROUP_FIELDS).map(([by, field]) => [words.groups[by], split(data.rows, field, data.groups[by])]);
  return made.filter(([, groups]) => groups.length > 1).map(([title, groups]) => column(title, "", groups));
}

function overview(answer) {
  const { data } = answer;
  const count = `${data.rows.length} ${data.rows.length === 1 ? "Eintrag" : "Einträge"}`;
  const all = { true: count, false: `mindestens ${count}`, null: "Einträge (Anzahl unsicher)" }[data.complete];
  const every = element("details", { class: "rows" }, element("summary", {}, `Alle zeigen (${all})`), overviewRows(data.rows));
  return [element("div", { class: "groups" }, ...columns(answer)), every];
}

function rowsOf(answer) {
  const { data } = answer;
  if (data?.groups) return overview(answer);
  return data?.rows.length ? [table(data)] : [];
}

function suggestionEntry(question) {
  return element("li", {}, element("a", { href: `/ask?${new URLSearchParams({ q: question })}` }, question));
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
    ...(answer.mode ? [element("p", { class: "meta" }, words.modes[answer.mode])] : []),
    ...answer.notices.map((notice) => element("p", { class: "notice" }, notice.text)),
    answerText(answer),
    ...rowsOf(answer),
    ...section("Quellen", { name: "ol", class: "citations" }, answer.citations.map(citationEntry)),
    ...nearestLine(answer),
    ...section(words.suggestions[answer.status] ?? "Weiter fragen", { name: "ul", class: "chips" }, answer.suggestions.map(suggestionEntry)),
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
  history.pushState({ question }, "", `/ask?${new URLSearchParams({ q: question })}`);
  ask(question);
});

window.addEventListener("popstate", () => {
  const question = new URLSearchParams(location.search).get("q") ?? "";
  if (question === field.value.trim() && location.hash) return;
  field.value = question;
  if (question) ask(question);
  else card.hidden = true;
});
