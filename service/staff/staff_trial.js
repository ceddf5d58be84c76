// Follows what runs, and loads the page anew when it has ended; without this script a link does.
const place = document.getElementById("versuch");
const step = document.getElementById("versuch-schritt");
const bar = document.getElementById("versuch-stand");
const EVERY = 1000;

async function look() {
  try {
    const response = await fetch(place.dataset.address, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const progress = await response.json();
    if (!progress.running) {
      location.reload();
      return;
    }
    const told = `Es läuft: ${progress.step}`;
    if (step.textContent !== told) step.textContent = told;
    bar.value = progress.share;
  } catch {
    // the next look may succeed
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
