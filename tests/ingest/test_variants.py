"""Real papers read once more without rules, as plain text and without bold: no single sign carries
the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from ingest import ReadingLimits, document_parser, load_source
from ingest.layout import pdf
from ingest.layout.walls import Walls
from ingest.register import RegisterEntry
from ingest.sources import Source
from ingest.stream import Layout, Line
from lab.reading.catalogue import load_catalogue
from lab.reading.command import documents_in
from lab.reading.measurements import ReadingFigures, add_up
from lab.reading.scoring import compute_scores
from tests.ingest.real import OTHER, needs_other
from tests.sharing import once

pytestmark = [*needs_other, pytest.mark.long]
RIGHT, FALSE = 0.65, 0.01
Vary = Callable[[pytest.MonkeyPatch, Path], Source]


def without_rules(patch: pytest.MonkeyPatch, path: Path) -> Source:
    """Let no page of a PDF have a rule or a filled box."""

    patch.setattr(pdf, "make_walls", lambda *page: Walls())
    return load_source(path)


def as_text(patch: pytest.MonkeyPatch, path: Path) -> Source:
    """Return the lines of a file as a text file, an empty line before each paragraph, form feeds
    between pages.
    """
    source = load_source(path)
    lines = document_parser.read_layout(source, None, ReadingLimits()).lines
    pages = ("".join(map(_printed, own)) for own in _pages(lines))
    return Source(f"{path.stem}.txt", "\f".join(pages).encode())


def _pages(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    by_page = {page: list(own) for page, own in groupby(lines, key=lambda line: line.page)}
    return (by_page.get(page, []) for page in range(max(by_page) + 1))


def _printed(line: Line) -> str:
    return f"{chr(10) * line.opens}{'- ' * line.bullet}{line.text}\n"


def without_bold(patch: pytest.MonkeyPatch, path: Path) -> Source:
    """Let no line of a file be bold, nor begin so."""
    whole = document_parser.read_layout

    def plain(*how: object) -> Layout:
        layout = whole(*how)  # type: ignore[arg-type]
        lines = (
            replace(line, style=replace(line.style, bold=False), lead=0) for line in layout.lines
        )
        return replace(layout, lines=tuple(lines))

    patch.setattr(document_parser, "read_layout", plain)
    return load_source(path)


def measured(vary: Vary) -> ReadingFigures:
    """Return how much of the papers with known records is read right."""
    return once(f"variant {vary.__name__}", lambda: add_up(_figures(vary)))


def _figures(vary: Vary) -> Iterator[ReadingFigures]:
    for document in documents_in(OTHER):
        with pytest.MonkeyPatch.context() as patch:
            parsed = document_parser.read_source(
                RegisterEntry("papier", document.path), vary(patch, document.path)
            )
        yield compute_scores(parsed, load_catalogue(document.catalogue)).figures


def missed(vary: Vary, measured_now: str) -> object:
    """Return a variant whose bound is not reached yet; the share is what was measured."""
    return pytest.param(
        vary, marks=pytest.mark.xfail(strict=True, reason=f"measured: {measured_now}")
    )


@pytest.mark.parametrize("vary", [without_rules, missed(as_text, ".592"), without_bold])
def test_most_records_are_right_without_one_sign(vary: Vary) -> None:
    right = measured(vary)["right"]
    assert right.value is not None and right.value >= RIGHT, right


@pytest.mark.parametrize("vary", [missed(without_rules, ".019"), as_text, without_bold])
def test_hardly_a_record_is_false_without_one_sign(vary: Vary) -> None:
    false = measured(vary)["false"]
    assert false.value is not None and false.value <= FALSE, false
