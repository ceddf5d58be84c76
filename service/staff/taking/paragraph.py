"""A paragraph to copy into a paper: sentences computed from the records, every record with its citation.

Nothing in it is worded freely: numbers are counted, titles, units and dates are those of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prompts import say
from service.completeness import counted, figure, worst
from service.pages.labels import NOUNS, STATUSES
from service.staff.taking.selection import Selection, Taken, document_line, quoted
from service.staff.words import PLAN_STATUSES
from vectorstore.records import Document, ItemKind, ItemStatus

NAMED = 12  # records of one group that a sentence names; more are counted
FIRM = "\N{NO-BREAK SPACE}"
ORDER: tuple[ItemStatus | None, ...] = (None, *reversed(PLAN_STATUSES), ItemStatus.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; `address` is where it links to, "" for none."""

    text: str
    address: str = ""


Block = tuple[Part, ...]  # some sentences that belong together


def paragraph(selection: Selection) -> list[Block]:
    """Return the blocks: what there is in all, each document by kind and status, what is missing."""
    whole = _whole(selection) if selection.taken else _none(selection)
    said = [block for document in selection.documents for block in _of_document(selection, document)]
    return [(Part(whole),), *said, *((Part(one),) for one in _reservations(selection))]


def plain(blocks: Iterable[Block]) -> str:
    """Return the blocks as plain text, an empty line between them."""
    return "\n\n".join("".join(part.text for part in block) for block in blocks)


def _listed(words: Sequence[str]) -> str:
    return " und ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _none(selection: Selection) -> str:
    if selection.topic and not selection.filters:
        return say("staff.none_on_topic", topic=selection.topic)
    return say("staff.none_of_list", origin=selection.origin)


def _whole(selection: Selection) -> str:
    asked = (
        say("staff.on_topic", topic=selection.topic) if selection.topic else "",
        say("staff.with_filters", filters=selection.filters) if selection.filters else "",
    )
    documents, number = len(selection.documents), len(selection.taken)
    where = say("staff.one_document") if documents == 1 else say("staff.documents", number=documents)
    complete = selection.known.complete
    if complete is None:
        said = say("staff.uncounted", where=where)
    else:
        kinds = Counter(one.record.kind for one in selection.taken)
        said = say(
            "staff.counted",
            verb=say("staff.here_the_best") if selection.best_only else say("staff.there_are"),
            entries=f"{figure(number, complete, 'de')}{FIRM}{say('staff.entry' if number == 1 else 'staff.entries')}",
            where=where,
            kinds=_listed([counted(kinds[one], NOUNS[one], True, "de") for one in ItemKind if kinds[one]]),
        )
    said = " ".join(filter(None, (*asked, said)))
    return said[:1].upper() + said[1:]


def _of_document(selection: Selection, document: Document) -> Iterator[Block]:
    """What a document says, each group in a block of its own where there is much of it."""
    taken = [one for one in selection.taken if one.document.id == document.id]
    parts = [Part(f"{document_line(document)}: ")]
    groups = [
        some
        for status in ORDER
        for kind in ItemKind
        if (some := [one for one in taken if one.record.status is status and one.record.kind is kind])
    ]
    for place, some in enumerate(groups):
        if place and len(taken) > NAMED:
            yield tuple(parts)
            parts = []
        elif place:
            parts.append(Part(" "))
        parts += _group(selection, some)
    yield tuple(parts)


def _group(selection: Selection, some: list[Taken]) -> Iterator[Part]:
    """Records of one document, kind and status: how many there are, each with its citation."""
    kind, status = some[0].record.kind, some[0].record.status
    families = [family for document, family in selection.known.gaps if document.id == some[0].document.id]
    sure = worst(one for one in families if one.kind is kind)
    one_only = len(some) == 1 and sure is not None  # without a number it is many
    yield Part(f"{_firm(counted(len(some), NOUNS[kind], sure, 'de'))} {_standing(status, one_only)}: ")
    for place, one in enumerate(some[:NAMED]):
        if place:
            yield Part("; ")
        yield Part(quoted(one.record.title), selection.url(one))
        units = say("staff.responsible", units=", ".join(one.units)) if one.units else ""
        cited = ", ".join(_firm(said) for said in (one.name, one.page) if said)
        yield Part(f" ({'; '.join(filter(None, (cited, units)))})")
    more = len(some) - NAMED
    yield Part(say("staff.more", number=more) if more > 0 else ".")


def _firm(text: str) -> str:
    """The text with its last space unbreakable: no line ends between a number and what it counts or names."""
    return FIRM.join(text.rsplit(" ", 1))


def _standing(status: ItemStatus | None, one_only: bool) -> str:
    if status is ItemStatus.IDEA:
        return say("staff.is_idea") if one_only else say("staff.are_ideas")
    verb = say("staff.is") if one_only else say("staff.are")
    return f"{verb} {STATUSES[status] if status else say('staff.named')}"


def _reservations(selection: Selection) -> Iterator[str]:
    """What is missing or cannot be counted, and who says nothing."""
    for notice in selection.known.notices():
        yield notice.text
    if selection.silent:
        yield say("staff.nothing_in", names=_listed([quoted(name) for name in selection.silent]))
