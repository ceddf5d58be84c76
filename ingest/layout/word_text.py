"""Word files: what an element prints, and its text."""

from __future__ import annotations

from lxml import etree

from ingest.layout.word_styles import W, is_on

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXT_TAGS = {f"{W}t", f"{W}delText", f"{_MATH}t"}
# Signs of symbol fonts in forms and lists, by the last two digits of their code.
_SYMBOLS = {
    "FC": "✓",
    "FB": "✗",
    "FE": "☑",
    "FD": "☒",
    "A8": "☐",
    "6F": "☐",
    "78": "☒",
    "D8": "➢",
    "B7": "•",
    "A7": "▪",
    "E0": "→",
    "E8": "→",
    "6C": "●",
    "6E": "■",
    "76": "❖",
}


def collect_text(root: etree._Element) -> str:
    """Return all text in an element, deleted text too."""
    return "".join(element.text or "" for element in root.iter(*_TEXT_TAGS))


def get_text(element: etree._Element) -> str:
    """Return what an element itself prints: text, a hyphen, the box of a form ("☒") or a sign of a
    symbol font. Return "" for other elements. A box that nobody has ticked or cleared shows its
    default. Of the code of a sign only the last two digits count, as fonts write "F0FC" or "00FC".
    """
    if element.tag == f"{W}checkBox":
        switch = element.find(f"{W}checked")
        if switch is None:
            switch = element.find(f"{W}default")
        if switch is not None and is_on(switch):
            return "☒"
        return "☐"
    if element.tag in _TEXT_TAGS:
        return element.text or ""
    if element.tag == f"{W}noBreakHyphen":
        return "-"
    if element.tag == f"{W}sym":
        return _SYMBOLS.get(element.get(f"{W}char", "")[-2:].upper(), "")
    return ""
