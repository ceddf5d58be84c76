"""What is taken away: records with where they come from, and the paragraph that says them.

Nothing in the paragraph is worded freely: numbers are counted, titles, units and dates are those of the records, and
every record has its citation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from prompts import say
from service.completeness import Completeness, counted, figure, worst
from service.pages.labels import KINDS, NOUNS, PLAN_STATUSES, STATUSES, front_parts, number_of, shown_date
from service.record_models import Record
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, ItemKind, ItemStatus, ValueKind

NAMED = 12  # records of one group that a sentence names; more are counted
FIRM = "\N{NO-BREAK SPACE}"  # between a number and what it counts or names
ORDER: tuple[ItemStatus | None, ...] = (None, *reversed(PLAN_STATUSES), ItemStatus.ARCHIVED)
_ORDER_OF_KINDS = tuple(ItemKind)
_INNER = str.maketrans({"„": "‚", "“": "‘", "”": "‘", '"': "‘"})


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; `address` is where it links to, "" for none."""

    text: str
    address: str = ""


Block = tuple[Part, ...]  # some sentences that belong together


@dataclass(frozen=True, slots=True)
class Taken:
    """One record with its document and its units, as printed, a bare code with the name that its values have for it."""

    record: Record
    document: Document
    units: tuple[str, ...]

    @property
    def name(self) -> str:
        """Kind and number, "Projekt 5.5.2.1"; the kind alone where there is no number but the title."""
        return f"{KINDS[self.record.kind]} {number_of(self.record.ref, self.record.title)}".strip()

    @property
    def page(self) -> str:
        """Where it stands, "S. 32"; "" where the source has no pages."""
        label = self.record.page_label or self.record.page
        return say("staff.page_short", page=label) if label else ""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Records to take away.

    `origin` says where they come from, `address` is that page's below `base`, the public address without a slash.
    `topic` and `filters` are what was asked of them, as a sentence can name it. `known` says how complete they are.
    """

    heading: str
    origin: str
    address: str
    taken: tuple[Taken, ...]
    edition: str
    base: str
    known: Completeness = field(default_factory=Completeness)
    topic: str = ""
    filters: str = ""
    made: date = field(default_factory=date.today)

    @cached_property
    def documents(self) -> list[Document]:
        """The documents of the records, in the order of their first."""
        return list({one.document.id: one.document for one in self.taken}.values())

    def url(self, one: Taken) -> str:
        """The public address of a record's page."""
        return self.base + one.record.url

    def source(self, one: Taken) -> str:
        """Where a record stands: the number of its document in the list of sources, and its page."""
        number = [document.id for document in self.documents].index(one.document.id) + 1
        return ", ".join(filter(None, (f"[{number}]", one.page)))

    def about(self) -> list[tuple[str, str]]:
        """Words and values that say where all this comes from."""
        return [
            (say("staff.about_list"), self.heading),
            (say("staff.about_origin"), self.origin),
            (say("staff.about_edition"), self.edition),
            (say("staff.about_entries"), figure(len(self.taken), self.known.complete, "de")),
            *((say("staff.about_incomplete"), notice.text) for notice in self.known.notices()),
            (say("staff.about_made"), shown_date(self.made)),
            (say("staff.about_address"), self.base + self.address),
        ]

    def paragraph(self) -> list[Block]:
        """What there is in all, each document by status and kind, what is missing."""
        beside = [(Part(notice.text),) for notice in self.known.notices()]
        return [(Part(self._whole()),), *map(self._of_document, self.documents), *beside]

    def _whole(self) -> str:
        if not self.taken and self.topic and not self.filters:
            return say("staff.none_on_topic", topic=self.topic)
        if not self.taken:
            return say("staff.none_of_list", origin=self.origin)
        documents, number, complete = len(self.documents), len(self.taken), self.known.complete
        where = say("staff.one_document") if documents == 1 else say("staff.documents", number=documents)
        said = say("staff.uncounted", where=where)
        if complete is not None:
            kinds = Counter(one.record.kind for one in self.taken)
            entries = f"{figure(number, complete, 'de')}{FIRM}{say('staff.entry' if number == 1 else 'staff.entries')}"
            named = _listed([counted(kinds[one], NOUNS[one], True, "de") for one in ItemKind if kinds[one]])
            said = say("staff.counted", entries=entries, where=where, kinds=named)
        topic = say("staff.on_topic", topic=self.topic) if self.topic else ""
        filters = say("staff.with_filters", filters=self.filters) if self.filters else ""
        said = " ".join(filter(None, (topic, filters, said)))
        return said[:1].upper() + said[1:]

    def _of_document(self, document: Document) -> Block:
        taken = sorted((one for one in self.taken if one.document.id == document.id), key=_place)
        parts = [Part(f"{document_line(document)}:")]
        for _, some in groupby(taken, _place):
            parts += [Part(" "), *self._group(list(some))]
        return tuple(parts)

    def _group(self, some: list[Taken]) -> Iterator[Part]:
        """Records of one document, kind and status: how many there are, each with its citation."""
        kind, status = some[0].record.kind, some[0].record.status
        families = [family for document, family in self.known.gaps if document.id == some[0].document.id]
        sure = worst(one for one in families if one.kind is kind)
        number = "is" if len(some) == 1 and sure is not None else "are"  # without a number it is many
        standing = f"{say(f'staff.{number}')} {STATUSES[status] if status else say('staff.named')}"
        if status is ItemStatus.IDEA:
            standing = say("staff.is_idea") if number == "is" else say("staff.are_ideas")
        yield Part(f"{_firm(counted(len(some), NOUNS[kind], sure, 'de'))} {standing}: ")
        for place, one in enumerate(some[:NAMED]):
            units = say("staff.responsible", units=", ".join(one.units)) if one.units else ""
            cited = ", ".join(_firm(said) for said in (one.name, one.page) if said)
            if place:
                yield Part("; ")
            yield Part(quoted(one.record.title), self.url(one))
            yield Part(f" ({'; '.join(filter(None, (cited, units)))})")
        more = len(some) - NAMED
        yield Part(say("staff.more", number=more) if more > 0 else ".")


def plain(blocks: Iterable[Block]) -> str:
    """Return the blocks as plain text, an empty line between them."""
    return "\n\n".join("".join(part.text for part in block) for block in blocks)


def taken_of(records: Iterable[Record], catalogue: Catalogue) -> tuple[Taken, ...]:
    """Return records as what is taken away."""
    return tuple(Taken(one, catalogue.documents[one.document_id], tuple(_units(one, catalogue))) for one in records)


def quoted(text: str) -> str:
    """Return a title in quotation marks, those within it halved as German asks."""
    return f"„{text.translate(_INNER)}“"


def document_line(document: Document) -> str:
    """Return a document as a source names it: title, publisher, how binding, date; with what nobody confirmed."""
    return ", ".join((quoted(document.title), *front_parts(document, kind=False)))


def _units(record: Record, catalogue: Catalogue) -> Iterator[str]:
    item = catalogue.item(record.document_id, record.key)
    names = {one.value: one.thing for one in item.values if one.kind is ValueKind.UNIT and one.thing} if item else {}
    for printed in record.responsible:
        name = names.get(printed.strip())
        yield f"{printed} {name}" if name and name not in printed else printed


def _place(one: Taken) -> tuple[int, int]:
    return ORDER.index(one.record.status), _ORDER_OF_KINDS.index(one.record.kind)


def _listed(words: Sequence[str]) -> str:
    return say("staff.and").join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _firm(text: str) -> str:
    """The text with its last space unbreakable."""
    return FIRM.join(text.rsplit(" ", 1))
