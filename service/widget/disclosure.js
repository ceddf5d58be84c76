// The mark of an automatic text, for people and for machines (AI Act, Art. 50).
import { el } from "./dom.js";

const SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/";
const TYPES = { automatic: "algorithmicMedia", language_model: "trainedAlgorithmicMedia" };
const UNTOLD = { kind: "automatic", model: null };

/** Who made an answer; one that was kept in the tab by an older version does not say it. */
export function madeBy(answer) {
  return answer.generated_by ?? UNTOLD;
}

/** The sentence that says so, with IPTC's term in its markup. */
export function disclosure({ words }, answer) {
  const made = madeBy(answer);
  const type = el("meta", { itemprop: "digitalSourceType", content: SOURCE + TYPES[made.kind] });
  return el("p", { class: "made meta" }, type, words.generatedBy(made));
}
