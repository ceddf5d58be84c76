"""A paper that was read, told so that a clerk can decide whether it is right: what was found, and what is in doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from prompts import say
from service import labels
from vectorstore.corrections import CorrectableField
from vectorstore.records import (
    ConflictValue,
    Document,
    Family,
    Item,
    ItemKind,
    ItemStatus,
    MetadataFact,
    ParsedDocument,
)

_MOST_MISSING = 20  # numbers that are named
_MOST_SECTIONS = 12  # that are shown of a paper without records
NO_RECORDS = "none"  # said of a family of numbers that is no records
_CHOSEN = ("measure", "project", "goal")  # kinds that people can say of a family
TAKEN_KINDS = {kind: labels.KINDS[ItemKind(kind)] for kind in (*_CHOSEN, "theme")}  # and of a row or section
_EXAMPLES = {"n": "1", "roman": "I", "letters": "AB", "letter": "a", "a": "a", "part": "a", "year": "2026"}
_ASKED = {
    "status": CorrectableField.STATUS, "responsible": CorrectableField.UNIT, "period": CorrectableField.PERIOD,
    "cost": CorrectableField.COST, "priority": CorrectableField.PRIORITY,
}  # fmt: skip
_MOST_PASSAGES, _LONGEST_PASSAGE = 60, 200  # of a record's text, where a second one may begin; characters


@dataclass(frozen=True, slots=True)
class ReviewedDocument:
    """A paper that was read, and the same paper in the edition before.

    `warnings` are those of its file beside the document's; `missed` are the "rows" of tables and "headings" that are in
    no record, each with text, page and where it begins. `choices` is what people set for families of numbers, by label,
    `taken` number and title of the rows and sections that they took as items.
    """

    parsed: ParsedDocument
    before: ParsedDocument | None = None
    warnings: tuple[str, ...] = ()
    missed: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        """The document as it was read."""
        return self.parsed.document

    @property
    def records(self) -> list[Item]:
        """What is more than a section of text, in the order of the paper."""
        return [item for item in self.parsed.items if item.kind is not ItemKind.SECTION]

    @property
    def shown_items(self) -> list[Item]:
        """What people compare with the original: the records, without any the first sections."""
        return self.records or list(self.parsed.items[:_MOST_SECTIONS])

    @property
    def has_pictures(self) -> bool:
        """Whether its pages can be drawn."""
        return self.document.file_name.lower().endswith(".pdf")

    def fact(self, part: str) -> MetadataFact | None:
        """What proves a part of the front matter."""
        return next((fact for fact in self.document.front if fact.field == part), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence on what was found, its evidence, whether somebody should look, and the family that it is about."""

    text: str
    why: str
    fine: bool
    family: Family | None = None

    @property
    def choices(self) -> dict[str, str]:
        """What people can say that the family is, by value: its kind first."""
        kinds = dict.fromkeys([*([str(self.family.kind)] if self.family else []), *_CHOSEN])
        return {kind: labels.KINDS_MANY[ItemKind(kind)] for kind in kinds} | {NO_RECORDS: say("review.no_records")}


def verdicts(document: ReviewedDocument) -> list[Verdict]:
    """Return a verdict for each kind of record that was found, those of one numbering together, most records first."""
    families = sorted(
        (family for family in document.document.families if family.found or family.expected),
        key=lambda family: -family.found,
    )
    often = Counter(family.kind for family in families)
    verdicts = [
        replace(_verdict(document, family, alone=often[family.kind] == 1), family=family) for family in families
    ]
    return verdicts or [Verdict(say("review.none" if not document.records else "review.uncounted"), "", fine=False)]


def decided_families(document: ReviewedDocument) -> list[tuple[str, str]]:
    """Return the label and a sentence for each family for which people set what it is."""
    return [(label, _choice(label, kind)) for label, kind in document.choices.items()]


def _choice(label: str, kind: str) -> str:
    name = say("review.no_records") if kind == NO_RECORDS else labels.KINDS_MANY[ItemKind(kind)]
    example = re.sub(r"\{(\w+)\}", lambda match: _EXAMPLES.get(match[1], match[1]), label)
    return say("review.chosen", ref=example, kind=name) if label else say("review.chosen_unnumbered", kind=name)


