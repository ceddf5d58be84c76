"""How many records there should be: told by the paper itself, lower bounds where some are missing, else nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.families import RECORDS, shape_of
from tests.ingest.papers import PROSE, read_text
from tests.ingest.real import RENDERINGS, needs_corpus, read, read_alone
from tests.ingest.test_coverage import FILES, SAMPLE
from vectorstore.records import DocumentKind, Family, ItemKind, ParsedDocument

OTHER = [path for path in FILES if path.parent.name == "corpus-other"]
CATALOGUES = [path for path in OTHER if (path.parent / "catalogues" / f"{path.stem}.jsonl").exists()]


def measures(families: tuple[Family, ...]) -> list[bool | None]:
    return [one.complete for one in families if one.kind in (ItemKind.MEASURE, ItemKind.PROJECT)]


@pytest.mark.parametrize(
    ("ref", "shape"),
    [("5.5.2.1", "{n}.{n}.{n}.{n}"), ("M 12", "M {n}"), ("B.X", "B.{n}"), ("K-07a", "K-{n}"), ("3", "{n}")],
)
def test_shapes(ref: str, shape: str) -> None:
    assert shape_of(ref) == shape


def families_of(path: Path) -> tuple[Family, ...]:
    parsed = read_alone(path)
    assert isinstance(parsed, ParsedDocument)
    return parsed.document.families


@pytest.mark.parametrize(("name", "kind"), [pytest.param(*one, marks=needs_corpus) for one in RENDERINGS])
def test_the_known_papers_are_complete_by_their_own_word(name: str, kind: str) -> None:
    assert all(one.complete for one in read(name, kind).document.families)


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("lauterfeld*")), ids=lambda path: path.name)
def test_the_sample_is_complete_by_its_own_word(path: Path) -> None:
    assert all(one.complete for one in families_of(path))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_catalogue_is_counted_right_or_marked(path: Path) -> None:
    """Where every family of records is called complete, there are as many as are known (uncertain ones either way)."""
    source = (path.parent / "catalogues" / f"{path.stem}.jsonl").read_text(encoding="utf-8")
    known = [one for one in map(json.loads, source.splitlines()) if one["kind"] in ("measure", "project")]
    certain = [one for one in known if not one.get("uncertain")]
    families = [one for one in families_of(path) if one.kind in RECORDS]
    if families and all(one.complete for one in families):
        assert len(certain) <= sum(one.found for one in families) <= len(known)


def test_numbered_headings_with_labels_are_records(tmp_path: Path) -> None:
    sheets = "\n\n".join(f"### M {number} Baustein {number}\n\nZuständig: Amt 61\n\n{PROSE}" for number in range(1, 9))
    families = read_text(tmp_path, f"# Programm\n\n{sheets}", name="papier.md").document.families
    (family,) = [one for one in families if one.kind is ItemKind.MEASURE]
    assert (family.label, family.found, family.complete) == ("M {n}", 8, True)


def test_labels_that_recur_without_records_show_a_structure_that_was_not_understood(tmp_path: Path) -> None:
    rounds = "\n\n".join(f"{PROSE}\n\nZuständig: Amt 6{n}\n\nKosten: {n}.000 Euro" for n in range(1, 7))
    families = read_text(tmp_path, f"Programm\n\n{rounds}", name="papier.md").document.families
    assert measures(families) == [None]


def test_rows_of_a_table_of_measures_are_counted(tmp_path: Path) -> None:
    rows = "\n".join(f"| {number} | Bäume am Weg {number} | Amt 61 |" for number in range(1, 7))
    text = f"# Programm\n\n{PROSE}\n\n| Nr. | Maßnahme | Zuständig |\n|---|---|---|\n{rows}\n"
    families = read_text(tmp_path, text, name="papier.md").document.families
    assert [(one.found, one.expected, one.complete) for one in families] == [(6, 6, True)]


def test_a_table_of_titles_without_records_is_not_counted(tmp_path: Path) -> None:
    rows = "\n".join(f"| Bäume am Weg {number} | nein | {number} |" for number in range(1, 7))
    text = f"# Programm\n\n{PROSE}\n\n| Maßnahme | Beschreibung | Blau |\n|---|---|---|\n{rows}\n"
    assert measures(read_text(tmp_path, text, name="papier.md").document.families) == [None]


def test_numbers_left_out_make_a_lower_bound(tmp_path: Path) -> None:
    theses = "\n\n".join(f"{number}. Luft und Wasser {number}\n\n{PROSE}" for number in (1, 2, 3, 5, 6))
    (family,) = read_text(tmp_path, f"Zehn Thesen\n\n{theses}", DocumentKind.GUIDING_PRINCIPLES).document.families
    assert (family.found, family.expected, family.complete) == (5, 6, False)


def test_a_lone_number_promises_nothing(tmp_path: Path) -> None:
    families = read_text(tmp_path, f"Bericht\n\nEinleitung\n\n{PROSE} Seit 1999 wächst der Wald.\n\n{PROSE}").document
    assert families.families == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"# Programm\n\nDas Programm hat 48 Maßnahmen.\n\n{PROSE}", 48),
        (f"# Programm\n\n## 3 Handlungsfelder und Maßnahmen\n\n{PROSE}", None),
        (f"# Programm\n\n## Maßnahmenkatalog\n\n{PROSE}", None),
    ],
)
def test_measures_that_are_announced_and_not_found_are_not_counted(
    tmp_path: Path, text: str, expected: int | None
) -> None:
    (family,) = read_text(tmp_path, text, name="papier.md").document.families
    assert (family.found, family.expected, family.complete) == (0, expected, None)
