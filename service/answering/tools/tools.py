"""The five tools: the only way to the papers, for whoever asks, a composer, a model, a page or a program.

Below them which goal covers a topic, with reasons, and how entries are given: with their document, the headings above,
and the passage that matched; what is too long says how to read on.
"""

from __future__ import annotations

from typing import Any

from prompts import say
from service.answering.corpus import Corpus, plain_ref
from service.answering.finding.finder import Finder, Found
from service.answering.finding.fitting import fitting
from service.answering.finding.sentences import Chooser
from service.answering.query import Conditions, Filters, Query, ToolError, required
from service.answering.tools import forms
from service.answering.tools.forms import TEXT_AT_ONCE, Entry, PageText, Pointer, ReadArguments, ReadReply, WholeEntry
from service.answering.tools.records import RECORDS, THEMELESS, Conditioned, Selection, grouped, ordered
from service.changes import compare, pairs
from service.models import LookupItem, LookupResult, SearchItem, SearchResult
from service.pages.labels import STATUSES
from service.records import document_view, item_url, record_of, siblings
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, ItemStatus

PASSAGE = 400  # characters of a passage, by whole sentences
SHOWN = 100  # records on a topic that come with their passage; choosing it for thousands takes seconds
_NEAREST = 6
_OF_ITEM = ("responsible", "municipalities", "dates", "amounts", "former_ref")


def conditions_of(asked: forms.RecordsArguments) -> Conditions:
    """The conditions of a call of `records`."""
    return Conditions(
        topic=asked.topic.strip(),
        kinds=asked.kinds or RECORDS,
        documents=asked.documents,
        statuses=asked.status,
        theme=asked.theme.strip(),
        goal=asked.goal.strip(),
        unit=asked.unit.strip(),
        place=asked.place.strip(),
        since=asked.since or "",
        until=asked.until or "",
    )


class Tools:
    """The tools over one corpus; made once per edition, used by many requests at a time. They raise `ToolError`."""

    def __init__(self, corpus: Corpus, finder: Finder) -> None:
        self.corpus, self.finder = corpus, finder

    def search(self, asked: forms.SearchArguments, language: str = "de") -> forms.SearchReply:
        """The entries that fit a text best, each with the passage that matched; also for a general word."""
        for one in asked.documents:
            required("document", one, self.corpus.catalogue.documents)
        found = self.finder.find(asked.text, asked.documents or None, asked.limit, language, asked.kinds)
        borne = any(one.coverage or one.support for one in found)
        if not borne:
            holding = Filters(words=asked.text, documents=asked.documents, kinds=asked.kinds)
            held = [Found(one, 1.0) for one in self.select(holding).items[: asked.limit]]
            found, borne = held or found, bool(held)
        best, chooser = max((one.score for one in found), default=1.0), self.chooser(asked.text, language)
        entries = tuple(self._entry(one.item, chooser, one.score / best) for one in found)
        return forms.SearchReply(entries=entries, found=borne)

    def records(self, asked: forms.RecordsArguments, language: str = "de") -> forms.RecordsReply:
        """All records that meet the conditions, counted and grouped."""
        chosen = self.select(conditions_of(asked), language)
        items = ordered(chosen.items, asked.sort)
        chooser = self.chooser(asked.topic, language) if asked.topic else None
        weights = {(one.item.document_id, one.item.key): one.weight for one in chosen.matches}
        return forms.RecordsReply(
            entries=tuple(
                self._entry(item, chooser if place < SHOWN else None, weights.get((item.document_id, item.key)))
                for place, item in enumerate(items)
            ),
            found=len(items),
            complete=chosen.complete,
            why=chosen.why,
            groups=grouped(items, asked.group_by, self.corpus.catalogue),
            notices=chosen.notices,
        )

    def read(self, asked: forms.ReadArguments) -> forms.ReadReply:
        """Whole entries of a document with fields and neighbours, or the text of a page; superseded papers too."""
        return read(self.corpus.edition.catalogue, asked)

    def documents(self, asked: forms.DocumentsArguments | None = None) -> forms.DocumentsReply:
        """All papers, superseded ones too, and the values of records in force that can be filtered by."""
        rows = self.corpus.records

        def named(by: str) -> tuple[forms.GroupCount, ...]:
            counts = sorted(rows.by(by).items(), key=lambda one: (-len(one[1]), one[0]))
            return tuple(forms.GroupCount(id=name, title=name, count=len(held)) for name, held in counts)

        def pointed(by: str) -> tuple[forms.GroupCount, ...]:
            return tuple(
                forms.GroupCount(id=to.ref, title=to.title, count=len(held)) for to, held in rows.by(by).items()
            )

        statuses = ((one, len(rows.by("status").get(one, ()))) for one in ItemStatus)
        return forms.DocumentsReply(
            papers=tuple(map(self._paper, self.corpus.edition.catalogue.documents.values())),
            status=tuple(forms.GroupCount(id=one, title=STATUSES[one], count=held) for one, held in statuses if held),
            units=named("unit"),
            places=named("place"),
            themes=pointed("theme"),
            goals=pointed("goal"),
        )

    def changes(self, asked: forms.ChangesArguments) -> forms.ChangesReply:
        """What became of each record from an earlier paper to a later one, superseded ones too."""
        catalogue = self.corpus.edition.catalogue
        following = {pair[1].series: pair for pair in reversed(pairs(catalogue)) if pair[1].series}
        if bool(asked.series) == bool(asked.documents):
            raise ToolError(say("filters.changes_of", series=", ".join(following) or "–"))
        if len(asked.documents) == 1:
            raise ToolError("Zwei documents angeben, das frühere zuerst.")
        for one in asked.documents:
            required("documents", one, catalogue.documents)
        if asked.series:
            required("series", asked.series, following)
        before, after = following.get(asked.series) or [catalogue.documents[one] for one in asked.documents]
        found = compare(catalogue, before, after)
        return forms.ChangesReply(
            before=self._paper(before),
            after=self._paper(after),
            changes=tuple(
                forms.ChangedRecord(kind=one.kind, before=pointer(one.old), after=pointer(one.new))
                for one in found.changes
            ),
            counts={kind: number for kind, number in found.counts.items() if number},
        )

    def select(self, asked: Conditions, language: str = "de") -> Selection:
        """The items that meet conditions, as `records` counts them; raises `UnknownValue`."""
        return self.conditioned(asked).selected(language)

    def conditioned(self, asked: Conditions) -> Conditioned:
        """The items that meet each condition; raises `UnknownValue`."""
        return Conditioned(self.finder, asked)

    def chooser(self, text: str, language: str = "de") -> Chooser:
        """Chooses the passage of an entry that fits a text."""
        return Chooser(Query(text=text, spoken=language), self.corpus)

    def _entry(self, item: Item, chooser: Chooser | None, score: float | None) -> forms.Entry:
        return entry(self.corpus.catalogue, item, chooser.passage(item, PASSAGE) if chooser else "", score)

    def _paper(self, document: Document) -> forms.Paper:
        """A document with the numbers of its records."""
        view = document_view(self.corpus.edition.catalogue, document)
        items = self.corpus.edition.catalogue.items_of(document.id)
        archived = sum(one.status is ItemStatus.ARCHIVED for one in items)
        return forms.Paper(**{**dict(view), "families": tuple(view.families)}, archived=archived)


