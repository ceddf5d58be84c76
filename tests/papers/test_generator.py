"""Generated papers say what their truth says: looked up in the written files by plain means, without any reader."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.papers import DAMAGES, FORMATS, Paper, Truth, combinations, few, paper, papers
from tests.papers.__main__ import main
from tests.papers.blocks import Note

SEED = 1
HELD = papers(SEED, held=True)
FEW = {one.file_name for one in few(SEED)}
ALL = [
    pytest.param(one, id=f"held-{one.name}" if one.held else one.name, marks=[pytest.mark.long][one.file_name in FEW :])
    for one in (*papers(SEED), *HELD)
]
LIGATURES = {"\ufb01": "fi", "\ufb02": "fl", "\ufb00": "ff"}


def squeezed(text: str) -> str:
    """Return the text without white space, hyphens, commas, bullets and bold marks, ligatures undone."""
    for ligature, plain in LIGATURES.items():
        text = text.replace(ligature, plain)
    return re.sub(r"[\s\-–\u00ad*#|•,\\]+|<br>", "", text).lower()


def pages(path: Path) -> list[str]:
    """Return the bare text of every page, squeezed; one text where the format has no pages."""
    return [squeezed(page) for page in raw_pages(path.suffix, path.read_bytes())]


def raw_pages(suffix: str, content: bytes) -> list[str]:
    match suffix:
        case ".pdf":
            return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
        case ".docx":
            body = Document(io.BytesIO(content)).element.body
            return ["\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))]
        case ".html":
            text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", content.decode(), flags=re.DOTALL)
            return [re.sub(r"<[^>]+>", " ", text).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")]
    marked = re.split(r"\n-- \d+ of \d+ --\n", content.decode())
    return marked[:-1] if len(marked) > 1 else content.decode().split("\f")


def stands(text: str, printed: Sequence[str], columns: bool = False) -> bool:
    """Return whether a text stands on these pages, whole or cut in two by the end of a page.

    `columns`: plain text sets cells side by side, so that their lines alternate; there every word must stand, in one
    piece or in two.
    """
    whole, wanted = "".join(printed), squeezed(text)
    if wanted in whole:
        return True
    if columns:
        return all(cut_in_two(squeezed(word), whole) for word in text.split())
    return cut_in_two(wanted, whole)


def cut_in_two(wanted: str, whole: str) -> bool:
    start, end = longest(wanted, whole), longest(wanted[::-1], whole[::-1])
    return not wanted or (start > 0 and end > 0 and start + end >= len(wanted))


def longest(wanted: str, whole: str) -> int:
    """Return the length of the longest beginning of a text that stands somewhere in the whole."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[:middle] in whole else (low, middle - 1)
    return low


@pytest.mark.parametrize("one", ALL)
def test_a_paper_says_what_its_truth_says(one: Paper, tmp_path: Path) -> None:
    one.set_once()
    truth, printed = one.truth, pages(one.write(tmp_path))
    assert list(unprinted(one, printed)) == []
    assert truth.pages in (None, len(printed))
    assert list(misplaced(truth, printed, one.format == "txt")) == []
    assert list(miscounted(truth)) == []
    assert stands(truth.front.title, printed[:1])
    assert truth.front.date is None or stands(truth.front.date[:4], printed[:1])
    assert bool(truth.hidden) == (one.format == "html")
    refs = [(record.kind, record.parent, record.ref) for record in truth.records if record.ref]
    assert len(refs) == len(set(refs))
    changing = any(isinstance(block, Note) and block.kind == "head" for block in one.drafted().blocks)
    for line in truth.furniture:
        if "{" not in line and len(printed) > 4 and not changing:
            assert sum(squeezed(line) in page for page in printed) >= len(printed) - 2


def unprinted(one: Paper, printed: list[str]) -> Iterator[str]:
    """Yield sentences, titles, cells and values that are not in the file; ticked choices are printed otherwise."""
    truth = one.truth
    texts = [*truth.body, *truth.not_records, *(cell for row in truth.table_rows for cell in row)]
    for record in truth.records:
        texts += [field.text for field in record.fields if field.meaning not in ("period", "priority")]
        texts += [record.title, record.title_overview or ""]
    return (text for text in texts if not stands(text, printed, one.format == "txt"))


def misplaced(truth: Truth, printed: list[str], columns: bool) -> Iterator[str]:
    """Yield the titles of records whose title, number, offices or cost are not on their pages."""
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


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_seed_gives_the_same_bytes(form: str) -> None:
    first, again, other = (
        paper("labels on their own line", "K-07", form, damage=DAMAGES, seed=seed, measures=6) for seed in (4, 4, 5)
    )
    assert (first.content, first.truth) == (again.content, again.truth)
    assert first.content != other.content


def test_a_suite_is_fixed_by_its_seed_and_as_wide_as_promised() -> None:
    names = {seed: [(one.file_name, one.sizes, one.damage) for one in papers(seed)] for seed in (SEED, 3)}
    assert names[SEED] == [(one.file_name, one.sizes, one.damage) for one in papers(SEED)] != names[3]
    own = papers(SEED)
    suites = own[:60], own[60:100], own[100:158], own[158:], HELD, few(SEED)
    assert [len(suite) for suite in suites] == [60, 40, 58, 42, 24, 24]
    for suite, least, most in zip(suites, (6, 6, 5, 5, 6, 5), (120, 120, 80, 40, 42, 24), strict=True):
        assert {one.format for one in suite} == set(FORMATS)
        assert (min(sum(one.sizes) for one in suite), max(sum(one.sizes) for one in suite)) == (least, most)
        assert set().union(*(one.damage for one in suite)) == set(DAMAGES)
    assert {one.layout for one in own}.isdisjoint(one.layout for one in HELD)
    assert {one.numbering for one in own} & {one.numbering for one in HELD} <= {"none"}


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
    printed = pages(one.write(tmp_path))
    wanted = [*one.truth.body, *(record.title for record in one.truth.records)]
    unknown = [text for text in wanted if not stands(text, printed, one.format == "txt")]
    assert unknown == [], (parts, sorted(damage), measures, seed)


def test_papers_are_written_with_their_truth_for_people(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--only", "motion-none"]) == 0
    truth = json.loads(next(tmp_path.glob("*.truth.json")).read_text(encoding="utf-8"))
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
