"""Tables that list measures, projects or goals: their rows as candidates for records, with what their columns say.

A table is a *catalogue* where its rows can be records by themselves: they have titles, and numbers of one family or
enough columns that only records have. Every other table can only add to records that stand elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from string import ascii_lowercase

from rapidfuzz import fuzz

from ingest.columns import MARK, YEAR, numbers_row
from ingest.joining import ListRow
from ingest.layout.hyphens import Vocabulary
from ingest.layout.lines import Line, RawDocument, spoken, squash
from ingest.plan.form import ReadingPlan
from ingest.plan.numbers import printed_number
from ingest.plan.words import is_status_heading, meaning, stated_counts, status_of
from ingest.table_rows import VisualRow, find_rows
from ingest.tables import Table, TableRow, build_tables
from ingest.values.units import named_units
from vectorstore.records import Field, ItemKind

_NO_PLAN = ReadingPlan()
_SAME_HEAD = 85  # likeness of two heads, 0 to 100, from which their tables are parts of one list
_ON_SHEETS = 3  # times that a head without titles is printed, from which it is a row of labels of sheets
_ROWS_ON_SHEETS = 4  # rows that such a table has on the average, with other labels below it
_ROWS_EACH = 1.5  # rows with titles that a table of a list has at least, on the average
_SUM = re.compile(
    r"^(?:zwischen|gesamt|end)?(?:summen?|gesamt|insgesamt|total|σ|∑)\b|^gesamt(?:summe|kosten|betrag)", re.I
)
_KINDS: tuple[tuple[ItemKind, re.Pattern[str]], ...] = (
    (ItemKind.MEASURE, re.compile(r"ma(?:ß|ss)nahme|aktion|aktivit|handlungsprogramm|umsetzung", re.I)),
    (ItemKind.PROJECT, re.compile(r"projekt", re.I)),
    (ItemKind.GOAL, re.compile(r"ziele?\b", re.I)),
    (ItemKind.MEASURE, re.compile(r"vorhaben", re.I)),
)
_LABEL_WORD = re.compile(
    r"^(?:(?:lfd|laufende)\.?\s*+)?(?:(?P<word>ma(?:ß|ss)n(?:ahmen?)?\.?|(?-i:[A-ZÄÖÜ][a-zäöüß]{2,})\.?)\s*+)?(?:-?\s*+nr\b\.?\s*+)?[:.–-]?\s*+(?=(?:[A-Z]\.)?(?:\d|[IVXL]+\b))",
    re.I,
)
_THEME = re.compile(
    r"^(?:(?P<word>[A-ZÄÖÜ][\wäöüß-]+)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z]|[IVXL]+)[:.)–-]?\s+(?=\S)"
)
_OF_TOTAL = re.compile(r"^(\d{1,3})(?:\s?/\s?|\s?von\s?)(\d{1,3})$")
_TELLS = frozenset(
    ("responsible", "partners", "period", "cost", "priority", "status", "state", "description", "funding", "indicator",
     "steps", "target_group", "effect", "situation", "obstacles", "goal")
)  # fmt: skip
_PLANS = frozenset(["responsible", "period", "priority", "status"])
_DATED = frozenset(["period", "cost", "funding", "priority"])


@dataclass(slots=True)
class Witness:
    """The tables of one list with its rows; `source` is overview, schedule or list.

    `catalogue` says that its rows may be records by themselves, of `kind` where their numbers say nothing else.
    """

    source: str
    tables: list[Table]
    rows: list[ListRow] = field(default_factory=list)
    kind: ItemKind = ItemKind.MEASURE
    catalogue: bool = False


def witnesses(
    tables: Iterable[Table], plan: ReadingPlan = _NO_PLAN, stated: frozenset[int] = frozenset()
) -> list[Witness]:
    """Read the tables that name titles: those under one head are one list, the fullest list first.

    `stated` are the numbers of records that the paper says it has.
    """
    grouped: list[list[Table]] = []
    for table in tables:
        table.reread(plan)
        if "title" not in table.roles:
            continue
        same = next((group for group in grouped if _same_list(group[0], table)), None)
        if same is None:
            grouped.append([table])
        else:
            same.append(table)
    found = [_witness(group, plan, stated) for group in grouped]
    return sorted(found, key=lambda one: -len(one.rows) * (1 + one.catalogue) * len(_told(one.tables[0])))


def archive_rows(tables: Iterable[Table]) -> list[ListRow]:
    """Return the rows of archives as merging takes them."""
    return [
        ListRow(" ".join(table.cell(row, "ref").split()), title, None, None, (), row, table,
                theme=table.cell(row, "theme") or None)
        for table in tables
        for row in table.rows
        if (title := " ".join(table.cell(row, "title").split()))
    ]  # fmt: skip


def mark_listed(raw: RawDocument) -> None:
    """Mark the lines of tables that list records: they are no headings or labels of sheets, whatever they say.

    A sheet may be set as a table with a head of its own; only tables with several titles each are lists. The head of
    any table with several rows is no row of labels.
    """
    found = find_rows(raw)
    words = Vocabulary(item.text for item in found if isinstance(item, Line))
    runs = (list(run) for tabled, run in groupby(found, key=lambda item: isinstance(item, VisualRow)) if tabled)
    tables = [
        table for run in runs for table in build_tables([row for row in run if isinstance(row, VisualRow)], words)
    ]
    printed, below = Counter[str](), Counter[str]()
    for table in tables:
        printed[squash(table.header)] += len(table.heads)
        below[squash(table.header)] += len(table.rows)
    for table in tables:
        head = squash(table.header)
        few = below[head] <= _ROWS_ON_SHEETS * printed[head] and not {"ref", "title"} & set(table.roles)
        again = printed[head] >= _ON_SHEETS and few
        if table.header and len(table.rows) > 1 and not again:
            for line in (line for head in table.heads for visual in head for line in visual.source):
                line.listed = True
    for witness in witnesses((table for table in tables if table.header), stated=stated_counts(spoken(raw))):
        if len(witness.rows) >= _ROWS_EACH * len(witness.tables) and (witness.catalogue or _numbered(witness)):
            for table in witness.tables:
                for line in _lines_of(table):
                    line.listed = True


def _lines_of(table: Table) -> Iterator[Line]:
    for visual in (visual for head in table.heads for visual in head):
        yield from visual.source
    for row in table.rows:
        yield from row.source


def _numbered(witness: Witness) -> bool:
    return sum(numbers_row(row.ref.partition("~")[0]) for row in witness.rows) >= 0.6 * max(len(witness.rows), 3)


def _same_list(first: Table, second: Table) -> bool:
    return fuzz.ratio(squash(first.header), squash(second.header)) >= _SAME_HEAD


def _told(table: Table) -> set[str]:
    """Return which fields a table has columns for; marks for status and years count once each."""
    told = {role for role in table.roles if role in _TELLS}
    told |= {"status" for role in table.roles if role.startswith("is:")}
    return told | {"period" for role in table.roles if role.startswith("year:")}


def _witness(tables: list[Table], plan: ReadingPlan, stated: frozenset[int]) -> Witness:
    rows = _without_totals(_under_one_number([row for table in tables for row in _rows(table, plan)]))
    kinds = {_kind_of(row.word) for row in rows if row.word and not row.row.across}
    kind = _kind_of(_title_head(tables[0])) or _kind_of(_captions(tables)) or ItemKind.MEASURE
    kind = next(iter(kinds)) or kind if len(kinds) == 1 else kind
    witness = Witness(_source(tables[0]), tables, [replace(row, kind=_kind_of(row.word) or kind) for row in rows], kind)
    witness.catalogue = _is_catalogue(witness, stated)
    return witness


def _kind_of(words: str) -> ItemKind | None:
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), None)


def _title_head(table: Table) -> str:
    return table.labels[table.roles.index("title")] if table.labels else ""


def _captions(tables: Sequence[Table]) -> str:
    return " ".join(table.caption for table in tables[:3])


def _source(table: Table) -> str:
    told = _told(table)
    if told and told <= _DATED:
        return "schedule"
    return "list" if any(role.startswith("is:") for role in table.roles) else "overview"


def _is_catalogue(witness: Witness, stated: frozenset[int]) -> bool:
    """Tell whether rows may be records: titles in words, and numbers of a family or columns that only records have."""
    rows, table = witness.rows, witness.tables[0]
    worded = [row for row in rows if sum(map(str.isalpha, row.title)) >= max(3, 0.5 * len(squash(row.title)))]
    if len(rows) < 2 or len(worded) < 0.8 * len(rows):
        return False
    numbered, told = _numbered(witness), _told(table)
    if _kind_of(_title_head(table)) is not None:
        return numbered or len(told) > 1
    announced = len(rows) in stated or _kind_of(_captions(witness.tables)) is not None
    return numbered and (len(told & _PLANS) > 1 or (announced and bool(told & _PLANS)))


def _rows(table: Table, plan: ReadingPlan) -> list[ListRow]:
    """Return the rows with a title; what a grouping column leaves empty is taken from the row above."""
    above: dict[str, str] = {}
    found: list[ListRow] = []
    before = table.roles.index("title")
    grouping = [role for role in table.roles[:before] if role in ("theme", "responsible", "status")]
    for row in table.rows:
        if row.across:
            found.extend(_goal(row, table))
            continue
        for role in grouping:
            above[role] = table.cell(row, role) or above.get(role, "")
        if table.cell(row, "title"):
            found.append(_row(table, row, above, plan))
    return found


def _goal(row: TableRow, table: Table) -> Iterator[ListRow]:
    """Yield the goal that a row across names over its measures: "Oberziel 1: Der Kreis wird grüner"."""
    word, rest = split_ref(row.text)
    number = printed_number(rest) if _kind_of(word) is ItemKind.GOAL else None
    if number is not None and number.rest:
        yield ListRow(number.ref, number.rest, None, None, (), row=row, table=table, word=word)


def _row(table: Table, row: TableRow, above: dict[str, str], plan: ReadingPlan) -> ListRow:
    word, ref = split_ref(table.cell(row, "ref"))
    number = printed_number(ref)
    ref = number.ref if number is not None and number.rest else ref  # the next column may run into that of numbers
    groups = [text for text in row.group if not is_status_heading(text) and not YEAR.match(text)]
    state = next((text for text in row.group if is_status_heading(text)), "")
    year = next((text for text in row.group if YEAR.match(text)), None)
    status_cell = table.cell(row, "status") or above.get("status", "")
    title, below = table.title(row)
    who = named_units(" ".join((table.cell(row, "responsible") or above.get("responsible", "")).split()))
    return ListRow(
        ref=ref,
        title=title,
        status=plan.status_of(status_cell) or table.status(row) or (status_of(state) if state else None),
        cooperation=", ".join(filter(None, (table.cell(row, "partners"), *who.taking_part))) or None,
        responsible=who.leading,
        row=row,
        table=table,
        word=word,
        theme=above.get("theme") or table.cell(row, "theme") or (groups[-1] if groups else None),
        period=table.cell(row, "period") or _years(table, row) or year,
        cost=table.cell(row, "cost") or None,
        priority=table.cell(row, "priority") or None,
        state=table.cell(row, "state") or None,
        description=table.cell(row, "description") or below or None,
        fields=_fields(table, row),
    )


def split_ref(cell: str) -> tuple[str, str]:
    """Split a printed number into its label word ("Maßnahme 07", "lfd. Nr. 3") and the number; codes keep letters."""
    text = " ".join(cell.split()).rstrip(":.")
    match = _LABEL_WORD.match(text)
    return ((match["word"] or "").strip(" ."), text[match.end() :]) if match and match[0] else ("", text)


def _years(table: Table, row: TableRow) -> str | None:
    """Return the years whose columns are marked: "2028–2030" where they follow one another, else each."""
    pairs = zip(table.roles, row.cells, strict=False)
    years = [int(role[5:]) for role, cell in pairs if role.startswith("year:") and MARK.match(cell)]
    if len(years) > 1 and years == list(range(years[0], years[-1] + 1)):
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years)) or None


def _fields(table: Table, row: TableRow) -> tuple[Field, ...]:
    """Return what stands in the columns besides number and title; offsets are from the row's beginning."""
    made, place = [], 0
    for role, label, cell in zip(table.roles, table.labels, row.cells, strict=False):
        start = row.text.find(cell, place) if cell else -1
        place = start + len(cell) if start >= 0 else place
        if not cell or not label or role in ("ref", "title"):
            continue
        kind, _, _ = role.partition(":")
        marked = MARK.match(cell) is not None
        meant = {"is": "status", "year": "period" if marked else None}.get(kind, role or None)
        made.append(Field(label, cell, meant, None, start))
    return tuple(made)


