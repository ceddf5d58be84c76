// Folds the list of areas away where the window is narrow; without this script it stays open.
const menu = document.querySelector("details.menu");
const narrow = matchMedia("(max-width: 40rem)");

function fit() {
  menu.open = !narrow.matches;
}

narrow.addEventListener("change", fit);
fit();
