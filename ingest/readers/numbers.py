"""Parse numbers as documents print them before titles: M 12, K-07, Z2-M4, A.IV, II.3, 3.2.1, 3a, 2
a), 2025/07.

This module knows only what a number may look like. Which of the numbers in a document are those of
its records follows from how they recur (see `series` and `blocks`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from ingest.readers.words import WORDS
from vectorstore.language import NOTATION, pattern_of_any

# Named parts of a printed number. "Maßnahme Nr. M 12a von 52:" is word (Maßnahme), code (M), gap
# (one blank), digits (12), the letter of a part (a) and total (52); other numbers have Roman
# numerals or, after a word alone, one letter.
_ROMAN = r"(?:(?:XL|L?X{0,3})(?:IX|IV|V?I{1,3}|V)|XL|L?X{1,3}|L)"
# one capitalized word or two: "Maßnahme", "Strategisches Ziel", "lfd. Nr."; no Roman numeral
_WORD = (
    r"[A-ZÄÖÜ](?:[A-Za-zÄÖÜäöüß]{0,40}[a-zäöüß][A-Za-zÄÖÜäöüß]{2,40}|[A-ZÄÖÜß]{6,40})\.?"
    rf"(?:[ ](?!{_ROMAN}(?!\w))[A-ZÄÖÜ][A-Za-zÄÖÜäöüß]{{2,40}})?"
    r"|[Nn]r\.|[Ll]fd\.[ ]?[Nn]r\."
)
_NR = r"(?:[- ]?(?:Nr\.?|Nummer))?"
_CODE = (  # letters before the digits, several parts joined: M, KLIMO, T-EE, #
    rf"(?:(?!{_ROMAN}[.]\d)[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{{0,5}}?(?:[-./_][A-ZÄÖÜ][A-Za-zÄÖÜäöü]{{0,4}}?){{0,2}}|\#)"
)
_CODE_PART = r"[.\-/_|](?:\d{1,4}|[A-ZÄÖÜ]{1,4}-?\d{0,3})|[\-/][A-ZÄÖÜ][a-zäöü]{1,4}"
# after the first digits: .2, -M4, /MOB, -Mob; a letter of a part may follow digits: .2a
_CODE_PARTS = (
    rf"(?:(?:{_CODE_PART})(?:(?![A-Za-zäöüß\d])|(?<=\d)(?=[a-z](?![A-Za-zäöüß\d])))){{0,4}}"
)
# after the digits: "3a", "3.a", "3 a)"
_PART = r"(?P<part>[.]?[a-z](?![A-Za-zäöüß])|[ ][a-z](?=\)))?"
# What follows a number, perhaps behind the mark of a note: "6*"; "3,5 km" has none.
_END = r"(?=\*{0,3}(?:$|[\s:|)\]–—]|[.](?:\s|$)|-\s))"
_TOTAL = r"(?:\s?(?:von|/)\s?(?P<total>\d{1,3}))?"
_NUMBER = re.compile(
    rf"^(?:Zu[ ])?[(\[]?(?:(?P<word>{_WORD}){_NR}[ .:]{{0,2}})?"
    rf"(?:(?P<code>{_CODE})(?P<gap>[ ]{{0,2}}[-–._/]?[ ]?\[?))?"
    rf"(?:(?P<digits>\d{{1,4}}{_CODE_PARTS}){_PART}{_TOTAL}"
    rf"|(?<![A-Za-zÄÖÜäöü])(?P<roman>{_ROMAN}(?:[.\-/](?:\d{{1,3}}|[a-z](?![a-zäöüß]))){{0,2}})(?=[.:)\s|]|$)"
    rf"|(?(word)(?(code)(?!))(?<![A-ZÄÖÜa-zäöüß])(?P<letter>[A-ZÄÖÜ])|(?!)))"
    rf"{_END}[)\]]?"
)
# number of a record: without letters before it, after such
_HIGHEST = 400
_HIGHEST_CODED = 999
_SEPARATORS = re.compile(r"^[\s.:|)\]–—*-]+")
_MONTHS = pattern_of_any({name[:3] for name in NOTATION["dates"]["months"]})
# "3.4.10 Netz" is a number: dates with two digits of the year have two of day or month as well
_DATE = re.compile(
    rf"^(?![1-9]\.[1-9]\.\d\d\s)\d{{1,2}}\.\s?(?:\d{{1,2}}\.\s?(?:19|20)?\d\d(?!\.?\d)|{_MONTHS}[a-zä]*\.?(?:\s+\d{{4}})?)"
)
# applied in order: what a number contains, and the placeholder for it in `PrintedNumber.shape`
_SHAPES = (
    (re.compile(r"(?<=\})[.][a-z]$"), ".{letter}"),
    (re.compile(r"(?<=\d)[.]?[a-z]$"), ""),  # "3a" belongs to the family of "3"
    (re.compile(r"(?<=\d) [a-z]$"), " {part}"),
    # "3/MOB"
    (
        re.compile(r"(?<![A-ZÄÖÜa-zäöü{])[A-ZÄÖÜ][A-ZÄÖÜa-zäöü]{0,4}(?![A-ZÄÖÜa-zäöü\d])"),
        "{letters}",
    ),
    (re.compile(r"^(?:19|20)\d\d(?=[-/_]\d)"), "{year}"),
    (re.compile(r"\d+"), "{n}"),
)
NumberFamily = tuple[str, bool, str]  # label word, with letters before the digits, shape
_UNITS = re.compile(  # what is behind a quantity: "3 %", "12 Wochen"
    r"^(?:[%€°]|T€|(?:Euro|EUR|TEUR|Mio|Mrd|km|kWh|MWh|GWh|kW|MW|t|m²|m2|ha|Uhr|Jahre?n?|Tagen?|Wochen?|Monaten?|Cent|"
    r"Prozent)(?![\wäöüß]))"
)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number printed at the beginning of a line: "Maßnahme M 1.2 Radwege".

    `ref` is the number without its label word ("M 1.2"), `word` the label word in a normalized
    spelling ("Maßnahme"), `code` the letters before the digits ("M"), `parts` the digits and Roman
    numerals as integers ((1, 2)), `shape` the digits with placeholders ("{n}.{n}"), `text_after`
    the text behind the number ("Radwege").
    """

    ref: str
    word: str
    code: str
    shape: str
    parts: tuple[int, ...]
    text_after: str
    total: int | None = None  # 52 in "7 von 52"

    @property
    def depth(self) -> int:
        """The number of its parts: 2 for "1.2"."""
        return len(self.parts)

    @property
    def counts(self) -> tuple[int, ...]:
        """Its parts, for a letter its place in the alphabet: by these it is in a sequence."""
        return self.parts or ref_parts(self.ref)

    @property
    def is_decimal(self) -> bool:
        """True if it begins with a digit."""
        return self.ref[:1].isdigit()

    @property
    def is_letter(self) -> bool:
        """True for the letter of a part of a document."""
        return self.shape == "{letters}"

    @property
    def family(self) -> NumberFamily:
        """What the numbers of one family share; blanks and hyphens in them do not matter."""
        return self.word, bool(self.code), self.shape


