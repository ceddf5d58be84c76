"""Clauses of a German text: where they end, how far it has come what each says, and who acts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from german_clauses.phrases import BY, CONJUNCTIONS, Phrase, build_phrases
from german_clauses.tokens import CLAUSE_MARKS, INTERROGATIVE_TAGS, RELATIVE_TAGS, Token, tag_words
from german_clauses.words import is_state, lists_of, lower_words, normalize_formulas

_CONTRASTED = re.compile(r"\bnicht (?!nur\b)[^,;]*, sondern ")  # "nicht 2030, sondern 2040"
_CONDITIONS = ("sobald", "wenn", "falls", "sofern")
_INFINITIVE_TAGS = {"VV(IZU)", "PTKZU"}
_STEMMED_TAGS = ("VV(FIN)", "VV(PP)")  # verbs that are also known by their stem: "geblieben"
_BECOMES = {"wird", "werden"}
_LET_FORMS = {"lässt", "lassen", "ließ", "ließen"}


class Stage(IntEnum):
    """How far what a clause states has come: named without a verb, planned, going on, done."""

    NAMED, AHEAD, NOW, DONE = range(4)


@dataclass(frozen=True, eq=False)
class Clause:
    """A part of a sentence with at most one finite verb.

    `is_wished` is true if the clause before it requests it ("beantragt, dass …"), or if it depends
    on a condition.
    """

    text: str
    tokens: tuple[Token, ...]
    is_wished: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words and pairs of adjacent words in lower case, by which it is looked up in word
        lists.

        Of finite verbs and participles the stems are among them too, as the lists do not have each
        form ("geblieben").
        """
        return lower_words(self.text).union(
            token.stem for token in self.tokens if token.tag in _STEMMED_TAGS
        )

    @cached_property
    def lists(self) -> frozenset[str]:
        """The names of the word lists (`words.toml`) that contain a word of it.

        "nicht nur" is in the list "affirmed", but its "nicht" is also in "denied". So a clause with
        a word of "affirmed" is not in "denied".
        """
        marks = frozenset[str]().union(*(lists_of(word) for word in self.words))
        return marks - {"denied"} if "affirmed" in marks else marks

    def includes_word_of(self, *lists: str) -> bool:
        """True if it has a word of any of these lists."""
        return not self.lists.isdisjoint(lists)

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
        """True if it is in the passive voice with "werden": "wird gebaut", but not "ist gebaut".

        The auxiliary is known by its stem, which begins with "w" for "werden" alone.
        """
        has_participle = any(token.tag == "VV(PP)" for token in self.tokens)
        return has_participle and any(
            token.tag[:2] == "VA" and token.stem.startswith("w") for token in self.tokens
        )

    @cached_property
    def stage(self) -> Stage:
        """How far the matter of the clause has come: named, planned, going on or done.

        The first rule that fits decides. A clause in place of a noun claims nothing; "konnte"
        reports what was done. Wishes, the conjunctions "bis" and "wenn" (and the like), words such
        as "geplant" (unless "bereits" or the like is there), modal verbs and the future tense mean
        that it is ahead. Only after these do tenses and participles count.
        """
        if self.is_noun_clause:
            return Stage.NAMED
        if any(token.lower in ("konnte", "konnten") for token in self.tokens):
            return Stage.DONE
        if self.is_wished or self._has_conjunction("bis", *_CONDITIONS):
            return Stage.AHEAD
        if self.includes_word_of("ahead") and not self.includes_word_of("now"):
            return Stage.AHEAD
        if self._is_possible or self._is_future:
            return Stage.AHEAD
        return self._stage_of_verbs

    @property
    def _tags(self) -> set[str]:
        return {token.tag for token in self.tokens}

    @property
    def _auxiliary(self) -> set[str]:
        return {token.lower for token in self.tokens if token.tag[:2] == "VA"}

    @property
    def _is_possible(self) -> bool:
        """True for a modal verb ("kann", "soll"; tags in VM) and for "lässt sich nutzen"."""
        lowered, tags = {token.lower for token in self.tokens}, self._tags
        if any(tag[:2] == "VM" for tag in tags):
            return True
        return "sich" in lowered and "VV(INF)" in tags and not lowered.isdisjoint(_LET_FORMS)

    @property
    def _is_future(self) -> bool:
        """True for "wird bauen" and "wird Teil des Plans", but not for "wird gebaut", which is a
        passive.

        With "sein" the participle is in the future too: "wird gebaut sein".
        """
        auxiliary = self._auxiliary
        if auxiliary.isdisjoint(_BECOMES):
            return False
        return "VV(PP)" not in self._tags or "sein" in auxiliary

    @property
    def _stage_of_verbs(self) -> Stage:
        """The stage that tenses and participles state.

        A participle means NOW with "wird" alone ("wird gebaut"), and without an auxiliary if a
        finite verb is beside it or an object behind it; otherwise DONE ("ist gebaut", "gebaut").
        Without a participle a verb in the past means DONE, in the present NOW, and an infinitive
        with "zu" AHEAD; anything else is NAMED.
        """
        tags, auxiliary = self._tags, self._auxiliary
        is_finite = "VV(FIN)" in tags or self._has_object_behind_participle()
        if not auxiliary and "VV(PP)" in tags and is_finite:
            return Stage.NOW  # "begleitet das Projekt" has no participle
        if "VV(PP)" in tags:  # "wird gebaut", else "ist gebaut", "wurde gebaut"
            return Stage.NOW if auxiliary and auxiliary <= _BECOMES else Stage.DONE
        is_past = any(token.is_past for token in self.tokens)
        if is_past or auxiliary & {"war", "waren", "hatte", "hatten", "wurde", "wurden"}:
            return Stage.DONE
        if tags & {"VV(FIN)", "VA(FIN)"}:
            return Stage.NOW
        return Stage.AHEAD if tags & _INFINITIVE_TAGS else Stage.NAMED  # "das Angebot auszubauen"

    def _has_object_behind_participle(self) -> bool:
        """True if a word tagged as a participle has an article behind it: then it may be a finite
        verb with its object, as in "begleitet das Projekt".
        """
        pairs = pairwise(self.tokens)
        return any(token.tag == "VV(PP)" and behind.tag == "ART" for token, behind in pairs)

    @cached_property
    def is_condition(self) -> bool:
        """True if it is a condition of another clause.

        It has the conjunction "sobald", "wenn", "falls" or "sofern", or it opens the text with its
        finite verb: "Werden die Gräben verschlossen, …".
        """
        opening = self.tokens[0]
        is_inverted = opening.start == 0 and "FIN" in opening.tag
        return is_inverted or self._has_conjunction(*_CONDITIONS)

    @cached_property
    def is_limited(self) -> bool:
        """True if a relative clause limits its subject: "Familien, die …".

        The subject is the last noun among the first four words, with a comma and a relative pronoun
        behind it. One with an article ("Der Kreis, der …") does not count as limited.
        """
        nouns = [index for index, token in enumerate(self.tokens[:4]) if token.is_noun]
        behind = self.tokens[nouns[-1] + 1 :][:2] if nouns else ()
        has_article = any(token.tag == "ART" for token in self.tokens[:3])
        is_relative = len(behind) == 2 and behind[1].tag in RELATIVE_TAGS
        return is_relative and behind[0].text == "," and not has_article

    def _has_conjunction(self, *words: str) -> bool:
        return any(token.tag == "KOUS" and token.lower in words for token in self.tokens)

    @property
    def is_noun_clause(self) -> bool:
        """True if it is a clause in place of a noun, which claims nothing: "Was geplant ist, …"."""
        return bool(self.tokens) and self.tokens[0].tag in INTERROGATIVE_TAGS

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Its noun phrases in order."""
        return tuple(build_phrases(self.tokens))

    @property
    def actors(self) -> list[tuple[str, ...]]:
        """The nouns of each phrase that names a possible agent and may be the subject, or stands
        behind "durch", "von" or "vom".
        """
        phrases = [phrase for phrase in self.phrases if phrase.is_direct or phrase.link in BY]
        return [phrase.nouns for phrase in phrases if phrase.is_actor]

    @cached_property
    def agent(self) -> tuple[str, ...]:
        """The nouns that say who acts in the clause; () if it does not say.

        In a passive clause this is the actor behind "durch", "von" or "vom", as its subject does
        not act. In any other clause it is the first possible subject that is an actor; without a
        full verb, or if its subject is in the clause before, it does not say.
        """
        if self.is_passive:
            return _first_actor(phrase for phrase in self.phrases if phrase.link in BY)
        if not self.verbs or self._continues_agent:
            return ()
        return _first_actor(phrase for phrase in self.phrases if phrase.is_direct)

    @property
    def _continues_agent(self) -> bool:
        """True if the agent is in the clause before.

        This one begins with a conjunction and a finite verb ("und ist da"), or has an infinitive
        with "zu" and no finite verb ("das Angebot auszubauen").
        """
        finite = ["FIN" in token.tag for token in self.tokens]
        is_continued = self.tokens[0].lower in CONJUNCTIONS and any(finite[1:2])
        is_infinitive = not _INFINITIVE_TAGS.isdisjoint(self._tags) and not any(finite)
        return is_continued or is_infinitive


def _first_actor(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    """The nouns of the first phrase that names a possible agent; () for none."""
    return next((phrase.nouns for phrase in phrases if phrase.is_actor), ())


@lru_cache(maxsize=16384)
def split_clauses(text: str, *, denied: bool = True) -> tuple[Clause, ...]:
    """Return the clauses of a text.

    A clause is wished if the one before it is a request for it or a condition of it; a condition
    behind its clause makes that one wished. If `denied` is false, what "nicht …, sondern" denies is
    left out, so that only what holds remains.
    """
    text = normalize_formulas(text if denied else _CONTRASTED.sub("", text))
    parts, results = _split_tokens(tag_words(text)), list[Clause]()
    for part, next_part in pairwise((*parts, [])):
        end = next_part[0].start if next_part else len(text)
        is_wished = bool(results) and (_is_governed(part, results[-1]) or results[-1].is_condition)
        clause = Clause(text[part[0].start : end].strip(), tuple(part), is_wished)
        if clause.is_condition and results:
            results[-1] = replace(results[-1], is_wished=True)
        results.append(clause)
    return tuple(results)


def _is_governed(tokens: Sequence[Token], before: Clause) -> bool:
    """True if a clause depends on the clause before, and that clause is about plans.

    It depends if it begins with "dass", or if its only verb is an infinitive: "beantragt, dass …",
    "soll geplant und … umgesetzt werden".
    """
    is_that_clause = any(token.lower == "dass" for token in tokens[:2])
    has_infinitive = any(token.tag in ("VA(INF)", "VV(INF)") for token in tokens)
    is_infinitive = has_infinitive and not _has_finite(tokens)
    return (is_that_clause or is_infinitive) and before.stage is Stage.AHEAD


def _split_tokens(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the tokens of each clause.

    Tokens are split at every semicolon. At other marks and at conjunctions they are split only if
    there is a verb on both sides, as these also stand in lists ("Schulen, Kitas und Horte"). They
    stay together too if an auxiliary waits for its participle behind the mark.
    """
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in CLAUSE_MARKS or token.lower in CONJUNCTIONS:
            parts.append([])
        parts[-1].append(token)
    clauses: list[list[Token]] = []
    for part in filter(None, parts):
        previous = clauses[-1] if clauses else []
        have_verbs = _has_verb(part) and _has_verb(previous)
        is_continued = not have_verbs or _awaits_participle(previous, part)
        if previous and is_continued and part[0].text != ";":
            previous += part
        else:
            clauses.append(part)
    return clauses


