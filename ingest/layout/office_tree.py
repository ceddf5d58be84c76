"""Trees of HTML elements for office files (Word, OpenDocument): what the builders of both share."""

from __future__ import annotations

from typing import Literal

from lxml import etree

from ingest.layout.html_notes import MARK_ROLE

RunTag = Literal["b", "i", "del", "s"]  # bold, plain, struck out, hidden
_HIDDEN_ATTRIBUTE = {"hidden": ""}  # of HTML elements with text that is not printed


def heading_attributes(level: int) -> dict[str, str]:
    """Return the attributes of a heading; 0 is the level of other paragraphs."""
    if level == 0:
        return {}
    return {"role": "heading", "aria-level": str(level)}


def add_text(block: etree._Element, text: str, run_tag: RunTag, is_raised: bool) -> None:
    """Add the text of a run to its paragraph, unless it is empty. Raised text that can be read is
    put into `sup`, as it may be the mark of a note.
    """
    if run_tag == "s":
        add_hidden_text(block, text)
    elif text:
        if is_raised and run_tag != "del":
            block = etree.SubElement(block, "sup")
        etree.SubElement(block, run_tag).text = text


def add_hidden_text(into: etree._Element, text: str) -> None:
    """Add a text that is not printed, unless it is empty."""
    if text:
        etree.SubElement(into, "s", _HIDDEN_ATTRIBUTE).text = text


def add_mark(block: etree._Element, number: int) -> None:
    """Add the mark of a note to a paragraph, as a link to the note."""
    mark = etree.SubElement(block, "sup", role=MARK_ROLE)
    etree.SubElement(mark, "a", href=f"#{number}").text = str(number)


def printed_parts(block: etree._Element) -> list[etree._Element]:
    """Return the runs of a paragraph that are printed, have text and are not raised."""
    return [part for part in block if part.tag in ("b", "i") and (part.text or "").strip()]


def put_number(block: etree._Element, number: str | None, level: int) -> None:
    """Put an automatic number before the text of a paragraph, or make the paragraph a list point if
    its mark is a bullet (""). `level` is that of a heading, which is no list point.
    """
    texts = printed_parts(block)
    if texts and number:
        texts[0].text = f"{number} {texts[0].text}"
    elif number == "" and not level:
        block.tag = "li"


def raise_title(text: etree._Element) -> None:
    """Make the title of a document its heading of level 1, and lower all other headings by one
    level (to 9 at most).

    Nothing changes unless exactly one paragraph has the style of a title, and it is before all
    headings: otherwise the style is used for something else.
    """
    marked = text.xpath(".//*[@class='title' or @aria-level]")
    titles = [block for block in marked if block.get("class")]
    if len(titles) != 1 or marked[0] is not titles[0]:
        return
    for block in marked:
        block.set("role", "heading")
        block.set("aria-level", str(min(int(block.get("aria-level", "0")) + 1, 9)))