@cache
def parse_number(text: str) -> PrintedNumber | None:
    """Return the number that a line begins with, None if it begins with none.

    None of these is a number: a date, a quantity ("3 %"), an amount ("12.000"), a year, a Roman
    numeral alone on its line, and whatever is too long or too high. A word or letters before the
    digits ("Maßnahme 3", "M 3") make it likelier: then it may be higher, and a unit may follow it.
    """
    text = text.strip()
    if not text or _DATE.match(text):
        return None
    match = _NUMBER.match(text)
    if match is None:
        return None
    remaining = _SEPARATORS.sub("", text[match.end() :])
    code, digits, roman = match["code"] or "", match["digits"], match["roman"]
    is_word = code != code.upper() and match["gap"] == " "  # "Ca 3 km": a word is no code
    has_prefix = bool(match["word"]) or (bool(code) and not is_word)
    # "3 km" is a quantity; digits with a dot ("3.2 Tage der Umwelt") are rather a chapter
    if not has_prefix and "." not in (digits or "") and _UNITS.match(remaining):
        return None
    ref, parts, shape = _split_match(text, match)
    if digits and not match["word"] and not _may_number(digits, is_coded=bool(code)):
        return None
    if digits and re.search(r"[.]\d{3}(?!\d)", digits):  # "12.000"
        return None
    is_bare = not remaining and not match["word"] and not code
    if roman and is_bare and roman.isalpha():  # "IV" alone on a line
        return None
    word = _normalize_word(match["word"])
    total = None
    if match["total"]:
        total = int(match["total"])
    return PrintedNumber(ref, word, code, shape, parts, remaining, total)


