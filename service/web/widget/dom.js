// Functions that create elements. What comes from the service is inserted as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const NOTHING = new Set([null, undefined, false, true, ""]);
let idCount = 0;

/** Create an element; attributes and children that are null, undefined or false are left out, functions named on… are listeners. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
    if (key === "lang") setLanguage(element, value);
  }
  element.append(...children.flat(9).filter((child) => !NOTHING.has(child)));
  return element;
}

/** Set the language of an element, and the direction that it is written in. */
export function setLanguage(element, language) {
  element.lang = language;
  element.dir = language === "ar" ? "rtl" : "ltr";
}

/** Create an SVG element. */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A text for screen readers only. */
export function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

/** An id that no other element of this page's widgets has. */
export function freshId(name) {
  idCount += 1;
  return `sl-${name}-${idCount}`;
}

/** The element that has the focus, also inside a shadow root. */
export function focused(root) {
  return root.activeElement ?? null;
}

/** Run `change` on an element, and scroll so that the focused element keeps its position on the screen. */
export function inPlace(element, change) {
  const active = focused(element.getRootNode());
  const top = () => active.getBoundingClientRect().top;
  const before = active && top();
  change();
  for (let box = active?.parentElement; box; box = box.parentElement) box.scrollTop += top() - before;
}

/** A text escaped for use in a regular expression. */
export function literal(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
