// The entry that a website names: registers <strategielotse-chat>. All modules are named here, so that browsers fetch
// them at once and not one after the other. The service sets the folder of this version into these addresses.
import { StrategielotseChat } from "./widget/element.js";
import "./widget/answer_view.js";
import "./widget/attributes.js";
import "./widget/contact_fields.js";
import "./widget/contact_form.js";
import "./widget/conversation.js";
import "./widget/data_view.js";
import "./widget/dom.js";
import "./widget/failures.js";
import "./widget/feedback.js";
import "./widget/icons.js";
import "./widget/item_list.js";
import "./widget/languages.js";
import "./widget/languages/de.js";
import "./widget/languages/en.js";
import "./widget/panel.js";
import "./widget/panel_frame.js";
import "./widget/question_field.js";
import "./widget/record_words.js";
import "./widget/service.js";
import "./widget/sharing.js";
import "./widget/source_card.js";
import "./widget/stream.js";
import "./widget/style.js";
import "./widget/style_answer.js";
import "./widget/turn_view.js";
import "./widget/welcome.js";

StrategielotseChat.home = new URL(".", import.meta.url).href;
if (!customElements.get("strategielotse-chat")) customElements.define("strategielotse-chat", StrategielotseChat);

export { StrategielotseChat };
