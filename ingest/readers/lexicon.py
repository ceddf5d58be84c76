"""The lexicon of administrative documents: what labels and column headers mean, statuses, section headings, totals.

Labels and column headers are a table of terms, `terms.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.values.parsing import parse
from vectorstore.records import ItemStatus, ValueKind

# The fields that only records have: who, until when, at what cost, how far.
TELLING = frozenset(("responsible", "partners", "period", "cost", "funding", "priority", "status", "state", "steps"))
_EDGE = re.compile(r"^[\W_]+|(?<![:.…\s])[:.…\s]+$")
_LONGEST_LABEL = 160  # characters of a label with the question below it
_WEAKLY = 2  # words of a label up to which a word that means something only for want of better ones counts
_PLURAL = 2  # letters that a plural adds at most
_NO_FIELD = "none"  # what words mean that end like others and say nothing of records
_WORDS = re.compile(r"[\s/,()&-]+")
# Ordered: the participle of a finished project is tested before the noun of a running one.
_PATTERNS: tuple[tuple[ItemStatus, re.Pattern[str]], ...] = (
    (ItemStatus.ARCHIVED, re.compile(r"archiv", re.I)),
    (ItemStatus.IDEA, re.compile(r"\bidee|ideen|vorschl[aä]g|vorgemerkt|speicher\b|zukunftsprojekt|perspektiv", re.I)),
    (ItemStatus.IMPLEMENTED, re.compile(r"umgesetzt|abgeschlossen|realisiert|erledigt|fertig|beendet", re.I)),
    (ItemStatus.PLANNED, re.compile(r"planung|geplant|vorbereit|konzeption", re.I)),
    (
        ItemStatus.IN_PROGRESS,
        re.compile(
            r"bearbeitung|umsetzung|laufend|l[aä]uft|angelaufen|in arbeit|begonnen|durchf[uü]hrung|gestartet", re.I
        ),
    ),
)
_DENIED = re.compile(r"\bnicht(?: mehr)?(?: \w+)?\s*$", re.I)  # before the word for a status
_IN_PART = re.compile(r"\b(?:teilweise|teils|tlw\.?|(?:zum|in) Teil(?:en)?|weitgehend|größtenteils|fast)\s*$", re.I)
_UNIT = r"(?:projekte?|ma(?:ß|ss)nahmen?|vorhaben|aktivit[aä]ten)"
_STATE = (
    r"(?:bereits |noch |schon )?(?:in |zur |in der )?(?:umgesetzte?n?|abgeschlossene?n?|realisierte?n?|erledigte?n?|"
    r"fertige?n?|beendete?n?|laufende?n?|geplante?n?|begonnene?n?|vorgeschlagene?n?|bearbeitung|umsetzung|planung|"
    r"arbeit|vorbereitung|durchf[uü]hrung|ideenspeicher|projektideen|ideen?|vorschl[aä]ge|archiv|archiviert)"
)
_GROUP = re.compile(rf"^(?:{_STATE}\s*)?(?:{_UNIT}\s*)?(?:{_STATE})?$", re.I)
SECTION_WORDS = (
    "Einleitung|Einführung|Vorwort|Präambel|Vorbemerkung|Ausgangslage|Hintergrund|Sachverhalt|Beschluss|"
    "Beschlussvorschlag|Beschlussentwurf|Beschlussempfehlung|Begründung|Finanzielle Auswirkungen|Ausblick|Fazit|"
    "Zusammenfassung|Schlussbemerkung"
)
_SECTION_LABEL = re.compile(rf"^(?:{SECTION_WORDS})(?:\s?(?:/|und)\s?(?:{SECTION_WORDS}))*\s?:$")
_MOSTLY = 0.7  # of the texts behind a label that are values of one field
_LONGEST_VALUE, _VALUE_WORDS = 60, 6  # characters and words of a value that tells its field
_SUM = re.compile(r"^(?:summe|gesamt|insgesamt|zwischensumme|total)\b", re.I)
_SHORT_VALUE = 4  # words of a text that is nothing but a value
_HORIZON = re.compile(
    r"(?:kurz|mittel|lang)-?(?:fristig|\s?(?:bis|/))|^(?:ab )?sofort|laufend$|dauer(?:haft|aufgabe)|kontinuierlich|"
    r"st[aä]ndig|\d\s?(?:Monate|Jahre|Wochen)",
    re.I,
)
LEAST_STATED = 3  # records below which a number says nothing
_THINGS = r"Maßnahmen|Projekten?|Vorhaben|Einzelmaßnahmen|Maßnahmenblätter|Steckbriefe|Aktionen|Bausteine"


@dataclass(frozen=True, slots=True)
class Term:
    """One meaning with the words that say it: whole labels, parts of labels, and those used for want of better ones."""

    field: str
    exact: frozenset[str]
    stems: tuple[str, ...]
    weak: tuple[str, ...]


@cache
def terms() -> tuple[Term, ...]:
    """Return the table in its order: the first meaning that fits is taken."""
    table = tomllib.loads((files("ingest.readers") / "terms.toml").read_text(encoding="utf-8"))["term"]
    return tuple(
        Term(
            entry["field"],
            frozenset(entry.get("exact", ())),
            tuple(entry.get("stems", ())),
            tuple(entry.get("weak", ())),
        )
        for entry in table
    )


def normalize(label: str) -> str:
    """Return a label as labels are compared: lower case, without closing colon and white space at its edges."""
    return _EDGE.sub("", " ".join(label.split())).lower().replace("massnahme", "maßnahme")


def names_several(title: str, field: str) -> bool:
    """Tell whether a title ends with the plural of a word for a field: "Strategische Handlungsfelder" for themes."""
    last = normalize(title).rpartition(" ")[2]
    stems = (stem for term in terms() if term.field == field for stem in term.stems)
    return any(last.startswith(stem) and 0 < len(last) - len(stem) <= _PLURAL for stem in stems)


def is_term(label: str) -> bool:
    """Tell whether a text is one of the words that mean a field, or its plural, and nothing else."""
    name = normalize(label)
    stems = (stem for term in terms() for stem in term.stems if name.startswith(stem))
    return any(name in term.exact for term in terms()) or any(len(name) - len(stem) <= _PLURAL for stem in stems)


@cache
def meaning(label: str, weak: bool = False) -> str | None:
    """Return the field that a label means, None where it is not known; `weak` words count where asked for.

    Of several words that a label has the longest tells ("Kostenträger" are no "Träger"), of equal ones the first.
    """
    name = normalize(label)
    if not name or len(name) > _LONGEST_LABEL:
        return None
    for term in terms():
        if name in term.exact:
            return term.field
    words = _WORDS.split(name)
    results = [(len(stem), term.field) for term in terms() for stem in term.stems if _has(name, words, stem)]
    if results:
        field = max(results, key=lambda pair: pair[0])[1]
        return field if field != _NO_FIELD else None
    parts = [part for part in label.split(" / ") if part.strip()]  # "Stand / Status", and labels in two languages
    if len(parts) > 1 and (known := next(filter(None, map(meaning, parts)), None)):
        return known
    if not weak or len(name.split()) > _WEAKLY:
        return None
    return next((term.field for term in terms() if any(_has(name, words, stem) for stem in term.weak)), None)


def _has(name: str, words: Sequence[str], stem: str) -> bool:
    """Tell whether a label begins with a stem, or one of its words does or ends with it as the head of a compound."""
    if name.startswith(stem):
        return True
    if " " in stem or len(stem) < 4:
        return f" {stem}" in f" {name} "
    return any(stem in word for word in words)


def meanings(labels: Iterable[str]) -> Mapping[str, str | None]:
    """Return what each label of one document means; weak words count where no other label has that meaning."""
    results = {label: meaning(label) for label in labels}
    taken = {field for field in results.values() if field}
    for label, field in results.items():
        guess = meaning(label, weak=True) if field is None else None
        if guess is not None and guess not in taken:
            results[label] = guess
    return results


def status_of(words: str) -> ItemStatus | None:
    """Return the status that the words name, None where they name none or deny it; done in part is in progress."""
    for status, pattern in _PATTERNS:
        for match in pattern.finditer(words):
            before = words[: match.start()]
            if status is ItemStatus.IMPLEMENTED and _IN_PART.search(before):
                return ItemStatus.IN_PROGRESS
            if not _DENIED.search(before):
                return status
    return None


def guess_field(values: Sequence[str]) -> str | None:
    """Return the field that most of some texts are values of (a period, a sum of money, a status), None of none."""
    plain = [" ".join(value.split()).strip(" ()[].") for value in values if value.strip()]
    short = [value for value in plain if len(value) <= _LONGEST_VALUE and len(value.split()) <= _VALUE_WORDS]
    if len(plain) < LEAST_STATED or len(short) < _MOSTLY * len(plain):
        return None
    votes = Counter(kind for value in short for kind in _kinds_of_value(value))
    kind, count = votes.most_common(1)[0] if votes else ("", 0)
    return kind if count >= _MOSTLY * len(plain) else None


@cache
def _kinds_of_value(value: str) -> frozenset[str]:
    """Return the fields that a short text may be a value of."""
    results = {item.value.kind for item in parse(value)}
    kinds = {"cost"} if ValueKind.AMOUNT in results else set[str]()
    if _HORIZON.search(value) or results & {ValueKind.DATE, ValueKind.PERIOD}:
        kinds.add("period")
    if status_of(value):
        kinds.add("status")
    return frozenset(kinds)


def is_sum(text: str) -> bool:
    """True for the name of a row with sums: "Summe", "Gesamtkosten"."""
    return _SUM.match(text) is not None


def is_value(text: str, fields: Collection[str] = ("period", "cost", "status")) -> bool:
    """True if a short text is a value of one of some fields: a period, a sum of money, a status."""
    plain = " ".join(text.split()).strip(" ()[].")
    return len(plain.split()) <= _SHORT_VALUE and not _kinds_of_value(plain).isdisjoint(fields)


def is_status_heading(title: str) -> bool:
    """Whether a heading only groups projects by status ("Projekte in Bearbeitung", "Ideenspeicher")."""
    bare = re.sub(r"\(.*?\)|[:.]$", "", title).strip()
    return bool(bare) and _GROUP.match(bare) is not None and status_of(bare) is not None


def is_section_label(line: str) -> bool:
    """Whether a line is such a heading, or two of them, with a colon: "Begründung:", "Begründung/Sachverhalt:"."""
    return _SECTION_LABEL.match(line.strip()) is not None
