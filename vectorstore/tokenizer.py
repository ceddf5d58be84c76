"""The encoder's tokenizer: texts to numbers of pieces (subword tokens) by a unigram model (Kudo
2018).

The pieces are those of XLM-RoBERTa: a word begins with "▁", and texts are normalised by NFKC and a
character table that comes with the pieces. The dictionary of 250,000 pieces takes 48 MB; threads
and forked processes share it, read-only.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

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


def read_sentencepiece(path: Path) -> Tokenizer:
    """The tokenizer in a SentencePiece file of XLM-RoBERTa; raises OSError, ValueError.

    The file has a message for each piece, with its text (field 1), score (2) and type (3). The
    model numbers the pieces from 1, in the order of the file.
    """
    numbers, scores = dict[str, int](), array("f", [0.0])
    messages = [field for number, field in _fields(path.read_bytes()) if number == 1]
    for position, message in enumerate(messages):
        fields = dict(_fields(message)) if isinstance(message, bytes) else {}
        piece, score = fields.get(1), fields.get(2)
        if not isinstance(piece, bytes) or not isinstance(score, float):
            raise ValueError("no piece of a SentencePiece file")
        scores.append(score)
        if fields.get(3, 1) == 1:  # an ordinary piece, not begin, end or unknown
            numbers[piece.decode()] = position + 1
    if len(numbers) < 2:
        raise ValueError("no SentencePiece file")
    # what the normalisation nmt_nfkc does beside NFKC; the file has it in a compiled form
    spaces = dict.fromkeys(
        (9, 10, 12, 13, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD), " "
    )
    controls = dict.fromkeys((*range(1, 9), 11, *range(14, 32), 127, 143, 159), "")
    return Tokenizer(numbers, scores, spaces | controls)


def _fields(message: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """The field numbers and values of a Protocol Buffers message; raises ValueError.

    The wire type of a field says how long its value is: a variable-length integer (0), 8 bytes (1),
    bytes after their length (2) or 4 bytes (5). The last are read as a float, those of (1) and (2)
    stay bytes.
    """
    offset = 0

    def varint() -> int:
        """Read the next integer: seven bits in each byte, the lowest first; the eighth says that
        more follow.
        """
        nonlocal offset
        value = shift = 0
        while True:
            value |= (message[offset] & 127) << shift
            offset, shift = offset + 1, shift + 7
            if message[offset - 1] < 128:
                return value

    try:
        while offset < len(message):
            number, wire_type = divmod(varint(), 8)
            if wire_type == 0:
                yield number, varint()
                continue
            size = {1: 8, 5: 4}.get(wire_type) or varint()
            payload = message[offset : offset + size]
            if wire_type not in (1, 2, 5) or len(payload) < size:
                raise ValueError("cut off")
            offset += size
            yield number, array("f", payload)[0] if wire_type == 5 else payload
    except IndexError as error:
        raise ValueError("cut off") from error
