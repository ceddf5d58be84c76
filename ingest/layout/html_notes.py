"""Footnotes of marked-up files: which elements are marks of notes, and to which notes they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from ingest.layout.html_regions import get_tag
from ingest.layout.runs import is_note_mark, is_sign

MARK_ROLE = "doc-noteref"
NOTE_ROLE = "doc-footnote"
NOTE_ROLES = (NOTE_ROLE, "doc-endnote")
_LETTER = re.compile(r"[\[(]?[a-z][\])]?")  # a mark if it is a link
_BACK = re.compile(r"[↩↑^⏎\ufe0e\ufe0f\s]+")  # what leads from a note to its mark
_NOTE_NAME = re.compile(
    r"foot-?note|end-?note|note-?ref|cite[_-](?:note|ref)|(?:\b|_)(?:fn|ftn|edn|note-?\d)", re.I
)
_MAX_MARK = 20  # characters; a longer text is none


def is_mark(element: etree._Element, tag: str, before: str, seen: set[str]) -> bool:
    """True if an element is the mark of a note: a short link, or short raised text. `before` is the
    text of its line so far, `seen` are the marks so far.

    A link shows a number, a sign or a letter, or an arrow if it leads from a note back to its mark.
    Raised text without a link must be behind other text and be no exponent ("km²") or part of a
    fraction ("1/2"). At the beginning of a line it can only begin a note, so it must repeat a mark
    that is `seen`.
    """
    if tag not in ("sup", "a"):
        return False
    text = _short_text(element)
    if not text:
        return False
    if element.get("role") == MARK_ROLE or link_of(element, tag) is not None:
        return _is_link_text(text) or _BACK.fullmatch(text) is not None
    if tag != "sup" or (element.tail or "")[:1] in ("/", "⁄"):
        return False
    if not before.strip():
        return text in seen
    return is_note_mark(before, text)


def _is_link_text(text: str) -> bool:
    """True for what a link to a note shows: a number, a sign or a letter."""
    return is_sign(text) or _LETTER.fullmatch(text) is not None


def _short_text(element: etree._Element) -> str | None:
    """Return the text of an element, without blanks around it. Return None if it has more than
    `_MAX_MARK` characters, or consists of more elements than that. The elements are counted first,
    because to collect the text of a large element would take long.
    """
    parts = list(islice(element.iter(), _MAX_MARK + 1))
    if len(parts) > _MAX_MARK:
        return None
    text = "".join(element.itertext()).strip()
    if len(text) > _MAX_MARK:
        return None
    return text


def link_of(element: etree._Element, tag: str) -> str | None:
    """Return the anchor that a mark links to: the anchor of a note or, within a note, of its mark.

    Return None for elements without a link, and for links that are neither raised nor named as
    notes are ("footnote-1").
    """
    if tag not in ("a", "sup"):
        return None
    link = next(element.iter("a"), None)  # the element itself, if it is one
    if link is None:
        return None
    anchor = str(link.get("href", "")).rpartition("#")[2]
    if not anchor:
        return None
    is_raised = tag == "sup" or element.find("sup") is not None
    names = " ".join(link.get(name, "") for name in ("href", "class", "id", "name", "role", "rel"))
    if is_raised or _NOTE_NAME.search(names):
        return anchor
    return None


def find_notes(root: etree._Element) -> set[str]:
    """Return the anchors of all notes of a page: the anchors that marks such as "1" or "a" link to.

    The note must come after the mark. A link from a note back to its mark leads to an anchor that
    has been passed, and therefore does not count.
    """
    notes = set[str]()
    passed = set[str]()  # the anchors of the elements so far
    for element in root.iter(etree.Element):
        anchor = link_of(element, get_tag(element))
        text = _short_text(element) or ""
        if anchor and _is_link_text(text) and anchor not in passed:
            notes.add(anchor)
        passed.update(anchors_of(element))
    return notes


def anchors_of(element: etree._Element) -> Iterator[str]:
    """Yield the names by which links lead to an element."""
    yield from filter(None, (element.get("id"), element.get("name")))
