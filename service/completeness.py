"""How complete what is listed or counted is: decided and worded in this one place, for answers, lists and pages.

Records come in families, one for each numbering of a document. A family of which fewer were found than the document
itself says makes a number a lower bound; one whose structure was not understood makes it no number at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from prompts import load_words
from service import wording
from service.record_models import FamilyView, Notice
from vectorstore.records import Document, Evidence, Family, ItemKind

_NAMED = 4
Families = Sequence[Family | FamilyView]  # as the edition keeps them, or as they go out


def worst(families: Iterable[Family | FamilyView]) -> bool | None:
    """None where any family was not understood, false where any has fewer than it should, else true."""
    states = {family.complete for family in families}
    return None if None in states else False not in states


@dataclass(frozen=True, slots=True)
class Completeness:
    """The families in a scope that are incomplete or not understood, each with its document."""

    gaps: tuple[tuple[Document, Family], ...] = ()

    @classmethod
    def of(cls, documents: Iterable[Document], kinds: Iterable[ItemKind]) -> Completeness:
        """How complete the records of these kinds are in these documents."""
        asked, results = (
            frozenset(kinds),
            [(document, family) for document in documents for family in document.families],
        )
        return cls(
            tuple(
                (document, family)
                for document, family in results
                if family.kind in asked and family.complete is not True
            )
        )

    @property
    def complete(self) -> bool | None:
        """True, false where a number is a lower bound, None where there is no number."""
        return worst(family for _, family in self.gaps)

    @property
    def documents(self) -> list[Document]:
        """The documents that have a gap."""
        return list({document.id: document for document, _ in self.gaps}.values())

    def total(self, number: int) -> int | None:
        """The number, None where nobody may count."""
        return None if self.complete is None else number

    def sentences(self, language: str) -> list[tuple[str, Document]]:
        """What is missing, in sentences, each with the document to prove it by; without numbers where there is none."""
        unknown = Completeness(tuple(gap for gap in self.gaps if gap[1].complete is None))
        short = [gap for gap in self.gaps if gap[1].complete is not None]
        lines = [(_unknown(unknown, language), unknown.documents[0])] if unknown.gaps else []
        lines += [(_short(*gap, language, counts=not unknown.gaps), gap[0]) for gap in short[:_NAMED]]
        if len(short) > _NAMED:
            lines.append((_format("elsewhere", language), short[_NAMED][0]))
        return lines

    def notices(self, language: str = "de") -> list[Notice]:
        """What is missing, for a list."""
        code = {False: "incomplete", None: "not_understood"}.get(self.complete, "")
        return [Notice(code=code, text=text) for text, _ in self.sentences(language)]


def format_count(
    number: int, nouns: tuple[str, str], complete: bool | None, language: str, expected: int | None = None
) -> str:
    """A number of records as people read it: "57 Projekte", "mindestens 58 von 60", "Projekte (Anzahl unsicher)"."""
    item, many = nouns
    if complete is None:
        return f"{many} ({figure(number, None, language)})"
    if expected is not None and not complete:
        dative = many if language == "en" or many.endswith("n") else f"{many}n"
        return _format("of_expected", language, number=number, expected=expected, many=dative)
    return f"{figure(number, complete, language)} {item if number == 1 else many}"


def figure(number: int, complete: bool | None, language: str) -> str:
    """A number alone: "57", "mindestens 58", "Anzahl unsicher"."""
    if complete is None:
        return _format("uncertain", language)
    return str(number) if complete else _format("at_least" if number else "as_read", language, number=number)


def kinds_counted(counts: Mapping[str, int], families: Families, nouns: Mapping[str, tuple[str, str]]) -> list[str]:
    """The German numbers of one document's records by kind, in the order of `nouns`; each as sure as its families."""
    known = {kind: [family for family in families if family.kind == kind] for kind in nouns}
    return [
        format_count(counts.get(kind, 0), nouns[kind], worst(some), "de", _expected(counts.get(kind, 0), some))
        for kind, some in known.items()
        if counts.get(kind) or worst(some) is not True
    ]


def stated_evidence(evidence: Sequence[Evidence], language: str) -> str:
    """What a document itself says, in brackets with a space before them; "" where nothing is said."""
    parts = [
        statement.what + (f", {_format('page', language)} {statement.page}" if statement.page else "")
        for statement in evidence
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def _expected(number: int, families: Families) -> int | None:
    """How many of one kind there should be; None where the families do not tell, or not of all that were counted."""
    if worst(families) is not False or number != sum(family.found for family in families):
        return None
    if any(family.expected is None for family in families if family.complete is False):
        return None
    return sum(family.expected or family.found for family in families)


def _unknown(unknown: Completeness, language: str) -> str:
    kinds, documents = dict.fromkeys(family.kind for _, family in unknown.gaps), unknown.documents
    titles = [_format("quoted", language, title=document.title) for document in documents[:_NAMED]]
    titles += [_format("others", language)] if len(documents) > _NAMED else []
    nouns = _join([wording.kind(kind, language, 2) for kind in kinds], language)
    return _format("unsure", language, nouns=nouns, where=_join(titles, language))


def _short(document: Document, family: Family, language: str, *, counts: bool) -> str:
    title, statement = _format("quoted", language, title=document.title), stated_evidence(family.evidence, language)
    if family.expected is None or not counts:
        nouns = wording.kind(family.kind, language, 2)
        return _format("not_all", language, title=title, nouns=nouns, said=statement if counts else "")
    noun = wording.kind(family.kind, language, family.expected)
    statement = f"{family.expected} {noun}{statement}"
    return _format(
        "one_read" if family.found == 1 else "read", language, title=title, said=statement, found=family.found
    )


def _join(parts: Sequence[str], language: str) -> str:
    return f" {_format('and', language)} ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _format(name: str, language: str, **values: object) -> str:
    return load_words(f"{'en' if language == 'en' else 'de'}/completeness")[name].format_map(values)