def _may_number(digits: str, *, is_coded: bool) -> bool:
    """True if digits may be the number of a record.

    An amount ("1200") is too high to be a number, and so is a year alone ("2025"). A year before a
    number is allowed ("2025/07"), but not with a dot between them ("2025.07"). With letters before
    the digits (`is_coded`) numbers up to 999 are allowed.
    """
    numbers = list(map(int, re.findall(r"\d+", digits)))
    begins_with_year = 1990 <= numbers[0] <= 2060
    if begins_with_year and len(numbers) > 1 and numbers[1] <= _HIGHEST:
        return "." not in digits
    if is_coded:
        return max(numbers) <= _HIGHEST_CODED
    return max(numbers) <= _HIGHEST


def _split_match(text: str, match: re.Match[str]) -> tuple[str, tuple[int, ...], str]:
    """Return ref, parts and shape of the number in a match of `_NUMBER` (see `PrintedNumber`).

    For "Maßnahme M 1.2 von 52" these are "M 1.2", (1, 2) and "{n}.{n} von {n}": the ref has neither
    the label word nor the total, parts and shape have no letters before the digits. A letter behind
    the digits ("3a", "3.a") stays in the ref and is left out of the others; only behind a blank
    ("3 a)") it is part of the shape.
    """
    first = next(name for name in ("code", "digits", "roman", "letter") if match[name])
    start = match.start(first)
    if match["total"]:
        last = "part" if match["part"] else "digits"
        printed = text[start : match.end(last)].strip()
    else:
        printed = text[start : match.end()].strip(" .:|)–—")
        if "[" not in printed:  # "M [3]" keeps its brackets
            printed = printed.strip("]")
    # the number without code and gap
    body = printed[len(match["code"] or "") + len(match["gap"] or "") :]
    # letters within a word, as in "3/VER", are no numerals
    parts = tuple(map(_part_value, re.findall(r"\d+|(?<![^\W\d_])[IVXL]+(?!\w)", body)))
    shape = body
    if match["roman"]:
        shape = re.sub(r"(?<![A-Za-z])[IVXL]+(?![A-Za-z])", "{roman}", shape)
    for pattern, placeholder in _SHAPES:
        shape = pattern.sub(placeholder, shape)
    if match["total"]:
        shape += " von {n}"
    return " ".join(printed.split()), parts, shape


def _part_value(part: str) -> int:
    """Return digits or a Roman numeral as an integer: 4 for "4" and "IV"."""
    if part.isdigit():
        return int(part)
    total = 0
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[letter] for letter in part]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        # a smaller numeral before a larger one is subtracted
        total += -value if value < following else value
    return total


def _normalize_word(word: str | None) -> str:
    """Return a label word in one spelling, so that numbers with it are of one family: "Projekt"
    for "PROJEKT" and "Projekt Nr.". Return "" for None.
    """
    if not word:
        return ""
    plain = re.sub(r"[- ]?(?:Nr\.?|Nummer)$", "", word.strip(" .:"), flags=re.IGNORECASE)
    if plain.isupper():
        return plain.capitalize()
    return plain[:1].upper() + plain[1:]


