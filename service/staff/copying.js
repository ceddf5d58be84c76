// Buttons that copy a paragraph; without this script people mark it themselves.
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
