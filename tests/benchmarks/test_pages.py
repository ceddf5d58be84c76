"""What the benchmark computes and writes; that it measures is seen by running it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evals.cases import Expectation, Overview, Ref
from evals.reporting.marked import MarksMissing
from tests.benchmarks import growth, page, plots, quality, scaling, users
from tests.benchmarks.__main__ import PAGES
from tests.benchmarks.engines.asking import NAMES, OTHERS
from tests.benchmarks.engines.rivals import Rival
from tests.benchmarks.finding import failures, rivals_table
from tests.benchmarks.grown_editions import Made
from tests.benchmarks.measured import Measured, Times, milliseconds, ratio, table
from tests.processes import REPOSITORY

SIZES = [
    scaling.Size(1, 1_000, {"facts": 10.0, "lists": 20.0}, 5.0, 200.0, 1.0),
    scaling.Size(9, 11_000, {"facts": 20.0, "lists": 20.0}, 6.0, 300.0, 11.0),
    scaling.Size(90, 111_000, {"facts": 120.0, "lists": 40.0}, 16.0, 1_300.0, 111.0),
]


def rivals(**failed: str) -> dict[str, Rival]:
    found = {name: Rival(NAMES[name], 1.0, 2.0, 300.0, 5.0, [2.0, 4.0, 6.0]) for name in NAMES}
    for name, reason in failed.items():
        found[name] = Rival(NAMES[name], failed=reason)
    return found


def test_every_section_has_its_place_in_the_shipped_pages() -> None:
    page.check(REPOSITORY / "docs", PAGES)


def test_a_section_is_written_and_what_was_not_measured_stays(tmp_path: Path) -> None:
    text = "# Speed\n\n<!-- users -->\n\nold\n\n<!-- /users -->\n\n<!-- growth -->\n\nkept\n\n<!-- /growth -->\n"
    (tmp_path / "benchmarks.md").write_text(text)
    page.write(tmp_path, "users", Measured({"benchmarks.md": "new"}, {"plot.svg": "<svg/>"}))
    assert (tmp_path / "benchmarks.md").read_text() == text.replace("old", "new")
    assert (tmp_path / "plot.svg").read_text() == "<svg/>"


def test_a_page_without_a_place_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "benchmarks.md").write_text("<!-- users -->\n<!-- /users -->\n")
    with pytest.raises(MarksMissing):
        page.check(tmp_path, {"benchmarks.md": ("users", "growth")})


def test_ratios_and_times_as_they_are_shown() -> None:
    assert [ratio(3, 2), ratio(30, 2), ratio(3, 0)] == ["1.50", "15", "–"]
    assert [milliseconds(9.87), milliseconds(1234.5)] == ["9.9 ms", "1,234 ms"]
    assert table(("", "b"), [("a", "1")]) == "|  | b |\n| --- | ---: |\n| a | 1 |"


def test_percentiles_of_few_times() -> None:
    assert Times([7.0]).high == 7.0
    assert Times([float(one) for one in range(101)]).high == 95.0


def test_engines_are_shown_beside_the_bare_parts() -> None:
    found = rivals()
    found["ours"].times[:] = [8.0, 8.0, 8.0]
    found["ours"].build = None
    lines = rivals_table(found, Times([40.0]), 30.0).splitlines()
    assert lines[2] == "| answer over HTTP | 40.0 ms | 40.0 ms | 10 | 30.0 ms |  |  |  |"
    assert lines[3] == "| our finding | 8.0 ms | 8.0 ms | 2.00 | 5.0 ms | – | 2.0 s | 300 MB |"
    assert lines[4].startswith("| bare Chroma and bm25s | 4.0 ms | 5.8 ms | 1.00 | 5.0 ms | 1.0 s |")
    assert failures(found) == []


def test_an_engine_that_could_not_be_had_is_said_visibly() -> None:
    found = rivals(haystack="not installed")
    assert "| Haystack |" + " not compared |" * 7 in rivals_table(found)
    assert failures(found) == ["**Not compared:** Haystack (not installed)."]


def test_without_bare_parts_there_is_no_ratio() -> None:
    assert "| LangChain | 4.0 ms | 5.8 ms | – |" in rivals_table(rivals(bare="gone"))


def test_every_engine_but_ours_has_an_adapter() -> None:
    for name in OTHERS:
        assert (REPOSITORY / f"tests/benchmarks/engines/{name}.py").is_file()


def is_same(one: tuple[str, str], ref: Ref) -> bool:
    return one == ref


def test_share_of_what_a_case_expects() -> None:
    found = [("d", "1"), ("d", "2"), ("d", "3")]
    enough = Expectation(behavior="answer", citations_any=(("d", "9"), ("d", "2")))
    assert quality.share(found, enough, 1, is_same) == (0.0, 1.0)
    assert quality.share(found, enough, 2, is_same) == (1.0, 1.0)
    both = Expectation(behavior="answer", citations_all=(("d", "3"), ("d", "9")))
    assert quality.share(found, both, 5, is_same) == (0.5, 1.0)
    core = Overview(core=(("d", "1"), ("d", "8")), topic=(("d", "2"),), at_least=2)
    assert quality.share(found, Expectation(behavior="answer", overview=core), 5, is_same) == (0.5, 1.0)
    assert quality.share(found, Expectation(behavior="abstain"), 5, is_same) is None


def test_qualities_are_told_by_set_with_what_is_missing() -> None:
    scores = quality.Scores(failed={"haystack": "not installed"}, left_out={"papers-dev": 3})
    for engine in set(NAMES) - {"haystack"}:
        for first in quality.FIRST:
            scores.note(engine, "first-dev", first, (float(first == 10), 1.0))
    told = quality.text(scores, True, 0.0)
    assert "|  | first-dev (1) | all, first ten with 95 % |" in told
    assert "| our finding | 0.00 / 1.00 | 1.00 (0.03–1.00) |" in told
    assert "| Haystack | not compared | not compared |" in told
    assert "3 cases of papers-dev" in told and "does not learn from" not in told


@pytest.mark.parametrize(("place", "value"), [(500, 10.0), (6_000, 15.0), (61_000, 70.0), (211_000, 220.0)])
def test_between_sizes_and_behind_them_values_lie_on_straight_lines(place: int, value: float) -> None:
    assert scaling.at([(one.chunks, one.medians["facts"]) for one in SIZES], place) == value


def test_a_single_size_says_the_same_everywhere() -> None:
    assert scaling.at([(5.0, 3.0)], 100.0) == 3.0
    with pytest.raises(ValueError):
        scaling.at([], 1.0)


def test_nothing_falls_on_behind_the_largest_size() -> None:
    assert scaling.at([(1.0, 9.0), (2.0, 5.0)], 1.5) == 7.0
    assert scaling.at([(1.0, 9.0), (2.0, 5.0)], 100.0) == 5.0


def test_builds_that_were_not_timed_are_not_computed() -> None:
    told = scaling.text([replace(one, build=None) for one in SIZES], {})
    assert "| 120 ms | 40.0 ms | – | 16 s |" in told
    assert "one after the other" not in told and "bare" not in told


def test_what_all_municipalities_take_is_computed_from_the_sizes() -> None:
    told = scaling.text(SIZES, {1_000: (1.0, 100.0), 11_000: (2.0, 200.0)})
    assert "| 90 | 111,000 | 120 ms | 40.0 ms | 111 s | 16 s | 1,300 MB |" in told
    assert "| build, one after the other | 22 s | 106 min | 106 min |" in told
    assert "need a machine with 2 GB" in told
    assert "| chunks | 21,663 | 6,369,000 | 6,369,000 |" in told
    assert "| memory for one process each | 407 MB | 119.5 GB | 63.9 GB |" in told
    assert "| bare Chroma and bm25s: a query, memory | 3 ms, 307 MB | the same, for each | 638 ms, 63.8 GB |" in told
    assert "A machine with 16 GB holds 31 counties with one process each, so 10 such machines hold all." in told


def test_users_are_told_with_what_failed() -> None:
    loads = [users.Load(1, 4, 0.0, 2.0, [10.0, 20.0, 30.0], 1), users.Load(2, 4, 0.0, 2.0, [], 2)]
    told = users.text(loads, 0.0)
    assert "| 1 | 4 | 1.5 | 20.0 ms | 29.0 ms | 1 of 4 |" in told
    assert "| 2 | 4 | 0.0 | – | – | 2 of 2 |" in told
    assert "People who wait" not in told


def test_an_edition_that_was_kept_is_not_published_again(tmp_path: Path) -> None:
    (tmp_path / "made.json").write_text('[{"papers": 7, "chunks": 1170, "seconds": 9.5}, 348.0]')
    assert growth.published(1_000, tmp_path) == (Made(7, 1_170, 9.5), 348.0)
    assert not (tmp_path / "editions").exists()


def grown(papers: int, chunks: int, median: float) -> growth.Grown:
    times = {"facts": Times([median] * 3), "lists": Times([2 * median] * 3)}
    return growth.Grown(Made(papers, chunks, 9.5), 348.0, times, 5.0, 250.0)


def test_growth_is_told_with_how_often_the_median_of_the_smallest_it_is() -> None:
    sizes = [grown(7, 1_170, 10.0), grown(65, 10_010, 15.0)]
    told = growth.text(sizes, {1_170: rivals(), 10_010: rivals(langchain="out of memory")}, 0.0)
    assert "| 7 | 1,170 | 10.0 ms, 10.0 ms | 20.0 ms, 20.0 ms | 9.5 s | 348 MB | 5.0 s | 250 MB |" in told
    assert "From 1,170 to 10,010 chunks the median grows: facts 1.50 times, lists 1.50 times." in told
    assert "**Not compared:** LangChain (out of memory)." in told


def test_plots_of_equal_figures_are_equal_and_keep_their_texts() -> None:
    drawn = [plots.bars({"a paper": {"ours": 1.0, "bare": 2.0}}, "seconds") for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert "a paper" in drawn[0] and "seconds" in drawn[0]
    curve = plots.lines({"ms": {"ours": {1_000: 1.0, 10_000: 3.0}}}, "chunks")
    assert "10,000" in curve and "ours" in curve
