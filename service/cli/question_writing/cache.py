"""A cache of texts that a model wrote, so that an interrupted run continues and no request is made
twice.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.texts import Texts

QUESTIONS, REPLIES = "questions", "replies"  # kinds of texts


class WrittenCache:
    """Texts of one kind by their origin, stored beside the editions. Methods raise
    StoreUnavailable.
    """

    def __init__(self, texts: Texts, kind: str) -> None:
        self._texts, self._kind = texts, kind
        self._by_origin: dict[str, list[str]] = dict(
            map(json.loads, texts.all(f"{kind}/").values())
        )

    def get(self, origin: str) -> tuple[str, ...]:
        """The texts with this origin, () if there are none."""
        return tuple(self._by_origin.get(origin, ()))

    def add(self, origin: str, written: tuple[str, ...]) -> None:
        """Store the texts of an origin permanently; they replace earlier ones."""
        row = [origin, list(written)]
        self._texts.put(
            f"{self._kind}/{sha256(origin.encode()).hexdigest()}", json.dumps(row).encode()
        )
        self._by_origin[origin] = list(written)
