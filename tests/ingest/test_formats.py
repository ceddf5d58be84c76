"""Papers as web pages and Word files, generated and real, read whole: nothing lost, nothing hidden shown, no frame."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from ingest.layout.html import read_html
from ingest.layout.lines import squash
from ingest.limits import ReadingLimits
from ingest.reading import read_document
from ingest.register import RegisterEntry
from tests.ingest.real import OTHER
from tests.papers import Paper, combinations, paper, papers
from tests.papers.setting.html import NAVIGATION

FORMATS = ("html", "docx")
FRAME = (
    "Impressum · Datenschutz · Barrierefreiheit",
    "Bitte schalten Sie Skripte ein.",
    "window.dataLayer",
    *NAVIGATION,
)
PAGES = sorted((OTHER / "ingolstadt-html").glob("*.html"))


def generated() -> Iterator[Paper]:
    """Yield the papers of the suite in these formats, and one of each layout, with notes or twins now and then."""
    yield from (one for one in papers(1) if one.format in FORMATS)
    first = {(layout, form): numbering for layout, numbering, form in reversed(combinations()) if form in FORMATS}
    for place, ((layout, form), numbering) in enumerate(sorted(first.items())):
        yield paper(layout, numbering, form, seed=place, damage=("footnotes", "spaced") if place % 2 else ("twins",))


@pytest.mark.parametrize("one", tuple(generated()), ids=lambda one: f"{one.name}.{one.format}")
def test_a_generated_paper_is_read_whole(one: Paper, tmp_path: Path) -> None:
    parsed = read_document(RegisterEntry("papier", one.write(tmp_path)))
    text, truth = squash(parsed.document.text), one.truth
    assert [said for said in truth.body if squash(said) not in text] == []
    assert [row for row in truth.table_rows if "".join(map(squash, row)) not in text] == []
    assert [said for said in truth.hidden if squash(said) in text] == []
    coverage = parsed.document.coverage
    assert coverage is not None and coverage.lost == 0 and coverage.body > 0
    assert parsed.document.pages == ()
    if one.format == "html":
        lines = {line for chunk in parsed.chunks for line in chunk.text.splitlines()}
        assert not lines & set(FRAME) and coverage.furniture > 0 and coverage.hidden > 0


@pytest.mark.corpus
@pytest.mark.skipif(not PAGES, reason="../shared/corpus-other/ingolstadt-html is not here: its pages are not read")
def test_real_pages_are_read_whole_and_without_their_navigation() -> None:
    lost, shown_links = 0, 0
    for path in PAGES:
        document = read_document(RegisterEntry("seite", path)).document
        assert document.coverage is not None and document.coverage.body > 500
        lost += document.coverage.lost
        raw = read_html(path.read_bytes(), ReadingLimits())
        body = {line.text for line in raw.lines if not line.noise}
        shown_links += len(body & links(path.read_bytes()))
    assert (lost, shown_links) == (0, 0)


def links(page: bytes) -> set[str]:
    """Return what the links in a page's navigation and foot say."""
    root = etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))
    found = (
        " ".join("".join(link.itertext()).split()) for part in root.iter("nav", "footer") for link in part.iter("a")
    )
    return {text for text in found if text}
