"""The report leads with what misleads, names why, escapes everything, and needs nothing beside
itself.
"""

from __future__ import annotations

import re

from evals.case_files import load_cases, shipped_cases
from evals.report.page import WORDS, group_cases, html, missed_measures, summary_table
from tests.evals.fakes import (
    COUNT,
    FACT,
    LIST,
    SILENT,
    answer,
    case,
    citation,
    judged,
    refusal,
    row,
    run_of,
)
from tests.processes import REPOSITORY

EVIL = "<script>alert(1)</script> & mehr"
MISLED = judged(FACT.case, answer(f"Das kostete 413.000 Euro. {EVIL} [1]", citation(quote=EVIL)))
SHORT_LIST = judged(LIST.case, answer("Eins [1]", citation("1.1", "1.1 Ziel")))
QUIET = judged(COUNT.case, refusal())
FOUND = judged(case(id="f"), answer("Dazu passt [1]", citation(), status="found"))
OPEN = judged(case(id="o", expect={"behavior": "open"}), FACT.answer)
NOW = run_of(row(MISLED), row(SHORT_LIST, "left-out", "listen"), row(QUIET, "left-out"), row(FOUND), row(OPEN, "own"),
             row(judged(SILENT.case, SILENT.answer)))  # fmt: skip


def test_it_leads_with_what_misleads() -> None:
    page = html(NOW)
    text = re.search(r'class="verdict"><strong>(.*?)</strong>', page)
    assert text and text[1].startswith(
        "2 von 5 Fragen führen in die Irre: beantwortet, aber falsch (40\u00a0%"
    )
    assert page.index("irregeführt") < page.index("ganz richtig beantwortet")


def test_every_case_can_be_opened_once_what_is_worst_first_what_is_right_last() -> None:
    groups = [[judgement.case.id for judgement in group.cases] for group in group_cases(NOW)]
    assert groups == [["c", "l"], ["n"], ["f"], ["o"], ["u"]]
    assert [group.is_open for group in group_cases(NOW)] == [True] * 4 + [False]
    page = html(NOW)
    assert page.index("Wie erwartet") < page.index('id="fall-u"')


def test_kinds_outcomes_and_what_is_expected_are_named_in_german() -> None:
    page = html(NOW)
    text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    for word in ("Liste", "irregeführt", "noch ohne Erwartung", "In den Dokumenten nicht gefunden"):
        assert word in text
    for name in ("single_fact", "unanswerable", "not_in_documents", "abstain", "left-out"):
        assert name not in text
    documented = (REPOSITORY / "docs/evaluation.md").read_text(encoding="utf-8")
    kinds = re.search(r"\| `type` \|(.*?)or your own", documented)
    assert kinds and WORDS.keys() >= set(re.findall(r"`(\w+)`", kinds[1]))
    assert WORDS.keys() >= {item.type for path in shipped_cases() for item in load_cases(path)}


def test_what_no_case_measures_is_a_dash() -> None:
    unmeasured = run_of(row(OPEN))
    outcomes = html(unmeasured).partition("Alle Maße</h2>")[0]
    assert "\u00a0%" not in outcomes and ">0<" not in outcomes
    assert "| faelle | – |" in summary_table(unmeasured)


def test_nothing_of_an_answer_becomes_markup_and_nothing_is_fetched() -> None:
    page = html(NOW)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not re.search(r'(?:src|href)="(?!#)', page) and "default-src 'none'" in page


def test_reasons_are_named() -> None:
    assert missed_measures(MISLED) == [
        "erster Satz antwortet (0 von 1)",
        "Fakten genannt (0 von 1)",
        "Fakten im Zitat (0 von 1)",
        "Zitate wörtlich (0 von 1)",
        "Zitate auf der genannten Seite (0 von 1)",
    ]
    assert missed_measures(SHORT_LIST) == [
        "richtige Einträge belegt (0 von 1)",
        "Listen vollständig (0 von 1)",
    ]
    assert "zu Unrecht nicht beantwortet (1 von 1)" in missed_measures(QUIET)
    assert missed_measures(judged(SILENT.case, FACT.answer)) == [
        "zu Recht nicht beantwortet (0 von 1)"
    ]
    assert missed_measures(judged(FACT.case, FACT.answer)) == missed_measures(OPEN) == []


def test_the_table_tells_how_many_of_how_many() -> None:
    assert "| faelle | 4 | 1/4 .25 (" in summary_table(
        NOW
    ) and "| all | 5 | 2/5 .40 (.12–.77) |" in summary_table(NOW)