def looked_up(tools: Tools, query: str, language: str = "de") -> LookupResult:
    """Every goal, project and other item on the topic, best first, each with why; `nearest` where there is none."""
    items = covering(tools, query, language=language)
    nearest = [] if items else _around(tools, query, language)
    edition = tools.corpus.edition.name
    covered, total = bool(items), len(items)
    return LookupResult(query=query, covered=covered, items=items, total=total, nearest=nearest, corpus_edition=edition)


def covering(tools: Tools, topic: str, documents: tuple[str, ...] = (), language: str = "de") -> list[LookupItem]:
    """The records on a topic, best first, with why."""
    chosen = tools.select(Conditions(topic=topic, documents=documents, kinds=THEMELESS), language)
    listed = {(one.document_id, one.key) for one in chosen.items}
    matches = [one for one in chosen.matches if (one.item.document_id, one.item.key) in listed]
    items, chooser = list[LookupItem](), tools.chooser(topic, language)
    for place, one in enumerate(matches):
        why = [say(f"lookup.{one.reason.value}", by=one.by)]
        items.append(_item(tools, one.item, one.weight, why, chooser if place < SHOWN else None))
    return items


def searched(tools: Tools, asked: forms.SearchArguments, language: str = "de") -> SearchResult:
    """What the tool `search` gives, as whole records."""
    catalogue, items = tools.corpus.catalogue, []
    for one in tools.search(asked, language).entries:
        if item := catalogue.item(one.document_id, one.key):
            record = record_of(item, catalogue.documents[one.document_id])
            items.append(SearchItem(**dict(record), score=one.score or 0.0, passage=one.passage))
    return SearchResult(query=asked.text, items=items, corpus_edition=tools.corpus.edition.name)


def says_it(reason: str) -> bool:
    """Tell whether a reason says that the record itself names the topic, not only what is akin to it."""
    return reason.startswith(say("lookup.text", by="").rstrip("“"))


def _around(tools: Tools, query: str, language: str) -> list[LookupItem]:
    """The few entries that stand near a topic which no record names; may be none."""
    near = fitting(tools.finder.find(query, language=language, limit=_NEAREST, kinds=THEMELESS), language)
    chooser = tools.chooser(query, language)
    return [_item(tools, one.item, one.score / near[0].score, [say("lookup.meaning")], chooser) for one in near]


def _item(tools: Tools, item: Item, score: float, why: list[str], chooser: Chooser | None) -> LookupItem:
    record = record_of(item, tools.corpus.document(item))
    said = (chooser.passage(item, PASSAGE) if chooser else "") or item.heading
    return LookupItem(**dict(record), score=round(score, 4), why=list(dict.fromkeys(why)), passage=said)


