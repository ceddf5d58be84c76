"""Noun phrases: adjacent nouns, and by which word they are linked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from german_clauses.tokens import Token
from german_clauses.words import is_actor

BY = ("durch", "von", "vom")  # before the agent of a passive
CONJUNCTIONS = ("und", "sowie", "oder", "sondern", "doch", "aber")
# before no subject
_OBLIQUE = ("den", "dem", "einem", "keinem", "diesem", "jedem", "einen", "keinen", "des", "eines")
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


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent nouns with the article before them; `link` is the preposition, "genitive", or ""."""

    nouns: tuple[str, ...]
    link: str = ""
    article: str = ""

    @property
    def is_actor(self) -> bool:
        """True if it names a possible agent: people, offices, companies.

        A noun of two to seven capitals counts as the name of an organisation ("AWO").
        """
        return any(
            is_actor(noun.lower()) or (noun.isalpha() and noun.isupper() and 1 < len(noun) < 8)
            for noun in self.nouns
        )

    @property
    def is_direct(self) -> bool:
        """True if it can be a subject: no preposition or genitive links it, and its article can be
        a nominative ("der", not "den").
        """
        return not self.link and self.article not in _OBLIQUE


def build_phrases(tokens: Sequence[Token]) -> Iterator[Phrase]:
    """Yield the noun phrases of tokens, each with its nouns, the link before it and its article.

    "durch den Kreis Soest" has the nouns "Kreis" and "Soest", the link "durch" and the article
    "den". A noun before "des" or "der" links the next one by "genitive". Behind a comma or a
    conjunction the link of the phrase before holds on ("durch Kreis und Stadt"); a verb ends it.
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
        # nouns behind these share the link of those before, adjectives keep it
        elif token.lower in (*CONJUNCTIONS, ","):
            link = link or previous_link
        elif token.tag[0] == "V":
            link = article = previous_link = ""
