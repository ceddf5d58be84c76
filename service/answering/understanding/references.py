"""Numbers of items that a question names: "5.5.2.1", "B.X", "These 3", "die erste These", "Teil B", "Punkt IV"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.answering.corpus import Corpus, plain_ref
from service.answering.query import NumberForm, RecordNoun, RecordNumber
from vectorstore.records import ItemKind

_REF = re.compile(
    r"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){1,3})(?![\w]|[.,]\d|\s*(?:Uhr|Euro|EUR|€|%|Prozent|Mio|Meter|km|m²|ha)\b|\s*[€%])"
)
_SHORT_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.?(?:\d{2}|\d{4})?")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PART = re.compile(r"\b(?:Teil|Part)\s+([A-Z])\b")
_KINDS: tuple[tuple[str, tuple[ItemKind, ...]], ...] = (
    ("beschlusspunkt|resolution", (ItemKind.RESOLUTION,)),
    ("these|leitsatz|thesis", (ItemKind.THESIS, ItemKind.PRINCIPLE)),
    ("handlungsprinzip|leitlinie|prinzip|principle", (ItemKind.PRINCIPLE, ItemKind.THESIS)),
    ("themenfeld|handlungsfeld|thema|theme|kapitel|chapter", (ItemKind.THEME, ItemKind.GOAL, ItemKind.THESIS)),
    ("ziel|goal", (ItemKind.GOAL,)),
)
_NOUN = "|".join(words for words, _ in _KINDS)
_OF_ANY = re.compile(r"\b(?:punkt|nummer|nr\.?|ziffer)\s+([IVX]+)\b", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\b({_NOUN})\s+(?:nr\.?\s*|nummer\s+)?(\d{{1,2}}|[IVX]+)\b(?!\.\d|\.[IVX]|\s+(?:projects|goals|ideas|measures|things))",
    re.IGNORECASE,
)
_FIRST = {
    "erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "sechst": 6, "siebt": 7, "siebent": 7, "acht": 8,
    "neunt": 9, "zehnt": 10, "elft": 11, "zwölft": 12,
}  # fmt: skip
_FIRST_ENGLISH = {
    "first": 1, "second": 2, "third": 3, "fourth": 4,
    "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_BEFORE = re.compile(
    rf"\b(?:({'|'.join(_FIRST)})e[nrsm]?|({'|'.join(_FIRST_ENGLISH)})|(\d{{1,2}})(?:\.|st|nd|rd|th))\s+({_NOUN})\b",
    re.IGNORECASE,
)
_GOAL = r"(?:ziels?|zieles|zielfeld|oberziel|goal)"
_HOLDS = r"(?:kapitels?|(?:themen|handlungs)?feld(?:e?s)?|(?:themen)?bereichs?|themas?|chapter|theme)"
_ORDINAL = rf"(?P<said>{'|'.join((*_FIRST, *_FIRST_ENGLISH))})(?:e[nrsm]?)?"
_WITHIN = re.compile(
    rf"\b(?:{_GOAL}\s+(?:nr\.?\s*|nummer\s+)?(?P<behind>\d{{1,2}})|(?:{_ORDINAL}|(?P<before>\d{{1,2}})\.)\s+{_GOAL})\s+"
    rf"(?:in|im|aus|unter|des|vom|von|zu|zum|of)\s+(?:dem\s+|the\s+)?{_HOLDS}\s+(?:nr\.?\s*|nummer\s+)?(?P<holder>\d{{1,2}})\b(?!\.\d)",
    re.IGNORECASE,
)

_PARTS_OF_A_NUMBER = 3  # fewer may be a version or an amount: "Industrie 4.0"


def record_numbers(question: str, nouns: Sequence[RecordNoun], corpus: Corpus) -> tuple[RecordNumber, ...]:
    """Every number of the question that names a record, as `references` tells them, ordinals and codes too."""
    refs = full_references(question)
    whole = (RecordNumber(ref, NumberForm.WHOLE, surely=_is_surely(ref, question, nouns)) for ref in refs)
    points = (RecordNumber(ref, NumberForm.POINT) for ref in loose_references(question))
    codes = (RecordNumber(ref, NumberForm.CODE) for ref in _coded(question, corpus))
    return (*whole, *codes, *numbered(question), *points)


def _is_surely(ref: str, question: str, nouns: Sequence[RecordNoun]) -> bool:
    """True where a number can only be meant as a record's."""
    if ref not in question:  # put together: "Ziel 1 in Kapitel 6"
        return True
    before = question[: question.find(ref)].split()
    noun = bool(before) and bool(nouns) and nouns[-1].word in before[-1].lower()
    return noun or not ref[0].isdigit() or len(ref.split(".")) >= _PARTS_OF_A_NUMBER or question.strip(" ?.!") == ref


