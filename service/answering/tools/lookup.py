"""What the search of a text, and the records that cover a topic, are as people get them."""

from __future__ import annotations

from prompts import say
from service.answering.query import Conditions
from service.answering.retrieval.relevance import select_fitting
from service.answering.retrieval.sentences import SentenceChooser
from service.answering.tools.records import COVERING_KINDS, PASSAGE, SHOWN
from service.answering.tools.schemas import SearchArguments
from service.answering.tools.toolbox import Tools
from service.records import LookupItem, LookupResult, SearchItem, SearchResult, record_view
from vectorstore.records import Item

_NEAREST = 6  # similar records, where none covers a topic


def search_records(tools: Tools, arguments: SearchArguments) -> SearchResult:
    """The hits of the tool `search` as whole records, for people."""
    catalogue = tools.corpus.catalogue
    items = []
    for entry in tools.search(arguments).entries:
        item = catalogue.item(entry.document_id, entry.key)
        if item:
            record = record_view(item, catalogue.documents[entry.document_id])
            items.append(
                SearchItem(**dict(record), score=entry.score or 0.0, passage=entry.passage)
            )
    return SearchResult(query=arguments.text, items=items, corpus_edition=tools.corpus.edition.name)


def look_up_topic(tools: Tools, query: str, shown: slice = slice(None)) -> LookupResult:
    """The records on a topic (goals, projects …) with the reasons why, best first.

    `shown` are the ranks of one page; only its records are returned, while `total` counts all. Only
    the first `SHOWN` get a chosen passage, as choosing takes time. If no record is on the topic,
    the result has the `nearest` ones.
    """
    selection = tools.select(Conditions(topic=query, kinds=COVERING_KINDS))
    selected_ids = {item.address for item in selection.items}
    matches = [match for match in selection.matches if match.item.address in selected_ids]
    items = list[LookupItem]()
    chooser = tools.chooser(query)
    for rank, match in list(enumerate(matches))[shown]:
        of_shown = chooser if rank < SHOWN else None
        items.append(_lookup_item(tools, match.item, match.weight, match.describe(), of_shown))
    return LookupResult(
        query=query,
        covered=bool(matches),
        items=items,
        total=len(matches),
        nearest=[] if matches else _most_similar(tools, query),
        corpus_edition=tools.corpus.edition.name,
    )


def _most_similar(tools: Tools, query: str) -> list[LookupItem]:
    """The few records that are most similar to a topic that no record is on; may be none."""
    hits = tools.retriever.search(query, limit=_NEAREST, kinds=COVERING_KINDS)
    closest = select_fitting(hits)
    chooser = tools.chooser(query)
    why = say("lookup.meaning")
    return [
        _lookup_item(tools, hit.item, hit.score / closest[0].score, why, chooser) for hit in closest
    ]


def _lookup_item(
    tools: Tools, item: Item, score: float, why: str, chooser: SentenceChooser | None
) -> LookupItem:
    """A record of a lookup; without a chooser, or if that finds no passage, with its heading as
    passage.
    """
    record = record_view(item, tools.corpus.document(item))
    passage = (chooser.choose_passage(item, PASSAGE) if chooser else "") or item.heading
    return LookupItem(**dict(record), score=round(score, 4), why=[why], passage=passage)
