"""Brings lines into forms that are known before a plan is induced: one label with its text on a line of its own.

Several labels on one line become a line each, a label that a narrow column breaks becomes one line, a title in bold
that runs into its text is parted from it, and the rows of a table that is a sheet (labels beside their values, one
record below another or several side by side, or labels over their values) become lines. A table of records stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, zip_longest

from ingest.columns import names_columns, numbers_row
from ingest.layout.contents_lines import contents_lines
from ingest.layout.hyphens import Vocabulary, join_lines
from ingest.layout.lines import Line, RawDocument, text_width
from ingest.plan.form import ReadingPlan
from ingest.plan.numbers import matches, printed_number
from ingest.plan.words import meaning, normal
from vectorstore.records import ItemKind

_BAR = re.compile(r"(?:(?<!\s)\s++)?(?:[|·•;]|(?<=\s)/)\s+")
_LABEL = re.compile(r"[\[(]?[A-ZÄÖÜ][^:|;.?]{1,60}[:?](?:\s|$)")
_OPENED, _CLOSED = re.compile(r"^[\[(](?![^()\[\]]*[)\]])"), re.compile(r"(?<![(\[])[)\]]\s*$")
_LEAST = 3  # rows of labels that a document has, labels that a sheet has, and times that what is unknown has to recur
_OFTEN = 0.8  # of the places of the first part of a label at which the same second part follows
_LONGEST_PART = 40  # characters of a line that is a part of a label
_LEADING = 1.6  # sizes between the lines of one label or title
_SAME_ROW = 4.0  # points between the base lines of a number at the margin and its title
_LONGEST, _MOST_WORDS = 64, 8  # of a label in a table
_SHARE = 0.6  # of a table's rows that begin with a label
_MOST = 0.6  # of a family's numbered lines that begin in bold and go on plain


def part_label_rows(raw: RawDocument) -> None:
    """Part the lines of rows of labels, where a document has several; the text behind each label stays with it."""
    if sum(map(_is_row, raw.lines)) < _LEAST:
        return
    lines: list[Line] = []
    within = False
    for line in raw.lines:
        if line.noise or line.tabled:
            lines.append(line)
            continue
        within = _is_row(line) or (within and _goes_on(lines[-1], line))
        lines.extend(_labels_of(line) if within else [line])
    raw.lines[:] = lines


def _is_row(line: Line) -> bool:
    """Tell whether a line has two labels with colons at least, each behind a bar."""
    if line.noise or line.tabled or not _LABEL.match(line.text):
        return False
    return sum(bool(_LABEL.match(part)) for part in _parts(line.text)) >= 2


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether a line goes on a row of labels: it has another behind a bar, and stands where the row does."""
    return line.page == above.page and any(_LABEL.match(part) for part in _parts(line.text)[1:])


def _parts(text: str) -> list[str]:
    """Return the parts with the bars behind them; a bar in front of what is no label belongs to the text before."""
    places = [0, *(bar.end() for bar in _BAR.finditer(text) if _LABEL.match(text, bar.end())), len(text)]
    return [text[start:end].rstrip() for start, end in pairwise(places)]


def _labels_of(line: Line) -> list[Line]:
    lines, across = [], line.x
    for number, part in enumerate(filter(None, _parts(line.text))):
        text = _OPENED.sub("", part)
        if text.count("(") + text.count("[") < text.count(")") + text.count("]"):
            text = _CLOSED.sub("", text)
        lines.append(replace(line, text=text, x=across, opens=line.opens or number > 0, lead=0))
        across += text_width(part, line.size) if line.size else 0
    return lines


def join_split_labels(raw: RawDocument) -> None:
    """Join lines in bold that stand below one another and recur together."""
    pairs = list(pairwise(raw.lines)) if raw.positioned else []
    firsts = Counter(line.text for line in raw.lines if _may_be_part(line))
    counts = Counter((above.text, below.text) for above, below in pairs if _is_split(above, below))
    often = {pair for pair, count in counts.items() if count >= max(_LEAST, _OFTEN * firsts[pair[0]])}
    words = Vocabulary(line.text for line in raw.lines) if often else None
    gone: set[int] = set()
    for above, below in pairs:
        if (
            words is not None
            and id(above) not in gone
            and (above.text, below.text) in often
            and _is_split(above, below)
        ):
            above.text = join_lines(above.text, below.text, words)
            above.right = max(above.right, below.right)
            gone.add(id(below))
    raw.lines[:] = [line for line in raw.lines if id(line) not in gone]


def _may_be_part(line: Line) -> bool:
    return line.bold and not (line.noise or line.tabled or line.bullet or line.lead) and len(line.text) <= _LONGEST_PART


