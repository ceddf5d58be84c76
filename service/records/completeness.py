"""Whether lists and counts of records are complete, and how that is worded in answers, lists and
pages.

Records are in families, one for each numbering of a document. Where a family has fewer records than
the document states, a count is a lower bound; where a family's structure was not understood, there
is no count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from prompts import GERMAN, answer_language, load_words
from service import wording
from service.records.models import FamilyView, Notice
from vectorstore.records import Document, Evidence, Family, ItemKind

_MOST_NAMED = 4  # gaps or documents that a text names; the others are summed up
Families = Sequence[Family | FamilyView]  # of an edition, or of an API response


def combine_completeness(families: Iterable[Family | FamilyView]) -> bool | None:
    """Return whether all families are complete: True, False, or None if nobody can tell.

    None if any family was not understood, as its number may be anything; else False if any misses
    records.
    """
    states = {family.complete for family in families}
    if None in states:
        return None
    return False not in states


@dataclass(frozen=True, slots=True)
class Completeness:
    """The families in a scope that are incomplete or not understood, each with its document."""

    gaps: tuple[tuple[Document, Family], ...] = ()

    @classmethod
    def of(cls, documents: Iterable[Document], kinds: Iterable[ItemKind]) -> Completeness:
        """The families of these kinds in these documents that are not known to be complete."""
        wanted = frozenset(kinds)
        families = ((document, family) for document in documents for family in document.families)
        incomplete = (
            (document, family)
            for document, family in families
            if family.kind in wanted and family.complete is not True
        )
        return cls(tuple(incomplete))

    @property
    def complete(self) -> bool | None:
        """True; False if a count is a lower bound; None if there is no count."""
        return combine_completeness(family for _, family in self.gaps)

    @property
    def documents(self) -> list[Document]:
        """The documents with a family in `gaps`, each once."""
        return list({document.id: document for document, _ in self.gaps}.values())

    def total(self, number: int) -> int | None:
        """The number, None where a family was not understood, so that there is no count."""
        if self.complete is None:
            return None
        return number

    def sentences(self, language: str) -> list[tuple[str, Document]]:
        """Return sentences on what is missing, each with a document that shows it.

        One sentence is on all families that were not understood; then the others have no numbers,
        which would look like a count. The first `_MOST_NAMED` incomplete families have one each,
        all further ones share one. The same sentence comes once.
        """
        unknown = Completeness(tuple(gap for gap in self.gaps if gap[1].complete is None))
        incomplete = [gap for gap in self.gaps if gap[1].complete is not None]
        lines: dict[str, Document] = {}
        with_counts = not unknown.gaps
        if unknown.gaps:
            lines[_format_unknown(unknown, language)] = unknown.documents[0]
        for document, family in incomplete[:_MOST_NAMED]:
            sentence = _format_incomplete(document, family, language, counts=with_counts)
            lines[sentence] = document
        for document, _ in incomplete[_MOST_NAMED:][:1]:  # one sentence for all others
            lines[_format("elsewhere", language)] = document
        return list(lines.items())

    def notices(self, language: str = "de") -> list[Notice]:
        """The sentences as notices of a list, with code "incomplete" or "not_understood"."""
        code = {False: "incomplete", None: "not_understood"}.get(self.complete, "")
        return [Notice(code=code, text=text) for text, _ in self.sentences(language)]


def format_count(
    number: int,
    nouns: tuple[str, str],
    complete: bool | None,
    language: str,
    expected: int | None = None,
) -> str:
    """Return a number with one of its nouns (singular, plural): "57 Projekte", in languages with
    many forms of it "проекты: 57".

    If the records are not complete, it is "mindestens 57 Projekte" or, if the document says how
    many are `expected`, "mindestens 58 von 60 Maßnahmen". With `complete` None there is no number:
    "Projekte (Anzahl unsicher)".
    """
    singular, plural = nouns
    if complete is None:
        return f"{plural} ({format_number(number, None, language)})"
    if expected is not None and not complete:
        dative = plural
        if language == GERMAN and not plural.endswith("n"):
            dative += "n"  # "von 60 Zielen", "Maßnahmen"
        return _format("of_expected", language, number=number, expected=expected, many=dative)
    counted = format_number(number, complete, language)
    noun = singular if number == 1 else plural
    return _format("counted", language, number=counted, noun=noun)


def format_number(number: int, complete: bool | None, language: str) -> str:
    """A number without noun, by its completeness: "57", "mindestens 58", or "Anzahl unsicher" for
    None.

    "Mindestens 0" would say nothing, so 0 has other words.
    """
    if complete is None:
        return _format("uncertain", language)
    if complete:
        return str(number)
    return _format("at_least" if number else "as_read", language, number=number)


def format_kind_counts(
    counts: Mapping[str, int], families: Families, nouns: Mapping[str, tuple[str, str]]
) -> list[str]:
    """Return the counts of a document in German, in the order of `nouns`: "33 Ziele".

    `nouns` are singular and plural by kind. A kind without records is left out, unless a family of
    it is incomplete or was not understood: then the document may have some.
    """
    texts = []
    for kind, kind_nouns in nouns.items():
        of_kind = [family for family in families if family.kind == kind]
        number = counts.get(kind, 0)
        complete = combine_completeness(of_kind)
        if number or complete is not True:
            texts.append(
                format_count(number, kind_nouns, complete, "de", _expected(number, of_kind))
            )
    return texts


def format_evidence(evidence: Sequence[Evidence], language: str) -> str:
    """What a document states about the size of a family, " (text, Seite 3; text)"; "" without
    evidence.
    """
    parts = []
    for stated in evidence:
        page = f", {_format('page', language)} {stated.page}" if stated.page else ""
        parts.append(stated.what + page)
    return f" ({'; '.join(parts)})" if parts else ""


def _expected(number: int, families: Families) -> int | None:
    """Return how many records of a kind a document should have, for "mindestens 58 von 60"; else
    None.

    For each family this is the number that the document states, or else what was found. None if the
    kind is not known to be incomplete, if an incomplete family has no expected number, or if some
    of the `number` records are in no family: then the sum would be of other records.
    """
    are_all_in_families = number == sum(family.found for family in families)
    if combine_completeness(families) is not False or not are_all_in_families:
        return None
    if any(family.expected is None for family in families if family.complete is False):
        return None
    return sum(family.expected or family.found for family in families)


def _format_unknown(unknown: Completeness, language: str) -> str:
    """The sentence that records of these kinds in these documents cannot be counted.

    It names at most `_MOST_NAMED` documents and sums up the others.
    """
    kinds = dict.fromkeys(family.kind for _, family in unknown.gaps)
    documents = unknown.documents
    titles = [
        _format("quoted", language, title=document.title) for document in documents[:_MOST_NAMED]
    ]
    if len(documents) > _MOST_NAMED:
        titles.append(_format("others", language))
    nouns = wording.join_words([wording.kind_noun(kind, language, 2) for kind in kinds], language)
    return _format("unsure", language, nouns=nouns, where=wording.join_words(titles, language))


def _format_incomplete(document: Document, family: Family, language: str, *, counts: bool) -> str:
    """The sentence that fewer records of a family were read than its document has.

    With `counts` it says how many were read and should be, if that is known, and where the document
    says so. Without evidence only its numbers tell how many it has: then it "says" nothing.
    """
    title = _format("quoted", language, title=document.title)
    statement = format_evidence(family.evidence, language) if counts else ""
    if family.expected in (None, family.found) or not counts:
        nouns = wording.kind_noun(family.kind, language, 2)
        return _format("not_all", language, title=title, nouns=nouns, said=statement)
    noun = wording.kind_noun(family.kind, language, family.expected)
    statement = f"{family.expected} {noun}{statement}"
    key = "one_read" if family.found == 1 else "read"
    if not family.evidence:
        key = "numbered"
    return _format(key, language, title=title, said=statement, found=family.found)


def _format(name: str, language: str, **values: object) -> str:
    return load_words(f"{answer_language(language)}/completeness")[name].format_map(values)
