"""A paragraph to copy into a paper: sentences computed from the records, every record with its citation.

Nothing in it is worded freely: numbers are counted, titles, units and dates are those of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.answering import wording
from service.completeness import counted, figure, worst
from service.pages.labels import NOUNS
from service.staff.taking.selection import Selection, Taken, document_line, quoted
from service.staff.words import PLAN_STATUSES
from vectorstore.records import Document, ItemKind, ItemStatus

NAMED = 12  # records of one group that a sentence names; more are counted
FIRM = "\N{NO-BREAK SPACE}"
ORDER: tuple[ItemStatus | None, ...] = (None, *reversed(PLAN_STATUSES), ItemStatus.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; `address` is where it links to, "" for none."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Some sentences that belong together."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The bare text."""
        return "".join(part.text for part in self.parts)


def paragraph(selection: Selection) -> list[Block]:
    """Return the blocks: what there is in all, then each document by kind and status."""
    if not selection.taken:
        return [Block((Part(_none(selection)),)), *_reservations(selection)]
    return [
        Block((Part(_whole(selection)),)),
        *(block for document in selection.documents for block in _of_document(selection, document)),
        *_reservations(selection),
    ]


def plain(blocks: Iterable[Block]) -> str:
    """Return the blocks as plain text, an empty line between them."""
    return "\n\n".join(block.text for block in blocks)


def listed(words: Sequence[str]) -> str:
    """Return "a, b und c"."""
    return " und ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def kinds_in(taken: Iterable[Taken]) -> str:
    """Return "2 Ziele und 9 Projekte" in the order of the kinds."""
    counts = Counter(one.record.kind for one in taken)
    return listed([counted(counts[kind], NOUNS[kind], True, "de") for kind in ItemKind if counts[kind]])


def _none(selection: Selection) -> str:
    if selection.origin.topic and not selection.origin.filters:
        return f"Zum Thema „{selection.origin.topic}“ gibt es in den eingelesenen Dokumenten keinen Eintrag."
    return f"In den eingelesenen Dokumenten gibt es dazu keinen Eintrag: {selection.origin.words}."


def _whole(selection: Selection) -> str:
    topic, filters, documents = selection.origin.topic, selection.origin.filters, len(selection.documents)
    about = " ".join(filter(None, (topic and f"zum Thema „{topic}“", filters and f"mit der Auswahl „{filters}“")))
    where = "einem Dokument" if documents == 1 else f"{documents} Dokumenten"
    number = len(selection.taken)
    noun = "Eintrag" if number == 1 else "Einträge"
    if selection.complete is None:
        said = f"gibt es Einträge in {where}; wie viele, lässt sich nicht sicher sagen."
    else:
        verb = "stehen hier die besten" if selection.best_only else "gibt es"
        entries = f"{figure(number, selection.complete, 'de')}{FIRM}{noun}"
        said = f"{verb} {entries} aus {where}: {kinds_in(selection.taken)}."
    said = f"{about} {said}" if about else said
    return said[:1].upper() + said[1:]


def _of_document(selection: Selection, document: Document) -> Iterator[Block]:
    """What a document says, each group for itself where there is much of it."""
    taken = [one for one in selection.taken if one.document.id == document.id]
    parts = [Part(f"{document_line(document)}: ")]
    for place, (status, kind, some) in enumerate(_groups(taken)):
        if place and len(taken) > NAMED:
            yield Block(tuple(parts))
            parts = []
        elif place:
            parts.append(Part(" "))
        parts += _group(selection, status, kind, some)
    yield Block(tuple(parts))


def _groups(taken: list[Taken]) -> Iterator[tuple[ItemStatus | None, ItemKind, list[Taken]]]:
    """The records by status and kind: first those that have none, then from what is done to what is an idea."""
    for status in ORDER:
        for kind in ItemKind:
            some = [one for one in taken if one.record.status is status and one.record.kind is kind]
            if some:
                yield status, kind, some


def _group(selection: Selection, status: ItemStatus | None, kind: ItemKind, some: list[Taken]) -> list[Part]:
    sure = _sure(selection, some[0].document, kind)
    number = len(some) if sure is not None else 2  # without a number it is many
    parts = [Part(f"{_firm(counted(len(some), NOUNS[kind], sure, 'de'))} {_standing(status, number)}: ")]
    named = some[:NAMED]
    more = len(some) - len(named)
    for place, one in enumerate(named):
        if place:
            parts.append(Part("; "))
        parts.append(Part(quoted(one.record.title), selection.url(one)))
        parts.append(Part(f" ({_cited(one)})"))
    parts.append(Part(f"; dazu {more} weitere." if more else "."))
    return parts


def _cited(one: Taken) -> str:
    """The short citation inside a document's block, and who is responsible."""
    units = f"zuständig: {', '.join(one.units)}" if one.units else ""
    return "; ".join(filter(None, (", ".join(_firm(said) for said in (one.name, one.page) if said), units)))


def _firm(text: str) -> str:
    """The text with its last space unbreakable: no line ends between a number and what it counts or names."""
    return FIRM.join(text.rsplit(" ", 1))


def _standing(status: ItemStatus | None, number: int) -> str:
    verb = "ist" if number == 1 else "sind"
    if status is None:
        return f"{verb} genannt"
    if status is ItemStatus.IDEA:
        return "ist bisher eine Idee" if number == 1 else "sind bisher Ideen"
    return f"{verb} {wording.STATUS['de'][status]}"


def _sure(selection: Selection, document: Document, kind: ItemKind) -> bool | None:
    """How complete the records of a kind in one document are."""
    gaps = selection.known.gaps
    return worst(gap.family for gap in gaps if gap.document.id == document.id and gap.family.kind is kind)


def _reservations(selection: Selection) -> Iterator[Block]:
    """What is missing or cannot be counted, and who says nothing."""
    for notice in selection.known.notices():
        yield Block((Part(notice.text),))
    if selection.silent:
        names = listed([quoted(name) for name in selection.silent])
        yield Block((Part(f"Dazu nichts gefunden in {names}."),))
