"""The seam for makers of reading plans other than induction: a function from samples of a document to a plan.

What a maker proposes is checked against the document like every plan: a family has to find records, a label has to
stand there. Parts that are not borne out are dropped; staff's parts win over all others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.extractors.sheets import SheetSearch
from ingest.layout.lines import RawDocument
from ingest.plan.form import Maker, PlanFamily, PlanLabel, ReadingPlan
from ingest.plan.terms import normal

MOST = 12  # pages of a document that a maker is shown
_FIRST = 3  # of them from its beginning, the others spread over the rest
_LINES = 60  # lines that make a page where a file has none
_LEAST = 3  # records that a proposed family has to find


@dataclass(frozen=True, slots=True)
class Sample:
    """What one page of a document prints, line by line; `page` counts from 1."""

    page: int
    text: str


PlanMaker = Callable[[Sequence[Sample]], ReadingPlan]


def samples(raw: RawDocument) -> tuple[Sample, ...]:
    """Return the first pages of a document and some that are spread over the rest, furniture left out."""
    pages: dict[int, list[str]] = {}
    for number, line in enumerate(line for line in raw.lines if not line.noise):
        pages.setdefault(line.page if raw.page_count else number // _LINES, []).append(line.text)
    order = sorted(pages)
    rest = order[_FIRST:]
    step = max(1, -(-len(rest) // (MOST - _FIRST)))
    return tuple(Sample(page + 1, "\n".join(pages[page])) for page in (*order[:_FIRST], *rest[::step]))


def with_proposals(raw: RawDocument, induced: ReadingPlan, makers: Sequence[PlanMaker]) -> ReadingPlan:
    """Return the induced plan with what makers propose and the document bears out."""
    for maker in makers:
        proposed = maker(samples(raw))
        induced = _joined(raw, induced, proposed)
    return induced


def _joined(raw: RawDocument, induced: ReadingPlan, proposed: ReadingPlan) -> ReadingPlan:
    labels = _labels(raw, induced.labels, proposed.labels)
    search = SheetSearch(raw, labels)
    families = tuple(_by_model(one) for one in proposed.families if len(search.layout([one]).sheets) >= _LEAST)
    more = len(search.layout(families).sheets) > len(search.layout(induced.families).sheets)
    return induced.model_copy(update={"labels": labels, "families": families if more else induced.families})


def _labels(raw: RawDocument, induced: Sequence[PlanLabel], proposed: Sequence[PlanLabel]) -> tuple[PlanLabel, ...]:
    """Return the labels: a proposal says what an induced one means where that is not known, and adds what recurs."""
    said = {normal(one.label): one for one in proposed}
    kept = [
        _meant(one, said[normal(one.label)]) if one.field is None and normal(one.label) in said else one
        for one in induced
    ]
    known = {normal(one.label) for one in induced}
    fresh = [one.model_copy(update={"by": Maker.MODEL}) for name, one in said.items() if name not in known]
    hits = SheetSearch(raw, fresh).hits.values()
    counts = {one.label: sum(hit.label == one.label for hit in hits) for one in fresh}
    return (*kept, *(one for one in fresh if counts[one.label] >= _LEAST))


def _meant(label: PlanLabel, proposed: PlanLabel) -> PlanLabel:
    return label.model_copy(update={"field": proposed.field, "by": Maker.MODEL})


def _by_model(family: PlanFamily) -> PlanFamily:
    return family.model_copy(update={"by": Maker.MODEL})
