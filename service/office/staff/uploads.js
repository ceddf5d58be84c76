// Drag files in, see what was chosen, follow the sending. Without this script the form sends itself.
const form = document.querySelector("form.upload");
const input = form.querySelector("input[type=file]");
const drop = form.querySelector(".drop");
const chosen = form.querySelector(".chosen");
const told = form.querySelector(".told");
const sending = form.querySelector(".sending");
const bar = form.querySelector("progress");
const [send, stop] = form.querySelectorAll("button");
const MB = 1_000_000;
let request = null;

const rounded = (number) => number.toLocaleString("de", { maximumFractionDigits: 1 });
const sized = (bytes) => (bytes < MB / 10 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${rounded(bytes / MB)} MB`);

function tell(lines, bad) {
  told.replaceChildren(...lines.map((line) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    if (bad) paragraph.className = "check";
    return paragraph;
  }));
}

function wrong(files) {
  const most = (name) => Number(form.dataset[name]);
  const found = [];
  if (files.length > most("mostFiles")) found.push(`Auf einmal gehen höchstens ${most("mostFiles")} Dateien.`);
  for (const file of files) {
    if (file.size > most("mostEach") * MB) found.push(`${file.name} ist größer als ${most("mostEach")} MB.`);
  }
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  if (whole > most("mostTogether") * MB) found.push(`Zusammen sind das ${sized(whole)}; höchstens ${most("mostTogether")} MB gehen auf einmal.`);
  return found;
}

function show() {
  const files = [...input.files];
  chosen.replaceChildren(...files.map((file) => {
    const line = document.createElement("li");
    line.textContent = `${file.name} (${sized(file.size)})`;
    return line;
  }));
  tell(wrong(files), true);
}

function over(state) {
  return (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", state);
  };
}

function busy(state) {
  sending.hidden = stop.hidden = !state;
  send.disabled = input.disabled = state;
}

function answered() {
  busy(false);
  if (request.status === 200) {
    tell(["Angekommen."], false);
    location.assign(request.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const reasons = [...page.querySelectorAll("main .check p, main .check li, main .verdict p")].map((line) => line.textContent);
  tell(reasons.length ? reasons : ["Das Senden ist misslungen. Bitte noch einmal versuchen."], true);
}

input.addEventListener("change", show);
drop.addEventListener("dragover", over(true));
drop.addEventListener("dragleave", over(false));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (event.dataTransfer.files.length) {
    input.files = event.dataTransfer.files;
    show();
  }
});
stop.addEventListener("click", () => request?.abort());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const problems = wrong([...input.files]);
  if (problems.length) {
    tell(problems, true);
    return;
  }
  const body = new FormData(form);
  request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (now) => {
    bar.value = now.lengthComputable ? now.loaded / now.total : 0;
  });
  request.addEventListener("load", answered);
  request.addEventListener("error", () => {
    busy(false);
    tell(["Die Verbindung ist abgebrochen. Die Auswahl steht noch da; bitte noch einmal senden."], true);
  });
  request.addEventListener("abort", () => {
    busy(false);
    tell(["Das Senden ist abgebrochen; es wurde nichts eingereicht."], false);
  });
  bar.value = 0;
  tell([], false);
  busy(true);
  request.send(body);
});
