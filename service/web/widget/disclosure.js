// The disclosure that a text was generated automatically, for people and machines (AI Act, Art. 50).
import { el } from "./dom.js";

const SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/";
const TYPES = { automatic: "algorithmicMedia", language_model: "trainedAlgorithmicMedia" };

/** The sentence with the disclosure, with IPTC's digital source type in its markup. */
export function disclosure({ words }, answer) {
  const made = answer.generated_by;
  const type = el("meta", { itemprop: "digitalSourceType", content: SOURCE + TYPES[made.kind] });
  return el("p", { class: "made meta" }, type, words.generatedBy(made));
}
