"""Made papers say what their truth says, and are the same for the same seed."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from docx import Document

from tests.papers import FORMATS, LAYOUTS, NUMBERINGS, Paper, few, papers


def printed(document: Paper) -> str:
    """Return what a paper says, without white space."""
    if document.format == "pdf":
        text = "".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document.content)).pages
        )
    elif document.format == "docx":
        body = Document(io.BytesIO(document.content))
        cells = (cell.text for table in body.tables for row in table.rows for cell in row.cells)
        text = "".join((*(paragraph.text for paragraph in body.paragraphs), *cells))
    else:
        text = document.content.decode()
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("document", few(1), ids=lambda item: item.file_name)
def test_a_paper_says_what_its_truth_says(document: Paper) -> None:
    text = printed(document)
    for record in document.truth.records:
        fields = (*record.partners, record.period, record.cost, record.status)
        for statement in (record.title, record.ref, *record.responsible, *fields):
            assert re.sub(r"\s", "", statement or "") in text
        assert bool(record.pages) is (document.format in ("pdf", "txt"))
    assert all(re.sub(r"\s", "", sentence) in text for sentence in document.truth.body)
    assert len(document.truth.records) == document.size


def test_papers_are_of_every_kind_and_the_same_for_a_seed() -> None:
    suite = few(1)
    assert {(item.layout, item.format) for item in suite} == {
        (layout, form) for layout in LAYOUTS for form in FORMATS
    }
    assert {item.numbering for item in suite} == set(NUMBERINGS)
    assert (
        [item.content for item in suite]
        == [item.content for item in few(1)]
        != [item.content for item in few(2)]
    )
    assert len({document.file_name for document in papers(1)}) == len(papers(1))
