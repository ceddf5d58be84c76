"""The five tools: the only way to the papers, for whoever asks, a composer, a model, a page or a program."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from service.answer.corpus import Corpus
from service.answer.finding.topics import TopicResolver
from service.answer.tools.forms import (
    ChangesArguments,
    ChangesReply,
    DocumentsArguments,
    DocumentsReply,
    ReadArguments,
    ReadReply,
    RecordsArguments,
    RecordsReply,
    SearchArguments,
    SearchReply,
)
from vectorstore.records import Item


class Hit(Protocol):
    """An item that was found, with its score."""

    @property
    def item(self) -> Item:
        """The item."""

    @property
    def score(self) -> float:
        """Its score, beside the others of one search."""


class Finds(Protocol):
    """What finds items for a text."""

    def find(
        self, text: str, documents: Collection[str] | None = None, limit: int = 12, language: str = "de"
    ) -> Sequence[Hit]:
        """The items of these documents that fit best, best first."""


class Tools:
    """The tools over one corpus; made once per edition, used by many requests at a time. They raise `ToolError`."""

    def __init__(self, corpus: Corpus, finder: Finds, resolver: TopicResolver) -> None:
        self.corpus, self.finder, self.resolver = corpus, finder, resolver

    def search(self, asked: SearchArguments) -> SearchReply:
        """The entries that fit a text best, each with the passage that matched."""
        raise NotImplementedError

    def records(self, asked: RecordsArguments) -> RecordsReply:
        """All records that meet the conditions, counted and grouped."""
        raise NotImplementedError

    def read(self, asked: ReadArguments) -> ReadReply:
        """Whole entries of a document with fields and neighbours, or the text of a page."""
        raise NotImplementedError

    def documents(self, asked: DocumentsArguments | None = None) -> DocumentsReply:
        """The papers with status, date and families, and the values that records can be filtered by."""
        raise NotImplementedError

    def changes(self, asked: ChangesArguments) -> ChangesReply:
        """What became of each record from an earlier paper to a later one."""
        raise NotImplementedError
