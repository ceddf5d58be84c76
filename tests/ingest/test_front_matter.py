"""What papers say of themselves: title, publisher, kind, status, date, each with its proof, and never by guess."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ingest.front_page import front_words
from ingest.front_witnesses import bodies_in, bodies_line, kind_said
from ingest.reading import read_document
from ingest.register import RegisterEntry
from tests.ingest.papers import PROSE
from tests.papers.paper import Paper
from vectorstore.records import Document, DocumentKind, DocumentStatus, FrontFact, ParsedDocument

PARTS = ("title", "publisher", "kind", "status", "as_of")


def _read(folder: Path, text: str, name: str = "papier.md") -> Document:
    path = folder / name
    path.write_text(f"{text}\n\n## Einleitung\n\n{PROSE}\n", encoding="utf-8")
    return read_document(RegisterEntry("papier", path)).document


def _facts(document: Document) -> dict[str, FrontFact]:
    return {one.field: one for one in document.front}


def test_every_part_has_its_proof(tmp_path: Path) -> None:
    document = _read(tmp_path, "# Leitbild des Kreises Quonau\n\nKreis Quonau\n\nEntwurf, Stand: 1. März 2026")
    facts = _facts(document)
    assert tuple(facts) == PARTS and {one.by for one in document.front} == {"found"}
    assert facts["title"].quote == facts["kind"].quote == "Leitbild des Kreises Quonau"
    assert facts["status"].quote == facts["as_of"].quote == "Entwurf, Stand: 1. März 2026"
    assert document.unconfirmed == ()
    assert (document.publisher, document.kind) == ("Kreis Quonau", DocumentKind.GUIDING_PRINCIPLES)
    assert (document.status, document.as_of) == (DocumentStatus.DRAFT, date(2026, 3, 1))


@pytest.mark.parametrize("below", ["Mittelwesterkreis", "Kreis Mittelwester"])
def test_a_publisher_below_goes_on_with_a_title_that_does_not_name_it(tmp_path: Path, below: str) -> None:
    title = "Entwicklungsplan Mittelwesterkreis"
    read = _read(tmp_path, f"{title}\n\n{below}", "papier.txt")
    assert read.title == (title if title.endswith(below) else f"{title} {below}")


def test_what_nothing_says_is_not_guessed(tmp_path: Path) -> None:
    document = _read(tmp_path, "# Zusammen wachsen", "zusammen.md")
    assert (document.publisher, document.kind) == ("", DocumentKind.OTHER)
    assert (document.status, document.as_of) == (None, None)
    assert document.unconfirmed == ("publisher", "kind", "status", "as_of")
    assert all(one.quote == "" for one in document.front if one.field != "title")


@pytest.mark.parametrize(
    ("line", "status", "sure"),
    [
        ("Beschlossen am 3. Mai 2025", DocumentStatus.ADOPTED, True),
        ("Beschluss des Kreistags vom 03.05.2025", DocumentStatus.ADOPTED, True),
        ("vom Kreistag verabschiedet", DocumentStatus.ADOPTED, False),
        ("noch nicht beschlossen", None, False),
        ("zur Beschlussfassung im Kreistag am 03.05.2025", None, False),
        ("2. Entwurfsfassung", DocumentStatus.DRAFT, True),
        ("Entwurf, vom Ausschuss beschlossen am 03.05.2025", DocumentStatus.DRAFT, False),
        ("Stand: Mai 2025", None, False),
        ("Herausgegeben von: Kreis Quonau", None, False),
        ("Veröffentlicht am 3. Mai 2025", DocumentStatus.PUBLISHED, True),
    ],
)
def test_the_status_is_what_the_paper_says(
    tmp_path: Path, line: str, status: DocumentStatus | None, sure: bool
) -> None:
    document = _read(tmp_path, f"# Klimaschutzkonzept Kreis Quonau\n\n{line}")
    assert (document.status, _facts(document)["status"].sure) == (status, sure)


@pytest.mark.parametrize(
    ("line", "day", "sure"),
    [
        ("Stand: 03.05.2025", date(2025, 5, 3), True),
        ("Stand Mai 2025", date(2025, 5, 1), True),
        ("Stand: 2025", None, False),
        ("Quonau, den 3. Mai 2025", date(2025, 5, 3), True),
        ("Mai 2025", date(2025, 5, 1), True),
        ("Kreistag am 3. Mai 2025 im großen Saal", None, False),
    ],
)
def test_the_date_is_what_the_paper_says(tmp_path: Path, line: str, day: date | None, sure: bool) -> None:
    document = _read(tmp_path, f"# Klimaschutzkonzept Kreis Quonau\n\n{line}")
    assert (document.as_of, _facts(document)["as_of"].sure) == (day, sure)


@pytest.mark.parametrize(
    ("title", "kind", "itself"),
    [
        ("Klimaschutzkonzept", "concept", True),
        ("Umsetzungsbericht zum Klimaschutzkonzept", "report", True),
        ("Fortschreibung des Leitbildes", "guiding_principles", False),
        ("Satzung über die Förderung", "statute", True),
        ("Haushaltsplan 2026", "budget", True),
        ("Niederschrift über die 4. Sitzung", "minutes", True),
        ("Antwort auf den Antrag der Fraktion", "answer", True),
        ("Antrag „Ein Konzept für Radwege“", "motion", True),
        ("Strategische Ziele", "strategy", True),
        ("Teilhabeplan", "plan", True),
    ],
)
def test_kinds_by_the_words_of_a_title(title: str, kind: str, itself: bool) -> None:
    assert kind_said(title) == (DocumentKind(kind), itself)


@pytest.mark.parametrize("title", ["Tagesordnung", "Zusammen wachsen", "Koalitionsvereinbarung", "Neuordnung"])
def test_other_titles_name_no_kind(title: str) -> None:
    assert kind_said(title) is None


def test_every_kind_has_a_word_but_other() -> None:
    assert front_words()["kinds"].keys() == {kind.value for kind in DocumentKind} - {"other"}


def test_publishers() -> None:
    assert bodies_in("Leitbild des Landkreises Bad Quonau und der Stadt Au") == ["Landkreis Bad Quonau", "Stadt Au"]
    assert bodies_in("der Rhein-Quonau-Kreis im Kreis In Frage") == ["Rhein-Quonau-Kreis"]
    assert bodies_line("Emscherkreis") == "Emscherkreis" and bodies_line("Arbeitskreis") is None
    assert bodies_line("Kreis Quonau, Amt 66") is None


def test_an_imprint_names_the_publisher(tmp_path: Path) -> None:
    document = _read(tmp_path, "# Radverkehrskonzept\n\nHerausgeber: Zweckverband Quonautal, Markt 1")
    assert document.publisher == "Zweckverband Quonautal" and _facts(document)["publisher"].sure


def test_doubled_letters_are_no_sure_title(tmp_path: Path) -> None:
    document = _read(tmp_path, "# K KLLIIMMAASSCCHHUUTTZZ")
    assert "title" in document.unconfirmed


def test_the_file_names_a_paper_without_title(tmp_path: Path) -> None:
    path = tmp_path / "mein_papier-2026.txt"
    path.write_text(f"{PROSE} {PROSE}\n\n{PROSE} {PROSE}\n", encoding="utf-8")
    document = read_document(RegisterEntry("x", path)).document
    assert document.title == "mein papier 2026" and "title" in document.unconfirmed


def test_the_register_is_sure_and_may_leave_parts_open(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_text(f"# Plan des Kreises Quonau\n\nEntwurf\n\n## Ziele\n\n{PROSE}\n", encoding="utf-8")
    registered = RegisterEntry("p", path, "Titel", "Amt", DocumentKind.REPORT, DocumentStatus.ADOPTED)
    document = read_document(registered).document
    assert document.unconfirmed == () and {one.by for one in document.front} == {"register"}
    open_parts = RegisterEntry("p", path, "Titel", "Amt", DocumentKind.REPORT, unconfirmed=("publisher", "status"))
    document = read_document(open_parts).document
    assert (document.publisher, document.status) == ("Amt", DocumentStatus.DRAFT)
    assert document.unconfirmed == ("publisher",), "the paper itself says surely that it is a draft"


@pytest.fixture(scope="module")
def measured(
    suite: tuple[Paper, ...], suite_read: dict[str, ParsedDocument | str]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Papers, right parts, and parts that are wrong although sure, over the generated papers that can be read."""
    number, right, wrong = Counter[str](), Counter[str](), Counter[str]()
    for paper in suite:
        read = suite_read[paper.file_name]
        if isinstance(read, str):  # a format that is not read yet
            continue
        document = read.document
        for part, is_right in _judged(paper, document).items():
            number[part] += 1
            right[part] += is_right
            wrong[part] += not is_right and part not in document.unconfirmed
    return number, right, wrong


def _judged(paper: Paper, document: Document) -> dict[str, bool]:
    front = paper.truth.front
    day = document.as_of.isoformat() if document.as_of else ""
    return {
        "title": _flat(document.title) == _flat(front.title),
        "publisher": document.publisher == front.publisher,
        "kind": document.kind == front.kind,
        "status": document.status == front.status,
        "as_of": day.startswith(front.date) if front.date else not day,
    }


def _flat(text: str) -> str:
    return "".join(text.replace("-", "").split()).casefold()


def test_generated_papers_are_understood(measured: tuple[Counter[str], Counter[str], Counter[str]]) -> None:
    """The status is right less often: what these papers call published, they print only as "Stand"."""
    number, right, wrong = measured
    least = {"title": 0.95, "publisher": 0.95, "kind": 0.95, "status": 0.75, "as_of": 0.95}
    assert min(number.values()) >= 24
    assert {part: right[part] / number[part] >= least[part] for part in PARTS} == dict.fromkeys(PARTS, True), right
    assert all(wrong[part] <= 0.02 * number[part] for part in PARTS), wrong
