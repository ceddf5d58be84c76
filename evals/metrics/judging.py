"""How one answer is judged: every measure over a case and its answer, by what is known of the documents.

An answer is read from its JSON, nothing of the service's own forms is needed: answers of other versions are judged as
well as those of today.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from evals.cases import Case, Ref
from evals.metrics.statements import plain, plain_ref
from service.record_models import Record
from vectorstore.catalogue import Catalogue

Ratio = tuple[float, float]  # one case's numerator and denominator
ANSWERED, FOUND, ABOUT_SERVICE, UNAVAILABLE = "answered", "found", "about_service", "unavailable"
_DROPPED = re.compile(r"[\s\u00ad]+")


@dataclass(frozen=True)
class RenderedDocument:
    """One document's rendering; `pages` are (offset of its first character, page number from 1), in order."""

    text: str
    pages: tuple[tuple[int, int], ...] = ()

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        origins = [place for place, char in enumerate(self.text) if not _DROPPED.match(char)]
        return _DROPPED.sub("", self.text), origins

    def places(self, quote: str) -> Iterator[tuple[int, int]]:
        """Spans (first character, last character) where a quote stands, white space and soft hyphens aside."""
        squeezed, origins = self._squeezed
        needed = _DROPPED.sub("", quote)
        start = squeezed.find(needed) if needed else -1
        while start >= 0:
            yield origins[start], origins[start + len(needed) - 1]
            start = squeezed.find(needed, start + 1)

    def has(self, quote: str) -> bool:
        """True where a quote stands verbatim."""
        return next(self.places(quote), None) is not None

    def pages_of(self, quote: str) -> set[int]:
        """All pages that a quote touches, wherever it stands."""
        return {page for first, last in self.places(quote) for page in self._pages(first, last)}

    def _pages(self, first: int, last: int) -> list[int]:
        starts = [start for start, _ in self.pages]
        low, high = bisect_right(starts, first) - 1, bisect_right(starts, last) - 1
        return [number for _, number in self.pages[max(low, 0) : high + 1]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Documents by id, and the items above each; empty where a service does not give its texts.

    `above` has every item above an item, by its document's id and its key.
    """

    documents: Mapping[str, RenderedDocument] = field(default_factory=dict)
    above: Mapping[tuple[str, str], tuple[Named, ...]] = field(default_factory=dict)


class Named(NamedTuple):
    """What an item may be called: its number or label as printed, its key, its title."""

    ref: str
    key: str
    title: str


def is_named(required: str, item: Named) -> bool:
    """True where a number, label or heading names an item, or one that it is a part of by number: B.X.3 of B.X.

    Numbers are compared without spaces, case and leading zeros, headings without hyphens too; where several items print
    the same number, a key with "~" names one of them.
    """
    if "~" in required:
        return item.key == required
    own, number = plain_ref(item.ref), plain_ref(required)
    return own == number or own.startswith(f"{number}.") or item.key == required or plain(item.title) == plain(required)


def lineage(items: Iterable[tuple[str, Named, str | None]]) -> dict[tuple[str, str], tuple[Named, ...]]:
    """What stands above each of these items, given as (document id, item, key of the one directly above)."""
    given = {(document, item.key): (item, parent) for document, item, parent in items}
    return {place: tuple(_above(place, given)) for place in given}


def _above(place: tuple[str, str], given: Mapping[tuple[str, str], tuple[Named, str | None]]) -> Iterator[Named]:
    document, parent = place[0], given[place][1]
    while parent is not None and (document, parent) in given:
        item, parent = given[document, parent]
        yield item


def knowledge_of(catalogue: Catalogue) -> Knowledge:
    """What an edition's catalogue tells."""
    texts = {
        key: RenderedDocument(document.text, tuple((page.start, page.number) for page in document.pages))
        for key, document in catalogue.documents.items()
    }
    above = lineage((item.document_id, Named(item.ref, item.key, item.title), item.parent) for item in catalogue.items)
    return Knowledge(texts, above)


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SentCitation(_Form):
    """One citation."""

    marker: int = 0
    document_id: str
    document_status: str | None = None
    ref: str
    key: str
    title: str = ""
    page: int | None = None
    quote: str = ""


class SentNotice(_Form):
    """A note beside an answer."""

    code: str


class SentAnswer(_Form):
    """An answer."""

    status: str
    answer: str = ""
    citations: tuple[SentCitation, ...] = ()
    notices: tuple[SentNotice, ...] = ()
    receipt: Mapping[str, str | None] = Field(default_factory=dict)


@dataclass(frozen=True)
class AnsweredCase:
    """A case with the answer that it got, and how long it took as the asker saw it."""

    case: Case
    answer: SentAnswer
    knowledge: Knowledge = field(default_factory=Knowledge)
    milliseconds: float = 0.0

    @property
    def answered(self) -> bool:
        """True where the service claims to answer."""
        return self.answer.status == ANSWERED

    @property
    def shows(self) -> bool:
        """True where it answers, or shows what it found without that claim."""
        return self.answer.status in (ANSWERED, FOUND)

    @property
    def noted(self) -> bool:
        """True where there is no answer but a note on the languages understood, and the case accepts it."""
        accepts = self.case.expect.behavior == "answer_or_note"
        return accepts and not self.answered and any(notice.code == "language" for notice in self.answer.notices)

    @property
    def about_service(self) -> bool:
        """True where the service took the question as one to itself."""
        return self.answer.status == ABOUT_SERVICE

    def cites(self, ref: Ref) -> bool:
        """True where an item, or a part of it, is cited."""
        return any(self.is_of(citation, [ref]) for citation in self.answer.citations)

    def is_of(self, citation: SentCitation | Record, refs: Iterable[Ref]) -> bool:
        """True where a citation is of one of these items or of a part of one."""
        return any(is_part(citation, ref, self.knowledge) for ref in refs)

    def off(self, citations: Iterable[SentCitation]) -> list[SentCitation]:
        """Those of these citations that are off everything that the case names."""
        overview = self.case.expect.overview
        right = overview.items if overview else self.case.right_refs
        return [citation for citation in citations if not self.is_of(citation, right)]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What each measure says of one answer: (numerator, denominator) by name; a measure that does not ask is absent."""

    asked: AnsweredCase
    ratios: dict[str, Ratio]

    @property
    def case(self) -> Case:
        """The case that was asked."""
        return self.asked.case

    @property
    def fully(self) -> bool:
        """True where the outcome is the expected one: fully right, rightly not answered, or taken as to the service."""
        return self.has("as expected")

    @property
    def misled(self) -> bool:
        """True for the worst outcome: answered, and wrong."""
        return self.has("misled")

    def has(self, measure: str) -> bool:
        """True where a measure asks this case and it has all of it."""
        ratio = self.ratios.get(measure)
        return ratio is not None and ratio[0] == ratio[1]


def is_part(citation: SentCitation | Record, ref: Ref, knowledge: Knowledge) -> bool:
    """True where a citation is of an item or of a part of it: any descendant by parent, or B.X.3 for B.X by number."""
    above = knowledge.above.get((citation.document_id, citation.key), ())
    chain = (Named(citation.ref, citation.key, citation.title), *above)
    return citation.document_id == ref[0] and any(is_named(ref[1], item) for item in chain)


def compute_scores(asked: AnsweredCase) -> Judgement:
    """Apply every measure."""
    from evals.metrics.measures import MEASURES

    ratios = ((measure.name, measure.ratio(asked)) for measure in MEASURES)
    return Judgement(asked, {name: ratio for name, ratio in ratios if ratio is not None})
