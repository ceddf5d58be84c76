"""A read document prepared for review by staff: which records were found, how completely, and what
is in doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prompts import say
from service import wording
from service.records import labels
from vectorstore.records import (
    Conflict,
    ConflictValue,
    CorrectableField,
    Document,
    Family,
    Item,
    ItemKind,
    ItemStatus,
    MetadataFact,
    ParsedDocument,
)

_MOST_MISSING = 20  # missing numbers that are listed
_MOST_SECTIONS = 12  # that are shown of a document without records
NO_RECORDS = "none"  # said of a family that is none of records
FAMILY_KINDS = ("measure", "project", "goal")  # kinds that people can choose for a family
# for rows, sections
ITEM_KINDS_TO_CHOOSE = {kind: labels.KINDS[kind] for kind in (*FAMILY_KINDS, "theme")}
_CORRECTABLE = {
    "status": CorrectableField.STATUS,
    "responsible": CorrectableField.UNIT,
    "period": CorrectableField.PERIOD,
    "cost": CorrectableField.COST,
    "priority": CorrectableField.PRIORITY,
}
_MOST_PASSAGES = 60  # lines of a record at which it can be split
_LONGEST_PASSAGE = 200  # characters of one


@dataclass(frozen=True, slots=True)
class ReviewedDocument:
    """A read document, and as `before` the same document in the published edition.

    `warnings` are those on its file; `missed` are the "rows" of tables and "headings" that are in
    no record, each with text, page and offset. `examples` are number and title of the records by
    which people said what a family is, `taken` those of the rows and sections that people made
    items.
    """

    parsed: ParsedDocument
    before: ParsedDocument | None = None
    warnings: tuple[str, ...] = ()
    missed: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        """The document as it was read."""
        return self.parsed.document

    @property
    def records(self) -> list[Item]:
        """The items that are no plain sections, in the document's order."""
        return [item for item in self.parsed.items if item.kind is not ItemKind.SECTION]

    @property
    def shown_items(self) -> list[Item]:
        """The items to compare with the original.

        These are the records. A document without records shows its first _MOST_SECTIONS sections,
        so that people see how it was read.
        """
        return self.records or list(self.parsed.items[:_MOST_SECTIONS])

    @property
    def has_pictures(self) -> bool:
        """Whether its pages can be drawn."""
        return self.document.file_name.lower().endswith(".pdf")

    def fact(self, part: str) -> MetadataFact | None:
        """The evidence for a metadata field, None for none."""
        return next((fact for fact in self.document.front if fact.field == part), None)


@dataclass(frozen=True, slots=True)
class FamilyVerdict:
    """A sentence on the records that were found, the evidence as `why`, `fine` if it needs no
    check, and the family.

    `examples` are the name and page of its first and last record, none where people have said what
    it is.
    """

    text: str
    why: str
    fine: bool
    family: Family | None = None
    examples: tuple[tuple[str, int | None], ...] = ()

    @property
    def choices(self) -> dict[str, str]:
        """The kinds that can be chosen for the family, with their words.

        Its current kind is first, even if it is none of FAMILY_KINDS. The last choice, NO_RECORDS,
        is that these are no records.
        """
        kinds = list(FAMILY_KINDS)
        if self.family:
            kinds.insert(0, str(self.family.kind))
        words = {kind: labels.KINDS_MANY[kind] for kind in kinds}
        return words | {NO_RECORDS: say("review.no_records")}


def verdicts(document: ReviewedDocument) -> list[FamilyVerdict]:
    """Return a verdict on each family of records, the largest family first.

    Families without any record, found or expected, are left out. A document without families has a
    single verdict: records without numbers cannot be checked for gaps, or there are none.
    """
    families = sorted(
        (family for family in document.document.families if family.found or family.expected),
        key=lambda family: -family.found,
    )
    families_of_kind = Counter(family.kind for family in families)
    if not families:
        text = say("review.uncounted" if document.records else "review.none")
        return [FamilyVerdict(text, "", fine=False)]
    return [
        _judge_family(document, family, only_of_kind=families_of_kind[family.kind] == 1)
        for family in families
    ]


