"""The plots: well-formed, the same every time, spoken of, in the page's colours, and holding what was measured."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from markupsafe import Markup

from evals.reporting import plots
from evals.reporting.figures import by_type
from evals.reporting.german import SPACE
from evals.reporting.material import material
from evals.reporting.tradeoff import tradeoff
from evals.runs.summary import Latency, Point
from tests.evals.fakes import FACT, judged
from tests.evals.reported import TRADED, after, before, run_of

SVG = "{http://www.w3.org/2000/svg}"


def types() -> Markup | None:
    run = after()
    return plots.fully_by_type(by_type(material(run)), run.summary.all["fully"])


def changes() -> Markup | None:
    return plots.won_and_lost(by_type(material(after(), before())))


def traded() -> Markup | None:
    return tradeoff(TRADED)


def lasting() -> Markup | None:
    return plots.latency([1.0, 2.0, 3.0, 4.0, 500.0], Latency(median=3.0, p95=5.0, longest=500.0))


def beside() -> Markup | None:
    return plots.against_baselines(after().summary)


ALL = (types, changes, traded, lasting, beside)


def texts(svg: Markup | None) -> list[str]:
    """What stands in a plot, title and description aside."""
    assert svg is not None
    return ["".join(one.itertext()).strip() for one in ET.fromstring(svg.replace(SPACE, " ")).iter(f"{SVG}text")]


def described(svg: Markup | None) -> str:
    assert svg is not None
    return (ET.fromstring(svg).findtext(f"{SVG}desc") or "").replace(SPACE, " ")


@pytest.mark.parametrize("draw", ALL)
def test_a_plot_is_the_same_every_time(draw: Callable[[], Markup | None]) -> None:
    assert draw() == draw()


@pytest.mark.parametrize("draw", ALL)
def test_a_plot_is_told_to_those_who_do_not_see_it(draw: Callable[[], Markup | None]) -> None:
    svg = draw()
    assert svg is not None
    root = ET.fromstring(svg)
    ids = {one.get("id") for one in root.iter()}
    assert root.get("role") == "img"
    assert {root.get("aria-labelledby"), root.get("aria-describedby")} <= ids
    assert root.findtext(f"{SVG}title") and len(described(svg)) > 20


@pytest.mark.parametrize("draw", ALL)
def test_a_plot_has_the_colours_and_the_font_of_its_page(draw: Callable[[], Markup | None]) -> None:
    svg = draw()
    assert svg is not None
    assert not re.search(r"#[0-9a-fA-F]{6}", svg), "a colour that does not follow light and dark"
    assert "DejaVu" not in svg and "<metadata" not in svg and "var(--ink)" in svg


def test_no_two_plots_share_an_id() -> None:
    ids = [one.get("id") for draw in ALL for one in ET.fromstring(draw() or "").iter() if one.get("id")]
    assert len(ids) == len(set(ids)) > 100


def test_every_reference_inside_a_plot_leads_somewhere() -> None:
    for draw in ALL:
        svg = str(draw())
        wanted = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
        assert wanted <= set(re.findall(r' id="([^"]+)"', svg)) and wanted


def test_types_stand_with_their_number_the_weakest_on_top() -> None:
    rows = [one for one in texts(types()) if one.endswith(")")]
    assert rows == [
        "Anschlussfrage (1)",
        "Einzelne Angabe (1)",
        "Liste (1)",
        "Nicht in den Dokumenten (2)",
        "Anzahl (1)",
    ]
    assert "Nicht in den Dokumenten: 1 von 2" in described(types())


def test_only_types_that_changed_are_won_or_lost() -> None:
    assert texts(changes()) == ["◀ verloren", "gewonnen ▶", "Einzelne Angabe", "Anzahl", "+1", "−1"]
    assert described(changes()) == "Einzelne Angabe: 0 gewonnen, 1 verloren; Anzahl: 1 gewonnen, 0 verloren"


def test_points_at_one_place_share_a_label() -> None:
    labels = texts(traded())
    assert "0–1 (eingestellt: 1)" in labels and "2" in labels
    assert "Strenge 2,00: falsch beantwortet 0 %, falsch nicht beantwortet 25 %" in described(traded())


def test_labels_of_near_points_do_not_run_into_each_other() -> None:
    near = [Point(strict=one, false_answers=0.0, false_refusals=one / 100, fully=0.9) for one in (0.5, 1.0, 1.5)]
    svg = tradeoff(near)
    assert svg is not None
    places = {
        "".join(one.itertext()).strip(): (float(one.get("x", "0")), float(one.get("y", "0")))
        for one in ET.fromstring(svg).iter(f"{SVG}text")
    }
    set_, after_, before_ = places["1 (eingestellt)"], places["1,5"], places["0,5"]
    assert abs(set_[1] - after_[1]) >= 9, "the label of what is set is longer than the way to the next point"
    assert before_[1] != set_[1] or before_[0] < set_[0]


def test_a_label_without_a_free_place_is_left_out_but_never_that_of_what_is_set() -> None:
    crowd = [
        Point(strict=0.75 + one / 20, false_answers=0.1 - one / 1000, false_refusals=one / 1000, fully=0.9)
        for one in range(12)
    ]
    labels = [one for one in texts(tradeoff(crowd)) if one[:2] in ("0,", "1 ", "1,")]
    assert "1 (eingestellt)" in labels and 2 < len(labels) < 12


def test_median_and_slowest_are_told() -> None:
    assert {"Hälfte bis 3,0 ms", "95 % bis 5,0 ms"} <= set(texts(lasting()))
    assert described(lasting()) == "Median 3,0 ms, 95 % bis 5,0 ms, längste 500 ms"


def test_questions_are_counted_in_whole_numbers() -> None:
    assert {"0", "1"} <= set(texts(lasting())) and not {"0,2", "0,5"} & set(texts(lasting()))


def test_one_slow_answer_does_not_flatten_the_others() -> None:
    assert "500" not in texts(lasting()) and "10" in texts(lasting())


def test_the_service_stands_beside_each_baseline() -> None:
    assert {"Strategielotse", "BM25", "ganz richtig"} <= set(texts(beside()))
    assert "ganz richtig, Strategielotse: 33 %" in described(beside())
    assert "ganz richtig, BM25: 0 %" in described(beside())


def test_what_was_not_measured_is_not_drawn() -> None:
    run = run_of(judged(FACT.case, FACT.answer))
    assert plots.against_baselines(run.summary) is None
    assert tradeoff([]) is None and tradeoff(TRADED[:1]) is None
    assert plots.won_and_lost(by_type(material(run))) is None
    assert plots.latency([], run.summary.latency) is None
    assert plots.fully_by_type([], run.summary.all["fully"]) is None
