"""List marks, ticks, letter-spaced words and bold beginnings of a printed line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.stream import clean_characters

# Word processors print bullets from symbol fonts, which arrive as private-use or control
# characters.
_BULLET_SIGNS = r"\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff•●▪■◦‣⁃∙·○➢➤✓"
# "●●○" is a rating of three
_BULLET = re.compile(rf"^\s*(?![•●■○]\s?[•●■○])[{_BULLET_SIGNS}]+\s*(?=\S)")
_LONE_BULLET = re.compile(rf"^\s*(?:[{_BULLET_SIGNS}–—-]|o)\s*$")  # "•", "–", "o" alone
_DASH = re.compile(r"^\s*[-–—*]\s+(?=\S)(?=.*[^\W\d_])")  # "- 5 %" is a quantity
_POINT_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]")  # "1.", "a)", "(12)"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
_WORD_GAP = re.compile(r"\s{2,}")
# "Z i e l"
_FOUR_SPACED_LETTERS = re.compile(r"(?:^|\s)[^\W\d_] [^\W\d_] [^\W\d_] [^\W\d_](?:\s|$)")
_SPACED_WORD = re.compile(r"\S(?: \S)+$")  # "Z i e l"
# "b e s o n d e r e" within a line, set apart from capitals and lists of letters
_SPACED_IN_LINE = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){4,}(?![^\s.,;:!?)])")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_SPACED_SHARE = 0.7  # of a line's characters that must be in letter-spaced words
# Wingdings and Wingdings 2, which arrive in the private use area; without a tick in the line an
# empty box is as often a bullet.
_TICKS = {0xF0FE: "☑", 0xF0FD: "☒", 0xF078: "☒", 0xF0FC: "✔", 0xF0FB: "✘", 0xF052: "☑"}
_BOXES = {0xF06F: "☐", 0xF0A8: "☐", 0xF071: "☐", 0xF072: "☐", 0xF0A3: "☐"}


def split_bullet(text: str) -> tuple[bool, str]:
    """Return whether the line starts with a bullet, and its text without bullet and control
    characters.
    """
    match = _BULLET.match(text)
    if match:
        text = text[match.end() :]
    return match is not None, _CONTROL.sub("", text).strip()


def split_list_mark(text: str, *, dash_is_mark: bool) -> tuple[bool, str]:
    """Return whether the line is a list point, and its text without bullet and control characters.
    A leading dash counts as a bullet only if `dash_is_mark`, as it may also go on with a sentence.
    """
    bullet, text = split_bullet(text)
    point_text = split_dash(text)
    if dash_is_mark and point_text:
        return True, point_text
    return bullet, text


def is_list_mark(text: str) -> bool:
    """True if a word is a bullet, a dash or the number of a list point: "•", "-", "1.", "a)"."""
    return is_bullet(text) or _POINT_NUMBER.fullmatch(text) is not None


def is_bullet(text: str) -> bool:
    """True if a line consists of a bullet alone."""
    return _LONE_BULLET.match(text) is not None


def split_dash(text: str) -> str | None:
    """Return the text after a leading dash, which may be a bullet or part of a sentence. Return
    None for a line without a dash, and for a dash before a mere quantity ("- 5 %").
    """
    match = _DASH.match(text)
    if match:
        return text[match.end() :]
    return None


def replace_ticks(text: str) -> str:
    """Replace ticks of symbol fonts, and empty boxes in the same line, by their Unicode signs. In a
    line without a tick an empty box may be a bullet, and stays.
    """
    if any(tick in text for tick in map(chr, _TICKS)):
        return text.translate({**_TICKS, **_BOXES})
    return text


def join_spaced_letters(text: str) -> str:
    """Join the letters of words set with a blank after each letter: "M A S S N A H M E" to
    "MASSNAHME".

    If most of a line is set so, its words must be separated by two blanks or more; words separated
    by single blanks become one word. In other lines only words of five letters or more are joined,
    in lower case but for the first letter.
    """
    if not _FOUR_SPACED_LETTERS.search(text):
        return text
    words = _WORD_GAP.split(text)
    spaced_words = list(filter(_SPACED_WORD.match, words))
    if len("".join(spaced_words)) < _SPACED_SHARE * len("".join(words)):
        return _SPACED_IN_LINE.sub(_join_word, text)
    for index, word in enumerate(words):
        if word in spaced_words:
            words[index] = word.replace(" ", "")
    return " ".join(words)


def _join_word(spaced: re.Match[str]) -> str:
    word = spaced[0].replace(" ", "")
    if word[1:].islower() and word not in _ALPHABET:
        return word
    return spaced[0]


def measure_bold(text: str, pieces: Iterable[tuple[str, bool]]) -> tuple[bool, int]:
    """Return whether all of a line is bold, and the length in characters of its bold beginning. The
    length is 0 if the line does not begin in bold, or if all of it is bold.

    `pieces` are the parts of the line, each with whether it is bold: for "**Ziel:** Text" the
    result is (False, 5). Only letters and digits are counted, because blanks and list marks of the
    pieces may be missing in `text`.
    """
    count = 0  # of bold letters and digits so far: blanks of pieces and text may differ
    for piece, bold in pieces:
        letters = sum(map(str.isalnum, clean_characters(piece)))
        if letters and not bold and count:
            return False, _find_position(text, count)
        if letters and not bold:
            return False, 0
        count += letters
    return count > 0, 0


def _find_position(text: str, count: int) -> int:
    """Return the index in a text behind its first `count` letters and digits, and behind the signs
    that directly follow these.
    """
    for index, char in enumerate(text):
        if count <= 0 and (char.isalnum() or char.isspace()):
            return index
        count -= char.isalnum()
    return len(text)
