"""Nothing is lost: every letter that a file shows lies in one chunk, or is furniture, contents or
hidden.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ingest import Rejected, missed_rows
from ingest.chunks import find_misplaced
from ingest.keys import RECORDS
from ingest.stream import count_letters
from tests.ingest.papers import PROSE, at, pdf, read_bytes, read_text
from tests.ingest.real import read_alone
from vectorstore.records import Family, ParsedDocument

SHARED = Path(__file__).resolve().parents[3] / "shared"
SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample"
FILES = sorted(
    path
    for folder in (SAMPLE, SHARED / "corpus/pdf", SHARED / "corpus/text", SHARED / "corpus-other")
    for path in folder.glob("*")
    if path.suffix in {".pdf", ".txt", ".md"} and path.name != "README.md"
)
CATALOGUES = [
    path for path in FILES if (path.parent / "catalogues" / f"{path.stem}.jsonl").exists()
]
SHORT = 120_000  # bytes; larger files are read in long runs
WORDS = ("Luft", "Wasser", "Wald", "Moor", "Heide")
MARKDOWN = f"""# Klimaprogramm des Kreises Quonau

### M 12 Jobticket

Zuständig: Amt für Mobilität

Status: geplant

{PROSE}

| Nr. | Maßnahme | Amt |
|---|---|---|
| M 1 | Dachbegrünung der Schulen | 65 |
| M 2 | Leihräder am Bahnhof | 61 |
"""


def late(path: Path) -> list[pytest.MarkDecorator]:
    return [pytest.mark.long] if path.stat().st_size > SHORT else []


def bare(path: Path) -> Counter[str]:
    """Return the letters of a file as the plainest reader finds them."""
    if path.suffix != ".pdf":
        return count_letters(path.read_text(encoding="utf-8"))
    return count_letters("\n".join(page.extract_text() for page in PdfReader(path).pages))


def check(parsed: ParsedDocument) -> None:
    """Check what holds for every document: nothing lost, no chunk over another, each inside of the
    item that it cites.
    """
    assert parsed.document.coverage is not None and parsed.document.coverage.lost == 0
    spans = sorted((chunk.start, chunk.end) for chunk in parsed.chunks)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert find_misplaced(parsed) == []


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.name, marks=late(path)) for path in FILES]
)
def test_no_letter_of_a_real_file_is_lost(path: Path) -> None:
    parsed = read_alone(path)
    if isinstance(parsed, Rejected):
        pytest.skip("a scan: no text")
    check(parsed)
    coverage = parsed.document.coverage
    assert coverage is not None
    shown = sum(bare(path).values())
    text = coverage.body + coverage.furniture + coverage.contents + coverage.hidden
    assert text >= shown, "letters that the bare text has and no class tells"


def test_headings_and_rows_of_an_unknown_layout_are_findable() -> None:
    parsed = read_text(MARKDOWN, name="papier.md")
    check(parsed)
    chunks = " ".join(" ".join(chunk.text.split()) for chunk in parsed.chunks)
    for part in (
        "M 12 Jobticket",
        "Zuständig: Amt für Mobilität",
        "M 2 Leihräder am Bahnhof 61",
        "Nr. Maßnahme Amt",
    ):
        assert part in chunks


def test_small_print_at_a_pages_edge_is_furniture_only_where_it_repeats() -> None:
    """A running foot on every page and a footnote on one."""
    pages = []
    for number, title in enumerate(WORDS):
        body = (f"{title} und {word} sind dem Kreis Quonau lieb und teuer." for word in WORDS)
        rows = [f"{number + 1}. {title}", *body]
        small = ["Kreis Quonau Bericht", "1 Beschluss vom 3. Mai"][: 1 + (number == 2)]
        texts = [(72, 600 - 14 * place, row, 11) for place, row in enumerate(rows)]
        pages.append(
            at(*texts, *((72, 40 + 20 * place, text, 7) for place, text in enumerate(small)))
        )
    parsed = read_bytes(pdf(*pages))
    check(parsed)
    chunks = " ".join(chunk.text for chunk in parsed.chunks)
    assert "1 Beschluss vom 3. Mai" in chunks and "Kreis Quonau Bericht" not in chunks


def test_a_row_that_goes_on_with_more_cells_loses_none() -> None:
    text = "\n\n".join([PROSE, PROSE, "| M 1 | Dachbegrünung | 65 |", "\f", "a\tb\tc\td"])
    check(read_bytes(text.encode(), "papier.md"))


def test_a_text_of_nothing_but_headings_loses_none() -> None:
    text = "\n\n".join([PROSE, "\f", "Begründung", "# Klimaprogramm", PROSE])
    check(read_bytes(text.encode(), "papier.md"))


PIECES = st.sampled_from(
    [
        "# Klimaprogramm", "## Handlungsfeld 1: Wohnen", "### M 12 Jobticket", "1. Luft", "1.1 Saubere Luft",
        "Zuständig: Amt 61", "Status:", "in Umsetzung", "- Bäume pflanzen", "* ein Punkt", "A. Leitbild", "I. Wohnen",
        "| Nr. | Maßnahme | Amt |", "| M 1 | Dachbegrünung | 65 |", "a\tb\tc\td", PROSE, "Inhalt", "1. Luft ....... 3",
        "**Maßnahme 04:** Solar", "Projektliste", "Seite 1", "\f", "", "Begründung", "§ 3 Zweck", "x", "Archiv",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=40), st.sampled_from([".md", ".txt"]))
def test_no_letter_of_any_text_is_lost(pieces: list[str], suffix: str) -> None:
    try:
        parsed = read_bytes("\n\n".join([PROSE, *pieces]).encode(), f"papier{suffix}")
    except Rejected:
        return
    check(parsed)


def families_of(path: Path) -> tuple[Family, ...]:
    parsed = read_alone(path)
    assert isinstance(parsed, ParsedDocument)
    return parsed.document.families


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("lauterfeld*")), ids=lambda path: path.name)
def test_the_sample_is_complete_by_its_own_word(path: Path) -> None:
    assert all(family.complete for family in families_of(path))


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.name, marks=late(path)) for path in CATALOGUES]
)
def test_a_catalogue_is_counted_right_or_marked(path: Path) -> None:
    """Where every family of records is called complete, there are as many as are known (uncertain
    ones either way).
    """
    source = (path.parent / "catalogues" / f"{path.stem}.jsonl").read_text(encoding="utf-8")
    known = [
        row for row in map(json.loads, source.splitlines()) if row["kind"] in ("measure", "project")
    ]
    certain = [record for record in known if not record.get("uncertain")]
    families = [family for family in families_of(path) if family.kind in RECORDS]
    if families and all(family.complete for family in families):
        assert len(certain) <= sum(record.found for record in families) <= len(known)


# What no record holds is told: headings of text alone, rows of tables that none was made of


def test_long_papers_are_told_by_number_and_the_first() -> None:
    rows = "\n".join(
        f"| Ort {number} | {'sehr lang ' * 40}{number} | {number} |" for number in range(1, 40)
    )
    text = f"# Bericht\n\n{PROSE}\n\n| A | B | C |\n|---|---|---|\n{rows}\n"
    found = missed_rows(read_text(text, name="papier.md"))
    assert len(found) >= 39 and all(len(place.text) <= 202 for place in found)
