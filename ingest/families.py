"""How many records a document should have, by its own word, and whether as many were found.

A family is all records of one numbering. What was found is held against the document's own list, its contents, and its
running numbers. Numbers and labelled fields that recur and are no records show a structure that was not understood:
what nobody understood nobody may count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.blocks import Block
from ingest.tables import Table
from vectorstore.records import Evidence, Family, Item, ItemKind, ItemStatus

LEAST = 3  # numbers of one shape, or times that a label recurs, that make a structure
COUNTED = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL, ItemKind.THEME, ItemKind.PRINCIPLE, ItemKind.THESIS)
RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE)
_NUMBER = r"\d{1,3}(?:[.\-/]\d{1,3}){0,3}[a-z]?"
_LABELLED = re.compile(
    r"^(?P<word>[A-ZÄÖÜ][A-Za-zÄÖÜäöüß]{0,24}(?:[ -][A-ZÄÖÜ]{1,3})?)(?P<gap>\.?[ \-–.]{0,2})"
    rf"(?P<number>{_NUMBER})(?=[:.)\s|–-]|$)"
)
_NO_RECORD = re.compile(
    r"^(?:Abb|Abbildung|Tab|Tabelle|Bild|Grafik|Diagramm|Karte|Seite|S|Kap|Kapitel|Abschnitt|Anlage|Anhang|Artikel|Art|"
    r"Absatz|Abs|Nr|TOP|Punkt|Stufe|Phase|Schritt|Jahr|Stand|Januar|Februar|März|April|Mai|Juni|Juli|August|September|"
    r"Oktober|November|Dezember|Bis|Ab|Seit|Rund|Ca|Etwa|Tel|Telefon|Fax|EUR|Euro|CO|SDG|PLZ|D|A|Pkt|Teil|Band|Heft|"
    r"Drucksache|Vorlage|Version|Quartal|Woche|KW|Haus|Raum|Zimmer|Typ|Klasse|Variante|Szenario|Frage|Fall)$"
)
_KINDS: tuple[tuple[ItemKind, re.Pattern[str]], ...] = (
    (ItemKind.THEME, re.compile(r"handlungsfeld|themenfeld|^hf$|^tf$|cluster", re.I)),
    (ItemKind.GOAL, re.compile(r"ziel|^z$", re.I)),
    (ItemKind.PROJECT, re.compile(r"projekt|vorhaben|^p$", re.I)),
    (ItemKind.THESIS, re.compile(r"these|leitsatz|leitlinie", re.I)),
)
_LABEL = re.compile(r"^([A-ZÄÖÜ][^.!?:\t\d]{2,40}):(?:\s|$)")
_SHEET_LABEL = re.compile(
    r"verantwort|zuständig|federführ|ansprechpartner|träger|akteur|beteiligt|umsetzungszeit|zeitraum|kosten|finanzierung|"
    r"priorität|zielgruppe|zielsetzung|umsetzungsstand|nächste schritte|wer\?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Shape:
    """Numbers of one shape that stand at the beginning of lines; `word` is what they are called."""

    word: str
    label: str
    numbers: dict[str, int | None] = field(default_factory=dict)


def with_families(
    items: Sequence[Item], blocks: Sequence[Block], lists: Sequence[Table], pages: Sequence[int | None]
) -> tuple[list[Item], tuple[Family, ...]]:
    """Return the items with their families' labels, and the families; `pages` are the PDF pages of the blocks."""
    grouped: dict[tuple[ItemKind, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.kind in COUNTED and item.status is not ItemStatus.ARCHIVED:
            grouped[item.kind, shape_of(item.ref)].append(item)
    families = [_family(kind, label, members, lists, blocks, pages) for (kind, label), members in grouped.items()]
    families = _inherited(families, grouped)
    strange = _not_understood(items, blocks, lists, pages)
    doubted = COUNTED if _outweighs(strange, families) else RECORDS if strange else ()
    families = [replace(one, complete=None) if one.kind in doubted else one for one in families]
    labels = {item.key: label for (_, label), members in grouped.items() for item in members}
    marked = [replace(item, family=labels[item.key]) if item.key in labels else item for item in items]
    return marked, (*families, *strange)


def shape_of(ref: str) -> str:
    """Return the shape of a number: "5.5.2.1" has "{n}.{n}.{n}.{n}", "M 12" has "M {n}", "B.X" has "B.{n}"."""
    bare = re.sub(r"(?<![A-Za-z])[IVXL]+(?![A-Za-z])", "{n}", ref.split("~")[0])
    return re.sub(r"\d+[a-z]?", "{n}", bare)


def _family(
    kind: ItemKind,
    label: str,
    members: Sequence[Item],
    lists: Sequence[Table],
    blocks: Sequence[Block],
    pages: Sequence[int | None],
) -> Family:
    found = len(members)
    rows = [row for table in lists for row in table.rows if table.cell(row, "title")]
    if kind is ItemKind.PROJECT and rows and any(member.table_start is not None for member in members):
        page = next((page for block, page in zip(blocks, pages, strict=True) if block.row is rows[0]), None)
        told = Evidence(f"eigene Liste: {len(rows)} Zeilen", page)
        joined = sum(member.table_start is not None for member in members)
        return Family(label, kind, found, max(len(rows), found), found >= len(rows) and joined >= len(rows), (told,))
    expected = max(_running(members), found)
    complete = found >= expected if 2 * found >= expected else None  # of a series that is hardly there nothing is known
    return Family(label, kind, found, expected, complete)


def _inherited(families: Sequence[Family], members: Mapping[tuple[ItemKind, str], Sequence[Item]]) -> list[Family]:
    """Return the families, none of them surer than the one that its members stand under."""
    known = {(one.kind, one.label): one for one in families}
    homes = {item.key: place for place, group in members.items() for item in group}
    result = []
    for one in families:
        above = {homes[item.parent] for item in members[one.kind, one.label] if item.parent in homes}
        surest = [known[place].complete for place in above if place != (one.kind, one.label)]
        doubt = None if None in surest else False
        result.append(one if all(surest) or not one.complete else replace(one, complete=doubt))
        known[one.kind, one.label] = result[-1]
    return result


def _outweighs(strange: Sequence[Family], families: Sequence[Family]) -> bool:
    """Whether most of what looks like records in a document was not understood."""
    shown = sum(one.expected or 0 for one in strange)
    return shown > sum(one.found for one in families if one.kind in RECORDS)


def _running(members: Sequence[Item]) -> int:
    """Return how many members the running numbers promise: for each series the highest of its last numbers."""
    highest: dict[str, int] = {}
    for member in members:
        parts = re.findall(r"\d+", member.ref.split("~")[0])
        if parts:
            series = member.ref[: member.ref.rfind(parts[-1])]
            highest[series] = max(highest.get(series, 0), int(parts[-1]))
    return sum(highest.values()) if highest and all(value < 200 for value in highest.values()) else 0


def _not_understood(
    items: Sequence[Item], blocks: Sequence[Block], lists: Sequence[Table], pages: Sequence[int | None]
) -> list[Family]:
    """Return families of which the document shows many numbers, labels or rows, and hardly any became a record."""
    known = {_plain(item.ref) for item in items} | {_plain(item.title.split(" ")[0]) for item in items}
    found: list[Family] = []
    for shape in _shapes(blocks, pages):
        missing = [number for number in shape.numbers if _plain(number) not in known]
        if len(missing) >= LEAST and len(missing) > len(shape.numbers) / 2:
            first = shape.numbers[missing[0]]
            told = Evidence(f"Nummern der Form „{shape.label}“: {len(shape.numbers)}", first)
            held = len(shape.numbers) - len(missing)
            found.append(Family(shape.label, _kind_of(shape.word), held, len(shape.numbers), None, (told,)))
    if not any(one.kind in RECORDS for one in found):
        found += _fields_of_nothing(items, blocks, pages) or _rows_of_nothing(items, blocks, lists, pages)
    return found


def _shapes(blocks: Sequence[Block], pages: Sequence[int | None]) -> Iterable[_Shape]:
    """Yield the shapes of labelled numbers that lines begin with, of which there are enough."""
    shapes: dict[str, _Shape] = {}
    for block, page in zip(blocks, pages, strict=True):
        match = _LABELLED.match(block.text.lstrip("#*-– "))
        if match is None or _NO_RECORD.match(match["word"]):
            continue
        gap = " " if match["gap"].isspace() else match["gap"]
        label = f"{match['word']}{gap}{shape_of(match['number'])}"
        shape = shapes.setdefault(label, _Shape(match["word"], label))
        shape.numbers.setdefault(f"{match['word']}{gap}{match['number']}", page)
    return (shape for shape in shapes.values() if len(shape.numbers) >= LEAST and _runs(shape))


def _runs(shape: _Shape) -> bool:
    """Whether numbers run: they leave out fewer than they have, unlike the numbers of roads or of paragraphs quoted."""
    last = [int(re.findall(r"\d+", number)[-1]) for number in shape.numbers]
    return max(last) <= 2 * len(shape.numbers)


def _fields_of_nothing(items: Sequence[Item], blocks: Sequence[Block], pages: Sequence[int | None]) -> list[Family]:
    """Labels of measure sheets that recur, where fewer than half of the sheets became records with fields."""
    labels: Counter[str] = Counter()
    places: dict[str, int | None] = {}
    for block, page in zip(blocks, pages, strict=True):
        match = _LABEL.match(block.text)
        if match and _SHEET_LABEL.search(match[1]):
            labels[match[1]] += 1
            places.setdefault(match[1], page)
    if not labels:
        return []
    label, count = labels.most_common(1)[0]
    sheets = sum(any(one.label == label for one in item.fields) for item in items if item.kind in RECORDS)
    if count < LEAST or sheets >= count / 2:
        return []
    told = Evidence(f"Angaben „{label}“: {count}", places[label])
    return [Family("", ItemKind.MEASURE, sheets, count, None, (told,))]


def _rows_of_nothing(
    items: Sequence[Item], blocks: Sequence[Block], lists: Sequence[Table], pages: Sequence[int | None]
) -> list[Family]:
    """Rows of tables that list titles, where fewer than half of the rows belong to a record."""
    taken = {item.table_start for item in items if item.table_start is not None}
    rows = [row for table in lists for row in table.rows if table.cell(row, "title")]
    left = [row for row in rows if row.start not in taken]
    if len(left) < LEAST or len(left) <= len(rows) / 2:
        return []
    page = next((page for block, page in zip(blocks, pages, strict=True) if block.row is left[0]), None)
    told = Evidence(f"Tabellenzeilen mit Titeln: {len(rows)}", page)
    return [Family("", ItemKind.MEASURE, 0, len(rows), None, (told,))]


def _kind_of(word: str) -> ItemKind:
    return next((kind for kind, pattern in _KINDS if pattern.search(word)), ItemKind.MEASURE)


def _plain(ref: str) -> str:
    """Return a number without spaces, case, leading zeros and label word, as refs are compared."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", "".join(ref.split()).casefold()).strip(".:–-")
