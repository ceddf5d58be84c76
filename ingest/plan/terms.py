"""What a printed label means: one readable table of terms, general German of administrations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# The fields that only records have: who, until when, at what cost, how far.
TELLING = frozenset(("responsible", "partners", "period", "cost", "funding", "priority", "status", "state", "steps"))
_EDGE = re.compile(r"^[\W_]+|(?<![:.…\s])[:.…\s]+$")
_WEAKLY = 2  # words of a label up to which a word that means something only for want of better ones counts
_PLURAL = 2  # letters that a plural adds at most
_NO_FIELD = "none"  # what words mean that end like others and say nothing of records
_WORDS = re.compile(r"[\s/,()&-]+")
_BRACKET = re.compile(r"(?:(?<!\s)\s++)?[(\[].*$")


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
    source = (files("ingest.plan") / "terms.toml").read_text(encoding="utf-8")
    return tuple(
        Term(
            entry["field"],
            frozenset(entry.get("exact", ())),
            tuple(entry.get("stems", ())),
            tuple(entry.get("weak", ())),
        )
        for entry in tomllib.loads(source)["term"]
    )


def normal(label: str) -> str:
    """Return a label as labels are compared: lower case, without closing colon and white space at its edges."""
    return _EDGE.sub("", " ".join(label.split())).casefold().replace("ß", "ß").replace("massnahme", "maßnahme")


def names_several(title: str, field: str) -> bool:
    """Tell whether a title ends with the plural of a word for a field: "Strategische Handlungsfelder" for themes."""
    last = normal(title).rpartition(" ")[2]
    stems = (stem for term in terms() if term.field == field for stem in term.stems)
    return any(last.startswith(stem) and 0 < len(last) - len(stem) <= _PLURAL for stem in stems)


@cache
def meaning(label: str, weak: bool = False) -> str | None:
    """Return the field that a label means, None where it is not known; `weak` words count where asked for.

    Of several words that a label has the longest tells ("Kostenträger" are no "Träger"), of equal ones the first.
    """
    name = normal(label)
    if not name or len(name) > 80:
        return None
    bare = _BRACKET.sub("", name)
    for term in terms():
        if name in term.exact or bare in term.exact:
            return term.field
    words = _WORDS.split(name)
    found = [(len(stem), term.field) for term in terms() for stem in term.stems if _has(name, words, stem)]
    if found:
        field = max(found, key=lambda one: one[0])[1]
        return field if field != _NO_FIELD else None
    if not weak:
        return None
    if len(name.split()) > _WEAKLY:
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
    found = {label: meaning(label) for label in labels}
    taken = {field for field in found.values() if field}
    for label, field in found.items():
        guess = meaning(label, weak=True) if field is None else None
        if guess is not None and guess not in taken:
            found[label] = guess
    return found
