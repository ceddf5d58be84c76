"""Which counties, documents, units and municipalities a question names, in the many ways that people name them.

Everything here is learnt from the edition's own records: publishers, titles, units and municipalities are data.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from service.answering import lexicon
from service.answering.understanding.document_names import (
    GENERIC,
    GOAL_WORDS,
    county_names,
    is_own_compound,
    parted,
    says_kind,
    short_names,
    title_words,
    words_of,
)
from service.answering.understanding.said_names import SaidNames
from service.answering.understanding.units import Units
from vectorstore.analysis import fold
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, DocumentKind, ItemKind

_NAMED_BY_KIND = 2.0
_MOST_OF_TITLE = 0.5
_INDEFINITE = re.compile(
    r"\b(?:(?:irgend)?(?:ein|eine|einen|einem|einer|eines)|mein\w*|kein\w*|any|my)\s+[A-ZÄÖÜa-zäöü][\w-]*",
    re.IGNORECASE,
)
_CAPITAL_NAME = re.compile(r"\bStrategische[nr]? Ziele")
_GOALS_PAPER = re.compile(
    r"(?i)\b(?:in|aus|laut|nach|gemäß|zu|entwurf) (?:den|der) strategischen ziele|(?:ziel|strategie)papier|zielkatalog"
)
_HOW_FAR = r"(?:draft|new|current|old|neue[nmrs]?|alte[nmrs]?|aktuelle[nmrs]?|geplante[nmrs]?)"
_HARDLY_NAMED = 0.3
_JOINED = "(?: und | oder | sowie | and | or | )"


@dataclass(frozen=True, slots=True)
class Named:
    """The documents that a question means, `ids` in the order of the catalogue.

    `explicit` says that any was named, `by_name` that it was not only by its county.
    """

    ids: tuple[str, ...]
    explicit: bool
    counties: tuple[str, ...] = ()
    separately: bool = False
    by_name: bool = False


def _heads(words: list[str]) -> list[str]:
    """What stands before the last hyphen: "leitbild" of "leitbild-entwurf"."""
    return [part for word in words if "-" in word for part in word.split("-")[:-1]]


def _may_say(cue: str, said: set[str], words: list[str]) -> bool:
    """Whether a cue for a kind of document may be among the words: "-antrag" as the end of one."""
    if cue.startswith("-"):
        return any(word.endswith(cue[1:]) for word in said)
    return fold(cue).split(" ", 1)[0] in words


def _edges(text: str) -> list[int]:
    """Where words begin and end."""
    return [match.start() for match in re.finditer(r"\b", text)]


@cache
def _papers() -> frozenset[str]:
    """The nouns for papers, folded."""
    return lexicon.folded("nouns", "paper", "any")


class Names:
    """The names of an edition, and how a question's words meet them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.counties: dict[str, list[str]] = defaultdict(list)
        for document in catalogue.documents.values():
            for name in county_names(document):
                self.counties[name].append(document.id)
        said_by = self._said_counties.said_by
        self._title_words = {one.id: title_words(one, said_by) for one in catalogue.documents.values()}
        self._short_names = {one.id: short_names(one, said_by) for one in catalogue.documents.values()}
        self.publishers = self._telling_publishers()
        self._only_goals = self._alone_with_goals()
        units = {unit for item in catalogue.items for unit in item.responsible}
        self.units = Units(sorted(units, key=lambda unit: (-len(unit), unit)))
        self.municipalities = sorted({name for item in catalogue.items for name in item.municipalities})

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        """The municipalities as printed, in their order, by how they are folded."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self.municipalities:
            found[" ".join(words_of(name))].append(name)
        return dict(found)

    @cached_property
    def _towns(self) -> set[str]:
        """The folded municipalities that are no counties."""
        return self._folded.keys() - set(self.counties)

    @cached_property
    def _said_counties(self) -> SaidNames:
        return SaidNames(self.counties)

    @cached_property
    def _said_municipalities(self) -> SaidNames:
        return SaidNames(name for name in self._folded if " " not in name)

    @cached_property
    def _longer_municipalities(self) -> dict[str, list[str]]:
        """The folded municipalities of several words, by their first."""
        longer: dict[str, list[str]] = defaultdict(list)
        for name in self._folded:
            if " " in name:
                longer[name.split(" ", 1)[0]].append(name)
        return dict(longer)

    def _telling_publishers(self) -> dict[str, frozenset[str]]:
        """Per document the words of its publisher that no other document's publisher has: the name of a fraction."""
        words = {
            one.id: set(parted(words_of(one.publisher))) - GENERIC - set(self.counties)
            for one in self.catalogue.documents.values()
        }
        often = Counter(word for own in words.values() for word in own)
        return {
            one: frozenset(word for word in own if often[word] == 1 and "-" not in word) for one, own in words.items()
        }

    def _alone_with_goals(self) -> dict[str, bool]:
        """Whether a document is a strategy, and alone in its county in having goals: "die Coesfelder Ziele"."""
        county_of = {one: county for county, ids in reversed(self.counties.items()) for one in ids}
        with_goals = {item.document_id for item in self.catalogue.items if item.kind is ItemKind.GOAL}
        return {
            one.id: one.kind is DocumentKind.STRATEGY
            and with_goals.intersection(self.counties.get(county_of.get(one.id, ""), ())) <= {one.id}
            for one in self.catalogue.documents.values()
        }

    def documents(self, question: str) -> Named:
        """The documents that the question names by county, title or kind; all of them where it names none."""
        counties = self.counties_in(question)
        pool = [one for county in counties for one in self.counties[county]] or list(self.catalogue.documents)
        definite = _INDEFINITE.sub(" ", question)
        words = words_of(definite)
        scores = dict.fromkeys(pool, 0.0)
        for one in self._perhaps_named(words) & scores.keys():
            scores[one] = self._mention(one, words, definite)
        best = max(scores.values(), default=0.0)
        if best > _HARDLY_NAMED:
            separately = sum(score >= _NAMED_BY_KIND for score in scores.values()) > 1
            return Named(self._chosen(scores, counties), True, counties, separately, by_name=True)
        if len(pool) == 1 and self._says_paper(self.catalogue.documents[pool[0]], words):
            return Named(tuple(pool), True, counties, by_name=True)
        return Named(tuple(scores), bool(counties), counties)

    def _perhaps_named(self, words: list[str]) -> set[str]:
        """The documents of which a question says a word of their titles, publishers or names, or their kind."""
        said = {*parted(words), *_heads(words)}
        found = {one for word in said for one in self._by_word.get(word, ())}
        ends = [(kind, cues) for kind, cues in lexicon.words("nouns", "document_kind").items() if kind in self._by_kind]
        for kind, cues in ends:
            if any(_may_say(cue, said, words) for cue in cues):
                found |= self._by_kind[kind]
        return found | (self._goal_papers if GOAL_WORDS & said else set())

    @cached_property
    def _by_word(self) -> dict[str, set[str]]:
        """The documents by what a question must say of their titles, short names or publishers, at least."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.catalogue.documents:
            firsts = (name.split(" ", 1)[0] for name in self._short_names[one])
            for word in {*self._title_words[one], *firsts, *self.publishers[one]}:
                found[word].add(one)
        return dict(found)

    @cached_property
    def _by_kind(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.catalogue.documents.values():
            found[one.kind.value].add(one.id)
        return dict(found)

    @cached_property
    def _goal_papers(self) -> set[str]:
        return {one for one, alone in self._only_goals.items() if alone}

    def _says_paper(self, document: Document, words: list[str]) -> bool:
        """True where a paper is spoken of, and no other than this one: "der Katalog", "das Klimaschutzkonzept"."""
        return any(is_own_compound(word, end, document) for word in words for end in _papers())

    def _chosen(self, scores: dict[str, float], counties: tuple[str, ...]) -> tuple[str, ...]:
        """The best-named documents; with several counties named, the best of each."""
        groups = [self.counties[county] for county in counties] or [list(scores)]
        chosen: list[str] = []
        for group in groups:
            best = max((scores.get(one, 0.0) for one in group), default=0.0)
            chosen += [one for one in group if scores.get(one, 0.0) >= best or scores.get(one, 0.0) >= _NAMED_BY_KIND]
        return tuple(dict.fromkeys(chosen))

    def counties_in(self, question: str) -> tuple[str, ...]:
        """The counties of the edition that the question names, in the order in which it names them."""
        return tuple(dict.fromkeys(name for word in words_of(question) for name in self._said_counties.said_by(word)))

    def _mention(self, document_id: str, words: list[str], question: str) -> float:
        document, text = self.catalogue.documents[document_id], " ".join(words)
        kind = says_kind(document, [*words, *_heads(words)], text) and self._may_name(document_id, question)
        own = self._title_words[document_id]
        said = len(own & set(words)) / len(own) if own else 0.0
        title = _NAMED_BY_KIND * said if said >= _MOST_OF_TITLE else 0.2 * said
        if any(f" {name} " in f" {text} " for name in self._short_names[document_id]):
            title = _NAMED_BY_KIND
        if self.publishers[document_id] and self.publishers[document_id] <= set(parted(words)):
            title += 1.0
        goals = (
            self._only_goals[document_id] and bool(GOAL_WORDS & set(words)) and self._county_said(document_id, words)
        )
        return _NAMED_BY_KIND * kind + title + 0.5 * goals

    def _county_said(self, document_id: str, words: list[str]) -> bool:
        said = (name for word in words for name in self._said_counties.said_by(word))
        return any(document_id in self.counties[name] for name in said)

    def _may_name(self, document_id: str, question: str) -> bool:
        """False for "strategische Ziele" without a county: a kind of record then, no document."""
        document = self.catalogue.documents[document_id]
        if document.kind is not DocumentKind.STRATEGY or self._county_said(document_id, words_of(question)):
            return True
        return bool(_CAPITAL_NAME.search(question[1:]) or _GOALS_PAPER.search(question))

    def unnamed(self, question: str, named: Named) -> str:
        """The question without the words that only name a document ("in den Strategischen Zielen")."""
        if not named.explicit:
            return question
        said = question.casefold()
        counties = tuple(name for name in self.counties if name.casefold() in said)
        return _naming(self._cues_of(named.ids), counties).sub(r"\1", question)

    @lru_cache(maxsize=256)  # noqa: B019 - one object per edition, and few sets of documents
    def _cues_of(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """The words by which documents of the kinds of these are named, longest first."""
        kinds = {self.catalogue.documents[one].kind.value for one in ids}
        cues = [cue for kind in kinds for cue in lexicon.words("nouns", "document_kind").get(kind, ())]
        cues += ["ziele", "zielen", "goals"] if any(self._only_goals[one] for one in ids) else []
        return tuple(cue.removeprefix("-") for cue in sorted(cues, key=len, reverse=True))

    def title_words(self, named: Named) -> set[str]:
        """The words of title and publisher of the one named document; none where several are named."""
        if len(named.ids) != 1:
            return set()
        document = self.catalogue.documents[named.ids[0]]
        return set(parted(words_of(f"{document.title} {document.publisher}")))

    def naming_words(self, named: Named, words: list[str]) -> set[str]:
        """The compounds among the words that name one of the named documents: "Lärmschutzantrag"."""
        found = set()
        for document in (self.catalogue.documents[one] for one in named.ids):
            cues = lexicon.words("nouns", "document_kind").get(document.kind.value, ())
            ends = [cue[1:] for cue in cues if cue.startswith("-")]
            ends += _papers() if len(self.catalogue.documents) == 1 else ()
            found |= {word for word in words for end in ends if is_own_compound(word, end, document)}
        return found

    def _is_town(self, name: str, text: str) -> bool:
        """True where a county's name is the town's: "Stadt Soest", or strung together with another municipality."""
        if name not in text:
            return False
        spelled = re.escape(name)
        before = (text[: match.start()] for match in re.finditer(rf"{_JOINED}{spelled}\b", text))
        behind = (text[match.end() :] for match in re.finditer(rf"\b(?<!kreis ){spelled}{_JOINED}", text))
        return (
            re.search(rf"\bstadt {spelled}\b", text) is not None
            or any(one[edge:] in self._towns for one in before for edge in _edges(one))
            or any(one[:edge] in self._towns for one in behind for edge in _edges(one))
        )

    def municipality_in(self, question: str) -> tuple[str, ...]:
        """The municipalities of the records that the question names, counties of the same name aside."""
        words = words_of(question)
        text = " ".join(words)
        said = {name for word in words for name in self._said_municipalities.said_by(word)}
        longer = (name for word in words for name in self._longer_municipalities.get(word, ()))
        said |= {name for name in longer if f" {name} " in f" {text} "}
        said -= {name for name in said if name in self.counties and not self._is_town(name, text)}
        return tuple(sorted(name for folded in said for name in self._folded[folded]))


@lru_cache(maxsize=256)
def _naming(cues: tuple[str, ...], counties: tuple[str, ...]) -> re.Pattern[str]:
    """What names a document by one of these cues, behind what may stand before it."""
    spelled = "|".join(map(re.escape, cues)) or "(?!)"
    names = "|".join(re.escape(name) + r"\w*" for name in counties) or "(?!)"
    before = rf"\b(?:in|im|den|der|des|dem|laut|the|zum|zur|am|vom|aus|ihre[nmr]?|(?:{names})(?:['’]s)?),?\s+"
    return re.compile(rf"({before})(?:{_HOW_FAR}\s+)?[\w-]*(?:{spelled})(?:-?entwurf\w*)?\b", re.IGNORECASE)
