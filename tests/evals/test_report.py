"""The report in HTML and JSON: what it says of hand-made runs, nothing becomes markup, how big and fast it is."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from evals.metrics.judging import Judgement
from evals.reporting import german
from evals.reporting.cases import anchor, failed_groups, flawed, won
from evals.reporting.figures import by_type, figure
from evals.reporting.html import html
from evals.reporting.machine import machine
from evals.reporting.material import material
from evals.reporting.verdict import verdict
from evals.reporting.writing import write_report
from evals.runs.gate import Limits, Shortfall, shortfalls
from evals.runs.run import read_run, write_run
from service.models import LookupResult
from tests.evals.fakes import COUNT, FACT, answer, case, citation, judged, refusal, silent_case, turn
from tests.evals.reported import MISCOUNTED, NOW, THEN, after, before, found_item, run_of

LIMITS = Limits({"fully": 0.9, "right@3": 0.5}, {"false answers": 0.6}, {"facts": 0.1}, {"facts": 0.6})
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def plain(text: str) -> str:
    return text.replace(german.SPACE, " ")


def told(*sentences: str) -> str:
    return plain(" ".join(sentences))


class Page(HTMLParser):
    """Elements, ids and what is addressed; fails where tags do not close in order."""

    EMPTY = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.addresses += [str(value) for name, value in attrs if name in ("href", "src", "xlink:href")]
        if tag not in self.EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def test_the_verdict_is_computed_from_the_figures() -> None:
    short = tuple(shortfalls(after().summary, LIMITS))
    assert [plain(one) for one in verdict(material(after(), before(), short))] == [
        "Von 6 Fragen sind 33 % ganz richtig beantwortet (0–67 %).",
        "Schwächste Art: Anschlussfrage (0 von 1 ganz richtig).",
        "Beantwortet, obwohl keine Antwort erwartet ist: 1 von 2; "
        "nicht beantwortet, obwohl eine erwartet ist: 0 von 4.",
        "Gegenüber dem Lauf davor: 1 gewonnen, 1 verloren, das kann Zufall sein (p = 1,00).",
        "2 Schwellen sind verletzt: ganz richtig, Fakten genannt.",
    ]


def many(right: int, wrong: int) -> list[Judgement]:
    """Cases 0, 1, 2, …: the first are right, the last are not answered."""
    cases = [FACT.case.model_copy(update={"id": f"c{number}"}) for number in range(right + wrong)]
    return [judged(one, FACT.answer if number < right else refusal()) for number, one in enumerate(cases)]


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ((2, 8), (10, 0), "eindeutig besser: 8 gewonnen, keine verloren (p = 0,008)."),
        ((10, 0), (2, 8), "eindeutig schlechter: keine gewonnen, 8 verloren (p = 0,008)."),
        ((9, 1), (10, 0), ": 1 gewonnen, keine verloren, das kann Zufall sein (p = 1,00)."),
        ((5, 5), (5, 5), " ist keine Frage gewonnen und keine verloren."),
        ((1, 14), (15, 0), "eindeutig besser: 14 gewonnen, keine verloren (p < 0,001)."),
    ],
)
def test_only_what_is_more_than_chance_is_called_better_or_worse(
    then: tuple[int, int], now: tuple[int, int], said: str
) -> None:
    assert said in told(*verdict(material(run_of(*many(*now)), run_of(*many(*then)))))


def test_runs_without_a_common_case_are_not_compared() -> None:
    other = run_of(judged(FACT.case.model_copy(update={"question": "Anders?"}), FACT.answer))
    assert "nicht vergleichbar" in told(*verdict(material(run_of(*NOW[:1]), other)))


def test_runs_with_some_common_cases_say_how_many() -> None:
    assert "bei 2 gleichen Fragen" in told(*verdict(material(run_of(*NOW), run_of(*THEN[:2]))))


def test_a_small_type_is_not_called_the_weakest_beside_a_large_one() -> None:
    small = judged(case(id="k", type="list"), refusal())
    assert "Einzelne Angabe (5 von 6 ganz richtig)" in told(*verdict(material(run_of(*many(5, 1), small))))


def test_where_all_is_right_nothing_is_weak() -> None:
    sentences = told(*verdict(material(run_of(*many(5, 0)), short=())))
    assert "Keine Art von Fragen ist schwächer" in sentences and "Alle Schwellen sind eingehalten." in sentences


def test_a_figure_stands_with_interval_change_and_limit() -> None:
    short = tuple(shortfalls(after().summary, LIMITS))
    told = material(after(), before(), short, LIMITS)
    facts = figure(told, "facts")
    assert facts is not None and facts.change is not None and facts.bound is not None
    assert (plain(facts.shown), plain(facts.interval)) == ("0 %", "0–84 %")
    assert (facts.change.arrow, plain(str(facts.change))) == ("▼", "50 Punkte schlechter, kann Zufall sein")
    assert (facts.bound.broken, plain(str(facts.bound))) == (True, "mindestens 50 %")


def test_fewer_false_answers_are_better_though_the_figure_falls() -> None:
    near = silent_case(id="u-2", distance="near")
    then, now = run_of(judged(near, answer("Ja."))), run_of(judged(near, refusal()))
    found = figure(material(now, then), "false answers")
    assert found is not None and found.change is not None
    assert (found.change.arrow, plain(str(found.change))) == ("▼", "100 Punkte besser")


def test_without_a_gate_or_a_run_before_nothing_is_said_of_them() -> None:
    page = html(material(after()))
    assert "Schwelle" not in page and "Lauf davor" not in page
    assert "nicht ganz richtig beantwortet" in page


def test_types_weakest_first_and_weak_figures_marked() -> None:
    rows = by_type(material(after(), before()))
    assert [row.kind for row in rows] == ["followup", "single_fact", "list", "unanswerable", "count"]
    assert [row.figures["fully"].weak for row in rows] == [True, True, True, False, False]
    assert rows[3].figures["false answers"].weak is False and rows[3].cases == 2
    assert [(row.won, row.lost) for row in rows] == [(0, 0), (0, 1), (0, 0), (0, 0), (1, 0)]


def test_every_failed_case_once_newly_lost_first() -> None:
    groups = failed_groups(material(after(), before()))
    assert [(group.title, [one.judgement.case.id for one in group.cases]) for group in groups] == [
        ("Neu verloren", ["c"]),
        ("Anschlussfrage", ["f-1"]),
        ("Liste", ["l"]),
        ("Nicht in den Dokumenten", ["u-2"]),
    ]


def test_the_run_before_stands_beside_only_where_it_answered_otherwise() -> None:
    groups = failed_groups(material(after(), before()))
    beside = {one.judgement.case.id: one.before is not None for group in groups for one in group.cases}
    assert beside == {"c": True, "f-1": False, "l": False, "u-2": False}


def test_a_won_case_says_what_was_missing() -> None:
    found = won(material(after(), before()))
    assert [one.judgement.case.id for one in found] == ["n"] and found[0].before is MISCOUNTED
    assert "Anzahl falsch: 5 statt 4" in html(material(after(), before()))


def test_a_right_answer_with_a_wrong_quote_is_listed() -> None:
    right = judged(COUNT.case, answer("4 Projekte [1]", citation("1.2", "Erfunden"), total=4))
    assert [one.judgement.case.id for one in flawed(material(run_of(*NOW[:1], right)))] == ["n"]


def test_a_case_is_told_whole() -> None:
    page = plain(html(material(after(), before())))
    entry = next(one for one in page.split('<details class="case">') if 'id="f-1"' in one)
    for part in (
        "Und die Kosten?", "Wie ist der Stand bei den Hallen?", "412.000 / 412 Tausend", "gratis",
        "richtiger Eintrag erst an Stelle 4", "Es war gratis. [1]", "Das kostete 412.000 Euro.", "0,75", "Halle",
        "nennt „Kosten“", "✓ richtig", "Verbotenes gesagt: gratis",
    ):  # fmt: skip
        assert part in entry, part
    assert entry.count("✓ richtig") == 2  # the fourth citation, and the second item found


def test_the_page_is_well_formed_and_needs_nothing() -> None:
    short = tuple(shortfalls(after().summary, LIMITS))
    page = Page(html(material(after(), before(), short, LIMITS)))
    assert len(page.ids) == len(set(page.ids))
    assert all(one.startswith("#") and one[1:] in page.ids for one in page.addresses)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert page.tags.count("figure") == 5


def poisoned() -> Any:
    quoted = citation(quote=EVIL, title=EVIL, document_id=EVIL, ref=EVIL)
    bad = case(
        id=f"x{EVIL}", type=EVIL[:25], question=EVIL, note=EVIL, history=(turn(EVIL),),
        expect={"citations_any": ((EVIL, EVIL),), "facts": ((EVIL, "b"),), "forbidden": (EVIL,)},
    )  # fmt: skip
    run = run_of(judged(bad, answer(f"{EVIL} b [1]", quoted)), name=EVIL, edition=EVIL, address=EVIL, prompts=EVIL)
    run = replace(run, summary=run.summary.model_copy(update={"baselines": {EVIL: run.summary.all}}))
    found = LookupResult(query=EVIL, covered=True, items=[found_item(EVIL, EVIL, EVIL)], corpus_edition="e")
    then = run_of(judged(bad, answer("b [1]", quoted)), name=EVIL)
    return replace(run, findings={bad.id: found}), then


def test_nothing_becomes_markup() -> None:
    run, then = poisoned()
    short = (Shortfall("fully", None, 0.5, EVIL),)
    page = html(material(run, then, short))
    assert "<script" not in page and "<img" not in page and "onerror=alert(1)&gt;" in page
    assert not {"script", "img"} & set(Page(page).tags)


def test_an_id_becomes_an_address() -> None:
    assert anchor("sd-001") == "sd-001" and anchor("Frage 1/ä <x>") == "Frage-1-ä-x-"


def test_all_three_files_are_written(tmp_path: Path) -> None:
    place = write_report(after(), tmp_path, before(), shortfalls(after().summary, LIMITS), LIMITS)
    assert place == tmp_path / "report.html"
    assert {one.name for one in tmp_path.iterdir()} == {"report.html", "report.md", "report.json"}
    assert place.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_run_that_was_read_again_is_told_alike(tmp_path: Path) -> None:
    write_run(after(), tmp_path / "run")
    assert html(material(read_run(tmp_path / "run"))) == html(material(after()))


def test_the_json_holds_what_programs_ask_for() -> None:
    short = tuple(shortfalls(after().summary, LIMITS))
    found = json.loads(machine(material(after(), before(), short)))
    assert found["name"] == "heute" and found["cases"] == 6 and len(found["verdict"]) == 5
    assert found["headline"]["fully"]["value"] == pytest.approx(1 / 3)
    assert {"false answers", "false refusals", "false answers near", "verbatim"} <= found["headline"].keys()
    compared = found["comparison"]
    assert (compared["before"], compared["won"], compared["lost"]) == ("gestern", ["n"], ["c"])
    assert compared["p_value"] == 1.0 and compared["significant"] is False
    assert found["failed"]["c"] == ["Fakt fehlt: 412.000"]
    assert found["gate"]["passed"] is False
    assert [one["measure"] for one in found["gate"]["shortfalls"]] == ["fully", "facts"]


def test_the_json_says_where_there_is_no_comparison_and_no_gate() -> None:
    found = json.loads(machine(material(after())))
    assert found["comparison"] is None and found["gate"] is None
    assert json.loads(machine(material(after(), short=())))["gate"] == {"passed": True, "shortfalls": []}


def test_nine_hundred_cases_are_told_below_three_megabytes(tmp_path: Path) -> None:
    quotes = [citation(f"9.{place}", "Ein langer Wortlaut. " * 20, marker=place + 1) for place in range(40)]
    long = answer("Eine lange Antwort mit vielen Belegen. " * 60, *quotes)
    judgements = many(800, 0) + [judged(FACT.case.model_copy(update={"id": f"w{n}"}), long) for n in range(100)]
    items = [found_item(f"9.{place}", "Titel " * 10, "Grund " * 10) for place in range(40)]
    found = LookupResult(query="?", covered=True, items=items, corpus_edition="e")
    run = replace(run_of(*judgements), findings={f"w{n}": found for n in range(100)})
    then = run_of(*many(900, 0)[:800], *[judged(one.case, refusal()) for one in judgements[800:]])
    page = write_report(run, tmp_path, then)
    assert page.stat().st_size < 3_000_000
    written = page.read_text(encoding="utf-8")
    assert written.count("Dazu 28 weitere Belege: 9.12, 9.13") == written.count("Dazu 30 weitere Einträge.") == 100


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (german.percent(0.852), "85 %"), (german.percent(0.996), "99,6 %"), (german.percent(0.004), "0,4 %"),
        (german.percent(1.0), "100 %"), (german.percent(0.0), "0 %"), (german.percent(0.0003), "<0,1 %"),
        (german.percent(0.9999), ">99,9 %"), (german.percents(0.79, 0.904), "79–90 %"),
        (german.number(1234.56), "1.234,6"),
        (german.number(-0.5), "−0,5"), (german.number(-0.01), "0,0"), (german.points(-0.01), "1 Punkt"),
        (german.points(0.004), "0,4 Punkte"), (german.points(0.126), "13 Punkte"),
        (german.probability(0.0004), "p < 0,001"), (german.probability(0.0156), "p = 0,016"),
        (german.probability(0.63), "p = 0,63"), (german.milliseconds(4.21), "4,2 ms"),
        (german.milliseconds(118.6), "119 ms"), (german.milliseconds(1310.0), "1,3 s"),
        (german.duration(8.44), "8,4 s"), (german.duration(125.2), "2 min 5 s"),
        (german.counted(1, "Frage", "Fragen"), "1 Frage"), (german.counted(1430, "Frage", "Fragen"), "1.430 Fragen"),
        (german.moment(before().info.created), "20.11.2026, 08:05 UTC"),
    ],
)  # fmt: skip
def test_figures_in_german(given: str, shown: str) -> None:
    assert plain(given) == shown
