// The one script that a website names: registers <strategielotse-chat> and <strategielotse-progress>. The service joins all modules to it.
import { StrategielotseChat } from "./element.js";
import { StrategielotseProgress } from "./progress.js";

const elements = { "strategielotse-chat": StrategielotseChat, "strategielotse-progress": StrategielotseProgress };
for (const [name, element] of Object.entries(elements)) {
  element.home = new URL(".", import.meta.url).href;
  if (!customElements.get(name)) customElements.define(name, element);
}

export { StrategielotseChat, StrategielotseProgress };
