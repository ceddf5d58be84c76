"""Numbers that programs print before the points of lists: "3.", "c", "III"."""

from __future__ import annotations

import re
from string import ascii_lowercase

from lxml import etree

# forms of HTML and OpenDocument, by their names in Office Open XML
LIST_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_CSS_FORMS = {
    "none": "",
    "disc": "",
    "circle": "",
    "square": "",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero",
}
_CSS_FORM = re.compile(r"list-style(?:-type)?\s*:[^;]*?(?<![\w-])(" + "|".join(_CSS_FORMS) + r")\b")
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MAX_ORDINAL = 4_999  # larger numbers are printed as digits instead of letters or Roman numerals


def format_ordinal(number: int, form: str) -> str:
    """Return a number in a form of Office Open XML: 3 is "c" as `lowerLetter` and "III" as
    `upperRoman`. After "z" letters are doubled: 27 is "aa", 28 is "bb". The form "none" prints
    nothing. In an unknown form the number is returned in digits, and so is one for letters or Roman
    numerals below 1 or beyond `_MAX_ORDINAL`.
    """
    if form in ("lowerLetter", "upperLetter") and 0 < number <= _MAX_ORDINAL:
        repeats, letter_index = divmod(number - 1, 26)
        text = ascii_lowercase[letter_index] * (repeats + 1)
    elif form in ("lowerRoman", "upperRoman") and 0 < number <= _MAX_ORDINAL:
        text = ""
        for value, letter in _ROMAN:
            text += letter * (number // value)
            number %= value
    else:
        return {"none": "", "decimalZero": f"{number:02}", "ordinal": f"{number}."}.get(
            form, str(number)
        )
    if form.startswith("upper"):
        return text.upper()
    return text


class ListNumbers:
    """Numbering of a list whose points are being read."""

    def __init__(self, element: etree._Element, tag: str) -> None:
        self._form = ""  # of a list with bullets or nothing before its points
        if tag == "ol":
            css_form = _CSS_FORM.search(element.get("style", "").lower())
            self._form = LIST_FORMS.get(element.get("type", ""), "decimal")
            if css_form:
                self._form = _CSS_FORMS[css_form[1]]
        self._step, first = 1, 1
        if element.get("reversed") is not None:
            self._step, first = -1, len(element.findall("li"))
        self._number = parse_number(element.get("start"), first)

    def next_mark(self, point: etree._Element) -> str:
        """Return what is printed before a point: its number with a full stop and a blank ("3. "),
        "" for a bullet. A point with a number of its own (`value`) sets the count for those that
        follow.
        """
        number = parse_number(point.get("value"), self._number)
        self._number = number + self._step
        if self._form:
            return f"{format_ordinal(number, self._form)}. "
        return ""


def parse_number(text: str | None, default: int) -> int:
    """Return the whole number that an attribute is. Return the default for anything else, for
    numbers of more than six digits too.
    """
    digits = (text or "").strip()
    if re.fullmatch(r"-?\d{1,6}", digits):
        return int(digits)
    return default
