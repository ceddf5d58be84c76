"""The lexicon of documents: labels and column headers (their words are in `terms.toml`), statuses,
headings, sums.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, count
from typing import Literal, NamedTuple

from ingest.readers.words import any_of, patterns
from ingest.values.parsing import parse
from vectorstore.records import ItemStatus, ValueKind

# The fields that only records have, by which a sheet or table is recognized as one of records.
RECORD_FIELDS = frozenset(
    ("responsible", "partners", "period", "cost", "funding", "priority", "status", "state", "steps")
)
# Those of them whose value is a line: no title stands below their label, and text no further on.
LINE_FIELDS = frozenset(("responsible", "partners", "period", "cost", "funding", "status"))
_EDGE = re.compile(r"^[\W_]+|(?<![:.…\s])[:.…\s]+$")  # "– " and ":" of "– Zeitraum:"
_LONGEST_LABEL = 160  # characters: some labels have a question below them
_MOST_WORDS_IF_WEAK = 2  # words of a label in which weak words of `terms.toml` count
_PLURAL = 2  # letters that a plural adds at most
# the field in `terms.toml` of words that contain a stem of a field but do not mean it
_NO_FIELD = "none"
# letters of the shortest stem, and of one that may be inside a word
_KEY = 3
_LEAST_INSIDE = 4
_TIME_FORM = re.compile(  # "(Quartal/Jahr)", how a time is written below a label
    r"\s*[(\[](?:(?:Quartal|Halbjahr|Jahr|Monat)[/. ]*)+[)\]]", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[\s/,()&-]")  # between words
_STATUSES = patterns("statuses")
# Before the word for a status: "noch nicht vollständig" umgesetzt, "zum Teil" umgesetzt.
_NEGATED = re.compile(r"\bnicht(?: mehr)?(?: \w+)?\s*$", re.I)
_IN_PART = re.compile(
    r"\b(?:teilweise|teils|tlw\.?|(?:zum|in) Teil(?:en)?|weitgehend|größtenteils|fast)\s*$", re.I
)
_STATUS_WORD = rf"(?:bereits |noch |schon )?(?:in |zur |in der )?{any_of('status')}"
# "Projekte in Bearbeitung", "Bereits umgesetzte Maßnahmen", "Ideenspeicher"; not "Umsetzung der
# Maßnahmen im Kreis".
_STATUS_GROUP = re.compile(
    rf"^(?:{_STATUS_WORD}\s*)?(?:{any_of('records')}\s*)?(?:{_STATUS_WORD})?$", re.I
)
SECTION_WORD = any_of("sections")
_SECTION_LABEL = re.compile(rf"^{SECTION_WORD}(?:\s?(?:/|und)\s?{SECTION_WORD})*\s?:$")
_SUM = re.compile(r"^(?:summe|gesamt|insgesamt|zwischensumme|total)\b", re.I)
_SHORT_VALUE = 4  # most words of a text that is nothing but a value
_HORIZON = re.compile(  # "kurz- bis mittelfristig", "laufend", "6 Monate"
    r"(?:kurz|mittel|lang)-?(?:fristig|\s?(?:bis|/))|^(?:ab )?sofort|laufend$|dauer(?:haft|"
    r"aufgabe)|kontinuierlich|"
    r"st[aä]ndig|\d\s?(?:Monate|Jahre|Wochen)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Term:
    """The words that mean one field: whole labels, stems in labels, and weak words, a fallback
    without other labels.
    """

    field: str
    exact: Sequence[str] = ()
    stems: Sequence[str] = ()
    weak: Sequence[str] = ()


@cache
def terms() -> tuple[Term, ...]:
    """Return the terms of `terms.toml` in the order of the file, which matters: if several match a
    label equally well, the first counts.
    """
    source = (files("ingest.readers") / "terms.toml").read_text(encoding="utf-8")
    return tuple(Term(**table) for table in tomllib.loads(source)["term"])


def normalize(label: str) -> str:
    """Return a label for comparison: in lower case, without signs before it and colons or full
    stops after it.
    """
    return _EDGE.sub("", " ".join(label.split())).lower().replace("massnahme", "maßnahme")


def names_themes(title: str) -> bool:
    """True if a title ends with the plural of a word for a theme: "Strategische Handlungsfelder".
    A plural is a stem of the field and one or two letters more.
    """
    last_word = normalize(title).rpartition(" ")[2]
    meant = [term for term in terms() if term.field == "theme"]
    endings = _endings(last_word, meant)
    return any(0 < len(ending) <= _PLURAL for ending in endings)


def _endings(word: str, meant: Iterable[Term]) -> list[str]:
    """Return what is behind each stem of terms that a word begins with."""
    stems = chain.from_iterable(term.stems for term in meant)
    return [word.removeprefix(stem) for stem in stems if word.startswith(stem)]


def is_field_word(label: str) -> bool:
    """True if a text is nothing but a word of `terms.toml` ("Zeitraum"), or its plural: a whole
    label, or a stem and at most two letters. Words that mean no field ("none") count too.
    """
    name = normalize(label)
    if any(name in term.exact for term in terms()):
        return True
    return any(len(ending) <= _PLURAL for ending in _endings(name, terms()))


@cache
def field_of_label(label: str, *, weak: bool = False) -> str | None:
    """Return the field that a label means, None for an unknown label.

    The whole label is looked up first, then the longest stem in it ("Kostenträger" is no "Träger"),
    of equally long stems the first. The field "none" is for words that contain a stem of a field
    but do not mean it. Then the parts of a label such as "Stand / Status" are tried and, if `weak`
    is true, the weak words in a label of one or two words.
    """
    name = _TIME_FORM.sub("", label)
    normalized = normalize(name)
    if not normalized or len(normalized) > _LONGEST_LABEL:
        return None
    for term in terms():
        if normalized in term.exact:
            return term.field
    matches = _find_stems(normalized, "stems")
    if matches:
        field = max(matches, key=lambda match: (len(match.text), -match.rank)).field
        if field == _NO_FIELD:
            return None
        return field
    # "Stand / Status", and labels in two languages
    parts = [part for part in name.split(" / ") if part.strip()]
    if len(parts) > 1:
        for known_field in filter(None, map(field_of_label, parts)):
            return known_field
    if not weak or len(normalized.split()) > _MOST_WORDS_IF_WEAK:
        return None
    weak_matches = sorted(_find_stems(normalized, "weak"), key=lambda match: match.rank)
    return next((match.field for match in weak_matches), None)


class _Stem(NamedTuple):
    """A stem, its rank in `terms.toml`, and the field that it means."""

    text: str
    rank: int
    field: str


@cache
def _stems_by_beginning(sort: Literal["stems", "weak"]) -> Mapping[str, Sequence[_Stem]]:
    """Return all stems, or all weak words, by their first three letters, so that a label is
    compared with few of them. Their rank is their place in `terms.toml`.
    """
    index: dict[str, list[_Stem]] = defaultdict(list)
    rank = count()
    for term in terms():
        for stem in getattr(term, sort):
            index[stem[:_KEY]].append(_Stem(stem, next(rank), term.field))
    return index


def _find_stems(label: str, sort: Literal["stems", "weak"]) -> list[_Stem]:
    """Return the stems that a label contains, one more than once if it recurs. Where a stem may
    stand in a label says `_counts_at`.
    """
    index = _stems_by_beginning(sort)
    padded = f"{label} "  # some stems end with a blank
    matches: list[_Stem] = []
    for start in range(len(label)):
        begun = index.get(padded[start : start + _KEY], ())
        stems = (stem for stem in begun if padded.startswith(stem.text, start))
        matches += (stem for stem in stems if _counts_at(label, start, stem.text))
    return matches


def _counts_at(label: str, start: int, stem: str) -> bool:
    """True if a stem found at an offset of a label counts: at the beginning always; a short one, or
    one with a blank, only behind a blank (short ones stand in many words by chance); any other also
    inside a word ("Gesamtkosten"), unless the stem itself has a hyphen, slash or bracket.
    """
    if start == 0:
        return True
    if " " in stem or len(stem) < _LEAST_INSIDE:
        return label[start - 1] == " "
    return _SEPARATOR.search(stem) is None


def fields_of_labels(labels: Iterable[str]) -> Mapping[str, str | None]:
    """Return the field of each label of one document, None for an unknown label. A weak word
    ("Stand") means a field only if no sure label of the document means this field.
    """
    fields = {label: field_of_label(label) for label in labels}
    taken = {field for field in fields.values() if field}
    for label, field in fields.items():
        if field is not None:
            continue
        guess = field_of_label(label, weak=True)
        if guess not in taken:
            fields[label] = guess
    return fields


def status_of(text: str) -> ItemStatus | None:
    """Return the status that a text names, None if it names none or negates it ("nicht umgesetzt").
    What is implemented in part is in progress. The statuses are tried in the order of
    `words.toml`: the first that is named without negation counts.
    """
    for status, pattern in _STATUSES.items():
        for match in pattern.finditer(text):
            before = text[: match.start()]
            if status == ItemStatus.IMPLEMENTED and _IN_PART.search(before):
                return ItemStatus.IN_PROGRESS
            if not _NEGATED.search(before):
                return ItemStatus(status)
    return None


@cache
def _possible_fields(value: str) -> frozenset[str]:
    """Return of which fields a short text may be the value: "cost" for an amount, "period" for a
    date, a period or words such as "kurzfristig", "status" for a status. It may be several, or
    none.
    """
    kinds = {item.value.kind for item in parse(value)}
    fields = set[str]()
    if ValueKind.AMOUNT in kinds:
        fields.add("cost")
    if _HORIZON.search(value) or kinds & {ValueKind.DATE, ValueKind.PERIOD}:
        fields.add("period")
    if status_of(value):
        fields.add("status")
    return frozenset(fields)


def is_sum_row(text: str) -> bool:
    """True for the first cell of a row of sums: "Summe", "Gesamt"."""
    return _SUM.match(text) is not None


def is_value(text: str, fields: Collection[str] = ("period", "cost", "status")) -> bool:
    """True if a short text is a value of one of the fields: a period, a cost, a status."""
    plain = " ".join(text.split()).strip(" ()[].")  # "(ab 2025)" is "ab 2025"
    return len(plain.split()) <= _SHORT_VALUE and not _possible_fields(plain).isdisjoint(fields)


def is_status_heading(title: str) -> bool:
    """True if a heading only groups projects by status ("Projekte in Bearbeitung",
    "Ideenspeicher"). Brackets in it and a colon or full stop at its end do not matter. It must
    consist of words for a status and for records, and name a status.
    """
    bare = re.sub(r"\(.*?\)|[:.]$", "", title).strip()
    return _STATUS_GROUP.match(bare) is not None and status_of(bare) is not None


def is_section_label(line: str) -> bool:
    """True if a line is one or two section words with a colon: "Begründung:",
    "Begründung/Sachverhalt:".
    """
    return _SECTION_LABEL.match(line.strip()) is not None
