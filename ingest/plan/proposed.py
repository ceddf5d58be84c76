"""Reading plans that a model proposes: when one is asked for, from what, and when it is kept.

A proposal is data like every plan. Its parts are held against the document: a family has to find records, a label has
to recur. Then the same reader reads the document by it, and it is kept only where more is known to be complete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from pydantic import ValidationError

from ingest.extractors.sheets import SheetSearch
from ingest.layout.lines import RawDocument, squash
from ingest.plan.check import FIELDS as FIELDS
from ingest.plan.check import NAMES, is_complete, outcome_in_words, plan_in_words, problems
from ingest.plan.form import Maker, PlanError, PlanFamily, PlanLabel, PlanStatus, ReadingPlan, load_plan
from ingest.plan.induce import numbers_none
from ingest.plan.numbers import printed_number
from ingest.plan.terms import normal
from vectorstore.model_reply import object_in
from vectorstore.records import Document, Family, Item, ItemKind, ParsedDocument

KINDS = [kind.value for kind in NAMES if kind is not ItemKind.SECTION]  # of which a model may propose families
KEPT = "Gelesen nach einem Leseplan, den ein Sprachmodell vorgeschlagen hat."
NOT_KEPT = "Ein Leseplan, den ein Sprachmodell vorgeschlagen hat, liest nicht besser; es bleibt beim erkannten."
PAGES, _FIRST = 12, 3  # of a document that are shown, and of them from its beginning; the others spread over the rest
_CHARACTERS = 1_800  # of a page
_LINES = 60  # lines that make a page where a document has none
_RECURRING, _OFTEN = 40, 3  # lines that recur, at most, and how often at least
_LONGEST_LINE = 80  # characters of a line that recurs
_LEAST = 3  # records that a family has to find, and times that a label has to stand there
_HALF = 0.5  # of the records of a proposed family that need a labelled field, where nothing counts them
_NO_RECORDS = (ItemKind.THEME, ItemKind.SECTION)
_HEADING = re.compile(r"Überschrift „(.*)“")
_NUMBER = re.compile(r"\d+")


def is_unsure(document: Document) -> bool:
    """Tell whether a model may be asked for a plan: something is not known to be complete, and staff said nothing.

    That is so too where labels recur and no records were found.
    """
    plan = load_plan(document.plan or "")
    open_ = not is_complete(document) or (bool(plan.labels) and not _counted(document))
    return open_ and not any(one.by is Maker.STAFF for one in _parts(plan))


def shown(document: Document) -> str:
    """Return what a model sees of a document, line by line behind "| ": what was understood, recurs, and some pages."""
    told = [*plan_in_words(load_plan(document.plan or "")), *outcome_in_words(document)]
    parts = [("Bisher verstanden", told), ("Zeilen, die sich wiederholen (Ziffern als #)", _recurring(document))]
    parts += [(f"Seite {number}", text[:_CHARACTERS].splitlines()) for number, text in _pages(document)]
    return "\n\n".join(f"=== {name} ===\n" + "\n".join(f"| {line}" for line in lines if line) for name, lines in parts)


def read_proposal(reply: str) -> ReadingPlan:
    """Return the plan in a model's reply, all of it by the model; raises PlanError where there is none.

    Only families and labels are taken: what words mean which status, no document can bear out.
    """
    try:
        plan = ReadingPlan.model_validate(object_in(reply))
    except (ValidationError, ValueError) as error:
        raise PlanError("Die Antwort ist kein Leseplan.") from error
    if told := list(problems(plan)):
        raise PlanError(told[0])
    if not plan.families and not plan.labels:
        raise PlanError("Der Leseplan ist leer.")
    return ReadingPlan(
        families=tuple(one.model_copy(update={"by": Maker.MODEL, "evidence": ()}) for one in plan.families),
        labels=tuple(one.model_copy(update={"by": Maker.MODEL, "evidence": ()}) for one in plan.labels),
    )


def borne_out(raw: RawDocument, induced: ReadingPlan, proposed: ReadingPlan) -> ReadingPlan:
    """Return the induced plan with what a proposal says otherwise, as far as the document's lines bear it out."""
    labels = _labels(raw, induced.labels, proposed.labels)
    search = SheetSearch(raw, labels)
    families = tuple(one for one in proposed.families if _stands(one, search))
    records = any(one.kind not in _NO_RECORDS for one in families)
    return induced.model_copy(update={"labels": labels, "families": families if records else induced.families})


def is_better(before: ParsedDocument, after: ParsedDocument) -> bool:
    """Tell whether more is known to be complete after a proposal, nothing is lost, and the document bears that out."""
    first, second = before.document, after.document
    grown = _complete(second) - _complete(first)
    if grown < 0 or _known(second) < _known(first) or _lost(second) > _lost(first):
        return False
    better = grown > 0 or _open(second) < _open(first) or _lost(second) < _lost(first)
    announcing = _announcing(first)
    return better and all(_witnessed(one, after.items, announcing) for one in _by_model(second))


