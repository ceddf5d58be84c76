"""Scores one answer: every measure over a case and its answer, with the texts and items of the
documents.

Answers are parsed from JSON by models of their own, so that those of other versions of the service
can be scored too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from evals.case_files import Case, Ref
from evals.metrics.statements import IGNORED, normalize_text
from service.records import Record
from vectorstore.language import fold_ref
from vectorstore.records import Catalogue, Item

Ratio = tuple[float, float]  # one case's numerator and denominator
ANSWERED = "answered"
FOUND = "found"
ABOUT_SERVICE = "about_service"
UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class RenderedDocument:
    """The text of a document; `pages` are (offset of the first character, page number from 1), in
    order.
    """

    text: str
    pages: tuple[tuple[int, int], ...] = ()

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        """The text without white space and soft hyphens, and the offset that each character left
        has in the full text. So a quote is found although lines are broken differently, and its
        place is known.
        """
        origins = [index for index, char in enumerate(self.text) if not IGNORED.match(char)]
        return IGNORED.sub("", self.text), origins

    def find_spans(self, quote: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of a quote as offsets of its first and last character, the last included.
        White space and soft hyphens do not matter. A quote of nothing else has no span.
        """
        squeezed, origins = self._squeezed
        needed = IGNORED.sub("", quote)
        start = squeezed.find(needed) if needed else -1
        while start >= 0:
            yield origins[start], origins[start + len(needed) - 1]
            start = squeezed.find(needed, start + 1)

    def has(self, quote: str) -> bool:
        """True if the text contains a quote."""
        return any(True for _ in self.find_spans(quote))

    def pages_of(self, quote: str) -> set[int]:
        """Return the numbers of all pages with a part of the quote, for each of its occurrences."""
        return set(
            chain.from_iterable(self._pages(first, last) for first, last in self.find_spans(quote))
        )

    def _pages(self, first: int, last: int) -> list[int]:
        """Return the numbers of the pages from that with the character `first` to that with `last`
        (offsets).
        """
        starts = [start for start, _ in self.pages]
        low, high = bisect_right(starts, first) - 1, bisect_right(starts, last) - 1
        return [number for _, number in self.pages[max(low, 0) : high + 1]]


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """Documents by id, and the ancestors of each item; empty if the service gives no texts.

    `ancestors` are those of an item, the nearest first, by its document's id and its key.
    """

    documents: Mapping[str, RenderedDocument] = field(default_factory=dict)
    ancestors: Mapping[tuple[str, str], tuple[ItemNames, ...]] = field(default_factory=dict)


class ItemNames(NamedTuple):
    """The names of an item: its number or label as printed, its key, its title."""

    ref: str
    key: str
    title: str


def is_named(required: str, item: ItemNames) -> bool:
    """True if `required` names an item, or one above it by number: "B.X" names B.X.3 too.

    `required` may be a number, a key or a title. Numbers are compared without spaces, case and
    leading zeros, titles also without hyphens. A name with "~" is a key: it distinguishes items
    with the same number.
    """
    if "~" in required:
        return item.key == required
    own, number = fold_ref(item.ref), fold_ref(required)
    return (
        own == number
        or own.startswith(f"{number}.")
        or item.key == required
        or normalize_text(item.title) == normalize_text(required)
    )


def find_ancestors(
    items: Iterable[tuple[str, ItemNames, str | None]],
) -> dict[tuple[str, str], tuple[ItemNames, ...]]:
    """Return for each item, by (document id, key), the items above it: its parent first.

    Each item is given as (document id, names, key of the parent or None). A parent that is not
    among the items ends the list.
    """
    item_and_parent = {(document, item.key): (item, parent) for document, item, parent in items}
    ancestors: dict[tuple[str, str], tuple[ItemNames, ...]] = {}
    for (document, key), (_, parent) in item_and_parent.items():
        above: list[ItemNames] = []
        while parent is not None and (document, parent) in item_and_parent:
            item, parent = item_and_parent[document, parent]  # one step up
            above.append(item)
        ancestors[document, key] = tuple(above)
    return ancestors


def load_knowledge(catalogue: Catalogue) -> DocumentTexts:
    """Return the texts and ancestors of items from an edition's catalogue."""
    texts = {}
    for key, document in catalogue.documents.items():
        pages = tuple((page.start, page.number) for page in document.pages)
        texts[key] = RenderedDocument(document.text, pages)
    ancestors = find_ancestors(
        (item.document_id, ItemNames(item.ref, item.key, item.title), item.parent)
        for item in catalogue.items
    )
    return DocumentTexts(texts, ancestors)


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SentCitation(_Form):
    """A citation of an answer."""

    marker: int = 0
    document_id: str
    document_status: str | None = None
    ref: str
    key: str
    title: str = ""
    page: int | None = None
    quote: str = ""


