"""Cases as CSV and XLSX: the same cases come back, and every wrong cell is named by row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evals
from evals.cases import Case, load_cases
from evals.cases.cells import COLUMNS
from evals.cases.errors import CaseError
from evals.cases.tables import EXPLAINED, SHEET, read_any, write_any

SHIPPED = sorted((Path(evals.__file__).parent / "cases").glob("*.jsonl"))
ENDINGS = (".csv", ".xlsx", ".jsonl")
NAMES = [column.name for column in COLUMNS]
FULL = Case.model_validate(
    {
        "id": "f-1",
        "type": "list",
        "question": "Welche Projekte; und warum?",
        "history": [{"role": "user", "content": "Person: ich\nund du"}, {"role": "assistant", "content": "Ja."}],
        "language": "en",
        "expect": {
            "behavior": "answer",
            "citations_any": [["bericht", "5.1"], ["a:b", "c; d"]],
            "citations_all": [["bericht", "Titel: Teil 2"]],
            "facts": [["zwölf | 12", "12"], ["C:\\neu"]],
            "forbidden": ["=1+1", "in Planung; fertig"],
            "count": 2,
        },
        "corpus": "klimaplan; 2030",
        "note": " =SUMME(A1) ",
        "proof": {"kind": "project", "status": ["planned", "idea"], "theme": "5", "unit": "66; 67"},
    }
)
RAW = {"id": "o-1", "type": "overview", "question": "Was tut der Kreis für das Klima?"}
GOOD = {"id": "g-1", "type": "count", "question": "Wie viele?", "behavior": "answer", "count": "3"}


def written_csv(folder: Path, *rows: dict[str, str], separator: str = ";") -> Path:
    held = io.StringIO()
    writer = csv.DictWriter(held, NAMES, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "faelle.csv"
    path.write_text(held.getvalue(), encoding="utf-8")
    return path


def written_xlsx(folder: Path, *rows: dict[str, Any]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    for row in rows:
        book.active.append([row.get(name) for name in NAMES])
    path = folder / "faelle.xlsx"
    book.save(path)
    return path


def said(path: Path) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_any(path)
    return [str(one) for one in caught.value.problems]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_shipped_cases_come_back_the_same(path: Path, ending: str, tmp_path: Path) -> None:
    cases = load_cases(path)
    write_any(cases, tmp_path / f"faelle{ending}")
    assert read_any(tmp_path / f"faelle{ending}") == cases


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_case_with_every_field_comes_back_the_same(ending: str, tmp_path: Path) -> None:
    write_any([FULL], tmp_path / f"faelle{ending}")
    assert read_any(tmp_path / f"faelle{ending}") == [FULL]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_overview_comes_back_the_same(ending: str, tmp_path: Path) -> None:
    overview = {"core": [["a:b", "c; d"]], "topic": [["a", "core: e"], ["a", "1\n2"]], "at_least": 3}
    expect = {"behavior": "answer", "overview": overview, "verdict": "idea"}
    case = Case.model_validate(RAW | {"expect": expect})
    write_any([case], tmp_path / f"faelle{ending}")
    assert read_any(tmp_path / f"faelle{ending}") == [case]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("kern: a:1", "„kern: a:1“ beginnt nicht mit core, topic, at_least und Doppelpunkt"),
        ("core: a:1\ncore: a:2", "„core: a:2“ beginnt nicht mit core, topic, at_least und Doppelpunkt"),
        ("core: a:1\ntopic: a:1\nat_least: zwei", "muss eine ganze Zahl sein"),
        ("core: a:1\ntopic: a:1\nat_least: 6", "at_least muss höchstens 5 sein"),
        ("core: a:1\nat_least: 2", "topic fehlt"),
    ],
)
def test_a_wrong_overview_is_told(cell: str, message: str, tmp_path: Path) -> None:
    row = {name: value for name, value in GOOD.items() if name != "count"}
    assert said(written_csv(tmp_path, row | {"overview": cell})) == [f"faelle.csv, Zeile 2, Spalte overview: {message}"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("text", ["#N/A", "_x0041_", "x005F_", "'=1", "''-", "\u200b", "a\r\nb", "\x07", "1\\"])
def test_texts_that_spreadsheets_change_come_back(text: str, ending: str, tmp_path: Path) -> None:
    raw = dict.fromkeys(("id", "type", "question", "note"), text)
    case = Case.model_validate(raw | {"expect": {"behavior": "abstain"}})
    write_any([case], tmp_path / f"faelle{ending}")
    assert read_any(tmp_path / f"faelle{ending}") == [case]


def test_excel_finds_no_sign_codes_to_replace(tmp_path: Path) -> None:
    write_any([FULL.model_copy(update={"note": "_x0041_"})], tmp_path / "faelle.xlsx")
    assert openpyxl.load_workbook(tmp_path / "faelle.xlsx")[SHEET]["M2"].value == "_\\u00780041_"


SPECIAL = st.sampled_from(";|:=\\n'+-@ x0041_\n\t\r")
signs = st.text(SPECIAL | st.characters(codec="utf-8"), min_size=1, max_size=30)
texts = signs.filter(lambda text: bool(text.strip()))
refs = st.lists(st.tuples(texts, texts), max_size=3)
turns = st.lists(st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": texts}), max_size=3)
proofs = st.none() | st.fixed_dictionaries(
    {"kind": st.sampled_from(["project", "goal"])},
    optional={
        "status": st.lists(st.sampled_from(["idea", "archived"]), max_size=2),
        **{name: texts for name in ("document", "theme", "goal", "unit", "municipality", "text")},
    },
)
expectations: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"behavior": st.just("answer"), "count": st.integers(0, 10**30)},
    optional={
        "citations_any": refs,
        "citations_all": refs,
        "facts": st.lists(st.lists(texts, min_size=1, max_size=3), max_size=3),
        "forbidden": st.lists(texts, max_size=3),
    },
)
arbitrary: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"id": texts, "type": texts, "question": texts, "expect": expectations | st.just({"behavior": "abstain"})},
    optional={
        "history": turns,
        "language": st.sampled_from(["de", "en", "tur"]),
        "distance": st.sampled_from([None, "near", "far"]),
        "note": st.just("") | signs,
    },
)


@st.composite
def arbitrary_cases(draw: st.DrawFn) -> list[Case]:
    raw = draw(st.lists(arbitrary, min_size=1, max_size=3))
    for one in raw:
        if one["expect"]["behavior"] == "answer":
            one["proof"] = draw(proofs)
    return list({case.id: case for case in map(Case.model_validate, raw)}.values())


def there_and_back(cases: list[Case], ending: str) -> list[Case]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"faelle{ending}"
        write_any(cases, path)
        return read_any(path)


@settings(max_examples=200, deadline=None)
@given(arbitrary_cases())
def test_arbitrary_cases_come_back_from_csv(cases: list[Case]) -> None:
    assert there_and_back(cases, ".csv") == cases


@settings(max_examples=60, deadline=None)
@given(arbitrary_cases())
def test_arbitrary_cases_come_back_from_xlsx(cases: list[Case]) -> None:
    assert there_and_back(cases, ".xlsx") == cases


def test_csv_is_what_a_german_spreadsheet_opens(tmp_path: Path) -> None:
    write_any([FULL], tmp_path / "faelle.csv")
    raw = (tmp_path / "faelle.csv").read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"id";"type";"question";"language";"history"')


def test_cells_are_written_as_documented(tmp_path: Path) -> None:
    write_any([FULL], tmp_path / "faelle.csv")
    with (tmp_path / "faelle.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert row["citations_any"] == "bericht:5.1; a\\:b:c\\; d"
    assert row["facts"] == "zwölf \\| 12 | 12; C:\\\\neu"
    assert row["history"] == "Person: Person: ich\\nund du\nAssistent: Ja."
    assert row["proof"] == "kind=project; status=planned | idea; theme=5; unit=66\\; 67"
    assert (row["forbidden"], row["note"]) == ("'=1+1; in Planung\\; fertig", "' =SUMME(A1) ")


def test_what_a_person_types_is_read(tmp_path: Path) -> None:
    row = GOOD | {
        "history": "Person:Wer?\n\nAssistent: Der Fachdienst: 53.",
        "citations_any": "bericht : 5.1 ;bericht:5.2;",
        "facts": "12|zwölf",
        "forbidden": "-5",
        "distance": "",
        "proof": "kind=project;status=idea",
    }
    (case,) = read_any(written_csv(tmp_path, row))
    assert [one.content for one in case.history] == ["Wer?", "Der Fachdienst: 53."]
    assert case.expect.citations_any == (("bericht", "5.1"), ("bericht", "5.2"))
    assert (case.expect.facts, case.expect.forbidden) == ((("12", "zwölf"),), ("-5",))
    assert case.language == "de"
    assert case.proof and case.proof.status == ("idea",)


@pytest.mark.parametrize("separator", [",", "\t"])
def test_other_separators_are_read(separator: str, tmp_path: Path) -> None:
    assert [one.id for one in read_any(written_csv(tmp_path, GOOD, separator=separator))] == ["g-1"]


@pytest.mark.parametrize("written", [written_csv, written_xlsx])
def test_every_wrong_cell_is_named_at_once(written: Callable[..., Path], tmp_path: Path) -> None:
    wrong = {
        "id": "g-2",
        "type": "",
        "question": "x" * 501,
        "behavior": "answer",
        "citations_any": "bericht",
        "count": "drei",
    }
    late = GOOD | {"id": "g-3", "history": "Kind: Wer?", "proof": "kind=project; farbe=rot"}
    path = written(tmp_path, GOOD, {}, wrong, late, GOOD)
    assert said(path) == [
        f"{path.name}, Zeile 4, Spalte type: fehlt",
        f"{path.name}, Zeile 4, Spalte citations_any: „bericht“ braucht einen Doppelpunkt zwischen "
        "Dokument und Eintrag",
        f"{path.name}, Zeile 4, Spalte count: muss eine ganze Zahl sein",
        f"{path.name}, Zeile 5, Spalte history: Beitrag 1 beginnt weder mit „Person:“ noch mit „Assistent:“",
        f"{path.name}, Zeile 5, Spalte proof: „farbe=rot“ hat nicht die Form feld=wert mit kind, document, status, "
        "theme, goal, unit, municipality, text",
        f"{path.name}, Zeile 6, Spalte id: g-1 gibt es schon (Zeile 2)",
    ]


WRONG_CELLS = {
    ("count", "-1"): "count: muss mindestens 0 sein",
    ("count", "3,5"): "count: muss eine ganze Zahl sein",
    ("behavior", "vielleicht"): "behavior: muss 'answer', 'abstain', 'answer_or_note' oder 'about_service' sein",
    (
        "behavior",
        "abstain",
    ): "behavior: wo keine Antwort erwartet wird, kann es weder Belege noch Fakten",
    ("question", "x" * 501): "question: ist zu lang (höchstens 500 Zeichen)",
    ("language", "deutsch"): "language: hat nicht die Form ^[a-z]{2,3}$",
    ("facts", "12; a||b"): "facts: 2. Eintrag 2. Eintrag ist leer",
    ("proof", "kind=projekt"): "proof: kind muss 'theme', 'goal', 'project'",
    ("proof", "status=idea"): "proof: kind fehlt",
    ("proof", "kind=project; unit=66|67"): "proof: unit kann nur einen Wert haben",
}


@pytest.mark.parametrize(("cell", "message"), WRONG_CELLS.items())
def test_a_wrong_value_is_told_with_its_column(cell: tuple[str, str], message: str, tmp_path: Path) -> None:
    (told,) = said(written_csv(tmp_path, GOOD | {cell[0]: cell[1]}))
    assert told.startswith(f"faelle.csv, Zeile 2, Spalte {message}")


def test_a_number_of_excel_is_a_count(tmp_path: Path) -> None:
    assert read_any(written_xlsx(tmp_path, GOOD | {"count": 3.0}))[0].expect.count == 3


TYPED = {
    "citations_any": (5.1, "enthält die Zahl 5.1, die Excel umgewandelt haben kann"),
    "facts": (datetime(2026, 1, 5), "enthält ein Datum, das Excel umgewandelt hat"),
    "question": ("=1+1", "enthält eine Formel"),
    "note": (True, "enthält WAHR oder FALSCH"),
    "forbidden": ("#N/A", "enthält eine Formel oder einen Fehlerwert"),
    "count": (3.5, "muss eine ganze Zahl sein"),
}


@pytest.mark.parametrize("name", TYPED)
def test_what_excel_changed_is_refused(name: str, tmp_path: Path) -> None:
    value, message = TYPED[name]
    (told,) = said(written_xlsx(tmp_path, GOOD | {name: value}))
    assert told.startswith(f"faelle.xlsx, Zeile 2, Spalte {name}: {message}")


def test_xlsx_holds_text_cells_and_explains_its_columns(tmp_path: Path) -> None:
    write_any([FULL], tmp_path / "faelle.xlsx")
    book = openpyxl.load_workbook(tmp_path / "faelle.xlsx")
    sheet = book[SHEET]
    filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in filled} == {("s", "@")}
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["C"].width == 60
    explained = {row[0]: row[1] for row in book[EXPLAINED].iter_rows(min_row=2, values_only=True)}
    assert [name for name in NAMES if not explained.get(name)] == []


def test_a_cell_too_long_for_xlsx_is_refused_and_not_cut(tmp_path: Path) -> None:
    history = [{"role": "user", "content": "x" * 4000}] * 10
    case = Case.model_validate(FULL.model_dump() | {"history": history})
    with pytest.raises(CaseError, match="Zeile 2, Spalte history: ist zu lang für XLSX"):
        write_any([case], tmp_path / "faelle.xlsx")
    assert not (tmp_path / "faelle.xlsx").exists()
    assert there_and_back([case], ".csv") == [case]


HEADERS = {
    "id;type;question": ["faelle.csv, Zeile 1, Spalte behavior: fehlt"],
    "id;type;question;behavior;farbe": ["faelle.csv, Zeile 1, Spalte farbe: gibt es nicht"],
    "id;id;type;question;behavior": ["faelle.csv, Zeile 1, Spalte id: kommt mehrmals vor"],
    "id;type;question;behavior\na;b;c;abstain;zuviel": ["faelle.csv, Zeile 2, Spalte 5: hat keine Überschrift"],
}


@pytest.mark.parametrize("text", HEADERS)
def test_a_wrong_header_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "faelle.csv").write_text(text, encoding="utf-8")
    assert said(tmp_path / "faelle.csv") == HEADERS[text]


def test_files_that_are_no_tables_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK nichts")
    (tmp_path / "b.csv").write_bytes("id;type;question;behavior\nü".encode("cp1252"))
    assert said(tmp_path / "a.xlsx") == ["a.xlsx: keine XLSX-Datei"]
    assert said(tmp_path / "b.csv") == ["b.csv: kein UTF-8 (Byte 26); in Excel als „CSV UTF-8“ speichern"]
    assert said(tmp_path / "c.csv") == ["c.csv: nicht lesbar (No such file or directory)"]
    assert said(tmp_path / "c.xlsx") == ["c.xlsx: nicht lesbar (No such file or directory)"]
    with pytest.raises(CaseError, match=r"muss auf \.jsonl"):
        write_any([FULL], tmp_path / "faelle.ods")
