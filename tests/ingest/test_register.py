from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest

from ingest import entries_for_files, find_files
from ingest.errors import RegisterError
from ingest.register import Register, load_register, unregistered
from prompts import say
from tests.ingest.cases import cases
from vectorstore.records import DocumentKind, DocumentStatus

GOOD = """# Register
[[document]]
id = "bericht"
title = "Bericht"
publisher = "Kreis Quonau"
kind = "report"
status = "published"
as_of = 2026-03-01
file = "a.txt"
text = "b.md"
source_url = "https://example.org/bericht.pdf"
sample = true

[[document]]
id = "antrag"
title = "Antrag"
publisher = "Fraktion"
kind = "motion"
status = "proposed"
file = "c.pdf"
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "corpus.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _load(folder: Path, text: str) -> Register:
    return load_register(_write(folder, text))


def test_entries(tmp_path: Path) -> None:
    first, second = _load(tmp_path, GOOD).entries
    assert (first.id, first.kind, first.status, first.sample) == (
        "bericht", DocumentKind.REPORT, DocumentStatus.PUBLISHED, True,
    )  # fmt: skip
    assert first.as_of == date(2026, 3, 1) and second.as_of is None and second.text is None
    assert first.file == tmp_path / "a.txt" and first.text == tmp_path / "b.md"


def test_a_byte_order_mark_is_no_part_of_a_register(tmp_path: Path) -> None:
    assert len(_load(tmp_path, "\ufeff" + GOOD).entries) == 2


@pytest.mark.parametrize(
    "printed",
    [r"'neu\bericht.txt'", r'"neu\bericht.txt"', r'"neu\\bericht.txt"', r"'.\neu/bericht.txt'"],
)
def test_paths_of_windows_are_paths(tmp_path: Path, printed: str) -> None:
    register = _load(tmp_path, GOOD.replace('"a.txt"', printed))
    assert register.entries[0].file == tmp_path / "neu" / "bericht.txt"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_umlauts_of_names_are_one_letter(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    file = tmp_path / normalize("NFD", "Grünflächen_Übersicht.txt")
    file.write_text("Text", encoding="utf-8")
    text = GOOD.replace("a.txt", "Grünflächen_Übersicht.txt").replace('"Bericht"', '"Grünflächen"')
    register = _load(tmp_path, normalize(form, text))
    assert (register.entries[0].title, register.entries[0].file) == ("Grünflächen", file)
    assert unregistered(tmp_path / "corpus.toml", register) == ()
    (entry,) = entries_for_files([file])
    assert (entry.id, entry.file_title) == ("gruenflaechen-uebersicht", "Grünflächen Übersicht")


@cases("old", "new", "left", "line", "words")
def test_a_wrong_entry_costs_only_itself(
    tmp_path: Path, old: str, new: str, left: str, line: int, words: str
) -> None:
    assert old in GOOD
    register = _load(tmp_path, GOOD.replace(old, new))
    if not left:  # white space around an id is no error
        assert [entry.id for entry in register.entries] == ["bericht", "antrag"]
        return
    assert [entry.id for entry in register.entries] == [left]
    (rejected,) = register.rejected
    assert f"Zeile {line}:" in rejected.reason and words in rejected.reason


def test_what_is_optional(tmp_path: Path) -> None:
    more = 'series = "Berichte"\nreplaces = "antrag"\nvalid_until = 2027-12-31\n'
    text = GOOD.replace("sample = true\n", more)
    text = text.replace('status = "proposed"\n', 'unconfirmed = ["status", "as_of"]\n')
    first, second = _load(tmp_path, text).entries
    assert (first.series, first.replaces, first.valid_until) == (
        "Berichte",
        "antrag",
        date(2027, 12, 31),
    )
    assert (second.series, second.replaces, second.valid_until) == (None, None, None)
    assert (second.status, second.unconfirmed) == (None, ("status", "as_of"))
    for kind in DocumentKind:
        assert _load(tmp_path, GOOD.replace('"report"', f'"{kind.value}"')).entries[0].kind is kind


LOOKS = """
[[document.records]]
kind = "Baustein"
like = "AW1 Klimagerechtes Gewerbegebiet"
page = 60

