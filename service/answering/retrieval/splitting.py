"""Splits items into sentences, as they are read: without labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from service.answering.verification.verbatim import is_prompt_injection
from vectorstore.language import Analyzer, sentence_spans, squash
from vectorstore.records import Field, Item

_THOUSANDS = re.compile(r"\s*\d{1,3}(?:\.\d{3})+(?!\d)")  # "5.000", no part of "5"
_LABEL = re.compile(r"[A-ZÄÖÜ][\w /-]{1,40}:")  # "Beteiligte Stellen:"


@dataclass(frozen=True, slots=True)
class TextSentence:
    """A sentence of an item with its index terms and the field that it is in.

    Sentences between which nothing is left out have consecutive positions. `with_units` are its
    quantities with the units of their columns' heads or labels.
    """

    position: int
    text: str
    terms: frozenset[str]
    field: Field | None = None
    with_units: str = ""

    def is_followed_by(self, other: TextSentence) -> bool:
        """True if the other sentence is the next one, in the same field."""
        return other.position == self.position + 1 and other.field is self.field

    @property
    def stated(self) -> str:
        """The sentence with its quantities as they are meant, in which facts are looked for."""
        return f"{self.text}\n{self.with_units}"


def split_item(item: Item, own_text: str, analyzer: Analyzer) -> tuple[TextSentence, ...]:
    """The sentences of an item's own text and of its fields.

    Left out are prompt injections, values that were corrected, labels, and headings of children.
    Fields whose text is not in it, such as cells of a table, come last.
    """
    results: list[TextSentence] = []
    replaced = replaced_values(item)
    # by their text, the last field first: of equal texts, or several around a sentence, the first
    # of the item counts
    fields = {squash(field.text): field for field in reversed(item.fields) if field.text}
    position = 0
    for paragraph in own_text.split("\n\n"):
        if is_label(item, paragraph.strip()):
            position += 1  # left out, so that what is around it is not in a row
            continue
        for start, end in sentence_spans(paragraph):
            position += 1
            text = paragraph[start:end].strip()
            squashed = squash(text)
            is_wrong = squashed.endswith(replaced) or is_child_heading(item, text)
            if is_wrong or is_prompt_injection(text):
                continue
            around = [field for printed, field in fields.items() if squashed in printed]
            inside = [field.with_unit for printed, field in fields.items() if printed in squashed]
            terms = frozenset(analyzer.terms(text))
            field = around[-1] if around else None
            results.append(TextSentence(position, text, terms, field, "\n".join(inside)))
    all_text = squash(own_text)
    corrections = {squash(correction.value) for correction in item.corrected}  # not in the document
    for printed, field in reversed(fields.items()):
        is_cell = printed not in all_text and printed not in corrections
        if is_cell and not is_prompt_injection(field.text):
            position += 2  # cells are never in a row
            terms = frozenset(analyzer.terms(field.text))
            results.append(TextSentence(position, field.text, terms, field, field.with_unit))
    return tuple(results)


def is_label(item: Item, text: str) -> bool:
    """True for a text that is only a label: that of a field of the item, or one with a colon."""
    is_of_field = any(text.rstrip(":") == field.label.rstrip(":") for field in item.fields)
    return is_of_field or _LABEL.fullmatch(text) is not None


def replaced_values(item: Item) -> tuple[str, ...]:
    """What the document prints in place of an item's corrected values, squashed."""
    printed = chain.from_iterable(correction.printed for correction in item.corrected)
    return tuple(squash(text) for text in printed if text)


def is_child_heading(item: Item, text: str) -> bool:
    """True for a text that is the heading of a part of an item: "5.1 …" in "5", but
    not "5.000 Euro". Only numbers that begin with a digit tell this.
    """
    begins_so = item.ref[:1].isdigit() and text.lstrip().startswith(f"{item.ref}.")
    return begins_so and _THOUSANDS.match(text) is None
