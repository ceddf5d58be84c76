"""The five tools that are the only way to the documents: search, records, read, documents,
changes.
"""

from __future__ import annotations

from service.answering.corpus import Corpus
from service.answering.query import Conditions, Query
from service.answering.retrieval.search import Retriever
from service.answering.retrieval.sentences import SentenceChooser
from service.answering.tools import schemas
from service.answering.tools.changes import compare_documents
from service.answering.tools.documents import list_documents
from service.answering.tools.read import read
from service.answering.tools.records import RecordFilter, Selection, list_records
from service.answering.tools.search import search_items


class Tools:
    """The tools over one corpus; made once per edition, shared between requests. They raise
    `ToolError`.
    """

    def __init__(self, corpus: Corpus, retriever: Retriever) -> None:
        self.corpus = corpus
        self.retriever = retriever

    def search(
        self, arguments: schemas.SearchArguments, language: str = "de"
    ) -> schemas.SearchReply:
        """The items that fit a text best, each with the passage that matched."""
        return search_items(self.retriever, arguments, language)

    def records(self, arguments: schemas.RecordsArguments) -> schemas.RecordsReply:
        """All records that meet the conditions, counted and grouped."""
        return list_records(self.retriever, arguments)

    def read(self, arguments: schemas.ReadArguments) -> schemas.ReadReply:
        """Whole items of a document with fields and neighbours, or the text of a page; superseded
        documents too.
        """
        return read(self.corpus.edition.catalogue, arguments)

    def documents(
        self, arguments: schemas.DocumentsArguments | None = None
    ) -> schemas.DocumentsReply:
        """All documents or the given ones, superseded ones too, and the values of their records in
        force that can be filtered by.
        """
        return list_documents(self.corpus, arguments or schemas.DocumentsArguments())

    def changes(self, arguments: schemas.ChangesArguments) -> schemas.ChangesReply:
        """What became of each record from an earlier document to a later one, superseded ones
        too.
        """
        return compare_documents(self.corpus.edition.catalogue, arguments)

    def select(self, conditions: Conditions) -> Selection:
        """The items that meet all conditions, with completeness and notices; raises
        `UnknownValue`.
        """
        return self.filter_records(conditions).select()

    def filter_records(self, conditions: Conditions) -> RecordFilter:
        """The masks of the items that meet each condition; raises `UnknownValue`."""
        return RecordFilter(self.retriever, conditions)

    def chooser(self, text: str) -> SentenceChooser:
        """The chooser of the passage of an item that fits a German text best."""
        return SentenceChooser(Query(text=text), self.corpus)
