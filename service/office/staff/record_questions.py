"""Questions on staff pages whether titles that look alike are records, and of which kind; and the
answers of editors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Annotated

from fastapi import Depends, Form, Query
from pydantic import Field, StringConstraints

from prompts import say
from service.office.uploads import FAMILY_KINDS, NO_RECORDS, OPEN, StaffLook
from service.records import labels
from vectorstore.records import BY_STAFF, Document, ItemKind, ProposedFamily, ProposedRecord

_KINDS = (*(kind for kind in ItemKind if kind is not ItemKind.SECTION), NO_RECORDS, OPEN)
_KIND = f"^({'|'.join(_KINDS)})$"
_REGISTER = "register"
_PREDECESSOR = "predecessor"
_MOST_EXAMPLES = 20
_MOST_PAGES = 100_000
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
_Page = Annotated[int, Field(ge=1, le=_MOST_PAGES)]


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """A question on titles that look alike: are they records?

    `count` is how many they are, `why` is what the document says of itself. `records` are the first
    of them; `examples` are name and page of the first and last of `records`, which an answer names.
    """

    text: str
    count: int
    why: str
    records: tuple[ProposedRecord, ...]
    examples: tuple[tuple[str, int], ...]

    @property
    def many(self) -> str:
        """The sentence that says how many they are, before the first of them."""
        return say("review.alike", count=self.count)


@dataclass(frozen=True, slots=True)
class DecidedLook:
    """A decision on titles that look alike, in sentences; it may be undone unless it is the
    register's.
    """

    text: str
    examples: tuple[tuple[str, int | None], ...]
    may_undo: bool


# the sentences that people choose from, by the kind of records
ANSWERS = {kind: say("review.records_are", kind=labels.KINDS_MANY[kind]) for kind in FAMILY_KINDS}
ANSWERS[NO_RECORDS] = say("review.records_none")


def list_record_questions(
    document: Document, looks: Sequence[StaffLook]
) -> Iterator[RecordQuestion]:
    """Yield a question for each group of titles that look alike.

    A document has only the first titles of a group (`family.records`), and the number of all. The
    first and the last of these titles are the examples. A group is left out if one of the two is
    among the examples of `looks`.
    """
    answered = set(chain.from_iterable(look.names for look in looks))
    for family in document.proposed:
        first, last = family.records[0], family.records[-1]
        ends = dict.fromkeys((first, last))  # both, or the only record once
        examples = tuple((labels.name_of(record), record.page) for record in ends)
        if answered.isdisjoint(name for name, _ in examples):
            yield RecordQuestion(
                say("review.are_records", kind=labels.KINDS_MANY[family.kind]),
                family.count,
                _evidence(document, family),
                family.records,
                examples,
            )


def decided_looks(looks: Sequence[StaffLook]) -> Iterator[DecidedLook]:
    """Yield for each decision on titles that look alike its sentences: what was decided, and by
    whom.

    A decision names its `source`. That of staff is not mentioned; any other source but the register
    and the predecessor is the name of a language model. A decision of the register cannot be undone
    here, since the register is a file.
    """
    for look in looks:
        name = look.names[0]
        key = "unlike" if look.kind == NO_RECORDS else "looks_like"
        kind = labels.KINDS_MANY.get(look.kind, "")
        sentences = [say(f"review.{key}", name=name, kind=kind)]
        if look.source in (_REGISTER, _PREDECESSOR):
            sentences.append(say(f"review.by_{look.source}"))
        elif look.source != BY_STAFF:
            sentences.append(say("review.by_model", name=look.source))
        yield DecidedLook(" ".join(sentences), look.examples, look.source != _REGISTER)


def read_look(
    kind: Annotated[str, Form(pattern=_KIND)],
    names: Annotated[tuple[_Name, ...], Form(min_length=1, max_length=_MOST_EXAMPLES)],
    pages: Annotated[tuple[_Page, ...], Form(max_length=_MOST_EXAMPLES)] = (),
) -> StaffLook:
    """Return what a form says of titles that look alike.

    `kind` is a kind of items, NO_RECORDS for titles that are none, or OPEN to take an answer back.
    `names` and `pages` belong together by their order.
    """
    return StaffLook(kind, _pair_with_pages(names, pages))


LookDep = Annotated[StaffLook, Depends(read_look)]


def read_examples(
    names: Annotated[tuple[_Name, ...], Query(max_length=_MOST_EXAMPLES)] = (),
    pages: Annotated[tuple[_Page, ...], Query(max_length=_MOST_EXAMPLES)] = (),
    kind: Annotated[str, Query(pattern=_KIND)] = OPEN,
) -> StaffLook:
    """Return the examples that an address names, and their kind: OPEN until somebody says it."""
    return StaffLook(kind, _pair_with_pages(names, pages))


ExamplesDep = Annotated[StaffLook, Depends(read_examples)]


def _pair_with_pages(
    names: Sequence[str], pages: Sequence[int]
) -> tuple[tuple[str, int | None], ...]:
    """Return each name with its page; the last names get None if there are fewer pages."""
    return tuple(zip(names, [*pages, *[None] * len(names)], strict=False))


def _evidence(document: Document, family: ProposedFamily) -> str:
    """Return why the titles of a family may be records, and what a document says of itself on the
    number of records of its kind.

    It is a text such as "Inhaltsverzeichnis: 60 Einträge", or "" if the document says nothing.
    """
    of_kind = [other for other in document.families if other.kind == family.kind]
    evidence = chain.from_iterable(other.evidence for other in of_kind)
    return "; ".join(filter(None, [family.reason, *(sign.what for sign in evidence)]))
