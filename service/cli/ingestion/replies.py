"""The replies of a language model, kept in the database beside the editions.

An interrupted run is continued with them, and no request is made twice.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore import Texts

_FOLDER = "replies/"


class StoredReplies:
    """The replies of a model, by their origin.

    The constructor and `add` raise StoreUnavailable.
    """

    def __init__(self, texts: Texts) -> None:
        """Load all stored replies: each is JSON of its origin and a list with the reply."""
        self._texts = texts
        self._by_origin: dict[str, list[str]] = dict(map(json.loads, texts.all(_FOLDER).values()))

    def get(self, origin: str) -> str:
        """Return the reply with this origin, "" if there is none."""
        return next(iter(self._by_origin.get(origin, ())), "")

    def add(self, origin: str, reply: str) -> None:
        """Store the reply of an origin, which replaces an earlier one.

        The stored text is named by a digest of the origin; its JSON has the origin itself.
        """
        self._by_origin[origin] = [reply]
        row = json.dumps([origin, self._by_origin[origin]])
        self._texts.put(f"{_FOLDER}{sha256(origin.encode()).hexdigest()}", row.encode())
