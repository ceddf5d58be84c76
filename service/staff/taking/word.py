"""A selection as a Word file (DOCX): heading, paragraph, table of records, sources. The one file here that knows docx.

Made for screen readers too: real headings, a table whose first row is its header, German as its language, a title.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.run import Run

from service.pages.labels import shown_date
from service.staff.sheets import UNPRINTABLE
from service.staff.taking.paragraph import Part, paragraph
from service.staff.taking.selection import Selection, source_line
from service.staff.taking.table import Cell, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "de-DE"
FONT = "Arial"
HEAD, LINE = "E4EEED", "A6A6A6"  # behind the head of a table, and its lines
LINK = RGBColor(0x0B, 0x5C, 0x55)
NO_LICENSE = "Für diese Daten ist keine Lizenz festgelegt."


def word_file(selection: Selection, table: Table) -> bytes:
    """Return the file; `table` stands behind the paragraph."""
    made = _empty(selection)
    made.add_heading(_clean(selection.heading), level=1)
    for block in paragraph(selection):
        _write(made.add_paragraph(), block.parts)
    if table.rows:
        made.add_heading(table.title, level=2)
        _add_table(made, table)
    if selection.documents:
        _add_sources(made, selection)
    _add_origin(made, selection)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _empty(selection: Selection) -> Any:
    """A document with nothing in it: upright A4, our font, German."""
    made = new_document()
    page = made.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin = page.bottom_margin = Mm(20)
    for name, size in (("Normal", 10.5), ("Heading 1", 17), ("Heading 2", 13), ("Footer", 9)):
        style = made.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = None if name in ("Normal", "Footer") else RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [one for one in fonts.attrib if one.endswith("Theme")]:
            del fonts.attrib[theme]
    _speak_german(made)
    _number_pages(page)
    about, day = made.core_properties, datetime.combine(selection.made, time())
    about.title, about.author, about.language = _clean(selection.heading), "Strategielotse", LANGUAGE
    about.subject, about.comments, about.keywords = _clean(selection.origin.words), "", ""
    about.created = about.modified = day
    about.last_modified_by = about.author
    return made


def _speak_german(made: Any) -> None:
    defaults = made.styles.element.find(qn("w:docDefaults"))
    for languages in defaults.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            languages.set(qn(name), LANGUAGE)


def _number_pages(page: Any) -> None:
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, field in (("Seite ", "PAGE"), (" von ", "NUMPAGES")):
        foot.add_run(words)
        counted = OxmlElement("w:fldSimple")
        counted.set(qn("w:instr"), field)
        counted.append(foot.add_run("1")._element)
        foot._p.append(counted)


def _write(into: Any, parts: Iterable[Part]) -> None:
    for part in parts:
        if part.address:
            _link(into, part)
        else:
            into.add_run(_clean(part.text))


def _link(into: Any, part: Part) -> None:
    """Add a piece of text that leads to an address."""
    target = into.part.relate_to(part.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = into.add_run(_clean(part.text))
    run.font.underline, run.font.color.rgb = True, LINK
    link.append(run._element)
    into._p.append(link)


def _add_table(made: Any, table: Table) -> None:
    grid = made.add_table(rows=1, cols=len(table.columns))
    grid.style = "Table Grid"
    grid.autofit = False
    properties = grid._tbl.tblPr
    properties.insert_element_before(_borders(), "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(_margins(), "w:tblLook")
    for name, words in (("w:tblCaption", table.title), ("w:tblDescription", table.description)):
        properties.append(_element(name, val=_clean(words)))
    for cell, name in zip(grid.rows[0].cells, table.columns, strict=True):
        _write_cell(cell, Cell(name), bold=True)
        cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=HEAD))
    _mark(grid.rows[0], "w:tblHeader")
    for row in table.rows:
        made_row = grid.add_row()
        _mark(made_row, "w:cantSplit")
        for cell, value in zip(made_row.cells, row, strict=True):
            _write_cell(cell, value)
    _widen(grid, table.widths)


def _write_cell(cell: Any, value: Cell, *, bold: bool = False) -> None:
    into = cell.paragraphs[0]
    into.paragraph_format.space_after = Pt(0)
    _write(into, [Part(value.text, value.address)])
    for run in into._p.iter(qn("w:r")):
        Run(run, into).font.size, Run(run, into).font.bold = Pt(9), bold or None


def _borders() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return _element(
        "w:tblBorders", [_element(f"w:{side}", val="single", sz="4", space="0", color=LINE) for side in sides]
    )


def _margins() -> Any:
    """Room around the text of a cell, in twentieths of a point."""
    room = {"top": "40", "left": "80", "bottom": "40", "right": "80"}
    return _element("w:tblCellMar", [_element(f"w:{side}", w=width, type="dxa") for side, width in room.items()])


def _element(name: str, parts: Iterable[Any] = (), /, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(parts)
    return made


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _widen(grid: Any, shares: Sequence[int]) -> None:
    """Divide the width of the text among the columns; every cell says it, as Word wants."""
    whole = 166  # millimetres between the margins
    for column, share in enumerate(shares):
        width = Mm(whole * share / sum(shares))
        grid.columns[column].width = width
        for cell in grid.columns[column].cells:
            cell.width = width


def _add_sources(made: Any, selection: Selection) -> None:
    made.add_heading("Quellen", level=2)
    for number, document in enumerate(selection.documents, start=1):
        entry = made.add_paragraph(f"[{number}] {_clean(source_line(document))}")
        _write(entry, [Part(". Einträge: "), _address(f"{selection.base}/documents/{document.id}")])
        if document.source_url:
            _write(entry, [Part(". Original: "), _address(document.source_url)])


def _add_origin(made: Any, selection: Selection) -> None:
    made.add_heading("Über dieses Blatt", level=2)
    made.add_paragraph(
        f"Erstellt am {shown_date(selection.made)} mit dem Strategielotsen aus der Ausgabe {selection.edition}. "
        "Titel, Nummern, Status und Seiten sind die der Dokumente."
    )
    origin = made.add_paragraph(f"Herkunft: {_clean(selection.origin.words)}")
    if selection.origin.address:
        _write(origin, [Part(" (für Beschäftigte: "), _address(selection.base + selection.origin.address), Part(")")])
    rights = made.add_paragraph()
    if selection.license is None:
        rights.add_run(NO_LICENSE)
    else:
        _write(rights, [Part("Lizenz der Daten: "), Part(selection.license.title, selection.license.page)])


def _address(address: str) -> Part:
    return Part(address, address)


def _clean(text: str) -> str:
    """The text without what XML forbids."""
    return str(UNPRINTABLE.sub("", text))
