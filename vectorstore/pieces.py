"""Texts as the numbers of their pieces: the likeliest split of each word by a unigram model (Kudo 2018).

The pieces of XLM-RoBERTa: a word begins with "▁", and texts are normalised by NFKC and a table that comes with the
pieces. A plain dictionary of 250,000 pieces takes 48 MB and is read-only: threads and forked processes share it.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

BEGIN, END, UNKNOWN = 0, 2, 3
SPACE = "▁"
MOST = 512  # pieces of a text, its begin and end among them: as many positions as the model has
_LETTERS = 3000  # of a text that are read: more than 512 pieces of German
_UNLIKELY = 10.0  # how much less likely than every piece a letter is that no piece has


class Pieces:
    """Splits texts into pieces; `numbers` are those of the pieces, with how likely each is (log probability)."""

    def __init__(self, numbers: Mapping[str, int], scores: Sequence[float], table: Mapping[int, str]) -> None:
        self._numbers, self._scores, self._table = numbers, scores, table
        self._longest = max(map(len, numbers), default=1)
        self._unknown = min(scores, default=0.0) - _UNLIKELY
        self._word = lru_cache(maxsize=20_000)(self._split)

    def split(self, text: str) -> list[int]:
        """The numbers of a text's first pieces between begin and end; at most `MOST`."""
        plain = unicodedata.normalize("NFKC", text[:_LETTERS])[:_LETTERS].translate(self._table)[:_LETTERS]
        results = [BEGIN]
        for word in plain.split(" "):
            if word and len(results) < MOST:
                results += self._word(SPACE + word)
        return [*results[: MOST - 1], END]

    def _split(self, word: str) -> tuple[int, ...]:
        """The likeliest split of a word by Viterbi's algorithm; what no piece has is one unknown piece."""
        best, before, chosen = [0.0], [0], [UNKNOWN]
        for end in range(1, len(word) + 1):
            score, start, number = best[end - 1] + self._unknown, end - 1, UNKNOWN
            for place in range(max(0, end - self._longest), end):
                known = self._numbers.get(word[place:end])
                if known is not None and best[place] + self._scores[known] > score:
                    score, start, number = best[place] + self._scores[known], place, known
            best.append(score)
            before.append(start)
            chosen.append(number)
        results, end = list[int](), len(word)
        while end:
            if not (chosen[end] == UNKNOWN and results and results[-1] == UNKNOWN):
                results.append(chosen[end])
            end = before[end]
        return tuple(reversed(results))


def read_sentencepiece(path: Path) -> Pieces:
    """The pieces of a SentencePiece file of XLM-RoBERTa, numbered as that model does; raises OSError, ValueError."""
    numbers, scores = dict[str, int](), array("f", [0.0])
    for place, message in enumerate(field for number, field in _fields(path.read_bytes()) if number == 1):
        fields = dict(_fields(message)) if isinstance(message, bytes) else {}
        piece, score = fields.get(1), fields.get(2)
        if not isinstance(piece, bytes) or not isinstance(score, float):
            raise ValueError("no piece of a SentencePiece file")
        scores.append(score)
        if fields.get(3, 1) == 1:  # an ordinary piece, none that stands for begin, end or what is unknown
            numbers[piece.decode()] = place + 1
    if len(numbers) < 2:
        raise ValueError("no SentencePiece file")
    spaces = dict.fromkeys((9, 10, 12, 13, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD), " ")
    controls = dict.fromkeys((*range(1, 9), 11, *range(14, 32), 127, 143, 159), "")
    return Pieces(numbers, scores, spaces | controls)


def _fields(message: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """The fields of a message of Protocol Buffers with their numbers; raises ValueError."""
    place = 0

    def varint() -> int:
        nonlocal place
        value = shift = 0
        while True:
            value |= (message[place] & 127) << shift
            place, shift = place + 1, shift + 7
            if message[place - 1] < 128:
                return value

    try:
        while place < len(message):
            number, kind = divmod(varint(), 8)
            if kind == 0:
                yield number, varint()
                continue
            size = {1: 8, 5: 4}.get(kind) or varint()
            part = message[place : place + size]
            if kind not in (1, 2, 5) or len(part) < size:
                raise ValueError("cut off")
            place += size
            yield number, array("f", part)[0] if kind == 5 else part
    except IndexError as error:
        raise ValueError("cut off") from error