def ref_parts(ref: str, *, roman: bool = False) -> tuple[int, ...]:
    """Return the parts of a ref as integers, by which numbers are in sequence: (2, 3) for "M 2.3",
    (3, 1) for "3a", (2,) for "B".

    A ref without digits has one part, a Roman numeral or letter. A single letter may be either: if
    `roman` is true, it is a numeral or nothing ((5,) for "V", () for "B"), otherwise a letter. The
    result is empty for a ref without digits, letter or numeral.
    """
    digits = re.findall(r"\d+", ref)
    if digits:
        parts = list(map(int, digits))
        letter = re.search(r"(?<=\d)[ .]?([a-z])$|(?<=[./-])([A-Z])$", ref)
        if letter:
            parts.append(_letter_value(letter[1] or letter[2]))
        return tuple(parts)
    last = re.split(r"[ .\-/_]", ref)[-1]
    may_be_roman = roman or len(last) > 1
    if may_be_roman and re.fullmatch(_ROMAN, last):
        return (_part_value(last),)
    if last.isalpha() and not may_be_roman:
        return (_letter_value(last),)
    return ()


def _letter_value(letter: str) -> int:
    """Return the place of a letter in the alphabet, from 1."""
    return ord(letter.lower()) - ord("a") + 1


# Numbers of an outline: chapters, lettered parts, points

# "2.1.a", "IV"; not "2024", "M 1"
_CHAPTER = re.compile(r"0?[1-9]\d?(?:\.[1-9]\d?){0,4}(?:\.[a-z])?|[IVXL]+")
_LETTERED_PART = re.compile(r"([A-H])\.\s+(?=[A-ZÄÖÜ„])")  # "B. " before a title


@cache
def leading_number(text: str) -> PrintedNumber | None:
    """Return the number of a chapter or point that a line begins with, None if it begins with none.

    Accepted are "Ziel 2: Mobilität", "2.1 Ziele", "3. Ziele", "3) Ziele" and "IV. Ziele"; not "3
    Ziele", and not a number alone on its line. The fewer parts a number has, the more the sign
    behind it must tell that it is one of a heading.
    """
    number, separator = _parse_chapter(text)
    if number is None or not separator:
        return None
    if number.word:  # "Ziel 2: Mobilität"
        fits = (
            number.word in WORDS["chapters"]
            and number.is_decimal
            and separator.strip()[:1] in tuple(".:–-")
        )
    elif "." in number.ref:  # "2.1 Ziele"
        fits = not number.ref.startswith("0") and separator[0] in ". \t\n"
    elif number.is_decimal:  # "3. Ziele", "3) Ziele"
        fits = separator[0] in ".)"
    else:  # "IV. Ziele"
        fits = separator[0] == "." and (
            number.text_after[0].isupper() or number.text_after[0] == "„"
        )
    if fits:
        return number
    return None


def leading_letter(text: str) -> PrintedNumber | None:
    """Return the letter of a part that a line begins with ("B. Ziele") as a number, None if it
    begins with none. Only A to H count, and a capital or quotation mark must follow the blank.
    """
    match = _LETTERED_PART.match(text)
    if match is None:
        return None
    letter, text_after = match[1], text[match.end() :]
    return PrintedNumber(letter, "", "", "{letters}", ref_parts(letter), text_after)


def _parse_chapter(text: str) -> tuple[PrintedNumber | None, str]:
    """Return the number of a line and the characters between it and its text (". "), with a single
    letter read as a Roman numeral. Return None and "" if no chapter has such a number (letters
    before it, a total, brackets), or if no text is behind it.
    """
    number = parse_number(text)
    if number is None or number.code or number.total:
        return None, ""
    if not number.text_after or not _CHAPTER.fullmatch(number.ref):
        return None, ""
    number_text = text.strip().removesuffix(number.text_after)
    if number_text.startswith(("(", "[", "Zu ")):
        return None, ""
    between = number_text.rpartition(number.ref)[2]
    return replace(number, parts=ref_parts(number.ref, roman=True)), between
