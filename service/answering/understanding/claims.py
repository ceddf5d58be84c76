"""What a question takes to be so: a number with its unit or thing, and whether it asks if something is there at all."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from service.answering.query import Claim, ClaimUnit, Compared

_SCALE = {"million": 6, "millionen": 6, "mio": 6, "milliarde": 9, "milliarden": 9, "mrd": 9, "tausend": 3, "billion": 9}
_NUMBER = (
    r"(?P<number>\d+(?:[.,]\d+)*|(?i:eine[rn]?|one|a|zwei|drei|vier|fünf|zehn))"
    r"(?:\s+(?P<scale>(?i:million(?:en)?|mio|milliarden?|mrd|tausend|billion))\b\.?)?"
)
_UNIT = (
    r"\s*(?:(?P<euro>€|(?i:euro|eur)\b)|(?P<percent>%|(?i:prozent|percent))|"
    r"(?P<thing>[A-ZÄÖÜ][\wäöüß-]{3,}|projects|goals|measures))"
)
_COMPARED = (
    (Compared.MORE, r"mehr als|über|more than|over"),
    (Compared.LESS, r"weniger als|unter|less than|fewer than|under"),
    (Compared.LEAST, r"mindestens|wenigstens|at least"),
    (Compared.MOST, r"höchstens|maximal|bis zu|at most|up to"),
)
_CLAIM = re.compile(rf"(?<![\w.,]){_NUMBER}{_UNIT}")
_WORDS = {"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "zehn": 10}
_EXISTS = re.compile(
    r"(?i)^\W*(?:und\s+|stimmt es,? dass (?:es )?)?(?:gibt(?:['’]?s|\s+es)|existier\w+|hat|haben|besteht|bestehen|"
    r"läuft|laufen|fährt|fahren|ist|sind|wird|wurde|wurden|is|are|does|do|has|have)\b"
)
_NOW = re.compile(r"(?i)\b(?:schon|bereits|inzwischen|mittlerweile|endlich|already|yet)\b")
_THERE = re.compile(r"(?i)^\W*(?:und\s+)?(?:gibt(?:['’]?s|\s+es)|existier\w+|is there|are there)\b")


def claim_of(question: str) -> Claim | None:
    """The number that a question asks about; None where it holds none with a unit or a thing."""
    for match in _CLAIM.finditer(question):
        number = _value(match["number"], match["scale"])
        small = match["number"][:1].isalpha() and match["scale"] is None
        if number is None or small or (match["thing"] and _is_year(match["number"])):
            continue
        unit = ClaimUnit.EUROS if match["euro"] else ClaimUnit.PERCENT if match["percent"] else ClaimUnit.THINGS
        return Claim(number, unit, match["thing"] or "", _compared(question[: match.start("number")]))
    return None


def asks_existence(question: str) -> bool:
    """True where it is asked whether something is there, or there by now: "Gibt es ...?", "Fährt er schon?"."""
    return bool(_THERE.search(question)) or bool(_EXISTS.search(question) and _NOW.search(question))


def _value(number: str, scale: str | None) -> Decimal | None:
    word = number.lower()
    if word[0].isalpha():
        plain = str(_WORDS.get(word, 1))
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", number):
        plain = number.replace(".", "").replace(",", ".")
    else:
        plain = number.replace(",", ".")
    try:
        return Decimal(plain).scaleb(_SCALE[scale.lower()] if scale else 0)
    except InvalidOperation:
        return None


def _is_year(number: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d{2}", number) is not None


def _compared(before: str) -> Compared:
    """How the number is compared, by the words right before it."""
    for compared, cues in _COMPARED:
        if re.search(rf"(?i)\b(?:{cues})\s+$", before):
            return compared
    return Compared.EQUAL
