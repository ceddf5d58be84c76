"""What a record states that it can be ranked by: an amount, the begin or the end of its period."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from service.answering.corpus import Corpus
from service.answering.draft import Proof
from service.answering.evidence.verbatim import squash
from service.answering.query import Sort, SortBy
from vectorstore.records import Item, Value, ValueKind

_EXAMPLE = re.compile(r"\bBeispiel\w*|\bz\.\s?B\.|\bfor example\b|\be\.g\.")
_NEAR = 120
_SHORT = 300
_EUROS = ("EUR", "EUR/a")
_UNITS = {
    SortBy.AMOUNT: ("Betrag", "an amount"),
    SortBy.START: ("Beginn", "a begin"),
    SortBy.END: ("Schlusspunkt", "an end"),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A record with what it states, comparable (`value`) and as printed (`text`), and the passage that says it."""

    item: Item
    value: Decimal | str
    text: str
    proof: Proof


def unit_of(sort: Sort) -> tuple[str, str]:
    """What is stated, in German (masculine) and English."""
    return _UNITS[sort.by]


def stated(item: Item, sort: Sort, corpus: Corpus) -> Stated | None:
    """What a record states: its largest amount, its first begin, its last end; None where it states none."""
    read, printed = (_amount, item.cost) if sort.by is SortBy.AMOUNT else (_PERIODS[sort.by], item.period)
    if printed is None and sort.by is not SortBy.AMOUNT:
        return None
    text = corpus.document(item).text
    found = [(value, one) for one in item.values if (value := read(one)) is not None]
    found = [pair for pair in found if not _EXAMPLE.search(_before(text, pair[1]))]
    if printed is not None:
        found = [(value, one) for value, one in found if squash(one.text) in squash(printed)]
    if not found:
        return None
    best = (min if sort.by is SortBy.START else max)(found, key=lambda pair: pair[0])
    quote = printed if printed is not None and len(printed) <= _SHORT else _sentence(item, best[1], corpus)
    return Stated(item, best[0], _yearly(best[1]), Proof(item, quote, None if quote == printed else best[1].start))


def _before(text: str, value: Value) -> str:
    """What stands shortly before a value in its paragraph: an amount behind "Beispiel" is that of something else."""
    return text[max(value.start - _NEAR, 0) : value.start].rsplit("\n\n", 1)[-1]


def _amount(value: Value) -> Decimal | None:
    if value.kind is not ValueKind.AMOUNT or value.unit not in _EUROS:
        return None
    try:
        return Decimal(value.value)
    except InvalidOperation:
        return None


def _start(value: Value) -> str | None:
    if value.kind not in (ValueKind.PERIOD, ValueKind.DATE):
        return None
    return value.value.split("/")[0] or None


def _end(value: Value) -> str | None:
    if value.kind not in (ValueKind.PERIOD, ValueKind.DATE):
        return None
    return value.value.split("/")[-1] or None


_PERIODS: dict[SortBy, Callable[[Value], str | None]] = {SortBy.START: _start, SortBy.END: _end}


def _yearly(value: Value) -> str:
    """The value as printed; an amount a year with that said."""
    said = " ".join(value.text.split())
    return f"{said} pro Jahr" if value.unit == "EUR/a" and said[-1:].isalpha() and "Jahr" not in said else said


def _sentence(item: Item, value: Value, corpus: Corpus) -> str:
    """The sentence of the record in which a value stands."""
    said = (text for _, text in corpus.sentences(item) if squash(value.text) in squash(text))
    return next(said, value.text)
