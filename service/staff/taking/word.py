"""A selection as a Word file (DOCX): heading, paragraph, table of records, sources. The one file that knows docx.

Made for screen readers too: real headings, a table whose first row is its header, German as its language, a title.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from docx import Document as new_document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from prompts import say
from service.pages.labels import STATUSES, shown_date
from service.staff.taking.files import UNPRINTABLE
from service.staff.taking.paragraph import Part, paragraph
from service.staff.taking.selection import Selection, Taken, document_line, quoted
from service.staff.words import shortened

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE, FONT = "de-DE", "Arial"
HEAD = "E4EEED"  # behind the head of a table
LINK = RGBColor(0x0B, 0x5C, 0x55)
TEXT_WIDTH = 166  # millimetres between the margins
WITH_PASSAGE = {"entry": 26, "title": 52, "passage": 66, "source": 22}  # shares of the width
WITHOUT = {"entry": 26, "title": 57, "status": 27, "unit": 34, "source": 22}
MOST_QUOTED = 400  # characters of a passage in a cell


def word_file(selection: Selection) -> bytes:
    """Return the file: the paragraph, a table of the records, the sources, where it comes from."""
    made = _empty(selection)
    made.add_heading(_clean(selection.heading), level=1)
    for block in paragraph(selection):
        _write(made.add_paragraph(), block)
    if selection.taken:
        made.add_heading(say("staff.entries"), level=2)
        _add_table(made, selection)
        made.add_heading(say("staff.sources"), level=2)
        for number, document in enumerate(selection.documents, start=1):
            address = f"{selection.base}/documents/{document.id}"
            parts = [
                Part(f"[{number}] {document_line(document)}"),
                Part(say("staff.its_entries")),
                Part(address, address),
            ]
            if document.source_url:
                parts += [Part(say("staff.its_original")), Part(document.source_url, document.source_url)]
            _write(made.add_paragraph(), parts)
    made.add_heading(say("staff.about_page"), level=2)
    made.add_paragraph(say("staff.made_when", day=shown_date(selection.made), edition=selection.edition))
    address = selection.base + selection.address
    origin = [Part(say("staff.origin", origin=selection.origin)), Part(address, address), Part(")")]
    _write(made.add_paragraph(), origin)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _empty(selection: Selection) -> Any:
    """A document with nothing in it: upright A4, our font, German, pages with numbers."""
    made = new_document()
    page = made.sections[0]
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
    for languages in made.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            languages.set(qn(name), LANGUAGE)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, counter in ((say("staff.foot_page"), "PAGE"), (say("staff.foot_of"), "NUMPAGES")):
        foot.add_run(words)
        field = _element("w:fldSimple", instr=counter)
        field.append(foot.add_run("1")._element)
        foot._p.append(field)
    about = made.core_properties
    about.title, about.subject, about.language = _clean(selection.heading), _clean(selection.origin), LANGUAGE
    about.author = about.last_modified_by = "Strategielotse"
    about.comments = about.keywords = ""
    about.created = about.modified = datetime.combine(selection.made, time())
    return made


def _add_table(made: Any, selection: Selection) -> None:
    """A row for each record, with its passage where one was looked for, else its status and who is responsible."""
    said = any(one.passage for one in selection.taken)
    widths = WITH_PASSAGE if said else WITHOUT
    grid = made.add_table(rows=1, cols=len(widths), style="Table Grid")
    grid.autofit = False
    for name, words in (("w:tblCaption", say("staff.entries")), ("w:tblDescription", say("staff.records_table"))):
        grid._tbl.tblPr.append(_element(name, val=words))
    for cell, name in zip(grid.rows[0].cells, widths, strict=True):
        _write_cell(cell, Part(say(f"staff.column_{name}")), bold=True)
        cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=HEAD))
    grid.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for one in selection.taken:
        row = grid.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, value in zip(row.cells, _row(selection, one, said=said), strict=True):
            _write_cell(cell, value)
    for column, share in zip(grid.columns, widths.values(), strict=True):
        column.width = Mm(TEXT_WIDTH * share / sum(widths.values()))
        for cell in column.cells:  # every cell says it, as Word wants
            cell.width = column.width


def _row(selection: Selection, one: Taken, *, said: bool) -> list[Part]:
    status = STATUSES[one.record.status] if one.record.status else say("staff.no_status")
    about = [quoted(shortened(one.passage, MOST_QUOTED))] if said else [status, "\n".join(one.units)]
    title = Part(one.record.title, selection.url(one))
    return [Part(one.name), title, *map(Part, about), Part(selection.source(one))]


def _write_cell(cell: Any, value: Part, *, bold: bool | None = None) -> None:
    cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    _write(cell.paragraphs[0], [value], Pt(9), bold)


def _write(into: Any, parts: Iterable[Part], size: Pt | None = None, bold: bool | None = None) -> None:
    for part in parts:
        run = into.add_run(_clean(part.text))
        run.font.size, run.font.bold = size, bold
        if part.address:
            target = into.part.relate_to(part.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            run.font.underline, run.font.color.rgb = True, LINK
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
