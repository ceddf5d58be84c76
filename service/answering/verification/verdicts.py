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

    "Ja, er ist fertig." is "yes" and "Er ist fertig."; of "Ja." nothing remains.
    """
    for verdict, words in lexicon.table("translations")["verdicts"].items():
        for word in words[language]:
            remaining = text[len(word) :].lstrip()
            if text.casefold().startswith(word) and remaining[:1] in _MARKS:
                return verdict, wording.capitalize_first(remaining.lstrip(f" {_MARKS}"))
    return "", text


def begin_with_verdict(sentence: Sentence, verdict: str, proof: Proof, language: str) -> Sentence:
    """The sentence behind a verdict that a rule set, and that `proof` supports."""
    word = lexicon.table("translations")["verdicts"][verdict][language][0].capitalize()
    fragments = (Fragment(word, (proof,)), Fragment(": "), *sentence.fragments)
    return replace(sentence, fragments=fragments, computed_texts=(word,))


def without_verdict(sentence: Sentence) -> Sentence:
    """A freely worded sentence without the verdict that a rule set."""
    if not sentence.is_free or not sentence.computed_texts:
        return sentence
    return replace(sentence, fragments=sentence.fragments[2:], computed_texts=())
