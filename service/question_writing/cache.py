"""What a model wrote, stored as it comes: an interrupted run goes on where it stopped, and nothing is asked twice."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.texts import Texts

QUESTIONS, REPLIES = "questions", "replies"  # kinds


class WrittenCache:
    """Texts of one kind by their origin, among those that are kept beside the editions. Methods raise StoreAway."""

    def __init__(self, texts: Texts, kind: str) -> None:
        self._texts, self._kind = texts, kind
        self._known: dict[str, list[str]] = dict(map(json.loads, texts.all(f"{kind}/").values()))

    def get(self, origin: str) -> tuple[str, ...]:
        """What was written with this origin, () for nothing."""
        return tuple(self._known.get(origin, ()))

    def add(self, origin: str, written: tuple[str, ...]) -> None:
        """Store texts for good."""
        row = [origin, list(written)]
        self._texts.put(f"{self._kind}/{sha256(origin.encode()).hexdigest()}", json.dumps(row).encode())
        self._known[origin] = list(written)
