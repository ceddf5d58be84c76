"""Word files: what an element prints, and its text."""

from __future__ import annotations

from lxml import etree

from ingest.layout.word_styles import W, is_on

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXT_TAGS = {f"{W}t", f"{W}delText", f"{_MATH}t"}
# Signs of symbol fonts in forms and lists, by the last two digits of their code: of Wingdings, and
# of fonts that have others in their place.
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
_OTHER_SYMBOLS = {
    "wingdings 2": {
        "4F": "✗",
        "50": "✓",
        "51": "☒",
        "52": "☑",
        "53": "☒",
        "54": "☒",
        "97": "●",
        "A2": "■",
        "A3": "☐",
    },
    "webdings": {"61": "✓", "63": "☐", "67": "■", "72": "✗"},
}


def collect_text(root: etree._Element) -> str:
    """Return all text in an element, deleted text too."""
    return "".join(element.text or "" for element in root.iter(*_TEXT_TAGS))


def get_text(element: etree._Element) -> str:
    """Return what an element itself prints: text, a hyphen, the box of a form ("☒") or a sign of a
    symbol font. Return "" for other elements. A box that nobody has ticked or cleared shows its
    default.
    """
    if element.tag == f"{W}checkBox":
        switch = element.find(f"{W}checked")
        if switch is None:
            switch = element.find(f"{W}default")
        if switch is not None and is_on(switch):
            return "☒"
        return "☐"
    if element.tag in _TEXT_TAGS:
        return _read_symbols(element)
    if element.tag == f"{W}noBreakHyphen":
        return "-"
    if element.tag == f"{W}sym":
        return _find_symbol(element.get(f"{W}char", ""), element.get(f"{W}font", ""))
    return ""


def _find_symbol(code: str, font: str) -> str:
    """Return the sign of a symbol font, "" for an unknown one. Of its code only the last two digits
    count, as fonts write "F0FC" or "00FC".
    """
    symbols = _OTHER_SYMBOLS.get(font.casefold(), _SYMBOLS)
    return symbols.get(code[-2:].upper(), "")


def _read_symbols(element: etree._Element) -> str:
    """Return a text, in which letters set in a symbol font are the signs that this font prints."""
    text = element.text or ""
    fonts = element.getparent().find(f"{W}rPr/{W}rFonts")
    if fonts is None:
        return text
    font = fonts.get(f"{W}ascii", "")
    if font.casefold() not in ("wingdings", *_OTHER_SYMBOLS):
        return text
    return "".join(_find_symbol(f"{ord(char):02x}", font) or char for char in text)
