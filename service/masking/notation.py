"""Finds personal details by their notation (telephone, IBAN, address …): they are masked in what is
stored or sent.

A text is folded first: Unicode NFKC, dashes, white space, digits written as words.

Numbers with a check rule are checked by it (`phonenumbers`, `stdnum`); others need a word beside
them that names them. Numbers that are frequent in documents (of projects, dates, amounts, laws)
have neither, and are not masked.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources

import phonenumbers
from stdnum import iban, luhn

from vectorstore.language import collapse_spaces

_MOBILE = re.compile(r"01[567]\d{8,9}")  # "015112345678"
_DIGITS = {
    "null": "0",
    "eins": "1",
    "ein": "1",
    "zwei": "2",
    "zwo": "2",
    "drei": "3",
    "vier": "4",
    "fünf": "5",
    "fuenf": "5",
    "sechs": "6",
    "sieben": "7",
    "acht": "8",
    "neun": "9",
}
# four or more words for digits: "null eins fünf, zwo"; not "ein zwei"
_SPELLED_DIGITS = re.compile(
    rf"(?i)\b(?:{'|'.join(_DIGITS)})(?:[\s,-]+(?:{'|'.join(_DIGITS)})){{3,}}\b"
)
_SIMILAR_SIGNS = str.maketrans(
    {"·": ".", "∙": ".", "•": ".", "⁄": "/", "∕": "/", "´": "'", "’": "'"}
)


@dataclass(frozen=True, slots=True)
class Notation:
    """A kind of detail: its mask (`kind`), its pattern, and how many characters of a match belong
    to it (0: none).
    """

    kind: str
    pattern: re.Pattern[str]
    measure: Callable[[str], int]


def normalize_notation(text: str) -> str:
    """A text in one form, so that a detail is found in whatever way it was typed.

    Similar signs and all dashes become one, white space becomes single spaces, and invisible
    characters are dropped. Four or more words for digits in a row become digits ("null eins fünf,
    zwo").
    """
    plain = unicodedata.normalize("NFKC", text.translate(_SIMILAR_SIGNS))
    chars = ("-" if unicodedata.category(char) == "Pd" else char for char in plain)  # Pd: dashes
    visible = "".join(char for char in chars if unicodedata.category(char) != "Cf")
    return _SPELLED_DIGITS.sub(_to_digits, collapse_spaces(visible))


def _to_digits(spelled: re.Match[str]) -> str:
    return "".join(_DIGITS[word] for word in re.findall(r"\w+", spelled[0].lower()))


def find_details(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of each detail in a text that is normalized by
    `normalize_notation`.

    They are not sorted and may overlap, as each notation is looked for alone. A notation may
    measure that only the beginning of a match is a detail, or none of it.
    """
    for notation in _NOTATIONS:
        for match in notation.pattern.finditer(text):
            start = match.start("detail")
            length = notation.measure(match["detail"])
            if length:
                yield start, start + length, notation.kind


def is_personal(text: str) -> bool:
    """True if a text contains any personal detail."""
    return any(find_details(normalize_notation(text)))


def is_announced(text: str) -> bool:
    """True if somebody says that a detail of his own comes ("meine Nummer ist")."""
    return _ANNOUNCED.search(normalize_notation(text)) is not None


def is_announced_to_reader(text: str) -> bool:
    """True if the service says a detail of the reader ("Ihr Konto endet auf 12")."""
    return _ANNOUNCED_TO_READER.search(normalize_notation(text)) is not None


def details_of(text: str) -> list[str]:
    """The personal details of a text, folded."""
    folded = normalize_notation(text)
    return [folded[start:end] for start, end, _ in find_details(folded)]


def mask_details(text: str) -> str:
    """Return a text in which each personal detail is replaced by its kind: "[Telefonnummer]".

    Of details that overlap, the first one gives the kind; of those with the same start, the
    longest; all are removed. A text with a detail is also normalized; a text without details is
    returned as it is.
    """
    folded = normalize_notation(text)
    parts = list[str]()
    position = 0
    details = sorted(find_details(folded), key=lambda detail: (detail[0], -detail[1]))
    if not details:
        return text
    for start, end, kind in details:
        if start >= position:
            parts += [folded[position:start], f"[{kind}]"]
        position = max(position, end)
    return "".join([*parts, folded[position:]])


def _measure_account(candidate: str) -> int:
    """Return how many characters at the beginning of a candidate are an account number (IBAN), 0
    for none.

    Further words may stand behind the number, so each length is tried that an IBAN can have (15 to
    34), without spaces. "DE" with 20 digits counts too, even if its check digits are wrong: it may
    be mistyped.
    """
    positions = [position for position, char in enumerate(candidate) if char.isalnum()]
    compact = "".join(candidate[position] for position in positions).upper()
    for size in range(15, min(34, len(compact)) + 1):
        if iban.is_valid(compact[:size], check_country=False):
            return positions[size - 1] + 1
    if re.match(r"DE\d{20}", compact):  # mistyped; of 22 characters
        return positions[21] + 1
    return 0


def _measure_card(candidate: str) -> int:
    """The length of a candidate that is the number of a credit card, by its check digit; 0 for any
    other.
    """
    if not luhn.is_valid(re.sub(r"\D", "", candidate)):
        return 0
    return len(candidate)


def _measure_identity(candidate: str) -> int:
    """Return the length of a candidate if it may be the number of an identity document, else 0.

    Such a number has 6 to 12 letters and digits; at least two are digits, of nine or more
    characters at least one.
    """
    digits = sum(map(str.isdigit, candidate))
    alphanumeric = sum(map(str.isalnum, candidate))
    least_digits = 1 if alphanumeric >= 9 else 2  # a long one is less likely to be a word
    if digits < least_digits or not 6 <= alphanumeric <= 12:
        return 0
    return len(candidate)


def _measure_telephone(candidate: str) -> int:
    """Return how many characters at the beginning of a candidate are a telephone number, 0 for
    none.

    The candidate may have further digits behind it. So it is tried with all its groups of digits,
    then without the last, and so on; the first number counts that is valid, or has the form of a
    German mobile number. "+49", "0049" and "49" all begin a number with its country.
    """
    groups = list(re.finditer(r"\d+", candidate))
    for match in reversed(groups):  # the candidate up to each group of digits
        # "+49 (0)2921 30" has no 0
        digits = dialled = re.sub(r"\D", "", candidate[: match.end()].replace("(0)", ""))
        if candidate.lstrip("( ").startswith(("+", "00")) or digits.startswith("49"):
            dialled = f"+{digits.removeprefix('00')}"
        try:
            number = phonenumbers.parse(dialled, "DE")
        except phonenumbers.NumberParseException:
            continue
        if _MOBILE.fullmatch(digits) or phonenumbers.is_valid_number(number):
            return match.end()
    return 0


def _read_notations() -> tuple[tuple[Notation, ...], re.Pattern[str], re.Pattern[str]]:
    """Return what `notations.toml` says: the notations of details, and two patterns of
    announcements.

    The patterns find where people, and where the service, announce a detail ("Meine Nummer ist"). A
    notation without a check rule is as long as its match. In the file a pattern may have several
    lines, which are joined, and "<year>" stands for the pattern that is named `year` above it.
    """
    checks = {
        "account": _measure_account,
        "card": _measure_card,
        "identity": _measure_identity,
        "telephone": _measure_telephone,
    }
    file = resources.files("service.masking").joinpath("notations.toml")
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}

    def complete(pattern: str) -> str:
        one_line = "".join(pattern.splitlines())
        return re.sub(r"<(\w+)>", lambda name: parts.get(name[1], name[0]), one_line)

    for part, pattern in content["parts"].items():
        parts[part] = complete(pattern)
    notations = []
    for row in content["notation"]:
        before = complete(row.get("before", ""))
        form = complete(row["form"])
        measure = checks[row["check"]] if "check" in row else len
        pattern = re.compile(rf"(?:{before})(?P<detail>{form})")
        notations.append(Notation(row["kind"], pattern, measure))
    announced = content["announced"]
    by_people, to_reader = (re.compile(complete(announced[key])) for key in ("form", "to_reader"))
    return tuple(notations), by_people, to_reader


_NOTATIONS, _ANNOUNCED, _ANNOUNCED_TO_READER = _read_notations()
