// The mark of an automatic text, for people and for machines (AI Act, Art. 50).
import { el } from "./dom.js";

const SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/";
const TYPES = { automatic: "algorithmicMedia", language_model: "trainedAlgorithmicMedia" };

/** The sentence that says so, with IPTC's term in its markup. */
export function disclosure({ words }, answer) {
  const made = answer.generated_by;
  const type = el("meta", { itemprop: "digitalSourceType", content: SOURCE + TYPES[made.kind] });
  return el("p", { class: "made meta" }, type, words.generatedBy(made));
}
