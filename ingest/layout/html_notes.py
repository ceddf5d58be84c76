"""Footnotes of marked-up files: which elements are marks of notes, and where the notes belong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from ingest.layout.html_regions import BLOCKS, HEADINGS, get_tag
from ingest.layout.runs import is_note_mark, is_sign

MARK_ROLE = "doc-noteref"
NOTE_ROLE = "doc-footnote"
NOTE_ROLES = (NOTE_ROLE, "doc-endnote")
_LETTER = re.compile(r"[\[(]?[a-z][\])]?")  # a mark if it is a link
_BACK = re.compile(r"[↩↑^⏎\ufe0e\ufe0f\s]+")  # what leads from a note to its mark
_NOTE_NAME = re.compile(
    r"foot-?note|end-?note|note-?ref|cite[_-](?:note|ref)|(?:\b|_)(?:fn|ftn|edn|note-?\d)", re.I
)
_NOTE_BLOCKS = ("li", "p", "div", "dd", "aside", "section")
_PARAGRAPHS = ("p", "dd", "dt", "blockquote", "pre", "figcaption", *HEADINGS)
_MAX_MARK, _MAX_NOTE = 20, 2_000  # characters; a longer text is none


def is_mark(element: etree._Element, tag: str, before: str, seen: set[str]) -> bool:
    """True if an element is the mark of a note: behind the text `before` of its line, or where a
    note begins, then one of the marks `seen`. An exponent ("km²") is none.
    """
    if tag not in ("sup", "a"):
        return False
    text = short_text(element, _MAX_MARK)
    if not text:
        return False
    if element.get("role") == MARK_ROLE or _link_of(element, tag) is not None:
        return is_sign(text) or any(form.fullmatch(text) for form in (_LETTER, _BACK))
    if tag == "sup" and not before.strip():
        return text in seen and (element.tail or "")[:1] not in ("/", "⁄")
    return tag == "sup" and is_note_mark(before, text)


def short_text(element: etree._Element, most: int) -> str | None:
    """Return the text of an element without blanks around it; None for more than `most` characters
    or parts.
    """
    parts = list(islice(element.iter(), most + 1))
    text = "" if len(parts) > most else "".join(element.itertext()).strip()
    return text if len(parts) <= most and len(text) <= most else None


def _link_of(element: etree._Element, tag: str) -> str | None:
    """Return the anchor that a mark leads to: of a note, or from a note back; None for others."""
    link = element if tag == "a" else next(element.iter("a"), None)
    anchor = "" if link is None else link.get("href", "").rpartition("#")[2]
    if link is None or not anchor:
        return None
    is_raised = tag == "sup" or element.find("sup") is not None
    names = " ".join(link.get(name, "") for name in ("href", "class", "id", "name", "role", "rel"))
    return anchor if is_raised or _NOTE_NAME.search(names) else None


def move_notes(root: etree._Element) -> None:
    """Move each note behind the paragraph, list point or table of the first mark that leads to
    it.
    """
    marks = list(_find_marks(root))
    if not marks:
        return
    positions = {element: number for number, element in enumerate(root.iter())}
    anchors: dict[str, etree._Element] = {}
    for element in positions:
        for name in (element.get("id"), element.get("name")):
            anchors.setdefault(name or "", element)
    marks_by_note: dict[etree._Element, dict[str, etree._Element]] = defaultdict(dict)
    for mark, anchor in marks:
        note = _find_note(anchors.get(anchor))
        if note is not None and positions[note] > positions[mark]:
            marks_by_note[note].setdefault(anchor, mark)
    last_notes: dict[etree._Element, etree._Element] = {}  # by place
    for note, marks_by_anchor in marks_by_note.items():
        place = _find_place(next(iter(marks_by_anchor.values())))
        if len(marks_by_anchor) == 1 and place is not None and note not in place.iterancestors():
            _move(note, place, last_notes.get(place))
            last_notes[place] = note


def _find_marks(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for link in root.iter("a"):
        parent = link.getparent()
        is_raised = parent is not None and get_tag(parent) == "sup"
        anchor = _link_of(parent, "sup") if is_raised else _link_of(link, "a")
        text = short_text(link, _MAX_MARK) or ""
        if anchor is not None and (is_sign(text) or _LETTER.fullmatch(text)):
            yield link, anchor


def _find_note(anchor: etree._Element | None) -> etree._Element | None:
    """Return the block with the anchor of a note, None if it is none or too long for a note."""
    while anchor is not None and get_tag(anchor) not in BLOCKS:
        anchor = anchor.getparent()
    is_note = anchor is not None and get_tag(anchor) in _NOTE_BLOCKS
    return anchor if is_note and short_text(anchor, _MAX_NOTE) is not None else None


def _find_place(mark: etree._Element) -> etree._Element | None:
    """Return the outermost table with a mark, else its list point or paragraph; None for loose
    text.
    """
    tables = list(mark.iterancestors("table"))
    block = next((outer for outer in mark.iterancestors() if get_tag(outer) in BLOCKS), None)
    if tables or block is None:
        return tables[-1] if tables else None
    is_paragraph = get_tag(block) in (*_PARAGRAPHS, "li")
    return block if is_paragraph or next(block.iterchildren(*BLOCKS), None) is None else None


def _move(note: etree._Element, place: etree._Element, last: etree._Element | None) -> None:
    """Move a note into a list point, or behind another place and the last note there."""
    previous, parent = note.getprevious(), note.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + (note.tail or "")
    elif parent is not None:
        parent.text = (parent.text or "") + (note.tail or "")
    note.tail = None
    note.tag = "div"
    note.set("role", NOTE_ROLE)
    if get_tag(place) == "li":
        place.append(note)
    else:
        (place if last is None else last).addnext(note)
