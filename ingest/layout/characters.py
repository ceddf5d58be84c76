"""List marks, ticks, letter-spaced words and bold beginnings: what the characters of a printed line mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.stream import clean_characters

# Word processors print bullets from symbol fonts, which arrive as private-use or control characters.
_SIGNS = r"\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff•●▪■◦‣⁃∙·○➢➤✓"
_BULLET = re.compile(rf"^\s*(?![•●■○]\s?[•●■○])[{_SIGNS}]+\s*(?=\S)")  # "●●○" is a rating of three
_LONE_BULLET = re.compile(rf"^\s*(?:[{_SIGNS}–—-]|o)\s*$")
_DASH = re.compile(r"^\s*[-–—*]\s+(?=\S)(?=.*[^\W\d_])")  # "- 5 %" is a quantity
_POINT = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
_WORD_GAP = re.compile(r"\s{2,}")
_FOUR_APART = re.compile(r"(?:^|\s)[^\W\d_] [^\W\d_] [^\W\d_] [^\W\d_](?:\s|$)")
_SPACED = re.compile(r"^\S(?: \S)+$")
_SPACED_SHARE = 0.7  # of a line's characters in words of single letters, four letters or more
# Ticks of Wingdings, which arrive in the private use area; an empty box alone is as often a bullet.
_TICKS = {0xF0FE: "☑", 0xF0FD: "☒", 0xF078: "☒", 0xF0FC: "✔", 0xF0FB: "✘"}
_BOXES = {0xF06F: "☐", 0xF0A8: "☐", 0xF071: "☐", 0xF072: "☐"}


def split_bullet(text: str) -> tuple[bool, str]:
    """Return whether the line starts with a bullet, and its text without bullet and control characters."""
    match = _BULLET.match(text)
    return match is not None, _CONTROL.sub("", text[match.end() :] if match else text).strip()


def is_list_mark(text: str) -> bool:
    """True if a word is a bullet, a dash or the number of a point: "•", "-", "1.", "a)"."""
    return is_bullet(text) or _POINT.fullmatch(text) is not None


def is_bullet(text: str) -> bool:
    """True if a line consists of a bullet alone."""
    return _LONE_BULLET.match(text) is not None


def split_dash(text: str) -> str | None:
    """Return the text behind a leading dash, which may be a bullet or part of a sentence; None without one."""
    match = _DASH.match(text)
    return text[match.end() :] if match else None


def replace_ticks(text: str) -> str:
    """Replace ticks of symbol fonts by signs that can be read, and the empty boxes beside them."""
    return text.translate({**_TICKS, **_BOXES}) if any(tick in text for tick in map(chr, _TICKS)) else text


def join_spaced_letters(text: str) -> str:
    """Join the letters of words that are set with a blank between each ("M A S S N A H M E").

    Words are separated by two blanks or more; where the file has only one everywhere, they become one word.
    """
    if not _FOUR_APART.search(text):
        return text
    words = _WORD_GAP.split(text)
    combined = [word.replace(" ", "") if _SPACED.match(word) else word for word in words]
    distinct_letters = sum(len(word) for word, whole in zip(words, combined, strict=True) if word != whole)
    return " ".join(combined) if distinct_letters >= _SPACED_SHARE * len("".join(words)) else text


def measure_bold_lead(text: str, pieces: Iterable[tuple[str, bool]]) -> int:
    """Return how many characters of a line are its bold beginning; 0 where all or none is bold.

    `pieces` are the parts that the line was made of, each with its weight; they may have other blanks than `text`.
    """
    count = 0
    for piece, bold in pieces:
        letters = sum(map(str.isalnum, clean_characters(piece)))
        if letters and not bold:
            return _find_end(text, count) if count else 0
        count += letters
    return 0


def _find_end(text: str, count: int) -> int:
    """Return where in a text its first `count` letters and digits end, with the signs that follow the last."""
    for place, char in enumerate(text):
        if count <= 0 and (char.isalnum() or char.isspace()):
            return place
        count -= char.isalnum()
    return len(text)
