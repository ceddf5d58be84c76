"""The words of a text with stems and tags (STTS), by HanTa."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

from HanTa.HanoverTagger import HanoverTagger

from german_clauses.words import WORD, is_measure

CLAUSE_MARKS = (";", ":", ",", "–", "(", ")")  # between clauses
_SUBJECT_TAGS = ("ART", "NN", "NE", "PPOSAT", "PIAT", "PDAT")
INTERROGATIVE_TAGS = ("PWS", "PWAV")  # "was", "wo"
RELATIVE_TAGS = ("PRELS", "PRELAT")
_SUBORDINATE_TAGS = ("PRELS", "KOUS", *INTERROGATIVE_TAGS)
_NOUN_TAGS = ("NN", "NE", "FM", "XY")  # noun, name, foreign word, letters and digits such as "B12"
# what is behind the stem of a weak verb in the past: "ete" of "redete"
_WEAK_PAST = re.compile(r"e?te[nt]?|e?test")
# the past of a strong verb: "gab", "hielt", but not "gibt", "hält", "sieht"
_STRONG_PAST = re.compile(r"(?!.*ä)(?!.*[^i]i(?!e)\w*t$)(?!.*ie(?:h|hl|s)t$)\w+?(?:en)?")
# "Einweihung" and "Einweihe" get the stem of "einweihen"
_NOUN_ENDING = re.compile(r"(?:ung(?:en)?|e)$")


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

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def is_noun(self) -> bool:
        """True for nouns, names and abbreviations, but not for units, months and number words.

        The tagger does not know all of them, so spelling counts too: all capitals ("LKW"), a point
        inside ("B.X"), and an adjective with a capital that does not open the text.
        """
        if is_measure(self.text):
            return False
        is_abbreviation = len(self.text) > 2 and self.text.isupper()
        has_inner_point = self.text[0].isalpha() and "." in self.text
        # "die Grüne Mitte"
        is_adjective_of_name = self.start > 0 and self.text[0].isupper() and self.tag == "ADJ(A)"
        # NNI is an infinitive as a noun: "das Bauen"
        is_tagged = self.tag != "NNI" and self.tag[:2] in _NOUN_TAGS
        return is_abbreviation or has_inner_point or is_adjective_of_name or is_tagged

    @property
    def is_content(self) -> bool:
        """True for nouns, and for full verbs, adjectives and adverbs (tags in VV and AD) of more
        than two letters.
        """
        is_other = self.tag[:2] in ("VV", "AD") and len(self.text) > 2
        return self.is_noun or self.tag == "NNI" or is_other


def tag_words(text: str) -> list[Token]:
    """Return the words and marks of a text, each with its tag.

    If a verb is separated from its prefix, as in "weiht … ein", the prefix is added to the stem:
    "einweih". The prefix belongs to the last finite full verb before it, unless an auxiliary or
    modal verb came in between. Endings of nouns are cut off a stem, so that "Einweihung" and
    "einweihen" have the same.
    """
    hits, tokens = list(WORD.finditer(text)), list[Token]()
    verb_index = -1  # of the finite verb whose prefix may follow, -1 for none
    tagged = _tagger().tag_sent([match[0] for match in hits], taglevel=3)
    for match, (word, stem, parts, tag) in zip(hits, tagged, strict=True):
        stem = stem.lower()
        if len(stem) >= 4:
            stem = _NOUN_ENDING.sub("", stem)
        if tag == "PTKVZ" and verb_index >= 0:  # "weiht … ein" gets the stem "einweih"
            tokens[verb_index] = replace(
                tokens[verb_index], stem=word.lower() + tokens[verb_index].stem
            )
        if tag in ("VV(FIN)", "VA(FIN)", "VM(FIN)"):
            verb_index = len(tokens) if tag == "VV(FIN)" else -1
        is_past = tag == "VV(FIN)" and _is_past(word.lower(), stem, parts)
        tokens.append(Token(word, stem, tag, match.start(), is_past))
    return _correct_finite(tokens)


def _correct_finite(tokens: list[Token]) -> list[Token]:
    """Correct words that are tagged as a participle, but are the finite verb: "Ein Berater
    bewertet, …".

    The two forms are often spelt alike. It is the finite verb if it is the only verb between two
    marks and does not come first. The part must open a subordinate clause, or be the first of the
    text and open like a subject. The tokens are changed in place and returned.
    """
    ends = [index for index, token in enumerate(tokens) if token.text in CLAUSE_MARKS]
    for start, end in pairwise((-1, *ends, len(tokens))):
        verbs = [index for index in range(start + 1, end) if tokens[index].tag[0] == "V"]
        opening = tokens[start + 1].tag if start + 1 < end else ""
        is_clause = opening in _SUBORDINATE_TAGS or (start < 0 and opening in _SUBJECT_TAGS)
        if not is_clause or len(verbs) != 1:
            continue
        verb = verbs[0]
        if verb > start + 1 and tokens[verb].tag == "VV(PP)":
            tokens[verb] = replace(tokens[verb], tag="VV(FIN)")
    return tokens


def _is_past(word: str, stem: str, parts: Sequence[tuple[str, str]]) -> bool:
    """True for a finite verb in the past tense ("startete", "begann").

    `parts` are its morphemes with their tags; a tag in VAR marks a strong verb, whose stem varies,
    so that its past is known by its whole form. A weak verb is in the past by its ending alone:
    "te" behind the stem.
    """
    if any("VAR" in tag for _, tag in parts):  # a strong verb, whose stem varies
        return _STRONG_PAST.fullmatch(word) is not None
    prefix, _, ending = word.partition(stem)
    return not prefix and _WEAK_PAST.fullmatch(ending) is not None
