// The one script that a website names: registers <strategielotse-chat>. The service joins all modules to it.
import { StrategielotseChat } from "./element.js";

StrategielotseChat.home = new URL(".", import.meta.url).href;
if (!customElements.get("strategielotse-chat")) customElements.define("strategielotse-chat", StrategielotseChat);

export { StrategielotseChat };
