"""What the benchmark computes and writes; that it measures is seen by running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.marked import MarksMissing
from tests.benchmarks import growth, page
from tests.benchmarks.__main__ import PAGES
from tests.benchmarks.grown_editions import Made
from tests.benchmarks.measured import Measured, Times, milliseconds, ratio, table
from tests.processes import REPOSITORY


def test_every_section_has_its_place_in_the_shipped_pages() -> None:
    page.check(REPOSITORY / "docs", PAGES)


def test_a_section_is_written_and_what_was_not_measured_stays(tmp_path: Path) -> None:
    text = "# Speed\n\n<!-- users -->\n\nold\n\n<!-- /users -->\n\n<!-- growth -->\n\nkept\n\n<!-- /growth -->\n"
    (tmp_path / "benchmarks.md").write_text(text)
    page.write(tmp_path, "users", Measured({"benchmarks.md": "new"}))
    assert (tmp_path / "benchmarks.md").read_text() == text.replace("old", "new")


def test_a_page_without_a_place_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "benchmarks.md").write_text("<!-- users -->\n<!-- /users -->\n")
    with pytest.raises(MarksMissing):
        page.check(tmp_path, {"benchmarks.md": ("users", "growth")})


def test_ratios_and_times_as_they_are_shown() -> None:
    assert [ratio(3, 2), ratio(30, 2), ratio(3, 0)] == ["1.50", "15", "–"]
    assert [milliseconds(9.87), milliseconds(1234.5)] == ["9.9 ms", "1,234 ms"]
    assert Times([7.0]).high == 7.0
    assert table(("", "b"), [("a", "1")]) == "|  | b |\n| --- | ---: |\n| a | 1 |"


def test_an_edition_that_was_kept_is_not_published_again(tmp_path: Path) -> None:
    (tmp_path / "made.json").write_text('[{"papers": 7, "chunks": 1170, "seconds": 9.5}, 348.0]')
    assert growth.published(1_000, tmp_path) == (Made(7, 1_170, 9.5), 348.0)
    assert not (tmp_path / "editions").exists()


def grown(papers: int, chunks: int, median: float) -> growth.Grown:
    times = {"facts": Times([median] * 3), "lists": Times([2 * median] * 3)}
    return growth.Grown(Made(papers, chunks, 9.5), 348.0, times, 5.0, 250.0)


def test_growth_is_told_with_how_often_the_median_of_the_smallest_it_is() -> None:
    told = growth.text([grown(7, 1_170, 10.0), grown(65, 10_010, 15.0)], 0.0)
    assert "| 7 | 1,170 | 10.0 ms, 10.0 ms | 20.0 ms, 20.0 ms | 9.5 s | 348 MB | 5.0 s | 250 MB |" in told
    assert "From 1,170 to 10,010 chunks the median grows: facts 1.50 times, lists 1.50 times." in told
