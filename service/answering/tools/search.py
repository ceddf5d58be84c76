"""The tool `search`: the items that fit a text, each with its matching passage."""

from __future__ import annotations

from service.answering.query import Query, require_known
from service.answering.retrieval.search import Retriever
from service.answering.retrieval.sentences import SentenceChooser
from service.answering.tools.records import PASSAGE
from service.answering.tools.schemas import ItemEntry, SearchArguments, SearchReply, entry_fields


def search_items(
    retriever: Retriever, arguments: SearchArguments, language: str = "de"
) -> SearchReply:
    """The items that fit a text best, as the reply of the tool.

    If no hit has a word or concept of the text, they were found by vectors alone and may be far
    from it: then `found` is false. Scores are parts of the best one, so that is 1.
    """
    catalogue = retriever.corpus.catalogue
    for document in arguments.documents:
        require_known("document", document, catalogue.documents)
    hits = retriever.search(
        arguments.text, arguments.documents or None, arguments.limit, language, arguments.kinds
    )
    is_supported = any(hit.coverage or hit.support for hit in hits)
    best = max((hit.score for hit in hits), default=1.0)
    chooser = SentenceChooser(
        Query(text=arguments.text, question_language=language), retriever.corpus
    )
    choose = chooser.choose_passage
    fields = (
        entry_fields(catalogue, hit.item, choose(hit.item, PASSAGE), hit.score / best)
        for hit in hits
    )
    return SearchReply(entries=tuple(map(ItemEntry.model_validate, fields)), found=is_supported)
