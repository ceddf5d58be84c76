"""The verdict at the beginning of a sentence (yes, no, not yet): a rule sets it, never a model."""

from __future__ import annotations

from dataclasses import replace

from service import wording
from service.answering import lexicon
from service.answering.draft import Fragment, Proof, Sentence

_MARKS = ",.:;!–"


def split_verdict(text: str, language: str = "de") -> tuple[str, str]:
    """The verdict at the beginning of a text ("yes", "no", "not_yet" or ""), and the remaining
    text.

    "Ja, er ist fertig." is "yes" and "Er ist fertig."; of "Ja." nothing remains. A mark or the end
    has to follow: "Nein" in "Nein sagte der Rat" is no verdict.
    """
    for verdict, words in lexicon.table("translations")["verdicts"].items():
        for word in words[language]:
            remaining = text[len(word) :].lstrip()
            # "", the end of the text, is in every string
            if text.casefold().startswith(word) and remaining[:1] in _MARKS:
                return verdict, wording.capitalize_first(remaining.lstrip(f" {_MARKS}"))
    return "", text


def begin_with_verdict(sentence: Sentence, verdict: str, proof: Proof, language: str) -> Sentence:
    """A freely worded sentence behind a verdict ("yes"), which a rule set and `proof` supports.

    `without_verdict` can take its two fragments off again before the words of the sentence are
    checked.
    """
    word = lexicon.table("translations")["verdicts"][verdict][language][0].capitalize()
    fragments = (Fragment(word, (proof,)), Fragment(": "), *sentence.fragments)
    return replace(sentence, fragments=fragments, has_verdict=True)


def without_verdict(sentence: Sentence) -> Sentence:
    """A freely worded sentence without the verdict that a rule set, for its words alone are to be
    checked.

    The verdict is its first two fragments, the word and ": ". Other sentences are unchanged.
    """
    if not sentence.has_verdict:
        return sentence
    return replace(sentence, fragments=sentence.fragments[2:], has_verdict=False)