def _has_verb(tokens: Sequence[Token]) -> bool:
    """True if tokens have a finite verb or, in place of one, a state: "das andere in Planung"."""
    return _has_state(tokens) or _has_finite(tokens)


def _has_finite(tokens: Sequence[Token]) -> bool:
    """True if tokens have a finite verb, or a word that opens a clause of its own.

    Such words are the "zu" of an infinitive ("um zu sparen", "auszubauen"), a subordinating
    conjunction ("dass") and a relative pronoun.
    """
    tags = ("VV(IZU)", "PTKZU", "PRELS", "KOUS")
    return any("FIN" in token.tag or token.tag in tags for token in tokens)


def _awaits_participle(tokens: Sequence[Token], following: Sequence[Token]) -> bool:
    """True if an auxiliary or modal verb has its other verb only in the following tokens: "Es
    werden Schulen, oder Kitas gebaut".

    That is, nothing completes it before: no participle, infinitive or word of a state, nor, for
    "sein", an adjective ("ist wichtig"). And the following tokens have no finite verb of their own.
    """
    tags = {token.tag for token in tokens}
    auxiliaries = {token.stem for token in tokens if token.tag in ("VA(FIN)", "VM(FIN)")}
    if not auxiliaries or _has_finite(following):
        return False
    is_with_adjective = "ADJ(D)" in tags and auxiliaries == {"sei"}  # "ist wichtig"
    has_other_verb = bool(tags & {"VV(PP)", "VV(INF)"})
    return not (is_with_adjective or has_other_verb or _has_state(tokens))


def _has_state(tokens: Sequence[Token]) -> bool:
    """True if tokens have a word or pair of words for a state: "geplant", "in Planung"."""
    return any(map(is_state, lower_words(" ".join(token.text for token in tokens))))
