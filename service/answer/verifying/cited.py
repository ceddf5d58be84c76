"""What a part of a sentence may draw on: quotes, records and documents that it cites, and what was computed for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.answer.draft import Proof
from service.answer.verifying.names import words
from service.answer.verifying.quotes import spaced
from service.answer.wording import day
from vectorstore.figures import Figures, Moment, figures, together
from vectorstore.records import Document, Item, ItemStatus

_PARTING = " · "


@lru_cache(maxsize=64)
def _spaced(computed: tuple[str, ...]) -> str:
    """What was computed for a sentence, the same for all of its parts."""
    return _PARTING.join(map(spaced, computed))


@lru_cache(maxsize=64)
def _counted(computed: tuple[str, ...], language: str) -> Figures:
    """The figures of what was computed for a sentence, the same for all of its parts."""
    return together(figures(one, language) for one in computed)


@dataclass(frozen=True, slots=True)
class Cited:
    """The proofs of a part of a sentence with their records and documents, and what was computed.

    Without proofs `documents` are those that the part names by their titles, by id.
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
        """The titles of the cited records."""
        return [title for item in self.items for title in (item.title, item.table_title) if title]

    @property
    def dates(self) -> set[Moment]:
        """The dates of the documents."""
        dated = (figures(day(one.as_of)) for one in self.documents.values() if one.as_of)
        return {moment for one in dated for moment in one.moments}

    @property
    def proving(self) -> str:
        """What was computed and what is quoted."""
        computed = [_spaced(self.computed)] if self.computed else []
        return _PARTING.join([*computed, *(spaced(one.quote) for one in self.proofs), *self.texts])

    def unproven(self, said: Figures, language: str) -> Figures | None:
        """The figures that nothing cited proves; `language` is that of what was computed, documents have their own."""
        left = _counted(self.computed, language).unproven(said)
        return left and together(self._figures()).unproven(left)

    def _figures(self) -> Iterator[Figures]:
        """The figures of what is quoted and of the cited records."""
        yield from map(figures, self.texts)
        for proof in self.proofs:
            yield figures(spaced(proof.quote), self.documents[proof.item.document_id].language)
        for item in self.items:
            document = self.documents[item.document_id]
            yield from (figures(spaced(text), document.language) for text in _record(item, document))

    def words(self) -> str:
        """All words, divided by single spaces."""
        texts = [*self.computed, *self.texts, *(one.quote for one in self.proofs)]
        texts += [part for one in self.documents.values() for part in (one.title, one.publisher)]
        texts += [text for item in self.items for text in _record(item, self.documents[item.document_id])]
        return _PARTING.join(" ".join(words(text)) for text in texts)


def _record(item: Item, document: Document) -> Iterator[str]:
    """What a record and its document hold of numbers and names beside the text."""
    yield from (item.ref, item.title, document.title, *item.responsible, *item.municipalities)
    yield from (one for one in (item.table_title, item.cooperation, item.period, item.cost, item.priority) if one)
    yield from (one.title for one in (item.theme, item.goal) if one)
    for conflict in item.conflicts:
        yield from (conflict.text, conflict.table, *(one.text for one in conflict.values))
    if item.status is ItemStatus.ARCHIVED and item.former_ref:
        yield item.former_ref
