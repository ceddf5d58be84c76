"""A plan and what came of it, in words for people: what was found where, what is missing, what nobody understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ingest.plan.form import PlanFamily, ReadingPlan
from prompts import say
from vectorstore.records import Document, Family, ItemKind


def plan_in_words(plan: ReadingPlan) -> list[str]:
    """Return what a plan says, a sentence each: families with their form and place, labels with their meaning."""
    told = [_family(family) for family in plan.families]
    known = [f"„{label.label}“ = {label.field}" for label in plan.labels if label.field]
    unknown = [f"„{label.label}“" for label in plan.labels if not label.field]
    told += [say("plan.labels", labels=", ".join(known))] if known else []
    told += [say("plan.unknown_labels", labels=", ".join(unknown))] if unknown else []
    told += [say("plan.status", word=one.word, status=one.status or say("plan.none")) for one in plan.statuses]
    return [*told, *plan.notes] or [say("plan.empty")]


def outcome_in_words(document: Document) -> list[str]:
    """Return what came of a document's plan: every family with how many were found of how many, and what was lost."""
    told = [_found(family) for family in document.families]
    if document.coverage is not None and document.coverage.lost:
        told.append(say("plan.lost", count=document.coverage.lost))
    return told or [say("plan.no_records")]


def is_complete(document: Document) -> bool:
    """Tell whether every family is known to be complete and no character was lost."""
    lost = document.coverage.lost if document.coverage is not None else 0
    return not lost and all(family.complete for family in document.families)


def problems(plan: ReadingPlan) -> Iterator[str]:
    """Yield what in a plan contradicts itself: forms and labels that are said twice, families above that are none."""
    forms = Counter(family.label for family in plan.families)
    labels = Counter(one.label.casefold() for one in plan.labels)
    yield from (say("plan.form_twice", label=one) for one, count in forms.items() if count > 1)
    for family in plan.families:
        if family.above is not None and family.above not in forms:
            yield say("plan.none_above", label=family.label, above=family.above)
    yield from (say("plan.label_twice", label=one) for one, count in labels.items() if count > 1)


def _kind(kind: ItemKind, count: int) -> str:
    return say(f"plan.{kind}" if count == 1 else f"plan.{kind}_many")


def _family(family: PlanFamily) -> str:
    seen = family.evidence[0] if family.evidence else None
    count = seen.count if seen else 0
    return say(
        "plan.family",
        count=f"{count} " if count else "",
        kind=_kind(family.kind, count),
        form=say("plan.form", label=family.label) if family.label else say("plan.without_numbers"),
        place=say(f"plan.place_{family.place}"),
        page=say("plan.first_page", page=seen.pages[0]) if seen and seen.pages else "",
        maker=say(f"plan.by_{family.by}"),
    )


def _found(family: Family) -> str:
    outcome = {True: "plan.complete", False: "plan.incomplete", None: "plan.not_understood"}[family.complete]
    return say(
        outcome,
        found=family.found,
        expected=family.expected,
        kind=_kind(family.kind, family.found if family.complete else 2),
        form=say("plan.of_form", label=family.label) if family.label else "",
        evidence=f" ({family.evidence[0].what})" if family.evidence else "",
    )
