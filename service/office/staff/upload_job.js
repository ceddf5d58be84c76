// Follows a reading until it is over, then goes where its outcome stands.
const card = document.querySelector("[data-job]");
const bar = card.querySelector("progress");
const step = card.querySelector(".step");
const EVERY = 1500;

async function look() {
  try {
    const answer = await fetch(card.dataset.job, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const now = await answer.json();
      if (!now.open) {
        location.replace(now.next);
        return;
      }
      bar.value = now.share;
      if (now.step && step.textContent !== now.step) step.textContent = now.step;
    } else if (answer.status === 404 || answer.status === 403) {
      location.reload();
      return;
    }
  } catch { /* the service may be away for a moment */ }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY / 3);
