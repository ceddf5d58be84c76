"""Splits items into sentences, as they are read: without labels, and joined over ends of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from service.answering.verification.verbatim import is_prompt_injection
from vectorstore.language import sentence_spans, squash
from vectorstore.records import Field, Item

_LONGEST_CUT = 4_000  # characters of a sentence that may be joined over page ends
_LEAST_WORDS = 4  # words of a sentence that may be joined over page ends
# sentences behind a cut word among which its continuation in lower case is dropped
_CONTINUATION_WINDOW = 4
_SEARCH_WINDOW = 4_000  # characters of a document in which the next sentence is searched for first
_LABEL = re.compile(r"[A-ZÄÖÜ][\w /-]{1,40}:")  # "Beteiligte Stellen:"
_CUT_WORD = re.compile(r"[a-zäöüß]-$")  # "Die Maß-" at the end of a page


@dataclass(frozen=True, slots=True)
class TextSentence:
    """A sentence of an item with the field that it is in.

    Sentences that are adjacent in the document have consecutive positions; a label or a footer
    between them leaves a gap. `with_units` are its quantities with the units of their columns'
    heads or labels.
    """

    position: int
    text: str
    field: Field | None = None
    with_units: str = ""

    def is_followed_by(self, other: TextSentence) -> bool:
        """True if the other sentence is the next one, in the same field."""
        return other.position == self.position + 1 and other.field is self.field


def split_item(item: Item, own_text: str, document: str) -> list[TextSentence]:
    """The sentences of an item's own text and of its fields; `document` is its document's text,
    squashed.

    Left out are prompt injections, values that were corrected, labels, and fragments of sentences
    cut within a word by a page. A sentence that a page end cuts between words is joined to its
    other part. Fields whose text is not in it, such as cells of a table, come last.
    """
    results: list[TextSentence] = []
    fields = [(field, squash(field.text)) for field in item.fields if field.text]
    replaced = replaced_values(item)
    squashed = squash(own_text)
    spans = _find_fields(fields, squashed)
    end = 0  # offset in the squashed text at which the last sentence ends
    for position, text in _sentences_of(own_text, item, document):
        squashed_text = squash(text)
        start = max(squashed.find(squashed_text, end), 0)
        end = start + len(squashed_text)
        if squashed_text.endswith(replaced):
            continue
        field = next(
            (field for field, first, last in spans if first <= start and end <= last), None
        )
        units = "\n".join(
            part.with_unit for part, first, last in spans if start <= first and last <= end
        )
        sentence = TextSentence(position, text, field, units)
        if results and results[-1].is_followed_by(sentence) and _is_cut(results[-1].text):
            results[-1] = replace(
                sentence, position=position - 1, text=f"{results[-1].text} {text}"
            )
        else:
            results.append(sentence)
    all_text = squash(" ".join(result.text for result in results))
    position = results[-1].position if results else 0
    corrections = {squash(correction.value) for correction in item.corrected}  # not in the document
    for field, text in fields:  # cells of a table, which are not in the running text
        if text not in all_text and text not in corrections and not is_prompt_injection(field.text):
            position += 2
            results.append(TextSentence(position, field.text, field, with_units=field.with_unit))
    return results


def _find_fields(fields: Iterable[tuple[Field, str]], passage: str) -> list[tuple[Field, int, int]]:
    """The fields with their spans in a squashed passage; fields that are not in it are left out.

    `fields` are given each with its squashed text. Each is looked for behind the last one first,
    since several can have the same text ("ja").
    """
    results, end = [], 0
    for field, text in fields:
        start = passage.find(text, end)
        if start < 0:
            start = passage.find(text)
        if start >= 0:
            end = start + len(text)
            results.append((field, start, end))
    return results


def _sentences_of(own_text: str, item: Item, document: str) -> Iterator[tuple[int, str]]:
    """Yield the position and the text of each sentence of an item's own text.

    Its position is 1 more than that of the last sentence if both are adjacent in the document, else
    2 more, so that a quote cannot jump a gap. `document` is the squashed text of the document.

    Left out are labels ("Kosten:"), headings of children ("5.1 …" in "5"), prompt injections, and
    both fragments of a sentence that a page cuts within a word: "Die Maß-" and, among the next few
    sentences, "nahme beginnt."
    """
    position = 0
    last_end = -1  # offset in the document at which the last sentence ends, -1 if it was not found
    window = 0  # next sentences among which a cut word may continue
    for paragraph in own_text.split("\n\n"):
        if is_label(item, paragraph.strip()):
            continue
        for start, end in sentence_spans(paragraph):
            text = paragraph[start:end].strip()
            squashed = squash(text)
            limit = last_end + _SEARCH_WINDOW + len(squashed) if last_end >= 0 else None
            offset = document.find(squashed, max(last_end, 0), limit)
            if offset < 0:
                offset = document.find(squashed)
            position += 1 if offset == last_end >= 0 else 2
            last_end = offset + len(squashed) if offset >= 0 else -1
            is_continuation = window > 0 and text[:1].islower()
            window = 0 if is_continuation else max(window - 1, 0)
            is_cut_word = _CUT_WORD.search(text) is not None
            if is_cut_word:
                window = _CONTINUATION_WINDOW
            if not (
                is_child_heading(item, text)
                or is_cut_word
                or is_continuation
                or is_prompt_injection(text)
            ):
                yield position, text


def is_label(item: Item, text: str) -> bool:
    """True for a text that is only a label: that of a field of the item, or one with a colon."""
    is_of_field = any(text.rstrip(":") == field.label.rstrip(":") for field in item.fields)
    return is_of_field or _LABEL.fullmatch(text) is not None


def replaced_values(item: Item) -> tuple[str, ...]:
    """What the document prints in place of an item's corrected values, squashed."""
    printed = chain.from_iterable(correction.printed for correction in item.corrected)
    return tuple(squash(text) for text in printed if text)


def is_child_heading(item: Item, text: str) -> bool:
    """True for a text that is the heading of a part of an item: "5.1 …" in "5". Only numbers that
    begin with a digit tell this.
    """
    return item.ref[:1].isdigit() and text.lstrip().startswith(f"{item.ref}.")


def _is_cut(text: str) -> bool:
    """True if a sentence seems cut by a page end: it ends with a comma or a lower-case word,
    without a full stop.

    Short texts may be headings or cells, and very long ones may not grow further: both are not
    joined.
    """
    words = text.split() if len(text) < _LONGEST_CUT else []
    return len(words) > _LEAST_WORDS and (
        words[-1].endswith(",") or (words[-1].isalpha() and words[-1].islower())
    )
