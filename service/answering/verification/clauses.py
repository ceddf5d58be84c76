"""A text as clauses of tagged words: which lists they are of, how far it has come what they say, and who does it.

Words are tagged by HanTa, the lists are data (`vectorstore/language/deciding.toml`). Who does something is read from
prepositions, articles and voice; where these do not say it, a clause has no agent.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from HanTa.HanoverTagger import HanoverTagger

from service import wording
from vectorstore.notation import CURRENCIES, MAGNITUDES, MONTHS, TABLE, UNITS, read_number_word
from vectorstore.quantities import Figures, figures
from vectorstore.records import ItemStatus

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:[-‐‑–./:*][^\W_]+)*[-‐‑]?|[,;:–()„“\"]")
_STATUS = re.compile(
    rf"(?i)(?<![\w-])({'|'.join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))})"
    r"(?:e[nrsm]?|n)?(?![\w-])"
)
_CONTRASTED = re.compile(r"\bnicht (?!nur\b)[^,;]*, sondern ")  # "nicht 2030, sondern 2040"
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "\u00ad")
_GLUED = re.compile(r"(?<=[a-z]\.)(?=\d)")
_MARKS = (";", ":", ",", "–", "(", ")")  # between clauses
_CONDITIONS = ("sobald", "wenn", "falls", "sofern")
_CONJUNCTIONS = ("und", "sowie", "oder", "sondern", "doch", "aber")
_OBLIQUE = ("den", "dem", "einem", "keinem", "diesem", "jedem", "einen", "keinen", "des", "eines")  # of no subject
_GENITIVE = ("des", "der", "eines", "einer", "dieser", "dieses", "seiner", "ihrer", "seines", "ihres")
_MEASURES = {*UNITS, *CURRENCIES, *MAGNITUDES, *(word.capitalize() for word in TABLE["numbers"]["shares"])}
_INFINITIVE = {"VV(IZU)", "PTKZU"}
_BEFORE_SUBJECT = ("ART", "NN", "NE", "PPOSAT", "PIAT", "PDAT")
_QUESTIONS = ("PWS", "PWAV")  # "was", "wo"
_SUBORDINATE = ("PRELS", "KOUS", *_QUESTIONS)
_WITH_STEM = ("VV(FIN)", "VV(PP)")  # verbs that are also known by their stem: "geblieben"
_AFFIRMED = {"nur", "nicht"}  # "nicht nur"
_LETS = {"lässt", "lassen", "ließ", "ließen"}
_NOUNS = ("NN", "NE", "FM", "XY")
_PAST = re.compile(r"e?te[nt]?|e?test")  # what is behind the stem of a weak verb in the past
_STRONG = re.compile(  # of a strong verb: "gab", "hielt", but not "gibt", "hält", "sieht"
    r"(?!.*ä)(?!.*[^i]i(?!e)\w*t$)(?!.*ie(?:h|hl|s)t$)\w+?(?:en)?"
)
_ENDING = re.compile(r"(?:ung(?:en)?|e)$")


class Stage(IntEnum):
    """How far it has come what a clause says; `NAMED` where no verb says it."""

    NAMED, AHEAD, NOW, DONE = range(4)


@cache
def word_lists() -> dict[str, Any]:
    """The lists by which sentences are compared with what they cite."""
    return tomllib.loads(files("vectorstore.language").joinpath("deciding.toml").read_text(encoding="utf-8"))


@cache
def _tagger() -> Any:
    return HanoverTagger("morphmodel_ger.pgz")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its stem ("einweih" of "eingeweiht" and "Einweihung"), its tag (STTS), and its place in its text."""

    text: str
    stem: str
    tag: str
    start: int
    is_past: bool = False

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def is_noun(self) -> bool:
        """True for nouns and names, but not for units, months and number words."""
        is_name = (len(self.text) > 2 and self.text.isupper()) or (self.text[0].isalpha() and "." in self.text)
        is_name |= self.start > 0 and self.text[0].isupper() and self.tag == "ADJ(A)"  # "die Grüne Mitte"
        return (is_name or (self.tag != "NNI" and self.tag[:2] in _NOUNS)) and not _is_measure(self.text)

    @property
    def is_content(self) -> bool:
        """True for a word that states something and is not stated of any item."""
        is_other = self.tag[:2] in ("VV", "AD") and len(self.text) > 2
        return (self.is_noun or self.tag == "NNI" or is_other) and not is_listed(self.lower, "generic", "words")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Nouns in a row with the preposition, or "genitive", and the article before them."""

    nouns: tuple[str, ...]
    link: str = ""
    article: str = ""

    @property
    def is_actor(self) -> bool:
        """True if it names somebody who acts: people, offices, companies, abbreviations."""
        return any(
            is_listed(noun.lower(), "actors", "words") or (noun.isalpha() and noun.isupper() and 1 < len(noun) < 8)
            for noun in self.nouns
        )

    @property
    def is_direct(self) -> bool:
        """True if it can be a subject."""
        return not self.link and self.article not in _OBLIQUE


@dataclass(frozen=True, eq=False)
class Clause:
    """A part of a sentence with at most one finite verb.

    `inherited` is who acts in the one before it; `is_wished` is true for what that one asks for ("beantragt, dass …"),
    and for what depends on a condition.
    """

    text: str
    tokens: tuple[Token, ...]
    inherited: tuple[str, ...] = ()
    is_wished: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words and pairs of words in lower case, verbs also with their prefix."""
        return lower_words(self.text).union(token.stem for token in self.tokens if token.tag in _WITH_STEM)

    @cached_property
    def marks(self) -> frozenset[str]:
        """The lists of `says` that its words are of."""
        marks = frozenset[str]().union(*(lists_of("says", word) for word in self.words))
        return marks - {"denied"} if "affirmed" in marks else marks

    @cached_property
    def deciding(self) -> dict[str, str]:
        """The classes of deciding words that it has, each with its word."""
        words = self.words - _AFFIRMED if self.has("affirmed") else self.words
        return {group: word for word in words for group in lists_of("deciding", word)}

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of deciding words that it has, and whether it denies."""
        return frozenset(self.deciding) | (self.marks & {"denied"})

    def has(self, *lists: str) -> bool:
        """True if it has a word of any of these lists."""
        return not self.marks.isdisjoint(lists)

    @cached_property
    def figures(self) -> Figures:
        """Its numbers, dates and codes, as German prints them."""
        return figures(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(token.stem for token in self.tokens)

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The stems of its verbs."""
        return frozenset(token.stem for token in self.tokens if token.tag[:2] == "VV")

    @cached_property
    def is_passive(self) -> bool:
        """True if its subject is what something is done to."""
        is_done = any(token.tag == "VV(PP)" for token in self.tokens)
        return is_done and any(token.tag[:2] == "VA" and token.stem.startswith("w") for token in self.tokens)

    @cached_property
    def stage(self) -> Stage:
        """How far it has come what it says."""
        tags = {token.tag for token in self.tokens}
        auxiliary = {token.lower for token in self.tokens if token.tag[:2] == "VA"}
        if self.is_nominal:
            return Stage.NAMED
        if any(token.lower in ("konnte", "konnten") for token in self.tokens):
            return Stage.DONE
        is_ahead = (
            self.is_wished or self._has_conjunction("bis", *_CONDITIONS) or (self.has("ahead") and not self.has("now"))
        )
        if any(tag[:2] == "VM" for tag in tags) or self._is_possible or is_ahead:
            return Stage.AHEAD
        if auxiliary & {"wird", "werden"} and ("VV(INF)" in tags or "sein" in auxiliary):
            return Stage.AHEAD
        if "VV(PP)" in tags:
            return Stage.NOW if auxiliary and auxiliary <= {"wird", "werden"} else Stage.DONE
        is_past = any(token.is_past for token in self.tokens)
        if is_past or auxiliary & {"war", "waren", "hatte", "hatten", "wurde", "wurden"}:
            return Stage.DONE
        if tags & {"VV(FIN)", "VA(FIN)"}:
            return Stage.NOW
        return Stage.AHEAD if tags & _INFINITIVE else Stage.NAMED

    @property
    def is_condition(self) -> bool:
        """True if it says on what another clause depends: "sobald …"."""
        return self._has_conjunction(*_CONDITIONS)

    def _has_conjunction(self, *words: str) -> bool:
        return any(token.tag == "KOUS" and token.lower in words for token in self.tokens)

    @property
    def is_nominal(self) -> bool:
        """True if it stands for a thing and claims nothing: "Was geplant ist, …"."""
        return bool(self.tokens) and self.tokens[0].tag in _QUESTIONS

    @property
    def _is_possible(self) -> bool:
        """True for what can be done: "lässt sich übernehmen"."""
        lowered = {token.lower for token in self.tokens}
        return "sich" in lowered and any(token.tag == "VV(INF)" for token in self.tokens) and bool(lowered & _LETS)

    @cached_property
    def is_copula(self) -> bool:
        """True if "sein" or "haben" is its only verb: it says what something is, not what happens."""
        return {token.tag[:2] for token in self.tokens if token.tag[0] == "V"} == {"VA"}

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Its noun phrases in order; nouns behind "und" or a comma share the link of those before."""
        return tuple(_phrases(self.tokens))

    @property
    def subject(self) -> tuple[str, ...]:
        """The nouns of the first phrase that can be its subject."""
        return next((phrase.nouns for phrase in self.phrases if phrase.is_direct), ())

    @cached_property
    def agent(self) -> tuple[str, ...]:
        """The nouns of who does it; () where nothing says so."""
        if self.is_passive:
            return next((p.nouns for p in self.phrases if p.link in ("durch", "von", "vom") and p.is_actor), ())
        direct = [phrase for phrase in self.phrases if phrase.is_direct]
        tags = {token.tag for token in self.tokens}
        if self.tokens[0].lower in _CONJUNCTIONS and "FIN" in "".join(token.tag for token in self.tokens[1:2]):
            direct = []  # "und ist fertig"
        if tags & _INFINITIVE and not any("FIN" in tag for tag in tags):
            direct = []  # "das Angebot auszubauen"
        if not direct:
            return self.inherited
        return next((phrase.nouns for phrase in direct if phrase.is_actor), ()) if self.verbs else ()

    @property
    def statuses(self) -> Iterator[tuple[str, frozenset[ItemStatus]]]:
        """The status words in it, each with the statuses it may mean; what is wished for is none."""
        running = self.has("running") or (self.is_passive and self.stage is Stage.NOW)
        for match in () if (self.has("wish") or self.is_wished) and running else _STATUS.finditer(self.text):
            meant = wording.STATUS_WORDS[match[1].lower()]
            unfinished = running and ItemStatus.IMPLEMENTED in meant
            yield match[0].lower(), frozenset((ItemStatus.IN_PROGRESS,)) if unfinished else meant


def plain(text: str) -> str:
    """A text with the digits of formulas as digits, without soft hyphens, and a space behind "ca." before a number."""
    return _GLUED.sub(" ", text.translate(_SUBSCRIPTS))


@lru_cache(maxsize=16384)
def split_clauses(text: str, *, denied: bool = True) -> tuple[Clause, ...]:
    """The clauses of a text; with `denied` false without what "sondern" puts right."""
    text = plain(text if denied else _CONTRASTED.sub("", text))
    parts, results, inherited = list(_split(tag_words(text))), list[Clause](), tuple[str, ...]()
    for part, behind in pairwise((*parts, [])):
        end = behind[0].start if behind else len(text)
        is_wished = bool(results) and (_is_governed(part, results[-1]) or results[-1].is_condition)
        clause = Clause(text[part[0].start : end].strip(), tuple(part), inherited, is_wished)
        if clause.is_condition and results:
            results[-1] = replace(results[-1], is_wished=True)
        results.append(clause)
        inherited = () if len([p for p in clause.phrases if p.is_actor]) > 1 else clause.agent  # "bittet die Stadt, …"
    return tuple(results)


def _is_governed(tokens: Sequence[Token], before: Clause) -> bool:
    """True if words depend on a clause of what is ahead: "…, dass", or a second infinitive "und … umgesetzt werden"."""
    is_content = any(token.lower == "dass" for token in tokens[:2])
    is_infinite = not _has_finite(tokens) and any(token.tag in ("VA(INF)", "VV(INF)") for token in tokens)
    return (is_content or is_infinite) and before.stage is Stage.AHEAD


def split_plainly(text: str) -> list[Clause]:
    """The clauses of a text between marks, of words without tags."""
    return [Clause(part, ()) for part in re.split(r"[;:,–()]|\b(?:und|oder|sondern|aber)\b", _CONTRASTED.sub("", text))]


def tag_words(text: str) -> list[Token]:
    """The words and marks of a text, each tagged; a verb whose prefix is apart has it in its stem."""
    matches, made, verb = list(_WORD.finditer(text)), list[Token](), -1
    tagged = _tagger().tag_sent([match[0] for match in matches], taglevel=3)
    for match, (word, stem, parts, tag) in zip(matches, tagged, strict=True):
        stem = stem.lower() if len(stem) < 4 else _ENDING.sub("", _participle(word, tag) or stem.lower())
        if tag == "PTKVZ" and verb >= 0:
            made[verb] = replace(made[verb], stem=word.lower() + made[verb].stem)
        if tag in ("VV(FIN)", "VA(FIN)", "VM(FIN)"):
            verb = len(made) if tag == "VV(FIN)" else -1
        made.append(Token(word, stem, tag, match.start(), tag == "VV(FIN)" and _is_past(word.lower(), stem, parts)))
    return _mend_finite(made)


def _mend_finite(tokens: list[Token]) -> list[Token]:
    """Take for finite what looks like a participle where a main clause has no other verb: "Ein Berater bewertet, …"."""
    ends = [place for place, token in enumerate(tokens) if token.text in _MARKS]
    for start, end in pairwise((-1, *ends, len(tokens))):
        verbs = [place for place in range(start + 1, end) if tokens[place].tag[0] == "V"]
        opening = tokens[start + 1].tag if start + 1 < end else ""
        is_clause = opening in _SUBORDINATE or (start < 0 and opening in _BEFORE_SUBJECT)
        if is_clause and len(verbs) == 1 and verbs[0] > start + 1 and tokens[verbs[0]].tag == "VV(PP)":
            tokens[verbs[0]] = replace(tokens[verbs[0]], tag="VV(FIN)")
    return tokens


def _participle(word: str, tag: str) -> str:
    """The stem of the verb whose participle is an adjective ("geplante"); "" for another word."""
    if tag[:3] != "ADJ" or not re.search(r"(?:ge|^be|^er|^ver|^ent).*(?:t|en)(?:e[nrsm]?)?$", word):
        return ""
    stem, _, result = _tagger().analyze(re.sub(r"(?<=t|n)e[nrsm]?$", "", word.lower()), taglevel=3)
    return str(stem) if result in ("VV(PP)", "VV(FIN)") else ""


def _is_past(word: str, stem: str, parts: Sequence[tuple[str, str]]) -> bool:
    """True for the past of a verb: "startete", "begann"."""
    if any("VAR" in tag for _, tag in parts):
        return _STRONG.fullmatch(word) is not None
    beginning, _, behind = word.partition(stem)
    return not beginning and _PAST.fullmatch(behind) is not None


def _split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each clause: between marks and joining words where both sides have a verb."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in _MARKS or token.lower in _CONJUNCTIONS:
            parts.append([])
        parts[-1].append(token)
    made: list[list[Token]] = []
    for part in filter(None, parts):
        is_distinct = _has_verb(part) and _has_verb(made[-1]) and not _is_open(made[-1], part) if made else True
        if not is_distinct and part[0].text != ";":
            made[-1] += part
        else:
            made.append(part)
    yield from made


def _has_verb(tokens: Sequence[Token]) -> bool:
    """True if tokens have a finite verb, or a status that stands for one: "das andere in Planung"."""
    return _has_status(tokens) or _has_finite(tokens)


def _has_finite(tokens: Sequence[Token]) -> bool:
    tags = ("VV(IZU)", "PTKZU", "PRELS", "KOUS")
    return any("FIN" in token.tag or token.tag in tags for token in tokens)


def _is_open(tokens: Sequence[Token], behind: Sequence[Token]) -> bool:
    """True if an auxiliary waits for the participle in what is behind: "werden an Schulen", "oder Kitas gebaut"."""
    tags = {token.tag for token in tokens}
    auxiliary = {token.stem for token in tokens if token.tag in ("VA(FIN)", "VM(FIN)")}
    is_complete = "ADJ(D)" in tags and auxiliary == {"sei"}  # "ist wichtig"
    is_waiting = auxiliary and not is_complete and not tags & {"VV(PP)", "VV(INF)"}
    return bool(is_waiting) and not _has_status(tokens) and not _has_finite(behind)


def _has_status(tokens: Sequence[Token]) -> bool:
    return _STATUS.search(" ".join(token.text for token in tokens)) is not None


def _phrases(tokens: Sequence[Token]) -> Iterator[Phrase]:
    link = article = retained = ""
    nouns: list[str] = []
    for token, behind in pairwise((*tokens, Token(".", ".", "$.", 0))):
        if token.is_noun:
            nouns.append(token.text)
            if not behind.is_noun:
                yield Phrase(tuple(nouns), link, article)
                retained, nouns, article = link, [], ""
                link = "genitive" if behind.lower in _GENITIVE else ""
        elif token.tag[:4] == "APPR":
            link, article = token.lower, ""
        elif token.tag[:2] in ("AR", "PD", "PP", "PI"):
            article = token.lower
        elif token.lower in (*_CONJUNCTIONS, ","):
            link = retained
        elif token.tag[0] == "V":
            link = article = retained = ""


def lower_words(text: str) -> frozenset[str]:
    """The words of a text in lower case, and every two that follow each other."""
    results = [word for word in _WORD.findall(text) if word[0].isalnum()]
    results = [word if word.isupper() and len(word) == 2 else word.lower() for word in results]
    return frozenset(results).union(map(" ".join, pairwise(results)))


def has_word_of(lowered: Iterable[str], *lists: str) -> bool:
    """True if any of the words, in lower case, is in one of these lists of `says`."""
    return any(not lists_of("says", word).isdisjoint(lists) for word in lowered)


@lru_cache(maxsize=65536)
def lists_of(table: str, word: str) -> frozenset[str]:
    """The lists of a table ("says", "deciding") that have a word, or two words, in lower case."""
    lists = word_lists()[table]
    return frozenset(name for name, own in lists.items() if matches(word, own["says"] if table == "deciding" else own))


@lru_cache(maxsize=65536)
def is_listed(word: str, table: str, name: str) -> bool:
    """True if a list has a word, or two words, in lower case."""
    return matches(word, word_lists()[table][name])


def matches(word: str, listed: Collection[str]) -> bool:
    """True if entries have a word, or two words, in lower case; "*" stands for any ending or beginning."""
    return any(
        word == entry
        or (entry[0] == entry[-1] == "*" and entry[1:-1] in word)
        or (entry[-1] == "*" and (" " in entry or " " not in word) and word.startswith(entry[:-1]))
        or (entry[0] == "*" and " " not in word and word.endswith(entry[1:]) and len(word) > len(entry))
        for entry in listed
    )


@lru_cache(maxsize=65536)
def _is_measure(word: str) -> bool:
    return not word[0].isalpha() or word in _MEASURES or word.lower() in MONTHS or read_number_word(word) is not None