[[document.records]]
kind = "none"
like = ["1 Anlass", "2 Verfahren"]
"""


def test_an_entry_says_what_its_records_look_like(tmp_path: Path) -> None:
    first, second = _load(tmp_path, GOOD + LOOKS).entries
    assert first.choices.looks == ()
    examples = [
        (look.kind, look.source, [(one.name, one.page) for one in look.examples])
        for look in second.choices.looks
    ]
    assert examples == [
        ("measure", "register", [("AW1 Klimagerechtes Gewerbegebiet", 60)]),
        ("none", "register", [("1 Anlass", None), ("2 Verfahren", None)]),
    ]


@cases("old", "new", "line")
def test_a_wrong_look_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert old in LOOKS
    register = _load(tmp_path, GOOD + LOOKS.replace(old, new))
    assert [entry.id for entry in register.entries] == ["bericht"]
    assert re.findall(r"Zeile (\d+)", register.rejected[0].reason) == [str(line)]


def test_every_error_of_every_entry_is_told_with_its_line(tmp_path: Path) -> None:
    text = GOOD.replace('kind = "report"', 'kind = "x"').replace(
        "sample = true", 'sample = "ja"\nfarbe = 1'
    )
    text = text.replace('status = "proposed"\n', "").replace('title = "Antrag"', 'title = ""')
    register = _load(tmp_path, text)
    assert register.entries == ()
    first, second = register.rejected
    assert [first.id, first.file, first.path] == ["bericht", "a.txt", tmp_path / "a.txt"]
    assert re.findall(r"Zeile (\d+)", first.reason) == ["6", "12", "13"]
    assert re.findall(r"Zeile (\d+)", second.reason) == ["15", "17"]


@pytest.mark.parametrize("given", ["", 'id = ""\n', "id = 7\n"])
def test_an_entry_without_an_id_is_called_by_its_line(tmp_path: Path, given: str) -> None:
    register = _load(tmp_path, GOOD.replace('id = "antrag"\n', given))
    (rejected,) = register.rejected
    assert (rejected.id, rejected.file) == ("zeile-14", "c.pdf")


def test_an_id_used_twice_stops_with_all_errors(tmp_path: Path) -> None:
    text = "farbe = 1\n" + GOOD.replace('id = "antrag"', 'id = "bericht"').replace(
        'kind = "report"', 'kind = "x"'
    )
    with pytest.raises(RegisterError) as caught:
        _load(tmp_path, text)
    lines = str(caught.value).splitlines()
    assert [re.findall(r"Zeile (\d+):", line) for line in lines] == [["1"], ["7"], ["16"]]
    assert "schon in Zeile 4" in lines[2]
    assert all(line.startswith(str(tmp_path)) for line in lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "keine Einträge"), ("[[document", "Zeile 1"), ("a = 1", "„a“"), ("document = 3", "keine Einträge"),
     ("[document]\nid = 'a'", "keine Einträge"), ("document = []", "keine Einträge"), (None, "nicht lesbar"),
     ("a = " + "[" * 100_000, "Zeile 1")],
)  # fmt: skip
def test_broken_registers(tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "keins.toml" if text is None else _write(tmp_path, text)
    with pytest.raises(RegisterError, match=words):
        load_register(path)


def test_unregistered_files_are_named(tmp_path: Path) -> None:
    register = _write(tmp_path, GOOD)
    for name in ("a.txt", "b.md", "rest.txt", "bild.png"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (left,) = unregistered(register, load_register(register))
    assert (left.path, left.reason) == (tmp_path / "rest.txt", say("files.unregistered"))
    _write(tmp_path, GOOD.replace('kind = "report"', 'kind = "x"').replace('text = "b.md"\n', ""))
    left = unregistered(register, load_register(register))
    assert [item.path for item in left] == [tmp_path / "b.md", tmp_path / "rest.txt"]


def test_files_and_folders_without_a_register(tmp_path: Path) -> None:
    (tmp_path / "unter").mkdir()
    for name in ("Größter Plan 2030.txt", "unter/plan.pdf", "unter/plan.md", "unter/bild.png"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    entries = entries_for_files(find_files([tmp_path, tmp_path / "unter" / "plan.md"]).files)
    assert [entry.id for entry in entries] == ["groesster-plan-2030", "plan", "plan-2"]
    assert all(entry.title is None for entry in entries)
