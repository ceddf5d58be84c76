"""What a part of a sentence may draw on: quotes, records and documents that it cites, and what was computed for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.answering.draft import Proof
from service.answering.verifying.names import words
from service.answering.verifying.quotes import spaced
from service.answering.wording import day
from vectorstore.figures import Figures, Moment, figures, together
from vectorstore.records import Document, Item, ItemStatus

_PARTING = " · "


@lru_cache(maxsize=16384)
def _printed(text: str) -> str:
    """The words of a text, divided by single spaces."""
    return " ".join(words(text))


@dataclass(frozen=True, slots=True)
class Cited:
    """The proofs of a part of a sentence with their documents, by id, and what was computed.

    Without proofs `documents` are those that the part names by their titles. `texts` is what entries hold, for a
    sentence that was worded freely: that proves it then, and not the quotes.
    """

    proofs: tuple[Proof, ...]
    documents: dict[str, Document]
    computed: tuple[str, ...]
    texts: tuple[str, ...] = ()

    @property
    def items(self) -> list[Item]:
        """The cited records, each once."""
        return list({(one.item.document_id, one.item.key): one.item for one in self.proofs}.values())

    @property
    def titles(self) -> list[str]:
        """The titles of the cited records and documents."""
        named = [title for item in self.items for title in (item.title, item.table_title) if title]
        return [*named, *(one.title for one in self.documents.values())]

    @property
    def dates(self) -> set[Moment]:
        """The dates of the documents."""
        dated = (figures(day(one.as_of)) for one in self.documents.values() if one.as_of)
        return {moment for one in dated for moment in one.moments}

    @property
    def proving(self) -> str:
        """What was computed and what is quoted."""
        return _PARTING.join(map(spaced, (*self.computed, *(one.quote for one in self.proofs))))

    def unproven(self, said: Figures, language: str) -> Figures | None:
        """The figures that nothing cited proves; `language` is that of what was computed, documents have their own."""
        left = together(figures(one, language) for one in self.computed).unproven(said)
        return left and together(figures(text, code) for text, code in self._held()).unproven(left)

    def words(self) -> str:
        """All words, divided by single spaces."""
        held = [part for one in self.documents.values() for part in (one.title, one.publisher)]
        return _PARTING.join(map(_printed, (*self.computed, *held, *(text for text, _ in self._held()))))

    def _held(self) -> Iterator[tuple[str, str]]:
        """What proves figures and names, each with the language of its document."""
        if self.texts:
            codes = {one.language for one in self.documents.values()} or {"de"}
            yield from ((text, code) for code in codes for text in self.texts)
            return
        for proof in self.proofs:
            yield spaced(proof.quote), self.documents[proof.item.document_id].language
        for item in self.items:
            document = self.documents[item.document_id]
            yield from ((spaced(text), document.language) for text in _record(item, document))


def _record(item: Item, document: Document) -> Iterator[str]:
    """What a record and its document hold of numbers and names beside the text."""
    yield from (item.ref, item.title, document.title, *item.responsible, *item.municipalities)
    yield from (one for one in (item.table_title, item.cooperation, item.period, item.cost, item.priority) if one)
    yield from (one.title for one in (item.theme, item.goal) if one)
    for conflict in item.conflicts:
        yield from (conflict.text, conflict.table, *(one.text for one in conflict.values))
    if item.status is ItemStatus.ARCHIVED and item.former_ref:
        yield item.former_ref
