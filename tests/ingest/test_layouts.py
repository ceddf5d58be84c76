"""Small generated papers of every layout, read whole: nothing lost, nothing hidden shown, no frame, records right."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from ingest.layout.docx import read_docx
from ingest.layout.html import read_html, read_markdown
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from ingest.register import RegisterEntry
from ingest.stream import Layout, squash
from tests.ingest.papers import read_document
from tests.ingest.real import OTHER
from tests.ingest.streams import count_lost
from tests.papers import FORMATS, combinations, paper
from tests.papers.setting.html import NAVIGATION

FRAME = {"Impressum · Datenschutz · Barrierefreiheit", "Bitte schalten Sie Skripte ein.", "window.dataLayer"}
FRAME |= set(NAVIGATION)
RECORDS = ("measure", "project", "goal")
NOT_ALL = {  # layouts of whose small papers the reader does not find every record yet
    "several sheets a page", "number behind the body", "term stuck to the title", "bullets under principles",
    "programme", "goals with bullets", "profiles without numbers", "measures with dashed parts", "two rows each",
    "side column", "bars", "goals and measures in one table", "rows of steps", "leading goals and part goals",
    "lines with bars", "lines in cells", "reports with a light", "band and ratings", "turned category",
    "cards of a site", "numbered list of Word", "questions on a sheet",
}  # fmt: skip
QUICK = ("md", "html", "txt", "docx", "pdf")
FIRST = {(layout, form): numbering for layout, numbering, form in reversed(combinations())}
PAGES = sorted((OTHER / "ingolstadt-html").glob("*.html"))


def quickest(layout: str) -> str:
    return next(form for form in QUICK if (layout, form) in FIRST)


def marks(layout: str, form: str) -> list[pytest.MarkDecorator]:
    if (layout, form) == ("turned category", "docx"):
        return [pytest.mark.xfail(strict=True, reason="four letters of a cell that is merged downwards are lost")]
    return [] if form == quickest(layout) else [pytest.mark.long]


ALL = [pytest.param(layout, form, id=f"{layout} {form}", marks=marks(layout, form)) for layout, form in sorted(FIRST)]


@pytest.mark.parametrize(("layout", "form"), ALL)
def test_a_small_paper_of_each_layout_is_read(layout: str, form: str, tmp_path: Path) -> None:
    quick = form == quickest(layout)
    seed, damage = (2, ()) if quick else (len(layout), ("footnotes", "spaced") if len(layout) % 2 else ("twins",))
    one = paper(layout, FIRST[layout, form], form, measures=6 if quick else 12, seed=seed, damage=damage)
    parsed, truth = read_document(RegisterEntry("papier", one.write(tmp_path))), one.truth
    text, coverage = squash(parsed.document.text), parsed.document.coverage
    assert coverage is not None and coverage.lost == 0 and coverage.body > 0
    assert [said for said in truth.hidden if squash(said) in text] == []
    if form in ("html", "docx"):
        assert parsed.document.pages == ()
        assert [said for said in truth.body if squash(said) not in text] == []
        assert [row for row in truth.table_rows if "".join(map(squash, row)) not in text] == []
    if form == "html":
        lines = {line for chunk in parsed.chunks for line in chunk.text.splitlines()}
        assert not lines & FRAME and coverage.furniture > 0 and coverage.hidden > 0
    if quick and layout not in NOT_ALL:
        found = sorted((item.ref or "", item.title) for item in parsed.items if item.kind in RECORDS)
        assert found == sorted((one.ref or "", one.title) for one in truth.records if one.kind in RECORDS)


def read_layout(path: Path) -> Layout:
    content, limits = path.read_bytes(), ReadingLimits()
    readers = {".docx": read_docx, ".html": read_html, ".md": read_markdown}
    return readers[path.suffix](content, limits) if path.suffix in readers else read_text(content)


DAMAGED = (
    pytest.param(("footnotes", "spaced"), marks=pytest.mark.long),
    pytest.param(("twins",), marks=pytest.mark.long),
)


@pytest.mark.parametrize("damage", [(), *DAMAGED])
@pytest.mark.parametrize("form", ["html", "docx", "md", "txt"])
def test_every_visible_letter_and_row_of_a_small_paper_is_in_a_line(
    form: str, damage: tuple[str, ...], tmp_path: Path
) -> None:
    layouts = sorted({layout for layout, known in FIRST if known == form})
    for layout in layouts[:: 1 if damage or form != "docx" else 4]:  # making them takes long
        made = paper(layout, FIRST[layout, form], form, measures=3, seed=2, damage=damage)
        found = read_layout(made.write(tmp_path))
        text = squash("".join(line.text for line in found.lines))
        assert count_lost(found) == 0
        assert [hidden for hidden in made.truth.hidden if squash(hidden) in text] == []
        assert [shown for shown in made.truth.body if squash(shown) not in text] == [] or form == "txt"
        assert [row for row in made.truth.table_rows if "".join(map(squash, row)) not in text] == [] or form == "txt"
        if form == "html":
            assert not FRAME & {line.text for line in found.lines} and found.furniture and found.hidden


def test_every_format_is_read_in_the_short_run() -> None:
    assert {quickest(layout) for layout, _ in FIRST} == set(FORMATS)


@pytest.mark.corpus
@pytest.mark.skipif(not PAGES, reason="../shared/corpus-other/ingolstadt-html is not here: its pages are not read")
def test_real_pages_are_read_whole_and_without_their_navigation() -> None:
    for path in PAGES:
        layout = read_html(path.read_bytes(), ReadingLimits())
        assert sum(len(line.text) for line in layout.lines) > 500 and count_lost(layout) == 0
        assert not {line.text for line in layout.lines} & links(path.read_bytes())


def links(page: bytes) -> set[str]:
    """Return what the links in a page's navigation and foot say."""
    root = etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))
    parts = (link for part in root.iter("nav", "footer") for link in part.iter("a"))
    return {text for link in parts if (text := " ".join("".join(link.itertext()).split()))}
