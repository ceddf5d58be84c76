"""A selection as a Word file (DOCX): heading, paragraph, table of records, sources. The one file that knows docx.

Made for screen readers too: real headings, a table whose first row is its header, German as its language, a title.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx import Document as new_document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from prompts import say
from service.pages.labels import STATUSES, shown_date
from service.staff.taking.files import UNPRINTABLE
from service.staff.taking.selection import Part, Selection, Taken, document_line

LANGUAGE = "de-DE"
WIDTHS = {"entry": 26, "title": 57, "status": 27, "unit": 34, "source": 22}  # millimetres
TABLE_SIZE = Pt(9)


def word_file(selection: Selection) -> bytes:
    """Return the file: the paragraph, a table of the records, the sources, where it comes from."""
    made = _empty(selection)
    made.add_heading(_clean(selection.heading), level=1)
    for block in selection.paragraph():
        _write(made.add_paragraph(), block)
    if selection.taken:
        made.add_heading(say("staff.entries"), level=2)
        _add_table(made, selection)
        made.add_heading(say("staff.sources"), level=2)
        for number, document in enumerate(selection.documents, start=1):
            address, original = f"{selection.base}/documents/{document.id}", document.source_url
            parts = [Part(f"[{number}] {document_line(document)}{say('staff.its_entries')}"), Part(address, address)]
            parts += [Part(say("staff.its_original")), Part(original, original)] if original else []
            _write(made.add_paragraph(), parts)
    made.add_heading(say("staff.about_page"), level=2)
    made.add_paragraph(say("staff.made_when", day=shown_date(selection.made), edition=selection.edition))
    address = selection.base + selection.address
    _write(
        made.add_paragraph(), [Part(say("staff.origin", origin=selection.origin)), Part(address, address), Part(")")]
    )
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _empty(selection: Selection) -> Any:
    """A document with nothing in it: upright A4, German."""
    made = new_document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    for languages in made.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            languages.set(qn(name), LANGUAGE)
    about = made.core_properties
    about.title, about.subject, about.language = _clean(selection.heading), _clean(selection.origin), LANGUAGE
    about.author, about.comments = "Strategielotse", ""
    return made


def _add_table(made: Any, selection: Selection) -> None:
    grid = made.add_table(rows=1, cols=len(WIDTHS), style="Table Grid")
    grid.autofit = False
    grid._tbl.tblPr.append(_element("w:tblCaption", val=say("staff.entries")))
    grid.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    _fill(grid.rows[0], [Part(say(f"staff.column_{name}")) for name in WIDTHS], bold=True)
    for one in selection.taken:
        row = grid.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        _fill(row, _row(selection, one))


def _row(selection: Selection, one: Taken) -> list[Part]:
    status = STATUSES[one.record.status] if one.record.status else say("staff.no_status")
    title = Part(one.record.title, selection.url(one))
    return [Part(one.name), title, Part(status), Part("\n".join(one.units)), Part(selection.source(one))]


def _fill(row: Any, values: Iterable[Part], *, bold: bool | None = None) -> None:
    for cell, value, width in zip(row.cells, values, WIDTHS.values(), strict=True):
        cell.width = Mm(width)  # every cell says it, as Word wants
        _write(cell.paragraphs[0], [value], TABLE_SIZE, bold)


def _write(into: Any, parts: Iterable[Part], size: Pt | None = None, bold: bool | None = None) -> None:
    for part in parts:
        run = into.add_run(_clean(part.text))
        run.font.size, run.font.bold = size, bold
        if part.address:
            target = into.part.relate_to(part.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            run.font.underline = True
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), target)
            link.append(run._element)
            into._p.append(link)


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _clean(text: str) -> str:
    """The text without what XML forbids."""
    return UNPRINTABLE.sub("", text)
