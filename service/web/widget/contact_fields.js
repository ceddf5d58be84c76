// The fields of the contact form: label, input, error text, and validation.
import { el, freshId } from "./dom.js";

const MAX_MESSAGE = 4000;
const NAMES = { "application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG" };

/** A labelled field; `field.tell(text)` shows an error below it and links it to the input, "" removes it. */
export function field(name, label, input, hint = "") {
  input.id = freshId(name);
  input.name = name;
  const error = el("p", { class: "error", id: freshId("error"), hidden: true });
  const help = hint ? el("p", { class: "hint", id: freshId("hint") }, hint) : null;
  const describe = (wrong) => {
    const ids = [help?.id, wrong && error.id].filter(Boolean).join(" ");
    if (ids) input.setAttribute("aria-describedby", ids);
    else input.removeAttribute("aria-describedby");
  };
  const tell = (text) => {
    error.textContent = text;
    error.hidden = !text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    describe(Boolean(text));
  };
  describe(false);
  return { name, input, tell, element: el("div", { class: "field" }, el("label", { for: input.id }, label), help, input, error) };
}

/** The error texts of the form's values by field name; {} if there are none. */
export function mistakes(values, contact, words) {
  const { errors } = words.form;
  const results = {};
  if (values.way === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(values.email)) results.email = errors.email;
  if (values.way === "phone" && (values.phone.match(/\d/g) ?? []).length < 4) results.phone = errors.phone;
  if (!values.message) results.message = errors.message;
  if (values.message.length > MAX_MESSAGE) results.message = errors.messageLong;
  const wrong = values.file && fileMistake(values.file, contact.attachment, errors, words);
  if (wrong) results.attachment = wrong;
  return results;
}

function fileMistake(file, { types, max_bytes: most }, errors, words) {
  if (!types.includes(file.type)) return errors.type(typeNames(types));
  return file.size > most ? errors.size(sizeName(most, words)) : null;
}

/** "PDF, PNG, JPEG". */
export function typeNames(types) {
  return types.map((type) => NAMES[type] ?? type).join(", ");
}

/** "5 MB". */
export function sizeName(bytes, words) {
  return `${new Intl.NumberFormat(words.code, { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;
}
