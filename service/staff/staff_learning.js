// Shows what leads to the chosen entry already, and keeps the further wordings with the questions that are ticked.
const place = document.getElementById("eintrag");
const form = place.closest("form");
const also = document.getElementById("also");
let asked = 0;

function chosen() {
  const item = form.querySelector("input[name=item]:checked")?.value ?? "other";
  if (item === "other") return { document: form.elements.other_document.value, number: form.elements.other_number.value };
  const [document, ...key] = item.split("/");
  return { document, number: key.join("/") };
}

async function look() {
  const mine = ++asked;
  try {
    const response = await fetch(`${place.dataset.address}?${new URLSearchParams(chosen())}`);
    if (!response.ok || mine !== asked) return;
    const part = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine === asked) place.replaceChildren(...part.body.childNodes);
  } catch {
    // without it the form works as well
  }
}

function keep(member) {
  const wording = member.dataset.question;
  if (wording === form.elements.wording.value) return;
  const lines = also.value.split("\n").filter((line) => line.trim() && line.trim() !== wording);
  if (member.checked && !("followup" in member.dataset)) lines.push(wording);
  also.value = lines.join("\n");
}

form.addEventListener("change", (event) => {
  const name = event.target.name;
  if (name === "item" || name === "other_document" || name === "other_number") look();
  else if (name === "member") keep(event.target);
});
