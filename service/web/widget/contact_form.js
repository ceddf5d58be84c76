// The contact form: a message to the administration that is sent by e-mail and not stored.
import { field, mistakes, sizeName, typeNames } from "./contact_fields.js";
import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";

/** The view of the form; `question` may be added to the message, `leave` returns to the conversation. */
export function contactForm(context, question, leave) {
  const { words, config } = context;
  const form = el("form", { class: "contact-form", novalidate: true, "aria-label": words.form.title });
  const fields = fieldsOf(config.contact, words);
  const ways = waysOf(config.contact.ways, words, fields);
  const along = question ? takeAlong(question, words) : null;
  const error = el("p", { class: "error summary", tabindex: "-1", hidden: true });
  const send = el("button", { type: "submit", class: "primary" }, words.form.send);
  form.append(
    el("h3", { tabindex: "-1" }, words.form.title),
    el("p", {}, words.form.lead),
    el("p", { class: "hint" }, words.form.required),
    error,
    ...[ways, ...[fields.email, fields.phone, fields.name, fields.message].filter(Boolean).map((shown) => shown.element)].filter(Boolean),
    ...[along?.element, fields.attachment?.element].filter(Boolean),
    el("div", { class: "buttons" }, send, el("button", { type: "button", class: "quiet", onclick: leave }, icon("back"), words.form.back)),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.hasAttribute("aria-disabled")) return;
    const values = valuesOf(form, fields);
    if (!showErrors(mistakes(values, config.contact, words), fields, error, words)) return;
    await submit(context, { form, fields, error, send, leave }, bodyOf(values, along?.input.checked ? question : ""));
  });
  return form;
}

function fieldsOf(contact, words) {
  const text = words.form;
  const { attachment } = contact;
  const hint = attachment ? text.attachmentHint(typeNames(attachment.types), sizeName(attachment.max_bytes, words)) : "";
  return {
    email: contact.ways.includes("email") ? field("email", `${text.email} *`, el("input", { type: "email", autocomplete: "email", required: true })) : null,
    phone: contact.ways.includes("phone") ? field("phone", `${text.phone} *`, el("input", { type: "tel", autocomplete: "tel", required: true })) : null,
    name: field("name", text.name, el("input", { type: "text", autocomplete: "name", maxlength: 200 })),
    message: field("message", `${text.message} *`, el("textarea", { rows: 4, required: true })),
    attachment: attachment ? field("attachment", text.attachment, el("input", { type: "file", accept: attachment.types.join(",") }), hint) : null,
  };
}

function waysOf(ways, words, fields) {
  const show = (way) => ways.forEach((other) => (fields[other].element.hidden = other !== way));
  show(ways[0]);
  if (ways.length < 2) return null;
  const name = freshId("way");
  const choices = ways.map((way, index) => {
    const id = freshId("choice");
    const input = el("input", { type: "radio", name, id, value: way, checked: index === 0, onchange: () => show(way) });
    return el("div", { class: "choice" }, input, el("label", { for: id }, words.form.ways[way]));
  });
  return el("fieldset", { class: "ways" }, el("legend", {}, words.form.way), choices);
}

function takeAlong(question, words) {
  const id = freshId("along");
  const input = el("input", { type: "checkbox", id, checked: true });
  return { input, element: el("div", { class: "choice" }, input, el("label", { for: id }, words.form.takeAlong, " ", el("q", {}, question))) };
}

function valuesOf(form, fields) {
  const value = (labelled) => labelled?.input.value.trim() ?? "";
  const way = form.querySelector(".ways input:checked")?.value ?? (fields.email ? "email" : "phone");
  return { way, email: value(fields.email), phone: value(fields.phone), name: value(fields.name), message: value(fields.message), file: fields.attachment?.input.files[0] ?? null };
}

function bodyOf(values, question) {
  const body = new FormData();
  body.append(values.way, values[values.way]);
  if (values.name) body.append("name", values.name);
  body.append("message", values.message);
  if (question) body.append("question", question);
  if (values.file) body.append("attachment", values.file);
  return body;
}

/** Show each error at its field and focus the first of these; true if there is no error. */
function showErrors(errors, fields, error, words) {
  const present = Object.values(fields).filter(Boolean);
  for (const shown of present) shown.tell(errors[shown.name] ?? "");
  const first = present.find((shown) => errors[shown.name]);
  error.hidden = !first;
  error.textContent = first ? words.form.check : "";
  first?.input.focus();
  return !first;
}

async function submit({ words, service, announce }, { form, fields, error, send, leave }, body) {
  send.setAttribute("aria-disabled", "true");
  send.textContent = words.form.sending;
  try {
    await service.contact(body);
    const done = el("h3", { tabindex: "-1" }, icon("checked"), words.form.sent);
    form.replaceChildren(done, el("p", {}, words.form.sentLong), el("button", { type: "button", class: "primary", onclick: leave }, words.form.back));
    done.focus();
    announce(words.form.sent);
  } catch (failure) {
    const refused = Object.fromEntries((failure.problem?.errors ?? []).map((refusal) => [refusal.field, refusal.message]));
    if (!showErrors(refused, fields, error, words)) return;
    error.textContent = failure.kind === "offline" || failure.kind === "busy" ? failure.sentence(words) : words.form.failed;
    error.hidden = false;
    error.focus();
  } finally {
    send.removeAttribute("aria-disabled");
    send.textContent = words.form.send;
  }
}
