"""The tool `records`: all records that meet conditions, counted, sorted and grouped, and whether
these are complete.

`RecordFilter` filters for every list: answers, lists over HTTP, facets, staff pages and the command
line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np

from prompts import answer_language
from service import wording
from service.answering.query import (
    Conditions,
    Filters,
    Group,
    Query,
    Sort,
    UnknownValue,
    require_known,
)
from service.answering.record_rows import Mask, full_title
from service.answering.retrieval.search import Retriever
from service.answering.retrieval.sentences import SentenceChooser
from service.answering.retrieval.topic import MatchReason, SearchMatch, find_on_topic
from service.answering.tools.schemas import (
    GroupCount,
    ItemEntry,
    RecordsArguments,
    RecordsReply,
    entry_fields,
)
from service.records import (
    Completeness,
    Notice,
    labels,
    largest_amount,
    narrower_units,
    notices_of_all_municipalities,
    period_of,
)
from vectorstore.language import fold_umlauts
from vectorstore.records import Catalogue, Item, ItemKind, ItemStatus

PASSAGE = 400  # characters of a passage, by whole sentences
SHOWN = 100  # records on a topic that get a passage; choosing it for thousands would take seconds
HEADINGS = (ItemKind.SECTION, ItemKind.THEME)  # listed only if these kinds are given
LISTED_KINDS = tuple(kind for kind in ItemKind if kind not in HEADINGS)
# kinds that can cover a topic
COVERING_KINDS = tuple(kind for kind in ItemKind if kind is not ItemKind.THEME)
# fields of conditions, of which records without a value are unknown
_FIELDS = ("status", "theme", "unit", "place", "priority", "light", "date", "cost")
_STATED = 0.5  # least share of records that state a field, for a list by it to be of all
_LOWEST = Decimal("-Infinity")
_DAY_DIGITS = 8  # of "20260501"
_NO_VALUE = ("", "")  # id and title of the group of records without a value


@dataclass(frozen=True, slots=True)
class StatedShare:
    """How many records (`stated` of `number`) of a list's kinds and documents state a field."""

    field: str
    stated: int
    number: int

    @property
    def is_seldom(self) -> bool:
        """True if too few records state the field for a list by it to be of all."""
        return self.stated < _STATED * self.number

    def notice(self, language: str) -> Notice:
        """The notice that few records state the field."""
        language = answer_language(language)
        field = wording.format_words(language, f"field_{self.field}")
        values = {"field": field, "stated": self.stated, "number": self.number}
        text = wording.format_words(language, "seldom_stated", **values)
        return Notice(code="seldom_stated", text=text)


@dataclass(frozen=True, slots=True)
class Selection:
    """The records that meet conditions, in the order of the documents; with a topic, those with it
    in a title first.

    `complete` and `why` are as in `RecordsReply`; `limits` are the notices for which completeness
    is unknown whatever was read: a topic selected, or a field that few records state.
    `completeness` are the gaps of the families that were searched, `matches` the items on the topic
    with weight and reason, best first; `stated` says for each condition on a field how many records
    state it. `is_only_mentioned` is true if no title of a record, or of a heading above, has a part
    of the topic.
    """

    items: tuple[Item, ...]
    complete: bool | None
    why: tuple[str, ...]
    notices: tuple[Notice, ...]
    limits: tuple[Notice, ...]
    completeness: Completeness
    matches: tuple[SearchMatch, ...]
    stated: tuple[StatedShare, ...] = ()
    is_only_mentioned: bool = False


