"""What an item says, sentence by sentence, as any question is compared with it: worked out once and kept a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.answering.corpus import Corpus
from service.answering.evidence.verbatim import squash
from vectorstore.records import Field, Item

WHOLE = 200  # letters of a field that is told as a whole
_PARTING = "\n"  # in no term


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of an item with its place among them, the field that it stands in, and its terms.

    `joined` are the terms once more, one behind the other: a word inside any of them is looked up in all at once.
    """

    text: str
    place: int
    field: Field | None
    terms: frozenset[str]
    joined: str


def spoken(item: Item, corpus: Corpus) -> tuple[Spoken, ...]:
    """The sentences of an item in reading order, with a gap in their places between fields."""
    told: tuple[Spoken, ...] = corpus.of_items(_spoken, corpus.row(item))
    return told


def _spoken(corpus: Corpus, row: int) -> tuple[Spoken, ...]:
    sentences = _sentences(corpus.catalogue.items[row], corpus)
    return tuple(_made(corpus, *one) for one in zip(_apart(sentences), sentences, strict=True))


def _made(corpus: Corpus, place: int, sentence: tuple[int, str, Field | None]) -> Spoken:
    _, text, field = sentence
    terms = frozenset(corpus.analyzer.terms(text))
    return Spoken(text, place, field, terms, _PARTING.join(terms))


def _apart(sentences: Sequence[tuple[int, str, Field | None]]) -> Iterator[int]:
    """The places of the sentences, with a gap between fields."""
    gaps, before = 0, sentences[0][2] if sentences else None
    for place, _, field in sentences:
        gaps += field is not before
        before = field
        yield place + gaps


def _sentences(item: Item, corpus: Corpus) -> list[tuple[int, str, Field | None]]:
    """The sentences with the fields that they stand in, then the fields that none of them tells: cells of a table.

    A short field is told as a whole.
    """
    fields = [(field, squash(field.text), squash(field.label).rstrip(":")) for field in item.fields if field.text]
    found: list[tuple[int, str, Field | None]] = []
    for place, text in corpus.sentences(item):
        said = squash(text)
        field = next((field for field, held, label in fields if _bare(said, label) in held), None)
        if field is None or len(field.text) > WHOLE:
            found.append((place, text, field))
        elif not any(one is field for _, _, one in found):
            found.append((place, field.text, field))
    told = squash(" ".join(text for _, text, _ in found))
    last = found[-1][0] if found else 0
    apart = [field for field, held, _ in fields if held not in told and not any(one is field for _, _, one in found)]
    return found + [(last + 2 * (number + 1), field.text, field) for number, field in enumerate(apart)]


def _bare(said: str, label: str) -> str:
    """A squashed sentence without the field's label before it."""
    return said.removeprefix(label).removeprefix(":")
