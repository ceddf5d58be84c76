"""Chooses the sentences of items to quote for a question.

Per question a few array operations score all sentences of an item: by the words of the question
that they have, the kind of fact that is asked for, and their field. A quoted passage is sentences
in a row, as the document has them.
"""

from __future__ import annotations

import numpy as np

from service.answering.corpus import Corpus
from service.answering.query import AnswerType, Query
from service.answering.retrieval.facts import field_relevance
from service.answering.retrieval.item_texts import LETTERS, ItemText, Mask, Numbers
from service.answering.retrieval.terms import words_in
from vectorstore.records import Item

# The weights of what speaks for a sentence, each from 0 to 1: rounded from fourteen that were
# learned; the others moved nothing on documents left out, nor did a field's label (0 of 958 answers
# changed). With 1 for the fact, not 3, sums of something else are quoted less.
_WORDS_WEIGHT = 1.5
_FACT_WEIGHT = 1.0
_MEANING_WEIGHT = 1.5
_EXCLUDED = 99.0  # subtracted from the score of a sentence that may not be quoted
# added to the score of a next sentence, which continues the passage, but not to a previous one's
_NEXT_BONUS = 0.3
_NEVER_QUOTED = ("links", "ref", "title", "theme")  # meanings of fields


class SentenceChooser:
    """Chooses the sentences of items to quote for one question, whose words are `words`."""

    def __init__(self, query: Query, corpus: Corpus) -> None:
        self._corpus, self._answer_type = corpus, query.answer_type
        self.words = words_in(query.text, corpus, query.question_language)

    def choose_passage(self, item: Item, characters: int = 600, most: int = 4) -> str:
        """The best adjacent sentences, at most `most` and about `characters`; "" if the best
        sentence may not be quoted.

        The passage grows from the best sentence, each time by the better of its two neighbours that
        may be quoted and fit. Behind a colon it always grows by the next sentence, without which
        the colon announces nothing.
        """
        text = self._corpus.text_of(item)
        sentences = text.sentences
        scores = self.scores(item)
        quotable = self._mask_quotable(text)
        if not text.size or not quotable[np.argmax(scores)]:
            return ""
        # the first and the last sentence of the passage, which grows both ways
        start = end = int(np.argmax(scores))
        length = len(sentences[start].text)
        while end - start + 1 < most:
            neighbours = []
            if start and sentences[start - 1].is_followed_by(sentences[start]):
                neighbours.append(start - 1)
            has_next = end + 1 < text.size and sentences[end].is_followed_by(sentences[end + 1])
            if has_next:
                neighbours.append(end + 1)
            if has_next and sentences[end].text.endswith(":"):
                best = end + 1
            else:
                candidates = [
                    index
                    for index in neighbours
                    if quotable[index] and length + len(sentences[index].text) <= characters
                ]
                if not candidates:
                    break
                best = max(candidates, key=lambda i: scores[i] + _NEXT_BONUS * (i > end))
            start, end = min(start, best), max(end, best)
            length += len(sentences[best].text)
        return " ".join(sentence.text for sentence in sentences[start : end + 1])

    def _mask_quotable(self, text: ItemText) -> Mask:
        """True for the sentences of an item that may be quoted.

        Sentences with contact details may be only if the question asks for a contact. A text
        without words ("2019" below "Beteiligt seit") may be only if the item says nothing else and
        it states the fact asked for. Sentences that only repeat the title may be only if there are
        no others.
        """
        is_bare = text.size == 1 and not LETTERS.search(text.sentences[0].text)
        if self._answer_type is AnswerType.CONTACT or is_bare:
            return text.may_be_quoted | text.mask_stating(self._answer_type)
        telling = text.may_be_quoted & ~text.only_repeats
        if telling.any():
            return telling
        return text.may_be_quoted

    def scores(self, item: Item) -> Numbers:
        """The score of each sentence, the higher the better; about -99 if it may not be quoted."""
        text = self._corpus.text_of(item)
        words = self._word_shares(text)
        meaning = self._field_meanings(text)
        fact = text.mask_stating(self._answer_type)
        excluded = ~self._mask_quotable(text)
        score: Numbers = _WORDS_WEIGHT * words + _FACT_WEIGHT * fact - _EXCLUDED * excluded
        return score + _MEANING_WEIGHT * meaning

    def _word_shares(self, text: ItemText) -> Numbers:
        """The share of the question's words that each sentence has, 0 to 1, by the weight of the
        words times their rarity; all 0 without words.
        """
        rarity, total = self._corpus.rarity, 0.0
        covered = np.zeros(text.size)
        for word in self.words:
            weight = word.weight * rarity(word.terms[0])
            total += weight
            covered += weight * text.coverage_of(word, rarity)
        return np.minimum(1.0, covered / (total or 1.0))

    def _field_meanings(self, text: ItemText) -> Numbers:
        """How well the field of each sentence states the type of answer, 0 to 1; 0 outside of
        fields.

        It is -1 for links, number, title and theme, which are no answer.
        """
        meaning = np.zeros(text.size)
        for field, mask in text.fields:
            value = field_relevance(self._answer_type, field.field)
            meaning[mask] = -1.0 if field.field in _NEVER_QUOTED else value
        return meaning