def _is_split(above: Line, below: Line) -> bool:
    """Tell whether a line goes on the label above it: just below it, flush with it, set alike."""
    if not (_may_be_part(above) and _may_be_part(below)) or above.text.endswith((":", "?", ".")):
        return False
    alike = above.page == below.page and abs(above.size - below.size) <= 0.3 and abs(above.x - below.x) <= 3
    return alike and 0 < above.y - below.y <= _LEADING * above.size


def part_run_in(raw: RawDocument, plan: ReadingPlan) -> None:
    """Part the lines of a document where the bold title of a numbered record ends and its text begins."""
    contents = contents_lines(raw.lines)
    bold = [
        i
        for i, (line, below) in enumerate(zip_longest(raw.lines, raw.lines[1:]))
        if not (line.noise or line.tabled or i in contents) and (line.bold or line.lead or (below and below.lead))
    ]
    parted: dict[int, str] = {}
    for family in plan.families:
        if family.label and family.kind is not ItemKind.THEME:
            places = [i for i in bold if (one := printed_number(raw.lines[i].text)) and matches(family.label, one)]
            titles = [found for i in places if (found := _title_in(raw.lines, i)) is not None]
            parted.update(titles if len(titles) >= _MOST * len(places) else [])
    lines: list[Line] = []
    for index, line in enumerate(raw.lines):
        lines.extend(_parted(line, parted[index]) if index in parted else [line])
    raw.lines[:] = lines


def _title_in(lines: Sequence[Line], index: int) -> tuple[int, str] | None:
    """Return the line on which the bold title that begins at a line ends, and what of it is bold; None where none."""
    first, number = lines[index], printed_number(lines[index].lead_text)
    if number is not None and number.rest:
        return index, first.lead_text
    below, whole = lines[index + 1] if index + 1 < len(lines) else None, printed_number(first.text)
    if below is None or not below.lead or whole is None or whole.rest:
        return None
    beside = abs(first.y - below.y) <= _SAME_ROW and first.x < below.x
    return (index + 1, below.lead_text) if beside else None


def _parted(line: Line, title: str) -> tuple[Line, Line]:
    rest = line.text[len(title) :].lstrip()
    across = line.x + text_width(f"{title} ", line.size) if line.size else 0.0
    head = replace(line, text=title.rstrip(), bold=True, lead=sum(map(str.isalnum, title)))
    return head, replace(line, text=rest, bold=False, lead=0, opens=True, x=across, bullet=False, level=0)


def open_sheet_tables(raw: RawDocument) -> None:
    """Put the rows of tables that are sheets into lines, label by label; tables of records stay."""
    if raw.positioned:
        return
    labels, heads = _labels(raw.lines), _heads_of_sheets(raw.lines)
    lines: list[Line] = []
    for tabled, run in groupby(raw.lines, key=lambda line: bool(line.cells) and not line.noise):
        rows = list(run)
        if tabled and _is_sheet(rows, labels):
            for table in _tables(rows, labels):
                lines.extend(_opened(table, labels) if _is_sheet(table, labels) else _within(table))
        else:
            lines.extend(_under_heads(rows, heads) if tabled else rows)
    raw.lines[:] = lines


def _names(row: Line) -> tuple[str, ...]:
    return tuple(normal(cell) for cell in row.cells or ())


def _heads_of_sheets(lines: Sequence[Line]) -> frozenset[tuple[str, ...]]:
    """Return the heads that recur over a single row of values each: rows of labels, not heads of lists."""
    counts: Counter[tuple[str, ...]] = Counter()
    several: set[tuple[str, ...]] = set()
    for above, below, after in zip(lines, lines[1:], [*lines[2:], Line("")], strict=False):
        width = len(above.cells or ())
        if width > 1 and names_columns(above.cells or ()) and len(below.cells or ()) == width:
            counts[_names(above)] += 1
            if len(after.cells or ()) == width and not names_columns(after.cells or ()):
                several.add(_names(above))
    titled = {head for head in counts if any(meaning(name) == "title" for name in head)}
    return frozenset(head for head, count in counts.items() if count >= _LEAST) - several - titled


def _under_heads(rows: Sequence[Line], heads: frozenset[tuple[str, ...]]) -> Iterator[Line]:
    """Yield the rows of a table, a row of labels and the values below it as lines of a label with its value."""
    head: Line | None = None
    for row in rows:
        if _names(row) in heads:
            head = row
        elif head is not None and len(row.cells or ()) == len(head.cells or ()):
            pairs = zip(head.cells or (), row.cells or (), strict=True)
            yield from (_line(row, f"{label}\t{value}") for label, value in pairs if value.strip())
            head = None
        else:
            yield row


def _within(rows: Sequence[Line]) -> Iterator[Line]:
    """Yield the rows of a table that stands within a sheet as lines of it: its rows are no records."""
    return (_line(row, "\t".join(cell for cell in row.cells or () if cell.strip())) for row in rows)


