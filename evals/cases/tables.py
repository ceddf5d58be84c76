"""Cases as a table for a spreadsheet, one row each: CSV (UTF-8 with BOM, semicolon) or XLSX, and back without loss."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from evals.cases import Case, load_cases, write_cases
from evals.cases.cell_fields import CellError
from evals.cases.cells import COLUMNS, case_of, row_of
from evals.cases.errors import CaseError, LineError

SHEET, EXPLAINED = "Fälle", "Erklärung"
MAX_CELL = 32_767
NAMES = tuple(column.name for column in COLUMNS)
_WIDTHS = {
    "question": 60,
    "history": 40,
    "citations_any": 40,
    "citations_all": 40,
    "facts": 40,
    "note": 40,
    "proof": 40,
}
_RULES = (
    ("Zeichen", "Ein Semikolon trennt Einträge, ein | Schreibweisen; vor dem Zeichen selbst im Text steht ein \\."),
    ("Rückstrich", "\\\\ ist ein Rückstrich, \\n ein Zeilenumbruch innerhalb eines Eintrags."),
    ("Apostroph", "Was mit = + - @ beginnt, steht hinter einem Apostroph, damit daraus keine Formel wird."),
    ("Zellen", "Alle Zellen sind Text. Zahlen und Daten, die Excel umgewandelt hat, werden nicht eingelesen."),
)  # fmt: skip
Row = tuple[int, dict[str, str], list[tuple[str, str]]]


def read_any(path: Path) -> list[Case]:
    """The cases of a JSONL, CSV or XLSX file; raises CaseError with everything that is wrong."""
    kind = path.suffix.lower()
    if kind == ".csv":
        return _cases(path, _csv_rows(path))
    return _cases(path, _xlsx_rows(path)) if kind == ".xlsx" else load_cases(path)


def write_any(cases: Iterable[Case], path: Path) -> None:
    """Write cases in the form that the file's name ends in; raises CaseError for what the form cannot hold."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx", ".jsonl"):
        raise CaseError([LineError(path.name, "muss auf .jsonl, .csv oder .xlsx enden")])
    {".csv": write_csv, ".xlsx": write_xlsx, ".jsonl": write_cases}[kind](cases, path)


