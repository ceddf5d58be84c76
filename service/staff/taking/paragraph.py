"""A paragraph to copy into a paper: sentences computed from the records, every record with its citation.

Nothing in it is worded freely: numbers are counted, titles, units and dates are those of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from prompts import say
from service.completeness import counted, figure, worst
from service.pages.labels import NOUNS, STATUSES
from service.staff.taking.selection import Selection, Taken, document_line, quoted
from service.staff.words import PLAN_STATUSES
from vectorstore.records import Document, ItemKind, ItemStatus

NAMED = 12  # records of one group that a sentence names; more are counted
FIRM = "\N{NO-BREAK SPACE}"
ORDER: tuple[ItemStatus | None, ...] = (None, *reversed(PLAN_STATUSES), ItemStatus.ARCHIVED)
KINDS = tuple(ItemKind)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; `address` is where it links to, "" for none."""

    text: str
    address: str = ""


Block = tuple[Part, ...]  # some sentences that belong together


def paragraph(selection: Selection) -> list[Block]:
    """Return the blocks: what there is in all, each document by kind and status, what is missing, who says nothing."""
    said = [block for document in selection.documents for block in _of_document(selection, document)]
    beside = [notice.text for notice in selection.known.notices()]
    if selection.silent:
        beside.append(say("staff.nothing_in", names=_listed([quoted(name) for name in selection.silent])))
    whole = _whole(selection) if selection.taken else _none(selection)
    return [(Part(whole),), *said, *((Part(one),) for one in beside)]


def plain(blocks: Iterable[Block]) -> str:
    """Return the blocks as plain text, an empty line between them."""
    return "\n\n".join("".join(part.text for part in block) for block in blocks)


def _listed(words: Sequence[str]) -> str:
    return say("staff.and").join(filter(None, (", ".join(words[:-1]), *words[-1:])))


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


def _of_document(selection: Selection, document: Document) -> list[Block]:
    """What a document says, each group in a block of its own where there is much of it."""
    taken = sorted((one for one in selection.taken if one.document.id == document.id), key=_place)
    groups = [tuple(_group(selection, list(some))) for _, some in groupby(taken, _place)]
    groups[0] = (Part(f"{document_line(document)}: "), *groups[0])
    if len(taken) > NAMED:
        return groups
    return [(*groups[0], *(part for group in groups[1:] for part in (Part(" "), *group)))]


def _place(one: Taken) -> tuple[int, int]:
    return ORDER.index(one.record.status), KINDS.index(one.record.kind)


def _group(selection: Selection, some: list[Taken]) -> Iterator[Part]:
    """Records of one document, kind and status: how many there are, each with its citation."""
    kind, status = some[0].record.kind, some[0].record.status
    families = [family for document, family in selection.known.gaps if document.id == some[0].document.id]
    sure = worst(one for one in families if one.kind is kind)
    number = "is" if len(some) == 1 and sure is not None else "are"  # without a number it is many
    standing = f"{say(f'staff.{number}')} {STATUSES[status] if status else say('staff.named')}"
    if status is ItemStatus.IDEA:
        standing = say("staff.is_idea") if number == "is" else say("staff.are_ideas")
    yield Part(f"{_firm(counted(len(some), NOUNS[kind], sure, 'de'))} {standing}: ")
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
