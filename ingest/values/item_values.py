"""Values (dates, amounts, units) of a document's items by their spans, and the municipalities the
document names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from ingest.readers.claims import Span
from ingest.values.label_units import TextWithUnit, parse_labelled, read_with_label
from ingest.values.parsing import ParsedValue, amount_list, date_list, parse, sort_values
from ingest.values.units import UnitNames, split_unit
from vectorstore.language import pattern_of_any
from vectorstore.records import Document, Field, Item

# "alle 11 kreisangehörigen Kommunen", "aller Städte und Gemeinden"
_ALL_MUNICIPALITIES = re.compile(
    r"\balle[nr]?\s+(?:\d+\s+|\w+\s+)?"
    r"(?:(?:kreisangehörige[nr]?\s+)?(?:Kommunen|Städte[n]?\s+und\s+Gemeinden|Gemeinden))",
    re.IGNORECASE,
)
_NAME = re.compile(  # "Bad Quellstadt", "Quell am See"; no sentence
    r"^(?:[A-ZÄÖÜ][\wäöüß.-]*)(?:(?:\s(?:am|an der|im|in der|bei|ob der|auf|vor "
    r"der))?\s[A-ZÄÖÜ][\wäöüß.-]*){0,2}$"
)
_OFFICIAL = re.compile(  # the name in "Gemeinde Bad Quellstadt", not across lines or cells
    r"\b(?:Stadt|Gemeinde|Kommune|Hansestadt|Kreisstadt|Markt|Samtgemeinde|Verbandsgemeinde) "
    r"((?:Bad |Sankt |St\. |Groß |Klein )?[A-ZÄÖÜ][a-zäöüß-]+)"
)
_WITH_ARTICLE = re.compile(  # names of places are printed without an article
    r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Ee]in(?:e[rnms]?)?|[Ii]m|[Zz]u[mr]|[Vv]om|[Bb]eim)"
    r" ([A-ZÄÖÜ][\wäöüß-]*)"
)
_RARE_ARTICLES = 0.1  # share of the mentions of a town that may have an article before them
_MIN_OFFICIAL = 2  # "Stadt X" once is also a sentence: "soll der Stadt Möglichkeiten zeigen"
_MIN_MENTIONS = 3  # mentions of X in a text with "Stadt X", from which X is a municipality


def add_values(
    items: Sequence[Item], document: Document, spans: Mapping[str, Sequence[Span]], opening: str
) -> list[Item]:
    """Return the items of a document with their values, dates, amounts and municipalities.

    `spans` are the spans of each item's heading and body, by the item's key. `opening` is the
    beginning of the document, in which lists of municipalities are looked for. A quantity without a
    unit takes the unit of its column's head or of its label.
    """
    text = document.text
    counts = Counter(chain.from_iterable(item.responsible for item in items))
    items = [_with_units(item, counts) for item in items]
    cooperation_cells = [item.cooperation for item in items if item.cooperation]
    unit_names = UnitNames(text, counts)
    municipalities = Municipalities(cooperation_cells, opening.split("\n\n"), text)
    values = _parse_with_units(text, _find_labelled(items, document))
    finder = _ValueFinder(values, unit_names, municipalities, has_cells=bool(cooperation_cells))
    return [finder.complete(item, merge_spans(spans[item.key])) for item in items]


def _with_units(item: Item, counts: Mapping[str, int]) -> Item:
    """Return an item whose fields, cost and period have the units of their labels, and whose
    responsible units are parted (see `split_unit`).

    "4.800" below "Kosten in T€" becomes "4.800 T€": as `with_unit` of the field, whose own text
    stays as printed, and in the item's cost.
    """
    fields = list[Field]()
    for field in item.fields:
        labelled = read_with_label(field.start, field.text, field.label)
        if labelled is not None:
            field = replace(field, with_unit=labelled.with_unit)
        fields.append(field)
    return replace(
        item,
        fields=tuple(fields),
        responsible=tuple(
            chain.from_iterable(split_unit(unit, counts) for unit in item.responsible)
        ),
        cost=_print_units(item.cost, fields, "cost"),
        period=_print_units(item.period, fields, "period"),
    )


def _print_units(text: str | None, fields: Iterable[Field], meaning: str) -> str | None:
    """Return the text that the fields with one meaning have together, with their units.

    Each field is looked for behind the one before it: "10" is also a part of "100".
    """
    with_units, rest = "", text or ""
    for field in fields:
        if field.field == meaning and field.text and field.text in rest:
            before, _, rest = rest.partition(field.text)
            with_units += before + field.printed
    return with_units + rest or None


def _find_labelled(items: Iterable[Item], document: Document) -> Iterator[TextWithUnit]:
    """Yield the table cells that take the unit of their column's head, then the fields that take
    the unit of their label.

    A field whose place in the text is unknown (`start` is -1) is left out.
    """
    for row in document.rows:
        start = row.start
        cells = document.text[start:].partition("\n\n")[0].split("\t")
        for cell, head in zip(cells, row.headers, strict=False):
            labelled = read_with_label(start, cell, head)
            if labelled is not None:
                yield labelled
            start += len(cell) + 1
    for item in items:
        for field in item.fields:
            labelled = read_with_label(field.start, field.text, field.label)
            if labelled is not None and field.start >= 0:
                yield labelled


def _parse_with_units(text: str, labelled: Iterable[TextWithUnit]) -> list[ParsedValue]:
    """Return the values of a text in order.

    A value inside one of the `labelled` texts is read with the unit of its label.
    """
    by_span = {part.span: part for part in labelled}
    starts = sorted(by_span)
    values = list(chain.from_iterable(map(parse_labelled, by_span.values())))
    for parsed in parse(text):
        # the last labelled text that begins before the value ends
        index = bisect_left(starts, (parsed.value.end, 0)) - 1
        is_labelled = index >= 0 and starts[index].end > parsed.value.start
        if not is_labelled:
            values.append(parsed)
    return sort_values(values)


class _ValueFinder:
    """Finds the parsed values of a document in its items.

    `has_cells` is true if some items have a cell with partners. Then the municipalities of an item
    are read only from this cell, else from its title and body too.
    """

    def __init__(
        self,
        values: Sequence[ParsedValue],
        unit_names: UnitNames,
        municipalities: Municipalities,
        *,
        has_cells: bool,
    ) -> None:
        self._unit_names, self._municipalities = unit_names, municipalities
        self._has_cells = has_cells
        self._values = values
        self._value_starts = [parsed.value.start for parsed in values]

    def complete(self, item: Item, prose: Sequence[Span]) -> Item:
        """Return an item with its values; `prose` are the spans of its heading and body.

        `dates` and `amounts` come from the heading, the body and the cell with partners. `values`
        come from the heading, the body, the fields and the table row. The item's units are looked
        up in its fields first, from the last one on; any other value that overlaps a unit is left
        out of `values`.
        """
        field_spans = _field_spans(item)
        search_spans = [*reversed(field_spans), *prose]
        named = (self._unit_names.value_of(name, search_spans) for name in item.responsible)
        units = list(filter(None, named))
        in_prose = list(self._values_within(prose))
        candidates = (*in_prose, *self._values_within(field_spans))
        values = [candidate for candidate in candidates if not _overlaps(candidate, units)]
        cell = item.cooperation or ""
        listed = [*in_prose, *parse(cell)]
        municipality_text = cell
        if not self._has_cells:
            municipality_text = "\n".join(filter(None, (item.title, item.body, cell)))
        return replace(
            item,
            dates=date_list(listed),
            amounts=amount_list(listed),
            municipalities=self._municipalities.find_in(municipality_text),
            all_municipalities=_ALL_MUNICIPALITIES.search(municipality_text) is not None,
            values=tuple(dict.fromkeys(parsed.value for parsed in sort_values([*values, *units]))),
        )

    def _values_within(self, spans: Sequence[Span]) -> Iterator[ParsedValue]:
        """Yield the values of the document that are entirely inside one of the spans."""
        for start, end in spans:
            first = bisect_left(self._value_starts, start)
            behind = bisect_left(self._value_starts, end)
            for parsed in self._values[first:behind]:
                if parsed.value.end <= end:
                    yield parsed


def _overlaps(parsed: ParsedValue, units: Sequence[ParsedValue]) -> bool:
    return any(
        parsed.value.start < unit.value.end and unit.value.start < parsed.value.end
        for unit in units
    )


def _field_spans(item: Item) -> list[Span]:
    """Return the spans of an item's fields and table row."""
    located = [field for field in item.fields if field.start >= 0]
    spans = [Span(field.start, field.start + len(field.text)) for field in located]
    if item.table_row and item.table_start is not None:
        spans.append(Span(item.table_start, item.table_start + len(item.table_row)))
    return merge_spans(spans)


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, overlapping ones merged."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


