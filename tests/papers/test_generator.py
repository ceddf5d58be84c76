"""Generated papers say what their truth says: looked up in the written files by plain means, without any reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.papers import DAMAGES, Paper, Truth, combinations, few, paper, papers
from tests.papers.__main__ import main
from tests.papers.blocks import RunningHead
from tests.papers.printed import pages, squeezed, stands

SEED = 1
HELD = papers(SEED, held=True)
FEW = {one.file_name for one in few(SEED)}


def late(one: Paper) -> list[pytest.MarkDecorator]:
    return [] if one.file_name in FEW else [pytest.mark.long]


ALL = [
    pytest.param(one, id=f"held-{one.name}" if one.held else one.name, marks=late(one))
    for one in (*papers(SEED), *HELD)
]


@pytest.mark.parametrize("one", ALL)
def test_a_paper_says_what_its_truth_says(one: Paper, tmp_path: Path) -> None:
    one.set_once()
    printed = [squeezed(page) for page in pages(one.write(tmp_path))]
    assert list(unprinted(one, printed)) == []
    assert list(misplaced(one.truth, printed, one.format == "txt")) == []
    assert list(miscounted(one.truth)) == []
    assert stands(one.truth.front.title, printed[:1])
    assert one.truth.front.date is None or stands(one.truth.front.date[:4], printed[:1])
    assert bool(one.truth.hidden) == (one.format == "html")
    refs = [(record.kind, record.parent, record.ref) for record in one.truth.records if record.ref]
    assert len(refs) == len(set(refs))
    for line in one.truth.furniture:
        if "{" not in line and len(printed) > 4 and not heads_change(one):
            assert sum(squeezed(line) in page for page in printed) >= len(printed) - 2


def heads_change(one: Paper) -> bool:
    """Return whether the head of the pages is another one in every chapter or sheet."""
    return any(isinstance(block, RunningHead) for block in one.drafted().blocks)


def unprinted(one: Paper, printed: list[str]) -> Iterator[str]:
    """Yield sentences, titles, cells and values that are not in the file; ticked choices are printed otherwise."""
    truth = one.truth
    yield from missing([*truth.body, *truth.not_records], printed, one.format)
    yield from missing([cell for row in truth.table_rows for cell in row], printed, one.format)
    for record in truth.records:
        fields = [field.text for field in record.fields if field.meaning not in ("period", "priority")]
        yield from missing([record.title, record.title_overview or "", *fields], printed, one.format)


def missing(texts: list[str], printed: list[str], form: str) -> Iterator[str]:
    """Yield those texts that do not stand there."""
    return (text for text in texts if not stands(text, printed, form == "txt"))


def misplaced(truth: Truth, printed: list[str], columns: bool) -> Iterator[str]:
    """Yield the titles of records whose title, number, offices or cost are not on their pages."""
    if truth.pages is not None:
        assert truth.pages == len(printed)
    for record in truth.records:
        own = [printed[page - 1] for page in record.pages] or printed
        number = record.ref.split("~")[0] if record.ref else ""
        parts = [record.title, number, *record.responsible, *record.partners, record.cost or ""]
        paged = bool(record.pages) == (truth.pages is not None)
        in_order = list(record.pages) == sorted(record.pages) and len(record.pages) <= 6
        if not paged or not in_order or not all(stands(part, own, columns) for part in parts):
            yield record.title


def miscounted(truth: Truth) -> Iterator[str]:
    """Yield the families whose numbers do not agree."""
    for family in truth.families:
        own = [record for record in truth.records if (record.family, record.kind) == (family.label, family.kind)]
        told = {family.count, len(own), family.stated or family.count, family.listed or family.count}
        if len(told) > 1 or family.highest not in (None, family.count):
            yield family.label


@pytest.mark.parametrize("form", ["pdf", "txt", "md", "html", "docx"])
def test_the_same_seed_gives_the_same_bytes(form: str) -> None:
    first, again, other = (
        paper("labels on their own line", "K-07", form, damage=DAMAGES, seed=seed, measures=6) for seed in (4, 4, 5)
    )
    assert first.content == again.content
    assert first.truth == again.truth
    assert first.content != other.content


def test_a_suite_is_fixed_by_its_seed_and_as_wide_as_promised() -> None:
    names = {seed: [(one.file_name, one.sizes, one.damage) for one in papers(seed)] for seed in (SEED, 3)}
    assert names[SEED] == [(one.file_name, one.sizes, one.damage) for one in papers(SEED)] != names[3]
    suites = papers(SEED)[:60], papers(SEED)[60:100], papers(SEED)[100:158], papers(SEED)[158:], HELD, few(SEED)
    assert [len(suite) for suite in suites] == [60, 40, 58, 42, 24, 24]
    for suite, least, most in zip(suites, (6, 6, 5, 5, 6, 5), (120, 120, 80, 40, 42, 24), strict=True):
        assert {one.format for one in suite} == {"pdf", "txt", "md", "html", "docx"}
        assert (min(sum(one.sizes) for one in suite), max(sum(one.sizes) for one in suite)) == (least, most)
        assert set().union(*(one.damage for one in suite)) == set(DAMAGES)


def test_held_papers_share_no_layout_and_no_numbering_with_the_others() -> None:
    own, held = ({(one.layout, one.numbering) for one in papers(SEED, held)} for held in (False, True))
    assert {layout for layout, _ in own}.isdisjoint({layout for layout, _ in held})
    assert {numbers for _, numbers in own} & {numbers for _, numbers in held} <= {"none"}


def test_what_does_not_go_together_is_refused() -> None:
    with pytest.raises(ValueError, match="is not set as md"):
        paper("turned pages", "M 12", "md")
    with pytest.raises(KeyError):
        paper("unknown", "M 12")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.sampled_from(combinations()),
    damage=st.sets(st.sampled_from(DAMAGES)),
    measures=st.integers(6, 14),
    seed=st.integers(0, 10_000),
)
def test_any_combination_can_be_set(
    tmp_path: Path, parts: tuple[str, str, str], damage: set[str], measures: int, seed: int
) -> None:
    one = paper(*parts, damage=damage, measures=measures, seed=seed)
    printed = [squeezed(page) for page in pages(one.write(tmp_path))]
    wanted = [*one.truth.body, *(record.title for record in one.truth.records)]
    unknown = [text for text in wanted if not stands(text, printed, one.format == "txt")]
    assert unknown == [], (parts, sorted(damage), measures, seed)


def test_papers_are_written_with_their_truth_for_people(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--only", "motion-none"]) == 0
    truth_file = next(tmp_path.glob("*.truth.json"))
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    assert truth["layout"] == "motion"
    assert (tmp_path / truth["file"]).is_file()
    assert [record["ref"] for record in truth["records"]][:2] == ["1", "2"]


@pytest.mark.long
def test_papers_are_as_long_as_promised_and_held_ones_have_words_of_their_own() -> None:
    own = papers(SEED)
    for one in (*own, *HELD):
        one.set_once()
    assert max(one.truth.pages or 0 for one in own if one.layout == "sheets over several pages") >= 150
    assert max(one.truth.pages or 0 for one in HELD) <= 40
    assert sum(one.format == "pdf" for one in HELD) == 16
    titles = {record.title for one in own for record in one.truth.records}
    assert not titles & {record.title for one in HELD for record in one.truth.records if record.kind != "theme"}
