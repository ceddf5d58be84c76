"""The encoder's tokenizer: texts to numbers of pieces (subword tokens) by a unigram model (Kudo
2018).

The pieces are those of XLM-RoBERTa: a word begins with "▁", and texts are normalised by NFKC and a
character table that comes with the pieces. The dictionary of 250,000 pieces takes 48 MB; threads
and forked processes share it, read-only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

BEGIN = 0
END = 2
UNKNOWN = 3
SPACE = "▁"
MOST = 512  # pieces of a text with its begin and end: the model has as many positions
_MOST_CHARS = 3000  # of a text that are read: more than 512 pieces of German
# log probability of an unknown character below that of the least likely piece, as SentencePiece
_UNKNOWN_PENALTY = 10.0


class Tokenizer:
    """The tokenizer: `numbers` of pieces by text, `scores` (log probabilities) by number, `table`
    by code point.
    """

    def __init__(
        self, numbers: Mapping[str, int], scores: Sequence[float], table: Mapping[int, str]
    ) -> None:
        self._numbers, self._scores, self._table = numbers, scores, table
        self._longest = max(map(len, numbers))
        self._unknown = min(scores) - _UNKNOWN_PENALTY
        self._word = lru_cache(maxsize=20_000)(self._split)

    def split(self, text: str) -> list[int]:
        """The numbers of a text's pieces with `BEGIN` and `END`, cut to `MOST`.

        The text is normalised before. It is cut to `_MOST_CHARS` after each step, as one character
        may become several.
        """
        plain = unicodedata.normalize("NFKC", text[:_MOST_CHARS])[:_MOST_CHARS].translate(
            self._table
        )[:_MOST_CHARS]
        results = [BEGIN]
        for word in plain.split(" "):
            if word and len(results) < MOST:
                results += self._word(SPACE + word)
        return [*results[: MOST - 1], END]

    def _split(self, word: str) -> tuple[int, ...]:
        """The numbers of the pieces in the most likely split of a word (Viterbi algorithm).

        Several unknown characters in a row are a single unknown piece.
        """
        # by offset in the word: the best score of a split that ends there, the start of the last
        # piece of this split, and the number of this piece
        best = [0.0]
        piece_start = [0]
        piece_number = [UNKNOWN]
        for end in range(1, len(word) + 1):
            score, start, number = best[end - 1] + self._unknown, end - 1, UNKNOWN
            for candidate in range(max(0, end - self._longest), end):
                known = self._numbers.get(word[candidate:end])
                if known is not None and best[candidate] + self._scores[known] > score:
                    score, start, number = best[candidate] + self._scores[known], candidate, known
            best.append(score)
            piece_start.append(start)
            piece_number.append(number)
        results, end = list[int](), len(word)
        while end:
            is_repeated = bool(results) and results[-1] == piece_number[end] == UNKNOWN
            if not is_repeated:
                results.append(piece_number[end])
            end = piece_start[end]
        return tuple(reversed(results))
