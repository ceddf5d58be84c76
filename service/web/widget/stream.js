// Server-sent events over fetch, by which an answer is streamed.
import { Failure, failureOfEvent } from "./failures.js";

/** Read the events of a response as {name, data}; data is parsed JSON. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let incomplete = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (incomplete + value.replaceAll("\r\n", "\n")).split("\n\n");
    incomplete = blocks.pop();
    for (const block of blocks) yield eventOf(block);
  }
}

function eventOf(block) {
  const fields = { event: "message", data: [] };
  for (const line of block.split("\n")) {
    const [, name, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    if (name === "event") fields.event = value;
    if (name === "data") fields.data.push(value);
  }
  return { name: fields.event, data: fields.data.length ? JSON.parse(fields.data.join("\n")) : null };
}

/** Read an answer; `onEvent(name, data)` is called with each step and sentence. Throws a Failure if the stream ends early. */
export async function readAnswer(response, onEvent) {
  try {
    for await (const { name, data } of events(response)) {
      if (name === "step" || name === "sentence") onEvent(name, data);
      if (name === "error") throw failureOfEvent(data);
      if (name === "done") return data;
    }
  } catch (error) {
    if (error instanceof Failure || error.name === "AbortError") throw error;
    if (typeof error === "string") throw new Failure(error);
  }
  throw new Failure(navigator.onLine === false ? "offline" : "broken");
}
