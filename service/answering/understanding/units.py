"""Responsible units that a question names; which units there are is data of the documents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from service.answering import lexicon
from service.answering.understanding.document_names import words_of
from service.record_filters import unit_key, unit_matches

_NUMBER = r"\d{1,3}(?:\.\d{1,3})?"
_MORE = rf"(?:(?:\s*,\s*|\s*/\s*|\s+(?:und|oder|sowie|bzw\.|and|or)\s+)(?:die\s+|der\s+|von\s+)?{_NUMBER}(?![\d.]))*"
_SAID = r"\s+(?:nr\.\s*|nummern?\s+)?"
_WORD = (
    r"(?:abteilung(?:en)?|sachgebiete?|(?:organisations)?einheit(?:en)?|fachbereiche?|fachamt|fachämter|amt|ämter|"
    r"dezernate?|dez\.|referate?|departments?|fachdienste?"
)
_BEHIND_WORD = re.compile(rf"{_WORD}|stellen?|units?|teams?|divisions?){_SAID}({_NUMBER}{_MORE})(?!\w)", re.IGNORECASE)
_TWO_PARTS = re.compile(r"(?<![\d.])(\d{2}\.\d{2})(?![\d.])")
_BARE = re.compile(
    rf"\b(?:die|der|bei|von|vom)\s+(\d{{1,3}}(?:\.\d{{2}})?{_MORE})\b(?!\s*[.%]?\s*[A-ZÄÖÜ€%]|[.,]\d|\s+\w+sten\b)"
)
_CALLED_UNIT = re.compile(
    rf"\b(?P<word>{_WORD})){_SAID}(?P<numbers>{_NUMBER}{_MORE}|(?-i:[IVX]+))(?!\w)", re.IGNORECASE
)
_BARE_AT_END = re.compile(
    r"\b(?:die|der|von|vom|bei)\s+(\d{2}(?:\.\d{2})?)(?=\s*(?:[?!,]|\.?$|zuständig|verantwort|federführ))",
    re.IGNORECASE,
)
_ONE = re.compile(_NUMBER)
_PRINTED_PREFIX = frozenset({"dez.", "dez"})

_NOBODY = re.compile(
    r"(?i)\b(?:kein(?:e[nr]?|erlei)?|ohne|no|without(?: an?y?)?)\s+(?:\w+\s+)?"
    r"(?:verantwortlich\w*|zuständig\w*|verantwortung|(?:organisations)?einheit(?:en)?|responsible)\b"
)
_DUTIES = re.compile(
    r"(?i)\b(?:wofür|woran|worum|womit|für was|für welche\w*|what|was (?:macht|tut|verantwortet|betreut|bearbeitet))\b"
)


def names_nobody(question: str) -> bool:
    """True where records are asked for that name nobody as responsible."""
    return _NOBODY.search(question) is not None


def asks_duties(question: str) -> bool:
    """True where it is asked for what somebody is responsible."""
    return _DUTIES.search(question) is not None


class Units(tuple[str, ...]):
    """The units of an edition, each as printed; what they are called by is looked up, made once."""

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        """The units whose numbers come second or not at all, by the first word of theirs that may name them."""
        found: dict[str, list[str]] = defaultdict(list)
        for unit in self:
            parts = _naming_parts(unit)
            if parts and not unit[0].isdigit():
                found[parts[0]].append(unit)
        return dict(found)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """Every beginning of a unit's key that ends where no letter or number follows: "66" and "66.01"."""
        keys = map(unit_key, self)
        return frozenset(
            key[:end] for key in keys for end in range(1, len(key) + 1) if end == len(key) or not key[end].isalnum()
        )

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for unit in self for word in words_of(unit))

    def has(self, number: str) -> bool:
        """Whether a number is that of a unit, or of one above some."""
        return unit_key(number) in self._numbers

    def prints(self, number: str) -> bool:
        """Whether a number stands anywhere in a unit as printed."""
        return self.has(number) or number.lower() in self._words

    def named_by(self, words: set[str]) -> list[str]:
        """The units without a number in front of which all words are said, in their order."""
        near = {unit for word in words for unit in self._by_word.get(word, ())}
        return [unit for unit in self if unit in near and _named(unit, words)] if near else []


def units_in(question: str, units: Sequence[str]) -> tuple[str, ...]:
    """The units as asked: numbers behind a word for a unit, "die 66", "80.02", or names as printed ("wfg")."""
    listed = [*_BEHIND_WORD.findall(question), *_TWO_PARTS.findall(question), *_BARE.findall(question)]
    numbers = [number for one in listed for number in _ONE.findall(one)]
    if lexicon.matches("intents", "responsible", question):
        numbers += re.findall(
            r"(?<![\d.,])\d{2}(?:\.\d{2})?(?![\d.,%]|\s*(?:prozent|euro|jahr|uhr|km))", question, re.IGNORECASE
        )
    edition = _indexed(units)
    known = [number for number in dict.fromkeys(numbers) if edition.has(number)]
    return tuple(dict.fromkeys(known + edition.named_by(set(words_of(question)))))


def called_units(question: str) -> list[tuple[str, str]]:
    """The units that a question calls so, each with its word: ("Dezernat", "IV")."""
    return [
        (match["word"], number)
        for match in _CALLED_UNIT.finditer(question)
        for number in _ONE.findall(match["numbers"]) or [match["numbers"]]
    ]


def unknown_units_in(question: str, units: Sequence[str]) -> tuple[str, ...]:
    """Numbers that the question takes for units, and that no document prints: "Dezernat 98", "die 99"."""
    if not units:
        return ()
    numbers = [number for _, number in called_units(question)]
    if lexicon.matches("intents", "responsible", question):
        numbers += [match[1] for match in _BARE_AT_END.finditer(question)]
    edition = _indexed(units)
    return tuple(one for one in dict.fromkeys(numbers) if not edition.prints(one))


def _indexed(units: Sequence[str]) -> Units:
    return units if isinstance(units, Units) else Units(units)


def printed_units(asked: Sequence[str], units: Sequence[str]) -> list[str]:
    """The units as asked and as printed: "70.03" and "70.03 Abfallwirtschaft"."""
    return [*asked, *(unit for unit in units if any(unit_matches(unit, one) for one in asked))] if asked else []


def _named(unit: str, words: set[str]) -> bool:
    parts = _naming_parts(unit)
    return (
        bool(parts)
        and all(part in words for part in parts)
        and (len(parts) > 1 or not parts[0].isdigit() or "dez" in " ".join(words))
    )


def _naming_parts(unit: str) -> list[str]:
    return [part for part in words_of(unit) if part not in _PRINTED_PREFIX]