class RecordFilter:
    """The masks of the items that meet each condition, by its name; raises `UnknownValue` for a
    value of no record.
    """

    def __init__(self, retriever: Retriever, conditions: Conditions, language: str = "de") -> None:
        corpus = retriever.corpus
        self.corpus = corpus
        self.conditions = conditions
        rows = corpus.records
        list_filters = conditions if isinstance(conditions, Filters) else Filters()
        for document in conditions.documents:
            require_known("document", document, corpus.catalogue.documents)
        self.documents = conditions.documents or tuple(corpus.catalogue.documents)
        self.masks: dict[str, Mask] = {"document": rows.mask_of("document", self.documents)}
        chosen: dict[str, tuple[str, ...]] = {
            "status": conditions.statuses,
            "kind": conditions.kinds,
            "light": (conditions.light,),
            "year": (list_filters.year,),
        }
        for name, values in chosen.items():
            if any(values):
                self.masks[name] = rows.mask_of(name, values)
        # archived items are left out where no status is asked for
        self.masks.setdefault("status", ~rows.mask_of("status", (ItemStatus.ARCHIVED,)))
        self.matches: tuple[SearchMatch, ...] = ()
        if conditions.topic:
            found = find_on_topic(retriever, conditions.topic, self.documents, language)
            self.matches = tuple(found)
            self.masks["topic"] = rows.empty_mask()
            self.masks["topic"][[corpus.row(match.item) for match in found]] = True
        for name in ("theme", "goal", "unit", "place", "priority"):
            value = getattr(conditions, name)
            if value:
                self.masks[name] = self._mask_named(name, value)
        if conditions.since or conditions.until:
            self.masks["date"] = rows.mask_dated(conditions.since, conditions.until)
        if conditions.cost_from or conditions.cost_until:
            self.masks["cost"] = rows.mask_costing(conditions.cost_from, conditions.cost_until)
        if list_filters.setback:
            self.masks["setback"] = rows.mask_stating("setback")
        self._words = fold_umlauts(list_filters.words).split()
        self._has_words = cache(self._find_words)  # by row

    def _mask_named(self, name: str, value: str) -> Mask:
        """The mask of the items with a value of a field; with another value if it is excluded.
        Raises `UnknownValue`, with the known values, if no item has it.
        """
        rows = self.corpus.records
        mask = rows.mask_matching(name, value)
        if not mask.any():
            raise UnknownValue(name, value, tuple(map(full_title, rows.rows_by_value(name))))
        if name in self.conditions.excluded:
            return rows.mask_stating(name) & ~mask
        return mask

    def mask_of_all(self, ignored: str = "") -> Mask:
        """The mask of the items that meet all conditions, except the one named `ignored`.

        Words are looked for last, only in items that meet all else, and are remembered, for this is
        slow.
        """
        mask: Mask = np.logical_and.reduce(
            [mask for name, mask in self.masks.items() if name != ignored]
        )
        if not self._words:
            return mask
        with_words = self.corpus.records.empty_mask()
        with_words[list(filter(self._has_words, np.flatnonzero(mask).tolist()))] = True
        return with_words

    def _find_words(self, row: int) -> bool:
        """True if the item in a row has all words."""
        item = self.corpus.catalogue.items[row]
        parts = (item.ref, item.title, item.table_title, item.heading, item.body)
        text = fold_umlauts(" ".join(filter(None, parts)))
        return all(word in text for word in self._words)

    def select(self, language: str = "de") -> Selection:
        """The items that meet all conditions, with whether they are all that there are.

        With a topic, items come first that have it in their title or a heading above, then those
        with it only in the text. Whether these are all is unknown then (`complete` None), unless
        the topic is the title of a theme or goal: other words may have been used for it. It is
        unknown, too, if few records state a field of the conditions.
        """
        items = self.corpus.records.select_items(self.mask_of_all(), self.documents)
        reasons = {match.item.address: match.reason for match in self.matches}
        if reasons:
            items.sort(key=lambda item: reasons[item.address] is MatchReason.TEXT)
        are_in_texts = (reasons.get(item.address) is MatchReason.TEXT for item in items)
        known = self._completeness()
        stated = tuple(self._stated_shares(items))
        limits = tuple(self._limits(stated, language))
        gaps = (text for text, _ in known.sentences(language))
        return Selection(
            tuple(items),
            None if limits else known.complete,
            (*(notice.text for notice in limits), *gaps),
            tuple(self._notices(items, known, language)),
            limits,
            known,
            self.matches,
            stated,
            is_only_mentioned=bool(items and reasons) and all(are_in_texts),
        )

    def _limits(self, stated: Iterable[StatedShare], language: str) -> Iterable[Notice]:
        """Yield the notices for which nobody knows whether the selected records are all: they were
        selected by words of a topic, or by a field that few records state.
        """
        topic = self.conditions.topic
        if topic and fold_umlauts(topic) not in self.corpus.records.heading_names:
            text = wording.format_words(answer_language(language), "by_words")
            yield Notice(code="by_words", text=text)
        yield from (share.notice(language) for share in stated if share.is_seldom)

    def _stated_shares(self, items: Sequence[Item]) -> Iterable[StatedShare]:
        """Yield for each field of the conditions how many records state it, and of how many.

        So people see how much a filter can have missed. Only records of a kind and document count
        in which at least one record states the field: elsewhere the paper has no such field. Where
        no record states it, all count. The default mask of the status, which only leaves out
        archived rows, is no condition. A record for all municipalities states the place.
        """
        rows = self.corpus.records
        records = self.masks["document"] & ~rows.mask_of("status", (ItemStatus.ARCHIVED,))
        if self.conditions.kinds:
            records &= self.masks["kind"]
        for name in _FIELDS:
            if name not in self.masks or (name == "status" and not self.conditions.statuses):
                continue
            stating = records & rows.mask_stating(name)
            if name == "place":
                stating |= records & rows.all_places
            has_any = np.isin(rows.groups, rows.groups[stating])
            of_field = records & has_any if items or stating.any() else records
            yield StatedShare(name, int(stating.sum()), int(of_field.sum()))

    def _completeness(self) -> Completeness:
        """How complete the searched kinds of records are in the searched documents.

        With a theme or goal, only the documents that have it count: a gap elsewhere cannot concern
        it.
        """
        head_masks = [self.masks[name] for name in ("theme", "goal") if name in self.masks]
        documents: Iterable[str] = self.documents
        if head_masks:
            with_head = self.corpus.records.select_items(
                np.logical_and.reduce(head_masks), self.documents
            )
            documents = dict.fromkeys(item.document_id for item in with_head)
        searched = [self.corpus.catalogue.documents[document] for document in documents]
        return Completeness.of(searched, self.conditions.kinds or ItemKind)

    def _notices(self, items: list[Item], known: Completeness, language: str) -> Iterable[Notice]:
        """Yield notices on what a filter includes or leaves out against expectation.

        A unit ("66") includes narrower ones ("66.01"). A place leaves out records that are for all
        municipalities, without naming it.
        """
        conditions = self.conditions
        rows = self.corpus.records
        narrower = narrower_units(items, conditions.unit) if conditions.unit else ()
        if narrower:
            units = {"unit": conditions.unit, "units": ", ".join(narrower)}
            text = wording.format_words(answer_language(language), "unit_includes", **units)
            yield Notice(code="unit_includes", text=text)
        if conditions.place:
            more = int((self.mask_of_all("place") & rows.all_places & ~self.masks["place"]).sum())
            yield from notices_of_all_municipalities(more, language, complete=known.complete)


