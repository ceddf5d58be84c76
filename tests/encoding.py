"""The encoder as tests use it: what a process encoded it knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from vectorstore.embeddings import Vectors
from vectorstore.encoder import Encoder

encode = Encoder._encode  # as the service does
_known: dict[tuple[str, str], Vectors] = {}  # by identity of the encoder and text


def _recall(self: Encoder, texts: Sequence[str]) -> Vectors:
    """Return the vectors of texts; those that no test has encoded are encoded."""
    new = [text for text in dict.fromkeys(texts) if (self.identity, text) not in _known]
    if new:
        for text, vector in zip(new, encode(self, new), strict=True):
            _known[self.identity, text] = vector
    return np.stack([_known[self.identity, text] for text in texts])


@contextmanager
def remembered() -> Iterator[None]:
    """Encode each text once until the block ends."""
    with patch.object(Encoder, "_encode", _recall):
        yield
