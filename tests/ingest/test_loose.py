"""What no record holds is told: headings of text alone, rows of tables that none was made of."""

from __future__ import annotations

from pathlib import Path

from ingest.report import loose
from tests.ingest.papers import PROSE, read_text


def test_headings_and_rows_that_no_record_holds(tmp_path: Path) -> None:
    measures = "\n".join(f"| {number} | Bäume am Weg {number} | Amt 61 |" for number in range(1, 5))
    others = "\n".join(f"| Ort {number} | {number * 40} | {number * 7} |" for number in range(1, 4))
    text = (
        f"# Programm\n\n## 1 Ausgangslage\n\n{PROSE}\n\n| Bereich | Zeitraum | Kosten |\n|---|---|---|\n{others}\n\n"
        f"## 2 Maßnahmen\n\n| Nr. | Maßnahme | Zuständig |\n|---|---|---|\n{measures}\n"
    )
    told = loose(read_text(tmp_path, text, name="papier.md"))
    assert [place.text for place in told.first_rows] == ["Ort 1 | 40 | 7", "Ort 2 | 80 | 14", "Ort 3 | 120 | 21"]


def test_chapters_above_records_are_none_of_them(tmp_path: Path) -> None:
    projects = "\n\n".join(
        f"2.{n} Weg {n}\n\nProjektbeschreibung:\n\n{PROSE}\n\nSachstand:\n\n{PROSE}" for n in (1, 2, 3)
    )
    text = f"Bericht\n\n1 Einleitung\n\n1.1 Anlass\n\n{PROSE}\n\n1.2 Vorgehen\n\n{PROSE}\n\n2 Wege\n\n{projects}\n"
    told = [place.text for place in loose(read_text(tmp_path, text)).first_headings]
    assert "1.2 Vorgehen" in told and "2 Wege" not in told


def test_long_papers_are_told_by_number_and_the_first(tmp_path: Path) -> None:
    rows = "\n".join(f"| Ort {number} | {'sehr lang ' * 40}{number} | {number} |" for number in range(1, 40))
    told = loose(
        read_text(tmp_path, f"# Bericht\n\n{PROSE}\n\n| A | B | C |\n|---|---|---|\n{rows}\n", name="papier.md")
    )
    assert told.rows >= 39 and len(told.first_rows) == 12
    assert all(len(place.text) <= 202 for place in told.first_rows)
