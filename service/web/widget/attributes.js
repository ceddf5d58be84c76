// The attributes of <strategielotse-chat>: properties of the same name, lists in them, and colours.

export const ATTRIBUTES = ["service", "language", "heading", "color", "color-text", "questions", "position", "open", "mode", "theme", "page", "documents", "keep"];

/** Give a class a property for each attribute; `open` is a switch, all others are texts ("" where absent). */
export function reflect(target) {
  for (const name of ATTRIBUTES) {
    const property = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    const access =
      name === "open"
        ? { get() { return this.hasAttribute(name); }, set(value) { this.toggleAttribute(name, Boolean(value)); } }
        : { get() { return this.getAttribute(name) ?? ""; }, set(value) { setText(this, name, value); } };
    Object.defineProperty(target.prototype, property, { ...access, enumerable: true, configurable: true });
  }
}

function setText(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** The entries of an attribute such as `questions` or `documents`: "one|two". */
export function listed(text) {
  return text.split("|").map((entry) => entry.trim()).filter(Boolean);
}

/** Set the widget's main colour and that of text on it; without the latter, black or white by contrast. */
export function paint(root, color, text) {
  for (const name of ["--main", "--main-ink"]) root.style.removeProperty(name);
  if (!color || !CSS.supports("color", color)) return;
  root.style.setProperty("--main", color);
  root.style.setProperty("--main-ink", text && CSS.supports("color", text) ? text : readableColor(root, color));
}

function readableColor(root, color) {
  const probe = document.createElement("span");
  probe.style.color = color;
  root.append(probe);
  const [red, green, blue] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number).map(linearize);
  probe.remove();
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

function linearize(part) {
  const value = part / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
