"""What belongs to a person by its notation: with that no question leaves the house, and without it one is kept.

Numbers that have a rule are checked by it (`phonenumbers`, `stdnum`); those without one need a word beside them that
says what they are. What documents are full of (numbers of projects, dates, amounts, laws) has neither.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

import phonenumbers
from stdnum import iban, luhn

from service.masking.folding import fold

_MOBILE = re.compile(r"01[567]\d{8,9}")


@dataclass(frozen=True, slots=True)
class Notation:
    """A kind of detail: what stands in its place, how it looks, and how many characters of a candidate it has."""

    kind: str
    pattern: re.Pattern[str]
    measure: Callable[[str], int]


def find_details(text: str) -> Iterator[tuple[int, int, str]]:
    """Begin, end and kind of each detail in a folded text, in no order; they may overlap."""
    for notation in _NOTATIONS:
        for match in notation.pattern.finditer(text):
            start = match.start("detail")
            if length := notation.measure(match["detail"]):
                yield start, start + length, notation.kind


def is_personal(text: str) -> bool:
    """True if a text has any notation of what belongs to a person."""
    return next(find_details(fold(text)), None) is not None


def mask_details(text: str) -> str:
    """A text with each detail replaced by its kind, "[Telefonnummer]"; folded where there is one, else as it is."""
    folded, parts, done = fold(text), list[str](), 0
    for start, end, kind in sorted(find_details(folded), key=lambda found: (found[0], -found[1])):
        if start >= done:
            parts += [folded[done:start], f"[{kind}]"]
        done = max(done, end)
    return "".join([*parts, folded[done:]]) if parts else text


def without_details(question: str, turns: Sequence[tuple[bool, str]]) -> list[str] | None:
    """The turns of a conversation as they may leave the house, None where it may not.

    A turn is true with what a person wrote: a detail there, or one that goes over several turns, keeps all in the
    house. Details in what the service said are those of published documents; they are masked.
    """
    sent = [text if written else mask_details(text) for written, text in turns]
    own = [*(text for written, text in turns if written), question]
    return None if any(map(is_personal, (*own, " ".join(own), " ".join([*sent, question])))) else sent


def _measure_account(candidate: str) -> int:
    """The length of the account number (IBAN) that a candidate begins with; a German one may be mistyped."""
    places = [place for place, letter in enumerate(candidate) if letter.isalnum()]
    compact = "".join(candidate[place] for place in places).upper()
    german = 22 if re.match(r"DE\d{20}", compact) else 0
    sizes = range(15, min(34, len(compact)) + 1)
    size = next((size for size in sizes if iban.is_valid(compact[:size], check_country=False)), german)
    return places[size - 1] + 1 if size else 0


def _measure_card(candidate: str) -> int:
    return len(candidate) if luhn.is_valid(re.sub(r"\D", "", candidate)) else 0


def _measure_identity(candidate: str) -> int:
    digits, letters = sum(map(str.isdigit, candidate)), sum(map(str.isalnum, candidate))
    return len(candidate) if digits >= (1 if letters >= 9 else 2) and 6 <= letters <= 12 else 0


def _measure_telephone(candidate: str) -> int:
    """The length of the telephone number that a candidate begins with, as far as such numbers are given out."""
    for match in reversed(list(re.finditer(r"\d+", candidate))):
        digits = re.sub(r"\D", "", candidate[: match.end()].replace("(0)", ""))
        foreign = candidate.lstrip("( ").startswith(("+", "00")) or digits.startswith("49")
        try:
            number = phonenumbers.parse(f"+{digits.removeprefix('00')}" if foreign else digits, "DE")
        except phonenumbers.NumberParseException:
            continue
        if _MOBILE.fullmatch(digits) or phonenumbers.is_valid_number(number):
            return match.end()
    return 0


def read_forms(name: str) -> tuple[list[dict[str, str]], Callable[[str], str]]:
    """The forms of a file of this package, and what puts parts in the place of their names and joins lines."""
    read = tomllib.loads(resources.files("service.masking").joinpath(name).read_text(encoding="utf-8"))
    parts: dict[str, str] = {}

    def complete(text: str) -> str:
        combined = "".join(line.strip("\n") for line in text.splitlines())
        return re.sub(r"<(\w+)>", lambda named: parts.get(named[1], named[0]), combined)

    for part, text in read["parts"].items():
        parts[part] = complete(text)
    return read["notation"], complete


def _read_notations() -> Iterator[Notation]:
    checks = {
        "account": _measure_account,
        "card": _measure_card,
        "identity": _measure_identity,
        "telephone": _measure_telephone,
    }
    rows, complete = read_forms("notations.toml")
    for row in rows:
        before, form = complete(row.get("before", "")), complete(row["form"])
        measure = checks[row["check"]] if "check" in row else len
        yield Notation(row["kind"], re.compile(rf"(?:{before})(?P<detail>{form})"), measure)


_NOTATIONS = tuple(_read_notations())
