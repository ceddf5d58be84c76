"""Sentences that sum up a document or one of its themes, each with the passages that prove it: told, not searched.

An edition keeps them in a folder of its own; an edition without summaries has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from vectorstore.catalogue import Catalogue

FOLDER = "summaries"
FILE = "summaries.json"
LONGEST = 400  # characters of a sentence
MOST = 4  # sentences of one summary


@dataclass(frozen=True, slots=True)
class Passage:
    """What proves a sentence: the key of an item of the same document, and its words, verbatim."""

    key: str
    quote: str


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence on a document, or on its theme `key` ("" for the whole document).

    `origin` is "" for sentences of people, else who wrote it: model, digest of its prompts, digest of the request.
    """

    document_id: str
    key: str
    text: str
    passages: tuple[Passage, ...]
    origin: str = ""

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: document and key."""
        return self.document_id, self.key


def standing(sentences: Iterable[SummarySentence], catalogue: Catalogue) -> tuple[SummarySentence, ...]:
    """The sentences whose document, theme and passages are there, in the order of the documents and their items."""
    sentences = tuple(sentences)
    if not sentences:
        return ()
    order = {(item.document_id, item.key): place for place, item in enumerate(catalogue.items)}
    first = {item.document_id: place for place, item in reversed(list(enumerate(catalogue.items)))}
    texts = {name: "".join(one.text.split()) for name, one in catalogue.documents.items()}
    kept = [one for one in sentences if _stands(one, order, texts)]
    return tuple(sorted(kept, key=lambda one: (order.get(one.subject, first[one.document_id]), one.key != "")))


def read_summaries(folder: Path) -> tuple[SummarySentence, ...]:
    """The sentences below an edition's folder, none where it has none; raises OSError, ValueError."""
    file = folder / FOLDER / FILE
    return _ALL.validate_json(file.read_bytes()) if file.parent.exists() else ()


def save_summaries(sentences: Sequence[SummarySentence], folder: Path) -> None:
    """Write them below an edition's folder; nothing where there are none."""
    if sentences:
        (folder / FOLDER).mkdir()
        (folder / FOLDER / FILE).write_bytes(dump_summaries(sentences))


def dump_summaries(sentences: Sequence[SummarySentence]) -> bytes:
    """Sentences as JSON; equal ones give equal bytes."""
    return _ALL.dump_json(tuple(sentences), exclude_defaults=True)


def _stands(one: SummarySentence, order: dict[tuple[str, str], int], texts: dict[str, str]) -> bool:
    if one.document_id not in texts or (one.key and one.subject not in order):
        return False
    known = all((one.document_id, passage.key) in order for passage in one.passages)
    text = texts[one.document_id]
    return known and all("".join(passage.quote.split()) in text for passage in one.passages)


_ALL = TypeAdapter(tuple[SummarySentence, ...])
