"""Two runs side by side on a page: what became worse first, both answers, readable by everybody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from evals.report.comparison import comparison_html, comparison_lines
from evals.report.page import html
from evals.run import Run, compare_runs
from tests.browsing import LOOKS, looking, troubles
from tests.evals.fakes import COUNT, FACT, LIST, SILENT, answer, judged, refusal, row, run_of

EVIL = "<script>alert(1)</script>"
WRONG = answer(f"5 Projekte {EVIL} [1]", *COUNT.answer.citations)


def run(name: str, fact: Any, count: Any) -> Run:
    """A run of four cases, of which two answers are given."""
    given = ((FACT, fact), (COUNT, count), (LIST, LIST.answer), (SILENT, SILENT.answer))
    return run_of(*(row(judged(item.case, sent)) for item, sent in given), name=name)


BEFORE, AFTER = run("alt", refusal(), COUNT.answer), run("neu", FACT.answer, WRONG)
PAGE = comparison_html(compare_runs(BEFORE, AFTER))


def test_what_became_worse_comes_first_with_both_answers() -> None:
    assert "Von 4 gleichen Fragen 1 schlechter, 1 besser, 2 gleich." in PAGE
    assert re.findall(r'id="fall-(\w)"', PAGE) == ["n", "c", "l", "u"]
    worse = PAGE.partition('id="fall-n"')[2].partition("</details>")[0]
    assert "wie erwartet → irregeführt; neue Antwort" in worse
    sides = worse.split("<h3>")[1:]
    assert ["4 Projekte [1]" in side for side in sides] == [True, False]
    assert ["5 Projekte" in side for side in sides] == [False, True]
    assert all('<span class="ref">1.2</span>' in side for side in sides), "with their citations"


def test_both_runs_stand_in_one_table_over_the_same_questions() -> None:
    extra = run_of(*AFTER.rows, row(judged(FACT.case.model_copy(update={"id": "x"}), refusal())))
    page = comparison_html(compare_runs(BEFORE, extra))
    table = page.partition("<table>")[2].partition("</table>")[0]
    assert re.findall(r'row">([^<]*)</th><td class="num">(\d+)', table) == [
        ("Vorher: alt", "4"),
        ("Nachher: heute", "4"),
    ]
    assert 'id="fall-x"' not in page


def test_nothing_of_an_answer_becomes_markup() -> None:
    assert "<script" not in PAGE and "&lt;script&gt;" in PAGE


def test_where_nothing_changed_no_chance_is_told() -> None:
    (line,) = comparison_lines(compare_runs(BEFORE, BEFORE))
    assert "0 gewonnen, 0 verloren" in line and "p = –" in line and "1.000" not in line


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS)
def test_both_pages_are_accessible(browser: Any, tmp_path: Path, look: str) -> None:
    pages = {"comparison": PAGE, "report": html(AFTER)}
    states = {}
    for name, text in pages.items():
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        states[name] = path.as_uri()
    with looking(browser, tmp_path.as_uri(), **LOOKS[look]) as context:
        page = context.new_page()
        assert troubles(page, look, states, _open_all) == []


def _open_all(page: Any, name: str) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true })")
