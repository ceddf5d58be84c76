"""The report as Markdown: the same figures, tables that hold, and nothing that becomes markup."""

from __future__ import annotations

import re

from evals.reporting.german import SPACE
from evals.reporting.markdown import markdown, plain
from evals.reporting.material import material
from evals.runs.gate import Limits, shortfalls
from tests.evals.fakes import answer, case, citation, judged
from tests.evals.reported import after, before, run_of

LIMITS = Limits({"fully": 0.9}, {}, {}, {})


def written() -> str:
    told = material(after(), before(), tuple(shortfalls(after().summary, LIMITS)), LIMITS)
    return markdown(told).replace(SPACE, " ")


def section(title: str) -> list[str]:
    """The lines of a section."""
    found = re.search(rf"^#+ {re.escape(title)}\n\n(.*?)(?=\n\n#|\Z)", written(), flags=re.S | re.M)
    assert found is not None
    return found[1].strip().split("\n")


def test_it_begins_with_what_was_asked_and_the_verdict() -> None:
    head, facts, told = written().split("\n\n")[:3]
    assert head == "# heute"
    assert facts == "20.11.2026, 12:05 UTC · Ausgabe 2026-11-19-1 · 6 Fragen · Dauer 1 min 5 s"
    assert told.startswith("Von 6 Fragen sind 33 % ganz richtig beantwortet (0–67 %). Schwächste Art: ")
    assert "1 Schwelle ist verletzt: ganz richtig." in told


def test_the_headline_has_change_and_limit() -> None:
    rows = section("Die wichtigsten Zahlen")
    assert rows[0] == "| Maß | Wert | 95-%-Bereich | n | gegenüber davor | Schwelle |"
    assert rows[2] == "| ganz richtig | 33 % | 0–67 % | 6 | = wie davor | mindestens 90 %, **verletzt** |"
    assert [row.split(" | ")[0] for row in rows if "falsch" in row] == [
        "| falsch beantwortet",
        "| falsch nicht beantwortet",
    ]


def test_types_with_their_weak_figures() -> None:
    rows = section("Nach Art der Frage")
    assert rows[2].startswith("| Anschlussfrage | 1 | 0 % ▼ |")
    assert rows[-1].startswith("| Anzahl | 1 | 100 % | 100 % | 100 % | – | 100 % |")


def test_all_measures_with_the_baseline_beside() -> None:
    rows = section("Alle Maße")
    assert rows[0].endswith("| Schwelle | BM25 |")
    fully = next(row for row in rows if row.startswith("| ganz richtig"))
    assert fully.endswith("| 0 % (0–46 %) |")
    assert rows[-1] == "Dauer je Antwort: Median 5,0 ms, 95 % bis 5,0 ms, längste 5,0 ms."


def test_every_row_has_as_many_cells_as_its_head() -> None:
    tables = re.findall(r"(?:^\|.*\|\n?)+", written(), flags=re.M)
    assert len(tables) == 3
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.strip().split("\n")}) == 1


def test_failed_and_won_cases_one_line_each() -> None:
    assert section("Neu verloren") == ["- **c** Was kostet es?: Fakt fehlt: 412.000; unbelegt: 413.000"]
    assert section("Liste") == ["- **l** Was kostet es?: Eintrag fehlt: 1.2"]
    assert section("Gewonnen") == ["- **n** Was kostet es?"]


def test_nothing_becomes_markup() -> None:
    bad = case(question="[a](http://x) | <b> `c` *d*\n# e")
    text = markdown(material(run_of(judged(bad, answer("Nein. [1]", citation("9.9"))))))
    assert "\\[a\\](http://x) \\| \\<b\\> \\`c\\` \\*d\\* \\# e" in text


def test_plain_keeps_what_is_no_markup() -> None:
    assert plain("412.000 Euro, 5–6 %") == "412.000 Euro, 5–6 %"
