"""Chooses the sentences of items to quote for a question.

A sentence is scored by the words of the question that it has, the kind of fact that is asked for,
and its field. A quoted passage is sentences in a row, as the document has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.answering.corpus import Corpus
from service.answering.query import AnswerType, Query
from service.answering.retrieval.facts import field_relevance, has_fact
from service.answering.retrieval.splitting import TextSentence
from service.answering.retrieval.terms import coverage, words_in
from vectorstore.records import Item

# The weights of what speaks for a sentence, each from 0 to 1: rounded from fourteen that were
# learned; the others moved nothing on documents left out. With 1 for the fact, not 3, sums of
# something else are quoted less.
_WORDS_WEIGHT = 1.5
_FACT_WEIGHT = 1.0
_MEANING_WEIGHT = 1.5
# added to the score of a next sentence, which continues the passage, but not to a previous one's
_NEXT_BONUS = 0.3
_MOST = 4  # sentences of a passage
_NEVER_QUOTED = ("links", "ref", "title", "theme")  # meanings of fields
_LETTERS = re.compile(r"[^\W\d_]{3}")  # of a sentence with words, unlike "2024 – 2026"


class SentenceChooser:
    """Chooses the sentences of items to quote for one question, whose words are `words`."""

    def __init__(self, query: Query, corpus: Corpus) -> None:
        self._corpus, self._answer_type = corpus, query.answer_type
        self.words = words_in(query.text, corpus, query.question_language)

    def choose_passage(self, item: Item, characters: int = 600) -> str:
        """The best adjacent sentences, at most `_MOST` and about `characters`; "" if none may be
        quoted.

        The passage grows from the best sentence, each time by the better of its two neighbours that
        may be quoted and fit. Behind a colon it always grows by the next sentence, without which
        the colon announces nothing.
        """
        sentences = self._corpus.sentences(item)
        quotable = self._quotable(item, sentences)
        if not quotable:
            return ""
        scores = {index: self._score(sentences[index]) for index in quotable}
        # the first and the last sentence of the passage, which grows both ways
        start = end = max(scores, key=lambda index: scores[index])
        length = len(sentences[start].text)
        while end - start + 1 < _MOST:
            neighbours = []
            if start and sentences[start - 1].is_followed_by(sentences[start]):
                neighbours.append(start - 1)
            has_next = end + 1 < len(sentences) and sentences[end].is_followed_by(
                sentences[end + 1]
            )
            if has_next:
                neighbours.append(end + 1)
            if has_next and sentences[end].text.endswith(":"):
                added = end + 1
            else:
                fitting = [
                    index
                    for index in neighbours
                    if index in scores and length + len(sentences[index].text) <= characters
                ]
                if not fitting:
                    break
                added = max(fitting, key=lambda index: scores[index] + _NEXT_BONUS * (index > end))
            start, end = min(start, added), max(end, added)
            length += len(sentences[added].text)
        return " ".join(sentence.text for sentence in sentences[start : end + 1])

    def _quotable(self, item: Item, sentences: Sequence[TextSentence]) -> list[int]:
        """The indices of the sentences of an item that may be quoted.

        Sentences with contact details may be only if the question asks for a contact. A text
        without words ("2019" below "Beteiligt seit") may be only if the item says nothing else and
        it states the fact asked for. Sentences that only repeat the title may be only if there are
        no others.
        """
        title = self._corpus.title_terms[self._corpus.row(item)]
        is_bare = len(sentences) == 1 or self._answer_type is AnswerType.CONTACT
        quotable = []
        for index, sentence in enumerate(sentences):
            has_words = _LETTERS.search(sentence.text) is not None
            is_open = has_words and not has_fact(AnswerType.CONTACT, sentence.stated)
            if is_open or (is_bare and has_fact(self._answer_type, sentence.stated)):
                quotable.append(index)
        telling = [index for index in quotable if not title.issuperset(sentences[index].terms)]
        return telling or quotable

    def _score(self, sentence: TextSentence) -> float:
        """The score of a sentence, the higher the better."""
        score = _WORDS_WEIGHT * coverage(self.words, sentence.terms, self._corpus)
        if has_fact(self._answer_type, sentence.stated):
            score += _FACT_WEIGHT
        if sentence.field is None:
            return score
        meaning = field_relevance(self._answer_type, sentence.field.field)
        if sentence.field.field in _NEVER_QUOTED:
            meaning = -1.0
        return score + _MEANING_WEIGHT * meaning
