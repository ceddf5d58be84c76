"""Remarks on pages of a PDF: what is typed or stamped onto a page is text, comments are not."""

from __future__ import annotations

from typing import Any

import pytest
from pypdf import PdfWriter

from ingest.layout.runs import RunRole
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, at, is_whole, layout_of, pdf, read_bytes, runs_of, text_of
from tests.ingest.pdf_objects import pdf_object, put, rewritten, stream_object
from vectorstore.records import DocumentStatus

TITLE = (60.0, 780.0, "Uferplan der Gemeinde Quonau", 18.0)
COST = (60.0, 700.0, "Der Steg kostet 17.000 Euro im Jahr.", 11.0)
PAGE = at(TITLE, COST, *((60.0, 660.0 - 14 * n, f"{PROSE[:70]} {n}", 11.0) for n in range(4)))
OVER_COST = (137.0, 696.0, 180.0, 712.0)  # the place of "17.000"
DECIDED = "Vom Rat beschlossen am 7. Mai 2026"


def remark(subtype: str, text: str, rectangle: tuple[float, ...], flags: int = 4) -> dict[str, Any]:
    """Return a remark of which the file says only the text."""
    return {
        "/Type": "/Annot",
        "/Subtype": subtype,
        "/Rect": rectangle,
        "/F": flags,
        "/Contents": text,
    }


def with_remark(values: dict[str, Any], code: str = "") -> bytes:
    """Return a page with a remark; `code` are the operators that draw it, if any."""

    def add(writer: PdfWriter) -> None:
        annotation = pdf_object(values)
        if code:
            left, bottom, right, top = values["/Rect"]
            look = {
                "/Type": "/XObject",
                "/Subtype": "/Form",
                "/BBox": [0, 0, right - left, top - bottom],
                "/Resources": writer.pages[0]["/Resources"],
            }
            reference = writer._add_object(stream_object(code.encode(), look))
            put(annotation, {"/AP": {"/N": reference}})
        writer.add_annotation(0, annotation)

    return rewritten(pdf(PAGE), add)


@pytest.mark.parametrize("drawn", [True, False])
@pytest.mark.parametrize("subtype", ["/FreeText", "/Stamp"])
def test_what_is_typed_or_stamped_onto_a_page_is_text(subtype: str, drawn: bool) -> None:
    code = f"BT /F1 11 Tf 2 5 Td ({DECIDED}) Tj ET" if drawn else ""
    content = with_remark(remark(subtype, DECIDED, (60, 735, 400, 755)), code)
    document = read_bytes(content).document
    is_shown = drawn or subtype == "/FreeText"  # a stamp without a look shows nothing
    assert (DECIDED in document.text) is is_shown
    assert (document.status is DocumentStatus.ADOPTED) is is_shown
    assert is_whole(document)


@pytest.mark.parametrize("drawn", [True, False])
def test_what_is_typed_over_covers_the_print(drawn: bool) -> None:
    code = "1 g 0 0 43 16 re f 0 g BT /F1 11 Tf 3 4 Td (71.000) Tj ET" if drawn else ""
    white = remark("/FreeText", "71.000", OVER_COST) | {"/C": [1, 1, 1]}
    layout = layout_of(with_remark(white, code))
    assert "Der Steg kostet 71.000 Euro im Jahr." in text_of(layout)
    assert runs_of(layout, RunRole.HIDDEN) == ["17.000"]


@cases("subtype", "flags")
def test_comments_and_hidden_remarks_are_no_text(subtype: str, flags: int) -> None:
    for code in ("", "BT /F1 11 Tf 2 5 Td (geheim) Tj ET"):
        layout = layout_of(
            with_remark(remark(subtype, "geheim", (300, 735, 400, 755), flags), code)
        )
        assert "geheim" not in text_of(layout) and "17.000" in text_of(layout)
