"""Whether cases are right: items that are there, facts that stand in them, counts and lists that the records give.

A wrong case misleads more than none. The records are read without the answering code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.cases import Case, CountProof, Ref
from evals.metrics.knowledge import Named, is_named
from evals.metrics.statements import flat, says
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

_STATUS_WORDS = {
    ItemStatus.IDEA: ("Idee im Ideenspeicher", "Ideenspeicher", "idea"),
    ItemStatus.PLANNED: ("in Planung", "planned"),
    ItemStatus.IN_PROGRESS: ("in Bearbeitung", "in progress"),
    ItemStatus.IMPLEMENTED: ("umgesetzt", "implemented"),
    ItemStatus.ARCHIVED: ("archiviert", "archived"),
}
_DOCUMENT_WORDS = {
    DocumentStatus.ADOPTED: ("beschlossen", "adopted"),
    DocumentStatus.DRAFT: ("Entwurf", "nicht beschlossen", "draft"),
    DocumentStatus.PROPOSED: ("Antrag", "nicht beschlossen", "motion"),
    DocumentStatus.PUBLISHED: ("veröffentlicht", "published"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A case with what is wrong with it, and what is only odd."""

    case: Case
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """True where nothing is wrong."""
        return not self.problems


def check_cases(cases: Sequence[Case], catalogue: Catalogue) -> list[Checked]:
    """Check every case against an edition."""
    return [check_case(case, catalogue) for case in cases]


def check_case(case: Case, catalogue: Catalogue) -> Checked:
    """Check one case."""
    if not case.answerable:
        return Checked(case, ())
    problems, notes = _items(case, catalogue)
    problems += [*_facts(case, catalogue), *_counts(case, catalogue)]
    return Checked(case, tuple(problems), tuple(notes))


def _items(case: Case, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """What is wrong with the items; alternatives that are not there beside one that is are only noted."""
    expect = case.expect
    problems = [_absent(ref) for ref in expect.citations_all if not items_of(ref, catalogue)]
    choices = (expect.citations_any, expect.overview.core if expect.overview else ())
    notes: list[str] = []
    for refs in filter(None, choices):
        absent = [_absent(ref) for ref in refs if not items_of(ref, catalogue)]
        (problems if len(absent) == len(refs) else notes).extend(absent)
    if expect.overview:
        there = {item.key for ref in expect.overview.items for item in items_of(ref, catalogue)}
        if len(there) < expect.overview.at_least:
            problems.append(f"overview: nur {len(there)} Einträge sind da, verlangt sind {expect.overview.at_least}")
    return problems, notes


def items_of(ref: Ref, catalogue: Catalogue) -> list[Item]:
    """The items that a ref, key or heading names, and their parts (B.X.3 of B.X)."""
    if ref[0] not in catalogue.documents:
        return []
    items = catalogue.items_of(ref[0])
    return [item for item in items if is_named(ref[1], Named(item.ref, item.key, item.title))]


def counted(proof: CountProof, catalogue: Catalogue) -> list[Item]:
    """The records that a proof is of, in reading order."""
    return [item for item in catalogue.items if _matches(item, proof)]


def _absent(ref: Ref) -> str:
    return f"{ref[0]} hat keinen Eintrag {ref[1]}"


def _facts(case: Case, catalogue: Catalogue) -> Iterator[str]:
    """The facts of which no spelling stands in a named item, nor in what the records say of its document."""
    papers = [catalogue.documents[one] for one, _ in case.wanted if one in catalogue.documents]
    texts = ["\n".join(_told(one)) for one in papers or catalogue.documents.values()]
    texts += [_text(ref, catalogue) for ref in case.wanted] or [one.text for one in catalogue.documents.values()]
    for fact in case.expect.facts:
        if not any(says(fact, text) for text in texts) and str(case.expect.count) not in fact:
            yield f"facts: „{' | '.join(fact)}“ steht in keinem der genannten Einträge"
        if both := [one for one in fact for unwanted in case.expect.forbidden if flat(unwanted) in flat(one)]:
            yield f"forbidden: „{both[0]}“ ist zugleich verlangt"


def _counts(case: Case, catalogue: Catalogue) -> Iterator[str]:
    """What the records, counted again by the proof, say otherwise."""
    if case.proof is None:
        return
    found = counted(case.proof, catalogue)
    if case.expect.count is not None and case.expect.count != len(found):
        yield f"count: {case.expect.count}, die Einträge ergeben {len(found)}"
    if case.expect.citations_all:
        wanted, given = set(case.expect.citations_all), {(item.document_id, item.ref) for item in found}
        yield from (f"citations_all: {paper}:{ref} fehlt" for paper, ref in sorted(given - wanted))
        yield from (f"citations_all: {paper}:{ref} gehört nicht dazu" for paper, ref in sorted(wanted - given))


def _text(ref: Ref, catalogue: Catalogue) -> str:
    """All that the records say of a ref, its parts and what stands below it."""
    found = {item.key: item for item in items_of(ref, catalogue)}
    below = {child.key: child for item in found.values() for child in catalogue.children(item)}
    return "\n".join(part for item in (found | below).values() for part in _said(item))


def _said(item: Item) -> Iterator[str]:
    """The texts of one item, its status in words, who is responsible, and what text and table disagree on."""
    yield from (*item.path, item.heading, item.title, item.body, *item.responsible)
    yield from (one.text for one in item.fields)
    yield from (one for one in (item.table_title, item.table_row, item.status_heading, item.cooperation) if one)
    yield from _STATUS_WORDS[item.status] if item.status else ()
    for conflict in item.conflicts:
        for value in (conflict.text, conflict.table):
            yield from _STATUS_WORDS[ItemStatus(value)] if conflict.field == "status" else (value,)


def _told(document: Document) -> Iterator[str]:
    yield from (document.title, document.publisher, *(_DOCUMENT_WORDS[document.status] if document.status else ()))
    if document.as_of:
        yield f"{document.as_of:%d.%m.%Y}"


def _matches(item: Item, proof: CountProof) -> bool:
    archived = item.status is ItemStatus.ARCHIVED
    printed = "\n".join((item.heading, item.title, item.body, item.table_row or ""))
    return (
        item.kind == proof.kind
        and (item.status in proof.status if proof.status else not archived)
        and proof.document in (None, item.document_id)
        and proof.theme in (None, item.theme.ref if item.theme else None)
        and proof.goal in (None, item.goal.ref if item.goal else None)
        and (proof.unit is None or any(_is_unit(one, proof.unit) for one in item.responsible))
        and proof.municipality in (None, *item.municipalities)
        and (proof.text is None or flat(proof.text) in flat(printed))
    )


def _is_unit(printed: str, unit: str) -> bool:
    """66 is 66 and 66.01, not 661 nor Dez. 66; a name may stand anywhere as words of its own."""
    printed, unit = (re.sub(r"\.\s+", ".", " ".join(one.casefold().split())) for one in (printed, unit))
    start = "^" if unit[:1].isdigit() else r"(?<!\w)"
    return re.search(rf"{start}{re.escape(unit)}(?!\w)", printed) is not None
