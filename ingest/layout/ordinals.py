"""Numbers as word processors and browsers print them before headings and points of lists."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 4_999  # above, Roman numbers and letters are printed as digits


def ordinal(number: int, form: str) -> str:
    """Return a number in a form of Office Open XML (`decimal`, `upperRoman`, ...); digits for an unknown one."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{number:02}"
    if form in ("lowerLetter", "upperLetter") and 0 < number <= _MOST:
        times, place = divmod(number - 1, 26)
        text = chr(ord("a") + place) * (times + 1)
    elif form in ("lowerRoman", "upperRoman") and 0 < number <= _MOST:
        text = _roman(number)
    else:
        return f"{number}." if form == "ordinal" else str(number)
    return text.upper() if form.startswith("upper") else text


def _roman(number: int) -> str:
    parts = []
    for value, letter in _ROMAN:
        parts.append(letter * (number // value))
        number %= value
    return "".join(parts)