def _tables(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[list[Line]]:
    """Yield the tables that follow one another: rows of other columns, none of which begins with a label, are one."""
    table: list[Line] = []
    for width, run in groupby(rows, key=lambda row: len(row.cells or ())):
        alike = list(run)
        own = width > 2 and len(alike) > 1 and not any(normal((row.cells or ("",))[0]) in labels for row in alike)
        if own and names_columns(alike[0].cells or ()):
            yield from (one for one in (table, alike) if one)
            table = []
        else:
            table.extend(alike)
    if table:
        yield table


def _labels(lines: Sequence[Line]) -> frozenset[str]:
    """Return the first cells that recur as labels do: with another text beside them, never twice in a row."""
    counts: Counter[str] = Counter()
    beside: dict[str, set[str]] = {}
    rows = [line.cells for line in lines if line.cells and len(line.cells) > 1]
    for cells in rows:
        for place in (0, 2) if len(cells) == 4 else (0,):
            name = normal(cells[place])
            if _may_be_label(cells[place]) and cells[place + 1].strip():
                counts[name] += 1
                beside.setdefault(name, set()).add(cells[place + 1])
    doubled = {normal(above[0]) for above, below in pairwise(rows) if normal(above[0]) == normal(below[0])}
    return frozenset(
        name
        for name, count in counts.items()
        if name not in doubled and (count >= _LEAST or (count >= 2 and meaning(name))) and len(beside[name]) >= 2
    )


def _may_be_label(cell: str) -> bool:
    text = cell.strip()
    worded = any(map(str.isalpha, text)) and not numbers_row(text)
    ended = text.endswith(".") and meaning(text) is None
    return worded and len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and not ended


def _is_sheet(rows: Sequence[Line], labels: frozenset[str]) -> bool:
    """Tell whether a table's rows begin with labels rather than with records."""
    if names_columns(rows[0].cells or ()) and len(rows[0].cells or ()) > 2:
        return False
    names = [normal(row.cells[0]) for row in rows if row.cells and len(row.cells) > 1 and any(row.cells[1:])]
    known = [name for name in names if name in labels]
    return len(set(known)) >= _LEAST and len(known) >= _SHARE * len(names)


def _opened(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of a table: headings, and each label with its text; side by side, one column after another."""
    sheet: list[Line] = []
    for row in rows:
        if _heads(row, labels) and any(normal((one.cells or ("",))[0]) in labels for one in sheet):
            yield from _columns(sheet, labels)
            sheet = []
        sheet.append(row)
    yield from _columns(sheet, labels)


def _heads(row: Line, labels: frozenset[str]) -> bool:
    """Tell whether a row stands above labels: one text alone, or one above each column of values."""
    cells = row.cells or ()
    filled = [cell for cell in cells if cell.strip()]
    if len(cells) > 1 and normal(cells[0]) in labels:
        return False
    return len(filled) == 1 or not cells[0].strip() or all(printed_number(cell) for cell in filled)


def _columns(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[Line]:
    """Yield one sheet after another of those that stand side by side."""
    pairs = any(len(row.cells or ()) == 4 and normal((row.cells or ())[2]) in labels for row in rows)
    width = max(len(row.cells or ()) for row in rows)
    abreast = 1 if pairs or width < 3 else width - 1
    for column in range(1, abreast + 1):
        for row in rows:
            yield from _row(row, column, labels) if abreast > 1 else _alone(row, labels)


def _row(row: Line, column: int, labels: frozenset[str]) -> Iterator[Line]:
    """Yield what of a row belongs to the sheet in a column."""
    cells = row.cells or ()
    own = cells[column] if column < len(cells) else ""
    if normal(cells[0]) in labels and len(cells) > 1:
        if own.strip():
            yield _line(row, f"{cells[0]}\t{own}")
        elif column == 1 and not any(cell.strip() for cell in cells[1:]):
            yield _line(row, cells[0])
    elif sum(bool(cell.strip()) for cell in cells) > 1:
        if column == 1 and cells[0].strip():
            yield _line(row, cells[0])
        if own.strip():
            yield _line(row, own, bold=True)
    elif column == 1:
        yield from _alone(row, labels)


def _alone(row: Line, labels: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of a row of a single sheet: a label with its text, another beside it, or a heading."""
    cells = row.cells or ()
    filled = [cell for cell in cells if cell.strip()]
    if len(cells) > 1 and normal(cells[0]) in labels:
        yield _line(row, f"{cells[0]}\t{cells[1]}")
        rest = [cell for cell in cells[2:] if cell.strip()]
        if rest:
            yield _line(row, "\t".join(rest) if normal(rest[0]) in labels else " ".join(rest))
    elif filled:
        yield _line(row, " ".join(filled), bold=len(filled) == 1 or row.bold)


def _line(row: Line, text: str, bold: bool = False) -> Line:
    return Line(text, page=row.page, bold=bold)