def _without_totals(rows: list[ListRow]) -> list[ListRow]:
    """Leave sums out, and take the total from running numbers that all name the same one ("3 von 24", "3/24")."""
    rows = [row for row in rows if not (_SUM.match(row.title) or _SUM.match(row.ref))]
    split = [_OF_TOTAL.match(row.ref) for row in rows]
    totals = {match[2] for match in split if match}
    if len(rows) >= 3 and len(totals) == 1 and all(split):
        return [replace(row, ref=match[1]) for row, match in zip(rows, split, strict=True) if match]
    return rows


def _under_one_number(rows: list[ListRow]) -> list[ListRow]:
    """Tell apart several titles that stand under one number, one after another: "1.1~a", "1.1~b"."""
    runs: list[list[ListRow]] = []
    for row in rows:
        first = runs[-1][0] if runs else row
        alike = (first.table.caption, first.theme) == (row.table.caption, row.theme)
        titles = {one.title.casefold() for one in runs[-1]} if runs else set()
        if runs and alike and first.ref and row.ref in ("", first.ref) and row.title.casefold() not in titles:
            runs[-1].append(row)
        else:
            runs.append([row])
    return [
        replace(row, ref=f"{run[0].ref}~{ascii_lowercase[place % 26]}") if len(run) > 1 else row
        for run in runs
        for place, row in enumerate(run)
    ]


def theme_of(text: str) -> tuple[str, str]:
    """Split "Handlungsfeld 1 Bildung" or "B: Verkehr" into number ("" where there is none) and title."""
    match = _THEME.match(text)
    if not match or (match["word"] and meaning(match["word"]) != "theme" and len(match["word"]) < 4):
        return "", text
    return match["number"], text[match.end() :].lstrip(":–- ")
