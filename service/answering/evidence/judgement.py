"""Whether an item treats what a question is about: a few features of both, weighed as training found.

Features mean the same in every county and size of corpus; each is between 0 and 1. Their weights and the threshold are
learned (`trained.judgement`).
"""

from __future__ import annotations

from collections.abc import Collection

from service.answering.context import Context
from service.answering.evidence.nouns_held import LEAST_HELD, HeldNouns
from service.answering.finding.finder import Found
from service.answering.query import SINGLE, Intent, Sought
from service.answering.understanding.language import ANSWERED, DEFAULT

_WANTED = (*SINGLE, Intent.STATUS, Intent.RESPONSIBLE)
_PARTLY = 0.5  # of a word's weight where a text holds parts of it alone
_UNBORNE = 0.5  # more of the nouns that nothing bears out end it: above it wrong answers outnumber right ones by far
_ASKED = 0.9  # share of a question's words that one written for an item holds
# from where more tells no more: of words said, of concepts borne out, of their terms touched
_SAID_ENOUGH, _SUPPORTED_ENOUGH, _TOUCHED_ENOUGH = 0.3, 0.6, 0.4


class Judging:
    """Judges found items for one question."""

    def __init__(self, context: Context) -> None:
        corpus, query = context.corpus, context.query
        self._context = context
        self._held_nouns = HeldNouns(context)
        self._words = [(word, word.weight * corpus.rarity(word.terms[0])) for word in query.topic]
        self._total = sum(weight for _, weight in self._words) or 1.0
        self._informal = float(query.manner.informal)
        self._of_question = self._question()

    def accepts(self, found: Found) -> bool:
        """True where an item surely enough treats what the question is about.

        Where nothing that it says speaks for it, or hardly any of what the nouns name, no probability helps: a sum of
        weights lets other features outweigh that (decision 010, with the counts). What people wrote down as a question
        for the item needs none.
        """
        if self.is_asked(found):
            return True
        features = self.features(found)
        borne = features["nothing for it"] < 1.0 and features["nouns unborne"] <= _UNBORNE
        return (borne or found.item in self._context.focus) and self._context.corpus.judgement.accepts(features)

    def certainty(self, found: Found) -> float:
        """The probability that an item answers, 0 to 1; 1 where people wrote the question for it."""
        return 1.0 if self.is_asked(found) else self._context.corpus.judgement.probability(self.features(found))

    def is_asked(self, found: Found) -> bool:
        """True where one of the questions written for an item is the question."""
        return self._asked(found) >= _ASKED

    def features(self, found: Found) -> dict[str, float]:
        """The features of an item for the question, by name; each 0 to 1."""
        made = {**self._of_question, **self._said(found), **self._nouns(found)}
        return {**made, "held by a sentence": self._sentence(found)}

    def _question(self) -> dict[str, float]:
        query = self._context.query
        made = {
            "informal": self._informal,
            "yes or no": float(query.yesno),
            "nouns unheard of": self._held_nouns.unheard_of,
            "not German": float(query.spoken != DEFAULT),
            "hardly understood": float(query.spoken not in ANSWERED),
        }
        made |= {f"seeks {kind.value}": query.chance(kind) for kind in Sought}
        return made | {f"wants {intent.value}": float(query.intent is intent) for intent in _WANTED}

    def _said(self, found: Found) -> dict[str, float]:
        """What finding knows of an item."""
        others = max((one.score for one in self._context.found if one.item != found.item), default=0.0)
        enough, supported = _up_to(found.said, _SAID_ENOUGH), min(1.0, found.support)
        informally = self._informal * _up_to(found.touched, _TOUCHED_ENOUGH)
        return {
            "said": found.said,
            "supported": supported,
            "touched": found.touched / (1.0 + found.touched),
            "nothing for it": 1.0 - max(enough, supported, informally, self._asked(found)),
            "ahead": max(0.0, 1.0 - others / found.score) if found.score else 0.0,
            "in focus": float(found.item in self._context.focus),
        }

    def _sentence(self, found: Found) -> float:
        """How much of the question the best sentence of an item holds, with its title; or a question written for it."""
        corpus = self._context.corpus
        sentences = corpus.sentence_terms(found.item)
        return max(map(self._held, [*sentences, *corpus.questions.terms(corpus.row(found.item))]), default=0.0)

    def _asked(self, found: Found) -> float:
        """How much of the question the best one written for an item holds."""
        corpus = self._context.corpus
        return max(map(self._held, corpus.questions.terms(corpus.row(found.item))), default=0.0)

    def _nouns(self, found: Found) -> dict[str, float]:
        """How far an item bears out the nouns; of everyday ones only those count that nobody has heard of."""
        nouns = self._held_nouns.share(found.item) if self._held_nouns.knows_nouns else found.said
        enough, supported = _up_to(nouns, LEAST_HELD), _up_to(found.support, _SUPPORTED_ENOUGH)
        unborne = (1.0 - enough) * (1.0 - supported)
        return {
            "nouns": nouns,
            "nouns unborne": unborne * (self._held_nouns.unheard_of if self._informal else 1.0),
        }

    def _held(self, terms: Collection[str]) -> float:
        """The share of the question's words that a text holds; parts count half."""
        held = 0.0
        for word, weight in self._words:
            whole, *parts = word.terms
            if whole in terms or any(all(one in terms for one in entry) for entry in word.others):
                held += weight
            elif any(part in terms for part in parts):
                held += _PARTLY * weight
        return held / self._total


def _up_to(value: float, enough: float) -> float:
    return min(1.0, value / enough)
