"""A permanent cache of what a model wrote.

An interrupted run is continued with it, and no request is made twice.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore import Texts

# kinds of texts
QUESTIONS = "questions"
REPLIES = "replies"


class WrittenCache:
    """The texts of one kind that a model wrote, by their origin; stored beside the editions.

    The constructor and `add` raise StoreUnavailable.
    """

    def __init__(self, texts: Texts, kind: str) -> None:
        """Load all stored texts of a kind: each is JSON of its origin and what was written."""
        self._texts, self._kind = texts, kind
        self._by_origin: dict[str, list[str]] = dict(
            map(json.loads, texts.all(f"{kind}/").values())
        )

    def get(self, origin: str) -> tuple[str, ...]:
        """Return the texts with this origin, () if there are none."""
        return tuple(self._by_origin.get(origin, ()))

    def add(self, origin: str, written: tuple[str, ...]) -> None:
        """Store the texts of an origin, which replace earlier ones.

        The stored text is named by a digest of the origin; its JSON has the origin itself.
        """
        self._by_origin[origin] = list(written)
        row = json.dumps([origin, self._by_origin[origin]])
        self._texts.put(f"{self._kind}/{sha256(origin.encode()).hexdigest()}", row.encode())
