"""Splits a German text into clauses of tagged words, each with its word classes, its stage and its
agent.

Words are tagged by HanTa (STTS tags), the word lists are data
(`vectorstore/language/deciding.toml`). The agent is derived from prepositions, articles and voice;
a clause in which these do not show one has none.
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
from vectorstore.quantities import Quantities, extract_quantities
from vectorstore.records import ItemStatus

# "1.200,50", "Rad- und Fußwege" as "Rad-", "und", "Fußwege"; "Mitarbeiter*innen" and "2023/24" are
# one word; a mark
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:[-‐‑–./:*][^\W_]+)*[-‐‑]?|[,;:–()„“\"]")
_STATUS_WORDS = "|".join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))
_STATUS = re.compile(
    rf"(?i)(?<![\w-])({_STATUS_WORDS})(?:e[nrsm]?|n)?(?![\w-])"
)  # "geplant" in "geplanten"
_CONTRASTED = re.compile(r"\bnicht (?!nur\b)[^,;]*, sondern ")  # "nicht 2030, sondern 2040"
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "\u00ad")
_GLUED_NUMBER = re.compile(r"(?<=[a-z]\.)(?=\d)")  # between "ca." and "5" of "ca.5"
_CLAUSE_MARKS = (";", ":", ",", "–", "(", ")")  # between clauses
_CONDITIONS = ("sobald", "wenn", "falls", "sofern")
_CONJUNCTIONS = ("und", "sowie", "oder", "sondern", "doch", "aber")
_OBLIQUE = (
    "den",
    "dem",
    "einem",
    "keinem",
    "diesem",
    "jedem",
    "einen",
    "keinen",
    "des",
    "eines",
)  # before no subject
_GENITIVE_ARTICLES = (
    "des",
    "der",
    "eines",
    "einer",
    "dieser",
    "dieses",
    "seiner",
    "ihrer",
    "seines",
    "ihres",
)
_MEASURES = {
    *UNITS,
    *CURRENCIES,
    *MAGNITUDES,
    *(word.capitalize() for word in TABLE["numbers"]["shares"]),
}
_INFINITIVE_TAGS = {"VV(IZU)", "PTKZU"}
_SUBJECT_TAGS = ("ART", "NN", "NE", "PPOSAT", "PIAT", "PDAT")
_INTERROGATIVE_TAGS = ("PWS", "PWAV")  # "was", "wo"
_RELATIVE_TAGS = ("PRELS", "PRELAT")
_SUBORDINATE_TAGS = ("PRELS", "KOUS", *_INTERROGATIVE_TAGS)
_STEMMED_TAGS = ("VV(FIN)", "VV(PP)")  # verbs that are also known by their stem: "geblieben"
_BY = ("durch", "von", "vom")  # before the agent of a passive
_DEGREES = ("ADJ_COMP", "ADJ_SUP")
_AFFIRMING_WORDS = {"nur", "nicht"}  # "nicht nur"
_LET_FORMS = {"lässt", "lassen", "ließ", "ließen"}
_NOUN_TAGS = ("NN", "NE", "FM", "XY")  # noun, name, foreign word, letters and digits such as "B12"
_WEAK_PAST = re.compile(
    r"e?te[nt]?|e?test"
)  # what is behind the stem of a weak verb in the past: "ete" of "redete"
# "geplante", "vorgelegten", "begonnen", "verlängerter": "ge" also after a prefix, the others at the
# beginning
_LIKE_PARTICIPLE = re.compile(r"(?:ge|^be|^er|^ver|^ent).*(?:t|en)(?:e[nrsm]?)?$")
# the past of a strong verb: "gab", "hielt", but not "gibt", "hält", "sieht"
_STRONG_PAST = re.compile(r"(?!.*ä)(?!.*[^i]i(?!e)\w*t$)(?!.*ie(?:h|hl|s)t$)\w+?(?:en)?")
_NOUN_ENDING = re.compile(
    r"(?:ung(?:en)?|e)$"
)  # "Einweihung" and "Einweihe" get the stem of "einweihen"


class Stage(IntEnum):
    """How far what a clause states has come: named without a verb, planned, going on, done."""

    NAMED, AHEAD, NOW, DONE = range(4)


@cache
def word_lists() -> dict[str, Any]:
    """The word lists with which sentences are compared with their sources, by table and name."""
    return tomllib.loads(
        files("vectorstore.language").joinpath("deciding.toml").read_text(encoding="utf-8")
    )


@cache
def _tagger() -> Any:
    return HanoverTagger("morphmodel_ger.pgz")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its stem ("einweih" of "eingeweiht" and "Einweihung"), its STTS tag and its
    offset in the text.
    """

    text: str
    stem: str
    tag: str
    start: int
    is_past: bool = False  # true for a finite full verb in the past tense
    degree: str = ""  # "ADJ_COMP" of a comparative, "ADJ_SUP" of a superlative

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def is_noun(self) -> bool:
        """True for nouns, names and abbreviations, but not for units, months and number words."""
        is_code = (len(self.text) > 2 and self.text.isupper()) or (
            self.text[0].isalpha() and "." in self.text
        )
        is_adjective_of_name = (
            self.start > 0 and self.text[0].isupper() and self.tag == "ADJ(A)"
        )  # "die Grüne Mitte"
        is_tagged = (
            self.tag != "NNI" and self.tag[:2] in _NOUN_TAGS
        )  # NNI is an infinitive as a noun: "das Bauen"
        return (is_code or is_adjective_of_name or is_tagged) and not _is_measure(self.text)

    @property
    def is_content(self) -> bool:
        """True for nouns, full verbs, adjectives and adverbs, but for generic words that fit any
        item.
        """
        is_other = self.tag[:2] in ("VV", "AD") and len(self.text) > 2
        return (self.is_noun or self.tag == "NNI" or is_other) and not is_listed(
            self.lower, "generic", "words"
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent nouns with the article before them; `link` is the preposition, "genitive", or ""."""

    nouns: tuple[str, ...]
    link: str = ""
    article: str = ""

    @property
    def is_actor(self) -> bool:
        """True if it names a possible agent: people, offices, companies, abbreviations."""
        return any(
            is_listed(noun.lower(), "actors", "words")
            or (noun.isalpha() and noun.isupper() and 1 < len(noun) < 8)
            for noun in self.nouns
        )

    @property
    def is_direct(self) -> bool:
        """True if it can be a subject: no preposition or genitive, and its article is in no other
        case.
        """
        return not self.link and self.article not in _OBLIQUE


@dataclass(frozen=True, eq=False)
class Clause:
    """A part of a sentence with at most one finite verb.

    `inherited` is the agent of the clause before it, () if several might be; `is_wished` is true if
    that one requests it ("beantragt, dass …"), or if it depends on a condition.
    """

    text: str
    tokens: tuple[Token, ...]
    inherited: tuple[str, ...] = ()
    is_wished: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words and pairs of adjacent words in lower case, and the stems of its finite verbs
        and participles.
        """
        return lower_words(self.text).union(
            token.stem for token in self.tokens if token.tag in _STEMMED_TAGS
        )

    @cached_property
    def lists(self) -> frozenset[str]:
        """The names of the lists of the table `says` that contain a word of it; of "nicht nur"
        without "denied".
        """
        marks = frozenset[str]().union(*(lists_of("says", word) for word in self.words))
        return marks - {"denied"} if "affirmed" in marks else marks

    @cached_property
    def deciding_words(self) -> dict[str, str]:
        """Its deciding words by class, one of each; without the "nur" and "nicht" of "nicht
        nur".
        """
        words = self.words - _AFFIRMING_WORDS if self.includes_word_of("affirmed") else self.words
        return {class_: word for word in words for class_ in lists_of("deciding", word)}

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of its deciding words, and "denied" if it has a negation."""
        return frozenset(self.deciding_words) | (self.lists & {"denied"})

    def includes_word_of(self, *lists: str) -> bool:
        """True if it has a word of any of these lists."""
        return not self.lists.isdisjoint(lists)

    @cached_property
    def figures(self) -> Quantities:
        """Its numbers, dates and codes, in German notation."""
        return extract_quantities(self.text)

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
        """True if it is in the passive voice with "werden": "wird gebaut", but not "ist gebaut"."""
        has_participle = any(token.tag == "VV(PP)" for token in self.tokens)
        return has_participle and any(
            token.tag[:2] == "VA" and token.stem.startswith("w") for token in self.tokens
        )

    @cached_property
    def stage(self) -> Stage:
        """How far what it states has come, by its verbs, tenses and conjunctions; the first rule
        that fits decides.
        """
        lowered, tags = {token.lower for token in self.tokens}, {token.tag for token in self.tokens}
        auxiliary = {token.lower for token in self.tokens if token.tag[:2] == "VA"}
        if self.is_noun_clause:
            return Stage.NAMED
        if lowered & {"konnte", "konnten"}:
            return Stage.DONE
        if self.is_wished or self._has_conjunction("bis", *_CONDITIONS):
            return Stage.AHEAD
        if self.includes_word_of("ahead") and not self.includes_word_of("now"):
            return Stage.AHEAD
        is_possibility = (
            "sich" in lowered and "VV(INF)" in tags and bool(lowered & _LET_FORMS)
        )  # "lässt sich nutzen"
        if is_possibility or any(tag[:2] == "VM" for tag in tags):  # "kann", "soll"
            return Stage.AHEAD
        if auxiliary & {"wird", "werden"} and (
            "VV(INF)" in tags or "sein" in auxiliary
        ):  # "wird bauen"
            return Stage.AHEAD
        if "VV(PP)" in tags:  # "wird gebaut", else "ist gebaut", "wurde gebaut"
            return Stage.NOW if auxiliary and auxiliary <= {"wird", "werden"} else Stage.DONE
        is_past = any(token.is_past for token in self.tokens)
        if is_past or auxiliary & {"war", "waren", "hatte", "hatten", "wurde", "wurden"}:
            return Stage.DONE
        if tags & {"VV(FIN)", "VA(FIN)"}:
            return Stage.NOW
        return Stage.AHEAD if tags & _INFINITIVE_TAGS else Stage.NAMED  # "das Angebot auszubauen"

    @cached_property
    def is_condition(self) -> bool:
        """True if it is a condition of another clause: "sobald …", "Werden die Gräben
        verschlossen, …".
        """
        opening = self.tokens[0]
        is_inverted = opening.start == 0 and "FIN" in opening.tag
        return is_inverted or self._has_conjunction(*_CONDITIONS)

    @cached_property
    def is_limited(self) -> bool:
        """True if a relative clause limits its subject: "Familien, die …"."""
        nouns = [index for index, token in enumerate(self.tokens[:4]) if token.is_noun]
        behind = self.tokens[nouns[-1] + 1 :][:2] if nouns else ()
        has_article = any(token.tag == "ART" for token in self.tokens[:3])
        is_relative = len(behind) == 2 and behind[1].tag in _RELATIVE_TAGS
        return is_relative and behind[0].text == "," and not has_article

    def _has_conjunction(self, *words: str) -> bool:
        return any(token.tag == "KOUS" and token.lower in words for token in self.tokens)

    @property
    def is_noun_clause(self) -> bool:
        """True if it is a clause in place of a noun, which claims nothing: "Was geplant ist, …"."""
        return bool(self.tokens) and self.tokens[0].tag in _INTERROGATIVE_TAGS

    @cached_property
    def is_copula(self) -> bool:
        """True if its only verbs are auxiliaries ("sein", "haben"): it describes and reports
        nothing.
        """
        return {token.tag[:2] for token in self.tokens if token.tag[0] == "V"} == {"VA"}

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Its noun phrases in order."""
        return tuple(_build_phrases(self.tokens))

    @property
    def actors(self) -> list[str]:
        """The nouns of its phrases that name possible agents and may be its agent."""
        phrases = [phrase for phrase in self.phrases if phrase.is_direct or phrase.link in _BY]
        return [noun for phrase in phrases if phrase.is_actor for noun in phrase.nouns]

    @cached_property
    def agent(self) -> tuple[str, ...]:
        """The nouns of its agent; () if it shows none."""
        if self.is_passive:  # the actor behind a preposition
            return next(
                (p.nouns for p in self.phrases if p.link in _BY and p.is_actor),
                (),
            )
        direct = [phrase for phrase in self.phrases if phrase.is_direct]
        tags = [token.tag for token in self.tokens]
        is_continued = self.tokens[0].lower in _CONJUNCTIONS and any(
            "FIN" in tag for tag in tags[1:2]
        )  # "und ist da"
        is_infinitive = not _INFINITIVE_TAGS.isdisjoint(tags) and not any(
            "FIN" in tag for tag in tags
        )
        if (
            is_continued or is_infinitive or not direct
        ):  # "das Angebot auszubauen" is what the agent before does
            return self.inherited
        # else the first possible subject that is an actor
        return (
            next((phrase.nouns for phrase in direct if phrase.is_actor), ()) if self.verbs else ()
        )

    @property
    def statuses(self) -> Iterator[tuple[str, frozenset[ItemStatus]]]:
        """Yield its status words, each with the statuses it may mean; none of ongoing work that is
        only wished for.
        """
        running = self.includes_word_of("running") or (self.is_passive and self.stage is Stage.NOW)
        if running and (self.includes_word_of("wish") or self.is_wished):  # "soll umgesetzt werden"
            return
        for match in _STATUS.finditer(self.text):
            possible = wording.STATUS_WORDS[match[1].lower()]
            is_unfinished = running and ItemStatus.IMPLEMENTED in possible  # "wird umgesetzt"
            yield (
                match[0].lower(),
                frozenset((ItemStatus.IN_PROGRESS,)) if is_unfinished else possible,
            )


def normalize_formulas(text: str) -> str:
    """A text with subscripts as digits ("CO₂"), without soft hyphens, and with a space in
    "ca.5".
    """
    return _GLUED_NUMBER.sub(" ", text.translate(_SUBSCRIPTS))


def figures_of(text: str) -> Quantities:
    """The numbers, dates and codes of a text, in German notation, those of its formulas too."""
    return extract_quantities(normalize_formulas(text))


@lru_cache(maxsize=16384)
def split_clauses(text: str, *, denied: bool = True) -> tuple[Clause, ...]:
    """The clauses of a text; if `denied` is false, without what "nicht …, sondern" denies."""
    text = normalize_formulas(text if denied else _CONTRASTED.sub("", text))
    parts, results, inherited = _split_tokens(tag_words(text)), list[Clause](), tuple[str, ...]()
    for part, next_part in pairwise((*parts, [])):
        end = next_part[0].start if next_part else len(text)
        is_wished = bool(results) and (_is_governed(part, results[-1]) or results[-1].is_condition)
        clause = Clause(text[part[0].start : end].strip(), tuple(part), inherited, is_wished)
        if clause.is_condition and results:
            results[-1] = replace(results[-1], is_wished=True)
        results.append(clause)
        # of several actors none is passed on: "Der Kreis bittet die Stadt, …" leaves open who acts
        inherited = () if sum(phrase.is_actor for phrase in clause.phrases) > 1 else clause.agent
    return tuple(results)


def _is_governed(tokens: Sequence[Token], before: Clause) -> bool:
    """True if tokens depend on the clause before, about plans: "…, dass", or an infinitive "und …
    umgesetzt werden".
    """
    is_that_clause = any(token.lower == "dass" for token in tokens[:2])
    is_infinitive = not _has_finite(tokens) and any(
        token.tag in ("VA(INF)", "VV(INF)") for token in tokens
    )
    return (is_that_clause or is_infinitive) and before.stage is Stage.AHEAD


def split_untagged(text: str) -> list[Clause]:
    """The clauses of a text, split at punctuation and conjunctions, without tokens and without
    "nicht …, sondern".
    """
    return [
        Clause(part, ())
        for part in re.split(r"[;:,–()]|\b(?:und|oder|sondern|aber)\b", _CONTRASTED.sub("", text))
    ]


def tag_words(text: str) -> list[Token]:
    """The words and marks of a text, each tagged; a separated verb prefix is added to the stem of
    its verb.
    """
    hits, tokens = list(_WORD.finditer(text)), list[Token]()
    verb_index = -1  # of the finite verb whose prefix may follow, -1 for none
    tagged = _tagger().tag_sent([match[0] for match in hits], taglevel=3)
    for match, (word, stem, parts, tag) in zip(hits, tagged, strict=True):
        stem = (
            stem.lower()
            if len(stem) < 4
            else _NOUN_ENDING.sub("", _stem_of_participle(word, tag) or stem.lower())
        )
        if tag == "PTKVZ" and verb_index >= 0:  # "weiht … ein" gets the stem "einweih"
            tokens[verb_index] = replace(
                tokens[verb_index], stem=word.lower() + tokens[verb_index].stem
            )
        if tag in ("VV(FIN)", "VA(FIN)", "VM(FIN)"):
            verb_index = len(tokens) if tag == "VV(FIN)" else -1
        is_past = tag == "VV(FIN)" and _is_past(word.lower(), stem, parts)
        degrees = [part for _, part in parts if part in _DEGREES]
        tokens.append(Token(word, stem, tag, match.start(), is_past, "".join(degrees)))
    return _correct_finite(tokens)


def _correct_finite(tokens: list[Token]) -> list[Token]:
    """Tag, in place, a participle as finite if it is the only verb and behind a subject: "Ein
    Berater bewertet, …".
    """
    ends = [index for index, token in enumerate(tokens) if token.text in _CLAUSE_MARKS]
    for start, end in pairwise((-1, *ends, len(tokens))):
        verbs = [index for index in range(start + 1, end) if tokens[index].tag[0] == "V"]
        opening = tokens[start + 1].tag if start + 1 < end else ""
        is_clause = opening in _SUBORDINATE_TAGS or (start < 0 and opening in _SUBJECT_TAGS)
        if (
            is_clause
            and len(verbs) == 1
            and verbs[0] > start + 1
            and tokens[verbs[0]].tag == "VV(PP)"
        ):
            tokens[verbs[0]] = replace(tokens[verbs[0]], tag="VV(FIN)")
    return tokens


def _stem_of_participle(word: str, tag: str) -> str:
    """The stem of the verb of which an adjective is the participle ("geplante"); "" for other
    words.
    """
    if tag[:3] != "ADJ" or not _LIKE_PARTICIPLE.search(word):
        return ""
    stem, _, stem_tag = _tagger().analyze(
        re.sub(r"(?<=t|n)e[nrsm]?$", "", word.lower()), taglevel=3
    )
    return (
        str(stem) if stem_tag in ("VV(PP)", "VV(FIN)") else ""
    )  # without an ending some are tagged as finite verbs


def _is_past(word: str, stem: str, parts: Sequence[tuple[str, str]]) -> bool:
    """True for a finite verb in the past tense ("startete", "begann"); `parts` are its morphemes
    with their tags.
    """
    if any("VAR" in tag for _, tag in parts):  # a strong verb, whose stem varies
        return _STRONG_PAST.fullmatch(word) is not None
    prefix, _, ending = word.partition(stem)
    return not prefix and _WEAK_PAST.fullmatch(ending) is not None


def _split_tokens(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each clause: split at semicolons, and at marks and conjunctions if each side
    has its verb.
    """
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in _CLAUSE_MARKS or token.lower in _CONJUNCTIONS:
            parts.append([])
        parts[-1].append(token)
    clauses: list[list[Token]] = []
    for part in filter(None, parts):
        previous = clauses[-1] if clauses else []
        is_continued = not (_has_verb(part) and _has_verb(previous)) or _awaits_participle(
            previous, part
        )
        if previous and is_continued and part[0].text != ";":
            previous += part
        else:
            clauses.append(part)
    return clauses


def _has_verb(tokens: Sequence[Token]) -> bool:
    """True if tokens have a finite verb or, in place of one, a status: "das andere in Planung"."""
    return _has_status(tokens) or _has_finite(tokens)


def _has_finite(tokens: Sequence[Token]) -> bool:
    """True if tokens have a finite verb, or the "zu", "dass" or relative pronoun of a clause: "um
    zu sparen".
    """
    tags = ("VV(IZU)", "PTKZU", "PRELS", "KOUS")
    return any("FIN" in token.tag or token.tag in tags for token in tokens)


def _awaits_participle(tokens: Sequence[Token], following: Sequence[Token]) -> bool:
    """True if tokens have an auxiliary without participle, and the following no finite verb: "…,
    oder Kitas gebaut".
    """
    tags = {token.tag for token in tokens}
    auxiliary = {token.stem for token in tokens if token.tag in ("VA(FIN)", "VM(FIN)")}
    is_complete = "ADJ(D)" in tags and auxiliary == {"sei"}  # "ist wichtig"
    is_incomplete = auxiliary and not is_complete and not tags & {"VV(PP)", "VV(INF)"}
    return bool(is_incomplete) and not _has_status(tokens) and not _has_finite(following)


def _has_status(tokens: Sequence[Token]) -> bool:
    return _STATUS.search(" ".join(token.text for token in tokens)) is not None


def _build_phrases(tokens: Sequence[Token]) -> Iterator[Phrase]:
    """Yield the noun phrases of tokens: of "durch den Kreis Soest" the nouns, the link "durch", the
    article "den".
    """
    link = article = previous_link = ""  # of the next noun, and the link of the last phrase
    nouns: list[str] = []
    for token, following in pairwise((*tokens, Token(".", ".", "$.", 0))):
        if token.is_noun:
            nouns.append(token.text)
            if not following.is_noun:
                yield Phrase(tuple(nouns), link, article)
                previous_link, nouns, article = link, [], ""
                link = "genitive" if following.lower in _GENITIVE_ARTICLES else ""
        elif token.tag[:4] == "APPR":
            link, article = token.lower, ""
        elif token.tag[:2] in ("AR", "PD", "PP", "PI"):
            article = token.lower
        elif token.lower in (
            *_CONJUNCTIONS,
            ",",
        ):  # nouns behind these share the link of those before
            link = previous_link
        elif token.tag[0] == "V":
            link = article = previous_link = ""


def lower_words(text: str) -> frozenset[str]:
    """The words of a text and pairs of adjacent words, in lower case, but for abbreviations of two
    letters ("IT").
    """
    results = [word for word in _WORD.findall(text) if word[0].isalnum()]
    results = [word if word.isupper() and len(word) == 2 else word.lower() for word in results]
    return frozenset(results).union(map(" ".join, pairwise(results)))


def has_word_of(lowered: Iterable[str], *lists: str) -> bool:
    """True if any of the words, in lower case, is in one of these lists of the table `says`."""
    return any(not lists_of("says", word).isdisjoint(lists) for word in lowered)


@lru_cache(maxsize=65536)
def lists_of(table: str, word: str) -> frozenset[str]:
    """The names of the lists of a table ("says", "deciding") that contain a lower-case word or pair
    of words.
    """
    lists = word_lists()[table]
    return frozenset(
        name
        for name, own in lists.items()
        if matches(word, own["says"] if table == "deciding" else own)
    )


@lru_cache(maxsize=65536)
def is_listed(word: str, table: str, name: str) -> bool:
    """True if a list of a table contains a lower-case word or pair of words."""
    return matches(word, word_lists()[table][name])


def matches(word: str, patterns: Collection[str]) -> bool:
    """True if any pattern matches a lower-case word or pair of words; "*" is any ending or
    beginning.

    A pattern of one word matches no pair ("plan*" not "planen wir"), "*los" only after two letters:
    "baulos".
    """
    return any(
        word == pattern
        or (pattern[0] == pattern[-1] == "*" and pattern[1:-1] in word)
        or (
            pattern[-1] == "*"
            and (" " in pattern or " " not in word)
            and word.startswith(pattern[:-1])
        )
        or (
            pattern[0] == "*"
            and " " not in word
            and word.endswith(pattern[1:])
            and len(word) > len(pattern)
        )
        for pattern in patterns
    )


@lru_cache(maxsize=65536)
def _is_measure(word: str) -> bool:
    """True for a digit, a unit, a currency, a magnitude, a month or a number word: "Euro", "Mio",
    "Mai", "zwei".
    """
    return (
        not word[0].isalpha()
        or word in _MEASURES
        or word.lower() in MONTHS
        or read_number_word(word) is not None
    )
