"""The values of a document's items, each what stands in its own spans; municipalities as the document names them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from ingest.values.parsing import Found, amount_list, date_list, in_order, parse
from ingest.values.units import UnitNames, parted, printed_unit
from vectorstore.records import Item

_ALL = re.compile(
    r"\balle[nr]?\s+(?:\d+\s+|\w+\s+)?(?:(?:kreisangehörige[nr]?\s+)?(?:Kommunen|Städte[n]?\s+und\s+Gemeinden|Gemeinden))",
    re.I,
)
_NAME = re.compile(
    r"^(?:[A-ZÄÖÜ][\wäöüß.-]*)(?:(?:\s(?:am|an der|im|in der|bei|ob der|auf|vor der))?\s[A-ZÄÖÜ][\wäöüß.-]*){0,2}$"
)
_OFFICIAL = re.compile(
    r"\b(?:Stadt|Gemeinde|Kommune|Hansestadt|Kreisstadt|Markt|Samtgemeinde|Verbandsgemeinde)\s"
    r"((?:Bad\s|Sankt\s|St\.\s|Groß\s|Klein\s)?[A-ZÄÖÜ][a-zäöüß-]+)"
)
_WITH_ARTICLE = re.compile(r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Ee]in(?:e[rnms]?)?)\s([A-ZÄÖÜ][\wäöüß-]*)")

Span = tuple[int, int]


def with_values(items: Sequence[Item], text: str, front: str) -> list[Item]:
    """Return the items of a document with their values, dates, amounts and municipalities.

    `text` is the document's, `front` the title page's. A value belongs to every item in whose heading, body, fields or
    table row it stands.
    """
    told = {name for item in items for name in (*item.responsible, *(item.cooperation or "").split(", "))}
    items = [replace(one, responsible=tuple(chain(*(parted(unit, told) for unit in one.responsible)))) for one in items]
    names = UnitNames(text, (unit for item in items for unit in item.responsible))
    cells = [item.cooperation for item in items if item.cooperation]
    places = Gazetteer([*cells, *front.split("\n\n")], text)
    finder = _Finder(text, parse(text), names)
    return [_with_values(item, finder, places, listed=bool(cells)) for item in items]


class _Finder:
    """Gives what was found in a document to the items in whose spans it stands."""

    def __init__(self, text: str, found: Sequence[Found], names: UnitNames) -> None:
        self.text, self._found, self._names = text, found, names
        self._starts = [one.value.start for one in found]

    def within(self, spans: Sequence[Span]) -> Iterator[Found]:
        """Yield what stands wholly inside one of the spans."""
        for start, end in spans:
            for place in range(bisect_left(self._starts, start), bisect_left(self._starts, end)):
                if self._found[place].value.end <= end:
                    yield self._found[place]

    def responsible(self, item: Item, spans: Sequence[Span]) -> list[Found]:
        """Return the units that an item's own field names."""
        entries = (printed_unit(self.text, entry, spans, self._names) for entry in item.responsible)
        return [entry for entry in entries if entry]


def _with_values(item: Item, finder: _Finder, places: Gazetteer, listed: bool) -> Item:
    prose, rest = _prose(item, finder.text), _rest(item)
    said = list(finder.within(prose))
    units = finder.responsible(item, [*reversed(rest), *prose])
    found = [one for one in (*said, *finder.within(rest)) if not _overlaps(one, units)]
    cell = item.cooperation or ""
    words = "\n".join(part for part in (item.title, item.body, cell) if part)
    return replace(
        item,
        dates=date_list([*said, *parse(cell)]),
        amounts=amount_list([*said, *parse(cell)]),
        municipalities=places.mentioned(cell if listed else words),
        all_municipalities=names_all(cell if listed else words),
        values=tuple(dict.fromkeys(one.value for one in in_order([*found, *units]))),
    )


def _overlaps(one: Found, units: Sequence[Found]) -> bool:
    """Whether a value stands where the item's own field names a unit."""
    return any(one.value.start < unit.value.end and unit.value.start < one.value.end for unit in units)


def _prose(item: Item, text: str) -> list[Span]:
    """Return where heading and body stand, in the order of the text, without overlap."""
    end = max(item.end, item.start + len(item.heading))
    heading = located(item.heading, text, item.start, end)
    after = located(item.body, text, heading[-1][1] if heading else item.start, end)
    return merged([*heading, *(after or located(item.body, text, item.start, end))])  # a row holds its own title


def _rest(item: Item) -> list[Span]:
    """Return where the table row stands, and fields that are told their place."""
    spans = [(field.start, field.start + len(field.text)) for field in item.fields if field.start >= 0]
    if item.table_row and item.table_start is not None:
        spans.append((item.table_start, item.table_start + len(item.table_row)))
    return merged(spans)


def located(part: str, text: str, start: int, end: int) -> list[Span]:
    """Return where a part of an item stands between two offsets: in one piece, or paragraph by paragraph."""
    if not part:
        return []
    place = text.find(part, start, end)
    if place >= 0:
        return [(place, place + len(part))]
    spans: list[Span] = []
    for paragraph in part.split("\n\n"):
        loose = re.compile(r"\s+".join(re.escape(word) for word in paragraph.split()))
        match = loose.search(text, spans[-1][1] if spans else start, end)
        if match and match[0]:
            spans.append(match.span())
    return spans


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def names_all(text: str) -> bool:
    """Whether the text speaks of all municipalities."""
    return _ALL.search(text) is not None


class Gazetteer:
    """Municipalities recognised from the document itself: from lists of names and from "Stadt X", "Gemeinde Y"."""

    def __init__(self, cells: Iterable[str], prose: str) -> None:
        official = {match[1] for match in _OFFICIAL.finditer(prose)}
        listed = {name for cell in cells for name in _listed(cell)}
        nouns = set(_WITH_ARTICLE.findall(prose)) if listed else set()  # place names stand without an article
        self.names = {name for name in listed if name not in nouns} | {
            name for name in official if name in listed or len(re.findall(rf"\b{re.escape(name)}\b", prose)) >= 3
        }
        longest_first = "|".join(re.escape(name) for name in sorted(self.names, key=len, reverse=True))
        self._pattern = re.compile(
            rf"(?<![Kk]reis )(?<![Kk]reises )(?<!verwaltung )(?<![\w-])({longest_first})(?![\w-])"
        )

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Return the municipalities that a text names, in order; "Kreis X" is none."""
        if not self.names:
            return ()
        return tuple(dict.fromkeys(match[1] for match in self._pattern.finditer(text)))


def _listed(cell: str) -> list[str]:
    """Return the names of a cell that is nothing but a list of at least two names, remarks in brackets aside."""
    bare = re.sub(r"\([^)]*\)", "", cell)
    bare = ",".join(part for part in re.split(r"[;,]|\sund\s", bare) if part.strip() and not _ALL.search(part))
    parts = [part.strip() for part in bare.split(",") if part.strip()]
    if len(parts) < 2 or not all(_NAME.match(part) for part in parts):
        return []
    return [part for part in parts if not re.match(r"(?:Land)?[Kk]reis\b", part)]