class SentNotice(_Form):
    """A notice of an answer."""

    code: str


class SentPassage(_Form):
    """The whole passage below an answer."""

    text: str


class SentAnswer(_Form):
    """An answer of the service."""

    status: str
    answer: str = ""
    citations: tuple[SentCitation, ...] = ()
    passage: SentPassage | None = None
    notices: tuple[SentNotice, ...] = ()
    receipt: Mapping[str, str | None] = Field(default_factory=dict)


@dataclass(frozen=True)
class AnsweredCase:
    """A case with its answer, and the time until it was there."""

    case: Case
    answer: SentAnswer
    knowledge: DocumentTexts = field(default_factory=DocumentTexts)
    milliseconds: float = 0.0

    @property
    def answered(self) -> bool:
        """True if the status is `answered`."""
        return self.answer.status == ANSWERED

    @property
    def shows(self) -> bool:
        """True if the status is `answered` or `found`."""
        return self.answer.status in (ANSWERED, FOUND)

    @property
    def noted(self) -> bool:
        """True if there is a notice on supported languages instead of an answer, and the case
        accepts it: then measures of a right answer do not apply.
        """
        accepts = self.case.expect.behavior == "answer_or_note"
        return (
            accepts
            and not self.answered
            and any(notice.code == "language" for notice in self.answer.notices)
        )

    def cites(self, ref: Ref) -> bool:
        """True if an item, or a part of it, is cited."""
        return any(self.is_of(citation, [ref]) for citation in self.answer.citations)

    def is_of(self, citation: SentCitation | Record, refs: Iterable[Ref]) -> bool:
        """True if a citation is of one of these items or of a part of one."""
        return any(is_part(citation, ref, self.knowledge) for ref in refs)

    def is_right(self, citation: SentCitation) -> bool:
        """True if a citation is of an item of `citations_any`, of which one is enough, or a part of
        one. It is also true for a citation from a page that proves the answer.
        """
        pages = self.case.pages_by_document.get(citation.document_id, ())
        return citation.page in pages or self.is_of(citation, self.case.expect.citations_any)

    def off_topic(self, citations: Iterable[SentCitation]) -> list[SentCitation]:
        """Return the citations that are of no item that the case names: of its overview if it
        expects one, else of its right items.
        """
        overview = self.case.expect.overview
        right = overview.items if overview else self.case.right_refs
        return [citation for citation in citations if not self.is_of(citation, right)]


class CaseOutcome(StrEnum):
    """What came of a case, the worst first; but for `OTHER` and `OPEN`, which no measure is about,
    by the name of the measure that it meets.
    """

    OPEN = "open"
    MISLED = "misled"
    OTHER = "other"
    SHOWN = "shown"
    USEFUL = "useful"
    EXPECTED = "as expected"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scores of one answer: (numerator, denominator) by measure, without measures that do not
    apply.
    """

    answered_case: AnsweredCase
    ratios: dict[str, Ratio]

    @property
    def case(self) -> Case:
        """The case that was asked."""
        return self.answered_case.case

    @property
    def is_fully_right(self) -> bool:
        """True if the outcome is as expected: fully right, rightly not answered, or taken as about
        the service.
        """
        return self.has("as expected")

    @property
    def misled(self) -> bool:
        """True if the case was answered, and wrongly: the worst outcome."""
        return self.has("misled")

    @property
    def outcome(self) -> CaseOutcome:
        """The outcome of the case: misled if the answer misleads, else the best outcome that it
        reached (`CaseOutcome` has them from the worst to the best), and "other" if it reached none.

        The outcome is open if the case has no expectation on misleading.
        """
        if CaseOutcome.MISLED not in self.ratios:
            return CaseOutcome.OPEN
        if self.misled:
            return CaseOutcome.MISLED
        reached = [outcome for outcome in CaseOutcome if self.has(outcome)]
        return [CaseOutcome.OTHER, *reached][-1]

    def has(self, measure: str) -> bool:
        """True if a measure applies and its ratio is 1."""
        ratio = self.ratios.get(measure)
        return ratio is not None and ratio[0] == ratio[1]


def is_part(item: SentCitation | Record | Item, ref: Ref, knowledge: DocumentTexts) -> bool:
    """True if an item, or the item that is cited, is the required one (`ref`: document id and name)
    or a part of it.

    A part is a descendant in the document, or an item below by its number: B.X.3 is a part of B.X.
    Without known ancestors only the item's own number, key and title count.
    """
    document_id, required = ref
    ancestors = knowledge.ancestors.get((item.document_id, item.key), ())
    names = (ItemNames(item.ref, item.key, item.title), *ancestors)
    return item.document_id == document_id and any(is_named(required, name) for name in names)
