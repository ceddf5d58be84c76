"""Where words of a page belong together: cells between walls, tables without rules, and the order
of the file.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ingest.cases import documents
from tests.ingest.pages import Page, content, grid, placed, words


def page_of(case: dict[str, Any]) -> Page:
    printed = []
    for line in case["words"].strip().splitlines():
        x, place, text = line.split(" ", 2)
        baseline, _, size = place.partition(":")
        printed.append(words(float(x), float(baseline), text, float(size or 10)))
    walls = {"upright": case.get("upright", ()), "level": case.get("level", ())}
    return content(*printed, **(grid(*case["grid"]) if "grid" in case else walls))


@pytest.mark.parametrize("case", documents("test_cells.toml"))
def test_lines_of_a_page_have_their_cells(case: dict[str, Any]) -> None:
    found = placed(page_of(case))
    lines = []
    for text, _, cell in found:
        place = "{} {} {} | ".format(*cell) if cell else ""
        lines.append(place + text)
    assert lines == case["lines"].strip().splitlines()
    if "regions" in case:
        assert [region for _, region, _ in found] == case["regions"]