def read(catalogue: Catalogue, asked: ReadArguments) -> ReadReply:
    """What is asked for of one document; raises `ToolError` for what it does not have."""
    required("document", asked.document, catalogue.documents)
    document = catalogue.documents[asked.document]
    if (asked.page is None) == (not asked.keys):
        raise ToolError("Entweder keys oder page angeben.")
    if asked.page is not None:
        return ReadReply(page=_page(catalogue, document, asked.page, asked.offset))
    items = {one.key: one for key in asked.keys for one in _named(catalogue, document, key)}
    entries: list[WholeEntry] = []
    unread: list[str] = []
    left = TEXT_AT_ONCE
    for key, item in items.items():
        one = _whole(catalogue, item, asked.offset if len(items) == 1 else 0)
        if entries and len(one.text) > left:
            unread.append(key)
        else:
            entries.append(one)
            left -= len(one.text)
    return ReadReply(entries=tuple(entries), unread=tuple(unread))


def text_of(catalogue: Catalogue, item: Item) -> str:
    """All that an entry says: heading, body, and what stands of it elsewhere, in tables above all."""
    rest = (one.text for one in catalogue.chunks_of(item) if not item.start <= one.start < item.end)
    return "\n\n".join(dict.fromkeys(filter(None, (item.heading, item.body, *rest, item.table_row))))


def pointer(item: Item | None) -> Pointer | None:
    """An entry as it is pointed to; None where there is none."""
    return Pointer.model_validate(item, from_attributes=True) if item else None


def entry(catalogue: Catalogue, item: Item, passage: str = "", score: float | None = None) -> Entry:
    """An entry with its document; its heading where there is no passage."""
    return Entry.model_validate(_entry(catalogue, item, passage, score))


def _entry(catalogue: Catalogue, item: Item, passage: str = "", score: float | None = None) -> dict[str, Any]:
    document = catalogue.documents[item.document_id]
    return {
        **{name: getattr(item, name) for name in Pointer.model_fields},
        "path": item.path or _above(catalogue, item),
        "page": item.page,
        "document_title": document.title,
        "document_status": document.status,
        "as_of": document.as_of,
        "passage": passage or item.heading or item.title,
        "score": None if score is None else round(score, 4),
        "archived": item.status is ItemStatus.ARCHIVED,
        "url": item_url(item.document_id, item.key),
    }


def _above(catalogue: Catalogue, item: Item) -> tuple[str, ...]:
    parent = catalogue.parent(item)
    return (*_above(catalogue, parent), f"{parent.ref} {parent.title}".strip()) if parent else ()


def _named(catalogue: Catalogue, document: Document, key: str) -> list[Item]:
    """The entry with a key, else all that have it as their number; rows of an archive by the number they had."""
    items = catalogue.items_of(document.id)
    same = [one for one in items if one.key == key]
    ref = plain_ref(key)
    found = same or [one for one in items if ref in (plain_ref(one.ref), plain_ref(one.former_ref or one.ref))]
    if not found:
        required("keys", key, [one.key for one in items])
    return found


def _whole(catalogue: Catalogue, item: Item, offset: int) -> WholeEntry:
    record = record_of(item, catalogue.documents[item.document_id])
    before, after = siblings(catalogue, item)
    return WholeEntry(
        **_entry(catalogue, item),
        **_part(text_of(catalogue, item), offset),
        **{name: getattr(item, name) for name in _OF_ITEM},
        fields=tuple(record.fields),
        corrected=tuple(record.corrected),
        conflicts=tuple(
            f"{one.field}: "
            + " / ".join([f"{value.text} ({value.source})" for value in one.values] or [one.text, one.table])
            for one in item.conflicts
        ),
        parent=pointer(catalogue.parent(item)),
        children=tuple(filter(None, map(pointer, catalogue.children(item)))),
        previous=pointer(before),
        next=pointer(after),
    )


def _part(text: str, offset: int) -> dict[str, Any]:
    """As much of a text as one reply holds, and where to read on."""
    end = offset + TEXT_AT_ONCE
    return {"text": text[offset:end], "length": len(text), "next_offset": end if end < len(text) else None}


def _page(catalogue: Catalogue, document: Document, number: int, offset: int) -> PageText:
    pages = [one for one in document.pages if one.number == number]
    if not pages:
        required("page", str(number), dict.fromkeys(str(one.number) for one in document.pages))
    later = (one.start for one in document.pages if one.start > pages[-1].start)
    start, end = pages[0].start, min(later, default=len(document.text))
    on_it = [one for one in catalogue.items_of(document.id) if one.start < end and one.end > start]
    return PageText(
        document_id=document.id,
        document_title=document.title,
        page=number,
        page_label=pages[0].label,
        **_part(document.text[start:end].strip(), offset),
        entries=tuple(filter(None, map(pointer, on_it))),
    )