class Municipalities:
    """The municipalities that a document names: in lists of names, or as "Stadt X".

    A list is a cell with partners (`cells`) or a paragraph of the `opening`. A word that the `text`
    prints with an article ("im Verkehr") is a noun, no name: a cell loses such a word, and a
    paragraph with such a word is no list.
    """

    def __init__(self, cells: Iterable[str], opening: Iterable[str], text: str) -> None:
        articles = Counter(_WITH_ARTICLE.findall(text))
        nouns = articles.keys()
        self.names = set(chain.from_iterable(map(_list_names, cells))) - nouns
        for paragraph in opening:
            listed = _list_names(paragraph)
            if nouns.isdisjoint(listed):
                self.names.update(listed)
        for name, times in Counter(_OFFICIAL.findall(text)).items():
            mentions = len(re.findall(rf"\b{re.escape(name)}\b", text))
            # the text has it in lower case too ("markt"), and not only in an address ("x.de")
            is_word = re.search(rf"(?:^|\s){re.escape(name.lower())}(?!\S*\w[.@]\w)\b", text)
            # "die Münster Marketing GmbH" makes no noun of a town
            is_noun = articles[name] > _RARE_ARTICLES * mentions
            is_named = times >= _MIN_OFFICIAL and mentions >= _MIN_MENTIONS
            if is_named and not is_word and not is_noun:
                self.names.add(name)
        any_name = pattern_of_any(self.names)
        self._pattern = re.compile(
            rf"(?<![Kk]reis )(?<![Kk]reises )(?<!verwaltung )(?<![\w-])({any_name})(?![\w-])"
        )

    def find_in(self, text: str) -> tuple[str, ...]:
        """Return the municipalities that a text names, in order; the X of "Kreis X" is none."""
        if self.names:
            return tuple(dict.fromkeys(match[1] for match in self._pattern.finditer(text)))
        return ()


def _list_names(cell: str) -> list[str]:
    """Return the names of a cell that is only a list of names, else none.

    The list needs at least two names. Remarks in brackets are passed over, and districts ("Kreis
    X") are left out.
    """
    parts = re.split(r"[;,]|\sund\s", re.sub(r"\([^)]*\)", "", cell))
    parts = [part for part in parts if not _ALL_MUNICIPALITIES.search(part)]
    names = list(filter(None, map(str.strip, parts)))
    if len(names) < 2 or not all(map(_NAME.match, names)):
        return []
    return [name for name in names if not re.match(r"(?:Land)?[Kk]reis\b", name)]