def _coded(question: str, corpus: Corpus) -> list[str]:
    """The numbers of letters and digits, as printed, that stand in the question: "M 12", "D1.4", "Wi-52"."""
    words = [word.strip("„“”\"'()?!.,;:") for word in question.split()]
    named = ("".join(words[start:end]) for start in range(len(words)) for end in (start + 1, start + 2))
    rows = (row for one in named for row in corpus.rows_by_code.get(plain_ref(one), ()))
    return list(dict.fromkeys(corpus.catalogue.items[row].ref for row in rows))


def references(question: str) -> tuple[str, ...]:
    """The numbers as the documents print them, in the order of their kinds; dates are none."""
    question = composed(question)
    found = [*full_references(question), *(match[1].upper() for match in _OF_ANY.finditer(question))]
    found += [match[2].upper() for match in _BEHIND.finditer(question)]
    return tuple(dict.fromkeys(found))


def composed(question: str) -> str:
    """The question, a goal's number and that of what holds it written as one: "Ziel 1 in Kapitel 6" is "Ziel 6.1"."""
    return _WITHIN.sub(_as_one, question)


def _as_one(match: re.Match[str]) -> str:
    said = (match["said"] or "").lower()
    number = match["behind"] or match["before"] or _FIRST.get(said) or _FIRST_ENGLISH[said]
    return f"Ziel {match['holder']}.{number}"


def full_references(question: str) -> tuple[str, ...]:
    """The numbers that need no noun: "5.5.2.1", "B.X", "Teil B"; and "6.1" for "Ziel 1 in Kapitel 6"."""
    question = composed(question)
    found = [match[0] for match in _REF.finditer(question) if not _is_other(match, question)]
    return tuple(dict.fromkeys([*found, *(match[1] for match in _PART.finditer(question))]))


def loose_references(question: str) -> tuple[str, ...]:
    """The Roman numbers of "Punkt IV" and "Nummer III"."""
    return tuple(dict.fromkeys(match[1].upper() for match in _OF_ANY.finditer(question)))


def numbered(question: str) -> tuple[RecordNumber, ...]:
    """Kinds with a number behind them or an ordinal before: "These 11", "Ziel IV", "die erste These"."""
    return tuple(dict.fromkeys(_numbered(composed(question))))


def _numbered(question: str) -> Iterator[RecordNumber]:
    for match in _BEHIND.finditer(question):
        yield RecordNumber(match[2].upper(), NumberForm.BEHIND, match[1], _kinds(match[1]))
    for match in _BEFORE.finditer(question):
        said = (match[1] or match[2] or "").lower()
        number = match[3] or str(_FIRST.get(said) or _FIRST_ENGLISH[said])
        yield RecordNumber(number, NumberForm.ORDINAL, match[4], _kinds(match[4]))


def _kinds(noun: str) -> tuple[ItemKind, ...]:
    return next(kinds for words, kinds in _KINDS if noun.lower() in words.split("|"))


def value(part: str) -> int:
    """A number, printed in Arabic or Roman figures; 0 where it is neither."""
    if part.isdigit():
        return int(part)
    figures = [{"I": 1, "V": 5, "X": 10}.get(figure, 0) for figure in part]
    if not figures or not all(figures):
        return 0
    after = [*figures[1:], 0]
    return sum(-one if one < other else one for one, other in zip(figures, after, strict=True))


def _is_other(match: re.Match[str], question: str) -> bool:
    """True for dates ("1.5.", "24.10.25") and for thousands ("412.000")."""
    if _THOUSANDS.fullmatch(match[0]):
        return True
    dotted = question[match.end() : match.end() + 1] == "." and match.end() + 1 < len(question)
    two_parts = match[0].count(".") == 1
    return bool(_SHORT_DATE.fullmatch(match[0])) and (dotted or not two_parts or len(match[0].split(".")[1]) == 2)