def _parts(plan: ReadingPlan) -> list[PlanFamily | PlanLabel | PlanStatus]:
    return [*plan.families, *plan.labels, *plan.statuses]


def _recurring(document: Document) -> list[str]:
    """Return the lines that recur most, digits apart, with how often, and beginnings before a colon."""
    counts: Counter[str] = Counter()
    for line in document.text.splitlines():
        bare = _NUMBER.sub("#", " ".join(line.split()))
        head, colon, _ = bare.partition(":")
        short = f"{head}:" if colon else bare
        if 0 < len(short) <= _LONGEST_LINE:
            counts[short] += 1
    often = [(text, count) for text, count in counts.most_common(_RECURRING) if count >= _OFTEN]
    return [f"{count}× {text}" for text, count in often]


def _pages(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the first pages of a document and some that are spread over the rest, each with its number from 1."""
    starts = [one.start for one in document.pages]
    if starts:
        texts = [document.text[a:b] for a, b in zip(starts, [*starts[1:], len(document.text)], strict=True)]
    else:
        lines = document.text.splitlines()
        texts = ["\n".join(lines[place : place + _LINES]) for place in range(0, len(lines), _LINES)]
    rest = range(_FIRST, len(texts))
    step = max(1, -(-len(rest) // (PAGES - _FIRST)))
    for place in (*range(min(_FIRST, len(texts))), *rest[::step]):
        yield place + 1, texts[place]


def _stands(family: PlanFamily, search: SheetSearch) -> bool:
    if family.kind in _NO_RECORDS:
        return bool(family.label)
    sheets = search.layout([family]).sheets
    words = {number.word for sheet in sheets if (number := printed_number(f"{sheet.ref} x"))}
    return len(sheets) >= _LEAST and not any(map(numbers_none, words)) and not numbers_none(family.label.split("{")[0])


def _labels(raw: RawDocument, induced: Sequence[PlanLabel], proposed: Sequence[PlanLabel]) -> tuple[PlanLabel, ...]:
    """Return the labels: a proposal says what an induced one means where that is not known, and adds what recurs."""
    said = {normal(one.label): one for one in proposed}
    kept = [
        _meant(one, said[normal(one.label)]) if one.field is None and normal(one.label) in said else one
        for one in induced
    ]
    known = {normal(one.label) for one in induced}
    fresh = [one for name, one in said.items() if name not in known]
    hits = SheetSearch(raw, fresh).hits.values()
    counts = Counter(hit.label for hit in hits)
    return (*kept, *(one for one in fresh if counts[one.label] >= _LEAST))


def _meant(label: PlanLabel, proposed: PlanLabel) -> PlanLabel:
    return label.model_copy(update={"field": proposed.field, "by": Maker.MODEL})


def _counted(document: Document) -> list[Family]:
    return [one for one in document.families if one.kind is not ItemKind.THEME]


def _complete(document: Document) -> int:
    """Return how many records stand in families that are known to be complete."""
    return sum(one.found for one in _counted(document) if one.complete)


def _known(document: Document) -> int:
    """Return how many records were understood: those of families of which the document tells how many there are."""
    return sum(one.found for one in _counted(document) if one.complete is not None)


def _open(document: Document) -> int:
    return sum(not one.complete for one in _counted(document))


def _lost(document: Document) -> int:
    return document.coverage.lost if document.coverage else 0


def _by_model(document: Document) -> Iterable[Family]:
    """Return the families of records that a model proposed, as far as they are said to be complete."""
    labels = {one.label for one in load_plan(document.plan or "").families if one.by is Maker.MODEL}
    return [one for one in _counted(document) if one.complete and one.label in labels]


def _announcing(document: Document) -> set[str]:
    """Return the headings by which a document announces records of which none were found."""
    told = [one.what for family in document.families if not family.found for one in family.evidence]
    return {squash(match[1]) for what in told if (match := _HEADING.fullmatch(what))}


def _witnessed(family: Family, items: Sequence[Item], announcing: Collection[str]) -> bool:
    """Tell whether more than running numbers speaks for a family, for chapters run on as well.

    The document counts it, its records have fields, or they stand under a heading that announces records.
    """
    members = [item for item in items if item.kind is family.kind and item.family == family.label]
    fields = sum(bool(item.fields) for item in members)
    above = next((item for item in items if squash(item.heading) in announcing), None)
    below = above is not None and all(_stands_below(item, above) for item in members)
    return bool(family.evidence) or fields >= _HALF * len(members) or below


def _stands_below(item: Item, above: Item) -> bool:
    """Tell whether a record comes after a heading, with a number that goes on where that has one."""
    number = printed_number(above.heading)
    return item.order > above.order and (number is None or item.ref.startswith(f"{number.ref}."))
