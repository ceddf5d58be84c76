// What a browser collects for a paper: kept in this tab's session, sent nowhere but when a list or file of it is asked for.
const STORE = "strategielotse.merkliste";
const ADDRESS = "/staff/basket";

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function read() {
  try {
    const { heading = "", entries = [] } = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
    return { heading: String(heading), entries: entries.filter((one) => typeof one?.id === "string") };
  } catch {
    return { heading: "", entries: [] };
  }
}

export function write(basket) {
  sessionStorage.setItem(STORE, JSON.stringify(basket));
  showCount(basket.entries.length);
}

export function kept() {
  try {
    sessionStorage.setItem(`${STORE}.probe`, "");
    sessionStorage.removeItem(`${STORE}.probe`);
    return true;
  } catch {
    return false;
  }
}

export function showCount(number) {
  const link = document.querySelector(`.top nav a[href="${ADDRESS}"]`);
  if (!link) return;
  link.querySelector(".basket-count")?.remove();
  if (number) link.append(element("span", { class: "basket-count" }, ` (${number})`));
}

const said = element("p", { class: "hidden-text", role: "status" });

export function say(text) {
  if (!said.isConnected) document.querySelector("main").append(said);
  said.textContent = text;
}
