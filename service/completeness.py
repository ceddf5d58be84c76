"""How complete what is listed or counted is: decided and worded in this one place, for answers, lists and pages.

Records come in families, one for each numbering of a document. A family of which fewer were found than the document
itself says makes a number a lower bound; one whose structure was not understood makes it no number at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from prompts import say
from service.answering import wording
from service.record_models import Notice
from vectorstore.records import Document, Evidence, Family, ItemKind

_NAMED = 4
_UNSURE = {"de": "Anzahl unsicher", "en": "number uncertain"}
_AT_LEAST = {"de": "mindestens", "en": "at least"}
_AS_READ = {"de": "soweit gelesen", "en": "as far as it was read"}


class Known(Protocol):
    """A family as the edition keeps it, or as it goes out."""

    @property
    def kind(self) -> ItemKind:
        """What its records are."""

    @property
    def found(self) -> int:
        """How many were found."""

    @property
    def expected(self) -> int | None:
        """How many there should be."""

    @property
    def complete(self) -> bool | None:
        """Whether they are all there; None where nobody may count them."""


def worst(families: Iterable[Known]) -> bool | None:
    """None where any family was not understood, false where any has fewer than it should, else true."""
    states = {family.complete for family in families}
    return None if None in states else False not in states


@dataclass(frozen=True, slots=True)
class Gap:
    """A family that is incomplete or not understood, with its document."""

    document: Document
    family: Family


@dataclass(frozen=True, slots=True)
class Completeness:
    """The families in a scope that are incomplete or not understood; none of them where all is complete."""

    gaps: tuple[Gap, ...] = ()

    @classmethod
    def of(cls, documents: Iterable[Document], kinds: Iterable[ItemKind]) -> Completeness:
        """How complete the records of these kinds are in these documents."""
        asked = frozenset(kinds)
        return cls(
            tuple(
                Gap(document, family)
                for document in documents
                for family in document.families
                if family.kind in asked and family.complete is not True
            )
        )

    @property
    def complete(self) -> bool | None:
        """True, false where a number is a lower bound, None where there is no number."""
        return worst(gap.family for gap in self.gaps)

    @property
    def unknown(self) -> Completeness:
        """Only what was not understood."""
        return Completeness(tuple(gap for gap in self.gaps if gap.family.complete is None))

    @property
    def documents(self) -> list[Document]:
        """The documents that have a gap."""
        return list({gap.document.id: gap.document for gap in self.gaps}.values())

    def total(self, number: int) -> int | None:
        """The number, None where nobody may count."""
        return None if self.complete is None else number

    def said(self, language: str) -> list[tuple[str, Document]]:
        """What is missing, in sentences, each with the document to prove it by; without numbers where there is none."""
        unknown = self.unknown
        short = [gap for gap in self.gaps if gap.family.complete is not None]
        told = [(_unknown(unknown, language), unknown.documents[0])] if unknown.gaps else []
        told += [(_short(gap, language, counts=not unknown.gaps), gap.document) for gap in short[:_NAMED]]
        if len(short) > _NAMED:
            told.append((_OTHERS[language], short[_NAMED].document))
        return told

    def notices(self, language: str = "de") -> list[Notice]:
        """What is missing, for a list."""
        code = {False: "incomplete", None: "not_understood"}.get(self.complete, "")
        return [Notice(code=code, text=text) for text, _ in self.said(language)]


def counted(
    number: int, nouns: tuple[str, str], complete: bool | None, language: str, expected: int | None = None
) -> str:
    """A number of records as people read it: "57 Projekte", "mindestens 58 von 60", "Projekte (Anzahl unsicher)"."""
    one, many = nouns
    if complete is None:
        return f"{many} ({_UNSURE[language]})"
    noun = one if number == 1 else many
    if expected is not None and not complete:
        all_of = (
            say("completeness.of_expected", expected=expected, many=_dative(many))
            if language != "en"
            else f"of {expected} {many}"
        )
        return f"{_AT_LEAST[language]} {number} {all_of}"
    return f"{figure(number, complete, language)} {noun}"


def _dative(plural: str) -> str:
    return plural if plural.endswith("n") else f"{plural}n"


def figure(number: int, complete: bool | None, language: str) -> str:
    """A number alone: "57", "mindestens 58", "Anzahl unsicher"."""
    if complete is None:
        return _UNSURE[language]
    if complete:
        return str(number)
    return f"{_AT_LEAST[language] if number else _AS_READ[language]} {number}"


def kinds_counted(
    counts: Mapping[str, int], families: Sequence[Known], nouns: Mapping[str, tuple[str, str]]
) -> list[str]:
    """The German numbers of one document's records by kind, in the order of `nouns`; each as sure as its families."""
    known = {kind: [one for one in families if one.kind == kind] for kind in nouns}
    return [
        counted(counts.get(kind, 0), nouns[kind], worst(some), "de", _expected(counts.get(kind, 0), some))
        for kind, some in known.items()
        if counts.get(kind) or worst(some) is not True
    ]


def _expected(number: int, families: Sequence[Known]) -> int | None:
    """How many of one kind there should be; None where the families do not tell, or not of all that were counted."""
    if worst(families) is not False or number != sum(one.found for one in families):
        return None
    if any(one.expected is None for one in families if one.complete is False):
        return None
    return sum(one.expected or one.found for one in families)


def _unknown(unknown: Completeness, language: str) -> str:
    kinds = dict.fromkeys(gap.family.kind for gap in unknown.gaps)
    german = language != "en"
    nouns = _joined([wording.kind(kind, language, 2) for kind in kinds], "und" if german else "and")
    documents = unknown.documents
    titles = [_quoted(one, language) for one in documents[:_NAMED]]
    if len(documents) > _NAMED:
        titles.append("weiteren Dokumenten" if german else "other documents")
    where = _joined(titles, "und" if german else "and")
    if german:
        return say("completeness.unsure", nouns=nouns, where=where)
    return f"How many {nouns} there are cannot be said for sure: the structure of {where} was not surely understood."


def _short(gap: Gap, language: str, *, counts: bool) -> str:
    family, title, german = gap.family, _quoted(gap.document, language), language != "en"
    nouns = wording.kind(family.kind, language, 2)
    if family.expected is None or not counts:
        said = evidence_said(family.evidence, language) if counts else ""
        if german:
            return say("completeness.not_all", title=title, nouns=nouns, said=said)
        return f"Not all {nouns} of {title} were read{said}."
    noun, said = wording.kind(family.kind, language, family.expected), evidence_said(family.evidence, language)
    if german:
        read = "wurde" if family.found == 1 else "wurden"
        return f"{title} selbst nennt {family.expected} {noun}{said}; gelesen {read} {family.found}."
    was = "was" if family.found == 1 else "were"
    return f"{title} itself says {family.expected} {noun}{said}; {family.found} {was} read."


_OTHERS = {
    "de": say("completeness.elsewhere"),
    "en": "In other documents, too, not everything was read.",
}


def evidence_said(evidence: Sequence[Evidence], language: str) -> str:
    """What a document itself says, in brackets with a space before them; "" where nothing is said."""
    page = "Seite" if language != "en" else "page"
    told = [one.what + (f", {page} {one.page}" if one.page else "") for one in evidence]
    return f" ({'; '.join(told)})" if told else ""


def _quoted(document: Document, language: str) -> str:
    return f"„{document.title}“" if language != "en" else f"“{document.title}”"


def _joined(parts: Sequence[str], last: str) -> str:
    return f" {last} ".join([part for part in (", ".join(parts[:-1]), parts[-1]) if part])
