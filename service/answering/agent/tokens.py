"""The tokens by which the agent knows items, documents, pages and calls; valid for one answer."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from service.answering.tools.schemas import Arguments, ItemEntry
from vectorstore.records import Catalogue, Document, Item, ItemAddress

_LETTERS = 4  # of a token
_DIFFERENT = 2  # letters in which two tokens differ at least


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call: its arguments and its reply."""

    arguments: Arguments
    reply: BaseModel


Thing = Item | Document | tuple[Item, ...] | Call  # several items are those on a page


class TokenTable:
    """The things of one answer by their tokens; `salt` makes these differ from answer to answer."""

    def __init__(self, salt: str) -> None:
        self.things: dict[str, Thing] = {}
        self._salt = salt
        self._calls = 0

    def get(self, token: str, *kinds: type[Any]) -> Any:
        """The thing of a token, if it is of one of the classes `kinds`.

        None for another kind of thing and for an unknown token, as models make some up.
        """
        thing = self.things.get(token)
        return thing if isinstance(thing, kinds) else None

    def items_of(self, token: str) -> tuple[Item, ...]:
        """The item of a token, or the items on the page of a token; () for other tokens."""
        thing = self.things.get(token)
        if isinstance(thing, Item):
            return (thing,)
        return thing if isinstance(thing, tuple) else ()

    def of_call(self, call: Call) -> str:
        """Make and keep the token of a call: its number."""
        token = f"A{self._calls}"
        self._calls += 1
        self.things[token] = call
        return token

    def of_item(self, item: Item) -> str:
        """Make and keep the token of an item."""
        return self._make(item, f"{item.document_id}\0{item.key}")

    def of_document(self, document: Document) -> str:
        """Make and keep the token of a document."""
        return self._make(document, document.id)

    def of_page(self, items: Iterable[Item], document_id: str, number: object) -> str:
        """Make and keep the token of a page of a document, with the items on it."""
        return self._make(tuple(items), f"{document_id}\0{number}")

    def _make(self, thing: Thing, name: str) -> str:
        """Make and keep the token of a thing: four letters of a digest of the salt and its name.

        A thing that has a token keeps it. A token that another thing has, or that differs from
        another in one letter, is not taken, since models copy letters wrongly; then the four
        letters one place further on in the digest are tried.
        """
        letters = base64.b32encode(sha256(f"{self._salt}\0{name}".encode()).digest()).decode()
        for start in range(len(letters) - _LETTERS):
            token = letters[start : start + _LETTERS]
            known = self.things.get(token)
            if known == thing or (known is None and not self._is_confusable(token)):
                break
        self.things[token] = thing
        return token

    def _is_confusable(self, token: str) -> bool:
        """True if a token differs from another one in fewer than `_DIFFERENT` letters.

        Tokens of calls ("A0") are shorter, so they do not count.
        """
        others = (other for other in self.things if len(other) == _LETTERS)
        return any(sum(map(str.__ne__, token, other)) < _DIFFERENT for other in others)


def items_by_id(entries: Iterable[ItemEntry], catalogue: Catalogue) -> dict[ItemAddress, Item]:
    """The items of a reply's entries by document id and key; entries that are no items are left
    out.
    """
    found: dict[ItemAddress, Item] = {}
    for entry in entries:
        item = catalogue.item(entry.document_id, entry.key)
        if item is not None:
            found[entry.document_id, entry.key] = item
    return found