def conditions_of(arguments: RecordsArguments) -> Conditions:
    """The conditions that the arguments of the tool `records` stand for."""
    return Conditions(
        topic=arguments.topic.strip(),
        kinds=arguments.kinds or LISTED_KINDS,
        documents=arguments.documents,
        statuses=arguments.status,
        theme=arguments.theme.strip(),
        goal=arguments.goal.strip(),
        unit=arguments.unit.strip(),
        place=arguments.place.strip(),
        since=arguments.since or "",
        until=arguments.until or "",
    )


def list_records(retriever: Retriever, arguments: RecordsArguments) -> RecordsReply:
    """The reply of the tool: all records that meet the conditions, sorted, counted and grouped.

    With a topic, the first `SHOWN` have their best passage, and all their weight on the topic as
    score.
    """
    corpus = retriever.corpus
    selection = RecordFilter(retriever, conditions_of(arguments)).select()
    items = sort_items(selection.items, arguments.sort)
    query = Query(text=arguments.topic)
    chooser = SentenceChooser(query, corpus) if arguments.topic else None
    weights = {match.item.address: match.weight for match in selection.matches}

    def entry(item: Item, rank: int) -> ItemEntry:
        passage = chooser.choose_passage(item, PASSAGE) if chooser and rank < SHOWN else ""
        weight = weights.get(item.address)
        return ItemEntry.model_validate(entry_fields(corpus.catalogue, item, passage, weight))

    return RecordsReply(
        entries=tuple(entry(item, rank) for rank, item in enumerate(items)),
        found=len(items),
        complete=selection.complete,
        why=selection.why,
        groups=count_groups(items, arguments.group_by, corpus.catalogue),
        notices=selection.notices,
    )


def sort_items(items: Sequence[Item], sort: Sort) -> tuple[Item, ...]:
    """The items sorted by amount or date, the largest or latest first.

    Items that state none come last. Equal ones stay in the given order, and so do all with
    `Sort.PAPER`, the order of the documents.
    """
    if sort is Sort.PAPER:
        return tuple(items)

    def rank(item: Item) -> Decimal:
        value = sort_value(item, sort)
        return _LOWEST if value is None else value

    return tuple(sorted(items, key=rank, reverse=True))


def sort_value(item: Item, sort: Sort) -> Decimal | None:
    """The number by which a record is sorted; None if it states none.

    It is its largest amount in euros, or the eight digits of its start or deadline. Missing ones
    are 9, so that "2026" comes after "2026-12", as it lasts at least as long.
    """
    if sort is Sort.AMOUNT:
        largest = largest_amount(item)
        return largest[0] if largest else None
    period = period_of(item)
    moment = period.start if sort is Sort.START else period.deadline
    if not moment:
        return None
    return Decimal(moment.replace("-", "").ljust(_DAY_DIGITS, "9"))


def count_groups(
    items: Iterable[Item], group: Group, catalogue: Catalogue
) -> tuple[GroupCount, ...]:
    """The number of records by value, in the order of the items.

    A record with several units or places counts for each of them, so the sum can be larger than the
    number of records. One without a value counts for "".
    """
    if group is Group.NOTHING:
        return ()
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        values = dict.fromkeys(_values(item, group, catalogue)) or (_NO_VALUE,)
        for value in values:
            counts[value] = counts.get(value, 0) + 1
    return tuple(
        GroupCount(id=id_, title=title, count=count) for (id_, title), count in counts.items()
    )


def _values(item: Item, group: Group, catalogue: Catalogue) -> Iterable[tuple[str, str]]:
    """The id and title of each group to which a record belongs; none if it has no value.

    Units and places have no ids, so their name is both.
    """
    if group is Group.STATUS:
        return ((item.status.value, labels.STATUSES[item.status]),) if item.status else ()
    if group is Group.DOCUMENT:
        return ((item.document_id, catalogue.documents[item.document_id].title),)
    if group in (Group.UNIT, Group.PLACE):
        return (
            (name, name)
            for name in (item.responsible if group is Group.UNIT else item.municipalities)
        )
    pointer = item.theme if group is Group.THEME else item.goal
    return ((pointer.ref, pointer.title),) if pointer else ()