def _judge_family(
    document: ReviewedDocument, family: Family, *, only_of_kind: bool
) -> FamilyVerdict:
    """Return the verdict on a family: complete, unsure, with missing numbers, or fewer than
    expected.

    Archived records are left out, as in the family's count. If there are several families of a
    kind, the sentence has an example of a ref, from the middle of the family, to tell them apart.
    The first and last record are examples to choose a kind by, unless people have said it already
    by one of the records.
    """
    unarchived = (item for item in document.parsed.items if item.status is not ItemStatus.ARCHIVED)
    members = [
        item for item in unarchived if item.family == family.label and item.kind is family.kind
    ]
    counted = labels.format_with_noun(
        family.found, labels.KINDS[family.kind], labels.KINDS_MANY[family.kind]
    )
    if not only_of_kind and family.label and members:
        counted = say("review.like", found=counted, ref=members[len(members) // 2].ref)
    text = _completeness_text(family, members, counted)
    stated = [evidence.what + _page_text(evidence.page) for evidence in family.evidence]
    why = "; ".join(filter(None, [family.reason, *stated]))
    examples = {labels.name_of(item): item.page for item in (*members[:1], *members[-1:])}
    is_decided = any(labels.name_of(item) in document.examples for item in members)
    shown = () if is_decided else tuple(examples.items())
    return FamilyVerdict(text, why, bool(family.complete), family, shown)


def _completeness_text(family: Family, members: Sequence[Item], counted: str) -> str:
    """Return the sentence that says whether a family is complete, and how this is known.

    `counted` is the number of its records in words: "58 Maßnahmen". A complete family has as many
    as the document itself states (with evidence), else no gap in its numbers (with a label).
    `family.complete` is None if the document's structure was not understood: then the sentence says
    that this is unsure.
    """
    if family.complete and family.evidence:
        return say("review.as_many", found=counted)
    if family.complete:
        return say("review.no_gap" if family.label else "review.found", found=counted)
    if family.complete is None:
        return say("review.unsure", found=counted)
    missing = _missing_refs(family, members)
    if missing:
        nouns = say("review.number_missing"), say("review.numbers_missing")
        many = labels.format_with_noun(len(missing), *nouns)
        return say("review.missing", found=counted, many=many, numbers=_join_numbers(missing))
    if family.expected is None:
        return say("review.not_all", found=counted)
    return say("review.fewer", found=counted, expected=family.expected)


def _page_text(page: int | None) -> str:
    return say("review.on", page=page) if page else ""


def _missing_refs(family: Family, members: Sequence[Item]) -> list[str]:
    """Return the refs that are missing in a family numbered 1, 2, 3 …: ["M 3"] of "M 1, M 2, M 4".

    Returns [] for a family with another numbering, such as "{n}.{n}", where nothing says which
    numbers there should be. Returns [] also if more refs are missing than there are, since the
    numbers are then no series.
    """
    if family.label.count("{") != 1 or "{n}" not in family.label:
        return []
    matches = filter(None, (re.search(r"\d+", member.ref) for member in members))
    printed = {int(match[0]) for match in matches}
    highest = max([*printed, family.expected or 0])
    # checked before the list is made: a printed number may be very large
    if highest > 2 * len(members):  # more are missing than are there
        return []
    return [
        family.label.replace("{n}", str(number))
        for number in range(1, highest + 1)
        if number not in printed
    ]


def _join_numbers(numbers: Sequence[str]) -> str:
    """Return refs as an enumeration; of more than _MOST_MISSING only so many, with "…"."""
    if len(numbers) > _MOST_MISSING:
        return f"{', '.join(numbers[:_MOST_MISSING])} …"
    return wording.join_words(numbers, "de")


def doubt_sentences(document: ReviewedDocument, gone: int) -> Iterator[str]:
    """Yield a sentence for each doubt beside the records: lost text, removed records, and warnings.

    Lost are visible characters that are in no passage, except those left out on purpose, such as
    running headers (`Coverage`). `gone` is the number of records that the published edition has and
    this reading does not.
    """
    coverage = document.document.coverage
    if coverage is not None and coverage.lost:
        yield say("review.lost", characters=coverage.lost)
    if gone:
        yield say(
            "review.gone",
            records=labels.format_with_noun(gone, say("review.entry"), say("review.entries")),
        )
    yield from (f"{warning.rstrip('.')}." for warning in document.document.warnings)


def split_lines(document: Document, item: Item) -> list[str]:
    """Return the lines of a record at which people can split it: such a line begins a new record.

    A split is stored as the text of its line, so each of these lines occurs only once in the text
    of the record. Lines of up to three characters or more than _LONGEST_PASSAGE, and lines that
    begin with a mark, are left out. So is the first line, at which the record begins already.
    """
    text = document.text[item.start + len(item.heading) : item.end]
    stripped = (line.strip() for line in item.body.splitlines())
    lines = (line for line in stripped if 3 < len(line) <= _LONGEST_PASSAGE and line[0].isalnum())
    splits = [line for line in lines if text.count(line) == 1]
    if splits and item.body.strip().startswith(splits[0]):
        # at its first line the record begins itself
        return splits[1:_MOST_PASSAGES]
    return splits[:_MOST_PASSAGES]


@dataclass(frozen=True, slots=True)
class DoubtfulField:
    """A field of a record in doubt: the question as `text`, and answers to choose as pairs of value
    and words.
    """

    text: str
    field: CorrectableField
    answers: tuple[tuple[str, str], ...]


def doubtful_fields(item: Item) -> list[DoubtfulField]:
    """Return the fields of a record that people should check.

    These are fields on which the document contradicts itself, and a printed status that the reader
    does not know ("läuft an"): for it people choose one of the statuses of plans. Contradictions on
    fields that cannot be corrected are in `unresolvable_conflicts`.
    """
    conflicts = (conflict for conflict in item.conflicts if conflict.field in _CORRECTABLE)
    doubtful = list(map(_contradicted_field, conflicts))
    printed_statuses = (part.text for part in item.fields if part.field == "status")
    printed = next(filter(str.strip, printed_statuses), "")
    if printed and item.status is None and item.kind is not ItemKind.SECTION:
        statuses = tuple((status.value, labels.STATUSES[status]) for status in labels.PLAN_STATUSES)
        text = say("review.which_status", text=labels.format_value(printed)[:200])
        doubtful.append(DoubtfulField(text, CorrectableField.STATUS, statuses))
    return doubtful


def unresolvable_conflicts(item: Item) -> list[Conflict]:
    """Return the contradictions on fields that people cannot correct."""
    return [conflict for conflict in item.conflicts if conflict.field not in _CORRECTABLE]


def _contradicted_field(conflict: Conflict) -> DoubtfulField:
    """Return the field that a document contradicts itself on, with its values and their pages.

    A conflict may have only two values without pages, `text` and `table`. A value that is chosen is
    stored like a typed one, so several units, joined by "; ", become a line each.
    """
    field = _CORRECTABLE[conflict.field]
    unplaced = (ConflictValue(text, None, "") for text in (conflict.text, conflict.table))
    pages = {value.text: value.page for value in conflict.values or unplaced}
    answers = []
    for text, page in pages.items():
        stored = text
        if field is CorrectableField.UNIT:
            stored = text.replace("; ", "\n")  # a line for each unit
        answers.append((stored, labels.format_value(text) + _page_text(page)))
    sentence = say("review.contradiction", field=labels.FIELDS[conflict.field])
    return DoubtfulField(sentence, field, tuple(answers))
