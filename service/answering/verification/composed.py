"""Composed sentences: texts of the service (`prompts`) around quotes, titles and values; their own words are checked.

In what is left without quotes and titles every number and date is whole in what is cited or was computed, every
capitalised word too, unless the texts of the service have it; a status is that of its record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from prompts import load_words
from service import wording
from service.answering.corpus import Corpus
from service.answering.draft import Proof, Sentence
from service.answering.verification.checks import Failing, Fault, is_undecided, is_unlike_status
from service.answering.verification.clauses import split_plainly
from service.answering.verification.evidence import count_words, statuses_of
from service.answering.verification.verbatim import own_words, spaced, squash, words
from vectorstore.quantities import Moment, figures, together
from vectorstore.records import Document, Item, ItemStatus

_CAPITALISED = re.compile(r"[A-ZÄÖÜ]")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\S+|(?<![\w.])[\w-]{2,}(?:\.[\w-]+)*\.[a-z]{2,}(?![\w.])"
)
_TEXTS, _LABELS = ("answers", "wording"), "de/labels"


@dataclass(frozen=True, slots=True)
class Cited:
    """What a part of a composed sentence may draw on: its proofs, their documents, what was computed for it."""

    proofs: tuple[Proof, ...]
    documents: dict[str, Document]
    computed: tuple[str, ...]
    units: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()  # of any items, that the part has as they are printed

    @property
    def items(self) -> list[Item]:
        """The cited records, each once."""
        return list({(proof.item.document_id, proof.item.key): proof.item for proof in self.proofs}.values())

    def find_fault(self, text: str, language: str) -> Failing | None:
        """The objection to the own words of a part of a sentence."""
        quotes = [proof.quote for proof in self.proofs]
        own = own_words(text, quotes)
        return self._find_figures(own, language) or self._find_names(own) or self._find_status(own, quotes)

    def _find_figures(self, own: str, language: str) -> Failing | None:
        needed, dates = figures(self._without_titles(own), language), dates_of(self.documents.values())
        needed = replace(needed, moments=tuple(moment for moment in needed.moments if moment not in dates))
        left = together(figures(computed, language) for computed in self.computed).unproven(needed)
        left = left and together(figures(known, code) for known, code in self._texts()).unproven(left)
        return Failing(Fault.FIGURES, ", ".join(left.printed)) if left is not None else None

    def _find_names(self, own: str) -> Failing | None:
        """Capitalised words, addresses and titles that neither what is cited nor the texts of the service have."""
        parts = [part for document in self.documents.values() for part in (document.title, document.publisher)]
        known = _known_words((*self.computed, *self.units, *parts, *(text for text, _ in self._texts())))
        capitalised = [word for word in words(own) if _CAPITALISED.match(word)]
        capitalised += [word for match in _ADDRESS.finditer(own) for word in words(match[0])]
        names = {word for word in capitalised if not _is_known(word.casefold(), known)}
        if titles := [title for title in self.titles if title in own]:
            texts = [squash(text) for text in (*self.computed, *parts, *(text for text, _ in self._texts()))]
            names.update(title for title in titles if not any(squash(title) in text for text in texts))
        return Failing(Fault.NAMES, ", ".join(sorted(names))) if names else None

    def _find_status(self, own: str, quotes: list[str]) -> Failing | None:
        statuses = [statuses_of(item) for item in self.items]
        proving = [clause for known in (*self.computed, *quotes) for clause in split_plainly(known)]
        for clause in split_plainly(self._without_titles(own)):
            decided = clause.has("decided") and not clause.has("denied") and is_undecided(self.documents.values())
            unproven = decided and not any(other.has("decided") for other in proving)
            if unproven or is_unlike_status(clause, statuses, proving):
                return Failing(Fault.STATUS, clause.text)
        return None

    def _without_titles(self, text: str) -> str:
        titles = [title for item in self.items for title in (item.title, item.table_title) if title]
        return own_words(text, (), [*titles, *(document.title for document in self.documents.values())])

    def _texts(self) -> Iterator[tuple[str, str]]:
        """What proves figures and names, each with the language of its document."""
        for proof in self.proofs:
            yield spaced(proof.quote), self.documents[proof.item.document_id].language
        for item in self.items:
            document = self.documents[item.document_id]
            yield from ((spaced(text), document.language) for text in _record_texts(item, document))


def cite(text: str, proofs: tuple[Proof, ...], sentence: Sentence, corpus: Corpus) -> Cited:
    """What a part of a sentence cites; the documents that it names by their titles where it cites nothing."""
    documents = corpus.catalogue.documents
    bare = "" if proofs else spaced(text)
    named = [] if proofs else [document.id for document in documents.values() if document.title in bare]
    ids = dict.fromkeys([*(proof.item.document_id for proof in proofs), *named])
    counted = (word for count in sentence.counted for word in count_words(count))
    units = tuple({corpus.name_units(proof.item)[0]: None for proof in proofs})
    titles = tuple(corpus.find_titles(spaced(text)))
    return Cited(proofs, {id_: documents[id_] for id_ in ids}, (*sentence.computed, *counted), units, titles)


def parts_of(sentence: Sentence) -> Iterator[tuple[str, tuple[Proof, ...]]]:
    """The parts of a sentence with what proves them: its own proofs, else those of the whole sentence."""
    text = ""
    for fragment in sentence.fragments:
        if not fragment.proofs:
            text += fragment.text
            continue
        if text:
            yield text, sentence.proofs
        yield fragment.text, fragment.proofs
        text = ""
    if text:
        yield text, sentence.proofs


def dates_of(documents: Iterable[Document]) -> set[Moment]:
    """The dates of documents."""
    dated = (document.as_of for document in documents if document.as_of)
    return {moment for as_of in dated for moment in figures(wording.day(as_of)).moments}


def _known_words(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*map(_folded_words, texts))


@lru_cache(maxsize=16384)
def _folded_words(text: str) -> frozenset[str]:
    results = [word.casefold() for word in words(text)]
    return frozenset(results).union(*(word.split("-") for word in results))


def _is_known(word: str, known: frozenset[str]) -> bool:
    """True for a word that is known, perhaps with another ending or in parts."""
    parts = {word, word.removesuffix("s"), word.removesuffix("es"), f"{word}s"}
    return bool(parts & (known | _own_words())) or (
        "-" in word and all(_is_known(part, known) for part in word.split("-"))
    )


@cache
def _own_words() -> frozenset[str]:
    """The words of the texts of the service, German and English, and of its names of fields."""
    texts = [text for code in ("de", "en") for name in _TEXTS for text in load_words(f"{code}/{name}").values()]
    texts += [text for name, text in load_words(_LABELS).items() if name.startswith("field_")]
    return _known_words(tuple(re.sub(r"\{.*?\}", " ", text) for text in texts))


def _record_texts(item: Item, document: Document) -> Iterator[str]:
    """What a record and its document have of numbers and names beside the text."""
    yield from (item.ref, item.title, document.title, *item.responsible, *item.municipalities)
    named = (item.table_title, item.cooperation, item.period, item.cost, item.priority)
    yield from (text for text in named if text)
    yield from (head.title for head in (item.theme, item.goal) if head)
    for conflict in item.conflicts:
        yield from (conflict.text, conflict.table, *(value.text for value in conflict.values))
    if item.status is ItemStatus.ARCHIVED and item.former_ref:
        yield item.former_ref