def _verdict(document: ReviewedDocument, family: Family, *, alone: bool) -> Verdict:
    members = [
        item
        for item in document.parsed.items
        if item.family == family.label and item.kind is family.kind and item.status is not ItemStatus.ARCHIVED
    ]
    result = labels.numbered(family.found, labels.KINDS[family.kind], labels.KINDS_MANY[family.kind])
    if not alone and family.label and members:
        result = say("review.like", found=result, ref=members[len(members) // 2].ref)
    why = "; ".join(
        evidence.what + (say("review.on", page=evidence.page) if evidence.page else "") for evidence in family.evidence
    )
    if family.complete:
        key = "review.as_many" if family.evidence else "review.no_gap" if family.label else "review.found"
        return Verdict(say(key, found=result), why, fine=True)
    if family.complete is None:
        return Verdict(say("review.unsure", found=result), why, fine=False)
    if missing := _missing(family, members):
        many = labels.numbered(len(missing), say("drafts.number_missing"), say("review.numbers_missing"))
        return Verdict(say("review.missing", found=result, many=many, numbers=_join_numbers(missing)), why, fine=False)
    if family.expected is None:
        return Verdict(say("review.not_all", found=result), why, fine=False)
    return Verdict(say("review.fewer", found=result, expected=family.expected), why, fine=False)


def _missing(family: Family, members: Sequence[Item]) -> list[str]:
    """Return the numbers that are left out in a running series of one number."""
    if family.label.count("{") != 1 or "{n}" not in family.label:
        return []
    printed = {int(match[0]) for member in members if (match := re.search(r"\d+", member.ref))}
    highest = max([*printed, family.expected or 0])
    if highest > 2 * len(members) + 1:
        return []
    return [family.label.replace("{n}", str(number)) for number in range(1, highest + 1) if number not in printed]


def _join_numbers(numbers: Sequence[str]) -> str:
    if len(numbers) > _MOST_MISSING:
        return f"{', '.join(numbers[:_MOST_MISSING])} …"
    return " und ".join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))


def doubts(document: ReviewedDocument, gone: int) -> Iterator[str]:
    """Yield what a person should look at beside the records; `gone` are missing ones of the edition before."""
    if document.document.coverage is not None and document.document.coverage.lost:
        yield say("review.lost", characters=document.document.coverage.lost)
    if gone:
        yield say("review.gone", records=labels.numbered(gone, say("review.entry"), say("review.entries")))
    yield from (f"{warning.rstrip('.')}." for warning in document.document.warnings)


def passages(document: Document, item: Item) -> list[str]:
    """Return the lines of a record with which a second one may begin: each stands once in its text."""
    text = document.text[item.start + len(item.heading) : item.end]
    lines = (line.strip() for line in item.body.splitlines())
    results = [
        passage
        for passage in lines
        if 3 < len(passage) <= _LONGEST_PASSAGE and text.count(passage) == 1 and passage[0].isalnum()
    ]
    return (
        results[1:_MOST_PASSAGES] if results and item.body.strip().startswith(results[0]) else results[:_MOST_PASSAGES]
    )


@dataclass(frozen=True, slots=True)
class DoubtfulField:
    """A field of a record that is in doubt: what is asked, and the answers to choose from, by value with its words."""

    text: str
    field: CorrectableField
    answers: tuple[tuple[str, str], ...]


def questions(item: Item) -> list[DoubtfulField]:
    """Return what is in doubt of a record: what the document says differently, and a status that is not understood."""
    asked = []
    for conflict in item.conflicts:
        if conflict.field in _ASKED:
            field = _ASKED[conflict.field]
            values = conflict.values or (
                ConflictValue(conflict.text, None, ""),
                ConflictValue(conflict.table, None, ""),
            )
            places = {value.text: say("review.on", page=value.page) if value.page else "" for value in values}
            answers = tuple(
                (
                    text.replace("; ", "\n") if field is CorrectableField.UNIT else text,
                    f"{labels.format_value(text)}{place}",
                )
                for text, place in places.items()
            )
            asked.append(
                DoubtfulField(say("review.contradiction", field=labels.FIELDS[conflict.field]), field, answers)
            )
    printed = next(
        (
            printed_field.text
            for printed_field in item.fields
            if printed_field.field == "status" and printed_field.text.strip()
        ),
        "",
    )
    if printed and item.status is None and item.kind is not ItemKind.SECTION:
        statuses = tuple((status.value, labels.STATUSES[status]) for status in labels.PLAN_STATUSES)
        text = say("review.which_status", text=labels.format_value(printed)[:200])
        asked.append(DoubtfulField(text, CorrectableField.STATUS, statuses))
    return asked


def stays_open(item: Item) -> list[str]:
    """Return a sentence for each contradiction of a record that cannot be settled by a field."""
    return [
        f"{labels.FIELDS.get(each.field, each.field)}: "
        f"„{labels.format_value(each.text)}“ / „{labels.format_value(each.table)}“"
        for each in item.conflicts if each.field not in _ASKED
    ]  # fmt: skip
