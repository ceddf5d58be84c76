"""Made papers say what their truth says, and are the same for the same seed."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from docx import Document

from tests.papers import FORMATS, LAYOUTS, NUMBERINGS, Paper, few, papers


def printed(one: Paper) -> str:
    """Return what a paper says, without white space."""
    if one.format == "pdf":
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(one.content)).pages)
    elif one.format == "docx":
        body = Document(io.BytesIO(one.content))
        cells = (cell.text for table in body.tables for row in table.rows for cell in row.cells)
        text = "".join((*(paragraph.text for paragraph in body.paragraphs), *cells))
    else:
        text = one.content.decode()
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("one", few(1), ids=lambda one: one.file_name)
def test_a_paper_says_what_its_truth_says(one: Paper) -> None:
    text = printed(one)
    for record in one.truth.records:
        fields = () if one.layout == "rows" else record.fields
        for said in (record.title, record.ref or "", *record.responsible, *(field.text for field in fields)):
            assert re.sub(r"\s", "", said) in text
        assert bool(record.pages) is (one.format in ("pdf", "txt"))
    assert len(one.truth.records) == one.size


def test_papers_are_of_every_kind_and_the_same_for_a_seed() -> None:
    suite = few(1)
    assert {(one.layout, one.format) for one in suite} == {(layout, form) for layout in LAYOUTS for form in FORMATS}
    assert {one.numbering for one in suite} == set(NUMBERINGS)
    assert [one.content for one in suite] == [one.content for one in few(1)] != [one.content for one in few(2)]
    assert len({one.file_name for one in papers(1)}) == len(papers(1))