def write_csv(cases: Iterable[Case], path: Path) -> None:
    """Write cases as CSV with BOM, semicolons and a header."""
    held = io.StringIO()
    writer = csv.writer(held, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(NAMES)
    writer.writerows(row_of(case) for case in cases)
    path.write_bytes(held.getvalue().encode("utf-8-sig"))


def write_xlsx(cases: Iterable[Case], path: Path) -> None:
    """Write cases as XLSX, text cells only, with a second sheet that explains the columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    rows = [list(NAMES), *(row_of(case) for case in cases)]
    _require_short(rows, path)
    _fill(sheet, rows, [_WIDTHS.get(name, 14) for name in NAMES])
    explained = [[one.name, one.explained, one.example, "ja" if one.required else "nein"] for one in COLUMNS]
    head = ["Spalte", "Bedeutung", "Beispiel", "Pflicht"]
    rules = [[name, said, "", ""] for name, said in _RULES]
    _fill(book.create_sheet(EXPLAINED), [head, *explained, *rules], [16, 90, 50, 8])
    book.save(path)


def _require_short(rows: Sequence[Sequence[str]], path: Path) -> None:
    problems = [
        LineError(_place(path, number, name), f"ist zu lang für XLSX (höchstens {MAX_CELL} Zeichen); CSV fasst es")
        for number, row in enumerate(rows, start=1)
        for name, text in zip(NAMES, row, strict=True)
        if len(text) > MAX_CELL
    ]
    if problems:
        raise CaseError(problems)


def _fill(sheet: Any, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if text:
                _text_cell(sheet.cell(number, place), text, head=number == 1)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _text_cell(cell: Cell, text: str, head: bool) -> None:
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if head:
        cell.font = Font(bold=True)


def _cases(path: Path, rows: Iterator[Row]) -> list[Case]:
    problems: list[LineError] = []
    seen: dict[str, int] = {}
    cases: list[Case] = []
    for number, cells, wrong in rows:
        case, found = (None, wrong) if wrong else case_of(cells)
        problems.extend(LineError(_place(path, number, name), said) for name, said in found)
        if case is not None and case.id in seen:
            problems.append(LineError(_place(path, number, "id"), f"{case.id} gibt es schon (Zeile {seen[case.id]})"))
        elif case is not None:
            seen[case.id] = number
            cases.append(case)
    if problems:
        raise CaseError(problems)
    return cases


def _place(path: Path, number: int, name: str) -> str:
    return f"{path.name}, Zeile {number}, Spalte {name}"


def _csv_rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = f"kein UTF-8 (Byte {error.start}); in Excel als „CSV UTF-8“ speichern"
        raise CaseError([LineError(path.name, said)]) from error
    except OSError as error:
        raise CaseError([LineError(path.name, f"nicht lesbar ({error.strerror})")]) from error
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise CaseError([LineError(path.name, f"kein CSV ({error})")]) from error
    header = _header(path, rows[0] if rows else [])
    for number, row in enumerate(rows[1:], start=2):
        if any(text.strip() for text in row):
            yield number, dict(zip(header, row, strict=False)), _unnamed(header, row)


def _xlsx_rows(path: Path) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(path)
    except OSError as error:
        raise CaseError([LineError(path.name, f"nicht lesbar ({error.strerror})")]) from error
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError) as error:
        raise CaseError([LineError(path.name, "keine XLSX-Datei")]) from error
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    rows = list(sheet.iter_rows())
    header = _header(path, [str(cell.value or "") for cell in rows[0]] if rows else [])
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.value is not None and str(cell.value).strip() for cell in row):
            cells, problems = _xlsx_cells(dict(zip(header, row, strict=True)))
            yield number, cells, [*problems, *_unnamed(header, [str(cell.value or "") for cell in row])]


def _unnamed(header: Sequence[str], row: Sequence[str]) -> list[tuple[str, str]]:
    """What stands in columns that the header does not name."""
    named = [*header, *[""] * (len(row) - len(header))]
    places = [place for place, text in enumerate(row, start=1) if text.strip() and not named[place - 1]]
    return [(str(place), "hat keine Überschrift") for place in places]


def _xlsx_cells(row: dict[str, Cell]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    cells: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    for name, cell in row.items():
        if not name:
            continue
        try:
            cells[name] = _text_of(name, cell)
        except CellError as error:
            problems.append((name, str(error)))
    return cells, problems


def _text_of(name: str, cell: Cell) -> str:
    """What a person sees in a cell; raises CellError where a spreadsheet may have changed what was typed."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        raise CellError("enthält eine Formel oder einen Fehlerwert statt Text")
    if isinstance(value, bool):
        raise CellError("enthält WAHR oder FALSCH statt Text")
    if isinstance(value, (date, datetime, time, timedelta)):
        raise CellError("enthält ein Datum, das Excel umgewandelt hat; die Zelle als Text formatieren und neu eingeben")
    if isinstance(value, (int, float)):
        return _number(name, value)
    return str(value)


def _number(name: str, value: int | float) -> str:
    if name != "count":
        said = f"enthält die Zahl {value}, die Excel umgewandelt haben kann"
        raise CellError(f"{said}; die Zelle als Text formatieren und neu eingeben")
    if value != int(value):
        raise CellError("muss eine ganze Zahl sein")
    return str(int(value))


def _header(path: Path, names: Sequence[str]) -> list[str]:
    """The names of the columns in their order, "" for empty ones at the end; raises CaseError for wrong ones."""
    found = [name.strip() for name in names]
    required = [column.name for column in COLUMNS if column.required]
    problems = [
        *((name, "gibt es nicht") for name in found if name and name not in NAMES),
        *((name, "kommt mehrmals vor") for name in dict.fromkeys(found) if name and found.count(name) > 1),
        *((name, "fehlt") for name in required if name not in found),
    ]
    if problems:
        raise CaseError([LineError(_place(path, 1, name), said) for name, said in problems])
    return found
